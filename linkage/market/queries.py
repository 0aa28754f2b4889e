"""The reads of posts: one's own, a counterpart's, and the columns for the matching engine.

What others may see is decided by `sight.visible_to` alone; searching in it is `search`. A price
limit is read by `own`, for its owner, and by the columns, for the engine; nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.market.columns import need_columns, offer_columns
from linkage.market.models import (
    LIMITS,
    MODELS,
    AnyPost,
    Need,
    Offer,
    PostKind,
)
from linkage.market.sight import ON_POSTS, is_open, visible_to
from linkage.registry.access import Actor, require_acting
from linkage.registry.queries import with_merged
from linkage.registry.tax_codes import same_party

__all__ = [
    "Detail",
    "may_meet",
    "mine",
    "need_columns",
    "offer_columns",
    "own",
    "seen",
    "visible_to",
    "with_parts",
]

_PARTS = ("commodity", "unit", "commune", "organisation", "organisation__merged_into")
# Lines of a history that say that there is a limit, or was.
OF_LIMITS = frozenset({"limit_changed", "limit_dropped"})
_MARKS: Mapping[PostKind, str] = {
    PostKind.OFFER: "certificates__certification",
    PostKind.NEED: "certifications",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A post as its owner reads it: with its limit and what was done to it, oldest first.

    `limit_hidden`: an officer reads it on the owner's behalf and sees no limit, nor whether there
    is one.
    """

    post: AnyPost
    limit: int | None
    events: tuple[Event, ...]
    limit_hidden: bool = False


def with_parts(rows: QuerySet[Any], kind: PostKind) -> QuerySet[Any]:
    """Add what a line or a page shows of a post, in a bounded number of queries."""
    return rows.select_related(*_PARTS).prefetch_related(_MARKS[kind])


def mine(
    *, actor: Actor, kind: PostKind, organisation_id: int, state: str | None = None
) -> QuerySet[Any]:
    """Return the organisation's own posts, newest first; ordered by (-id).

    Raises: NotFound, for who does not act for it.
    """
    require_acting(actor, organisation_id, *ON_POSTS)
    rows = MODELS[kind]._default_manager.filter(organisation__in=with_merged(organisation_id))
    if state is not None:
        rows = rows.filter(state=state)
    return with_parts(rows, kind).order_by("-id")


def own(*, actor: Actor, kind: PostKind, organisation_id: int, post_id: int) -> Detail:
    """Return one of the organisation's own posts, with its limit and its history.

    Raises: NotFound, for who does not act for it, and for another's post.
    """
    post = _only(mine(actor=actor, kind=kind, organisation_id=organisation_id), post_id)
    events = tuple(events_of(kind.value, post_id))
    if not actor.acts_for(organisation_id):
        own_acts = (event for event in events if event.actor_id == actor.user_id)
        seen = tuple(event for event in own_acts if event.kind not in OF_LIMITS)
        return Detail(post, None, seen, limit_hidden=True)
    return Detail(post, _own_limit(kind, post), events)


def _own_limit(kind: PostKind, post: AnyPost) -> int | None:
    """Return the sealed limit, for its owner: đồng per 1,000,000 g or ml, or 1,000 pieces."""
    row = LIMITS[kind]._default_manager.filter(pk=post.pk).first()
    return row.price if row else None


def seen(
    *,
    actor: Actor,
    kind: PostKind,
    post_id: int,
    on: date,
    organisation_id: int | None = None,
) -> AnyPost:
    """Return an open post that the actor may see, without anything of its limit.

    Raises: NotFound, also for one that is hidden; NotAllowed, as `visible_to`.
    """
    rows = visible_to(actor, kind, on=on, organisation_id=organisation_id)
    return _only(with_parts(rows, kind), post_id)


def _only(rows: QuerySet[Any], post_id: int) -> AnyPost:
    found: AnyPost | None = rows.filter(pk=post_id).first()
    if found is None:
        raise NotFound
    return found


def may_meet(offer: Offer, need: Need, *, on: date) -> bool:
    """Whether the two sides may talk about these posts: both open, two parties, one measure.

    Reads the posts' organisations and commodities.
    """
    if not (is_open(offer, on) and is_open(need, on)):
        return False
    if offer.commodity.dimension != need.commodity.dimension:
        return False
    supplier, buyer = offer.organisation, need.organisation
    if supplier.survivor_id == buyer.survivor_id:
        return False
    codes = supplier.tax_code, buyer.tax_code
    return not (codes[0] and codes[1] and same_party(codes[0], codes[1]))
