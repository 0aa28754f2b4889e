"""The steps that changes of a post have in common: take it, note what was done, tell others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from linkage.errors import NotFound, StaleVersion
from linkage.jobs.services import enqueue
from linkage.market.errors import StateDoesNotAllow
from linkage.market.models import MODELS, AnyPost, PostKind
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.queries import with_merged
from linkage.registry.services.behalf import record_act

POST_CHANGED = "market.post_changed"
ANY = Q()
_NOBODY = Actor(None, frozenset())


@dataclass(frozen=True, slots=True)
class Own:
    """A post of the actor's organisation, at the version that was read."""

    kind: PostKind
    organisation_id: int
    post_id: int
    version: int


def claim(
    actor: Actor,
    own: Own,
    *,
    states: Collection[str],
    among: Q = ANY,
    **changes: Any,
) -> AnyPost:
    """Take the post at the version that the actor read, give it the next one and the changes.

    One conditional UPDATE: of two who read the same version, the second gets StaleVersion; a post
    outside `states` or `among` is not touched. Raises: NotFound, StaleVersion, StateDoesNotAllow;
    what `among` keeps out is for the caller to say, who gets the post unchanged then: compare
    its version.
    """
    require_acting(actor, own.organisation_id, Deed.POSTS)
    rows = MODELS[own.kind]._default_manager.filter(
        pk=own.post_id, organisation__in=with_merged(own.organisation_id)
    )
    at_version = rows.filter(among, version=own.version, state__in=sorted(states))
    # Must be 1: zero means another version, a state that does not allow it, or `among`.
    taken = at_version.update(version=F("version") + 1, **changes)
    found = rows.select_related("commodity", "unit", "commune").first()
    if found is None:
        raise NotFound
    if not taken and found.version != own.version:
        raise StaleVersion
    if not taken and found.state not in states:
        raise StateDoesNotAllow(state=found.get_state_display())
    return found


def note(
    kind: PostKind, post: AnyPost, what: str, *, actor: Actor | None, now: datetime, **data: Any
) -> None:
    """Add a line to the post's history, in the caller's transaction; no actor: the calendar."""
    by = actor or _NOBODY
    # Of others nobody asks, which spares reading the organisation.
    party = post.organisation if by.on_behalf else None
    record_act(
        actor=by,
        organisation_id=party.survivor_id if party else None,
        deed=Deed.POSTS,
        subject_kind=kind.value,
        subject_id=post.pk,
        kind=what,
        now=now,
        data=data,
    )


def tell(kind: PostKind, post: AnyPost, now: datetime) -> None:
    """Have the post matched anew, by a message in the caller's transaction."""
    enqueue(
        topic=POST_CHANGED,
        dedupe_key=f"{kind.value}:{post.pk}:{post.version}",
        payload={"kind": kind.value, "id": post.pk},
        now=now,
        sequence=post.version,
    )
