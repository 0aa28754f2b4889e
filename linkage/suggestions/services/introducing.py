"""Talks begin where the rivals' rule lets the sides meet, or a suggestion introduced them: the
engine's, or the city's.

The rule hides counterparts from an organisation that both sells and buys a commodity; its own
posts' suggestions show them to it (`market.sight`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from linkage.agreements import services as agreements
from linkage.agreements.models import Linkage
from linkage.agreements.services.meeting import must_see
from linkage.agreements.services.terms import Proposal
from linkage.market.models import PostKind
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.queries import with_merged
from linkage.suggestions import advice
from linkage.suggestions.queries import shown_to, stands
from linkage.suggestions.services.answering import note_talks


def open_talks(
    *,
    actor: Actor,
    organisation_id: int,
    offer_id: int,
    need_id: int,
    now: datetime,
    text: str = "",
    proposal: Proposal | None = None,
) -> Linkage:
    """Ask or propose on behalf of one post's organisation to the other's.

    The suggestion of the two, if there is one, is then noted as taken up by this side.

    Raises: what `agreements.services.ask` raises. Nothing is written then.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    pair = {"offer_id": offer_id, "need_id": need_id}
    own: dict[str, Any] = {"actor": actor, "organisation_id": organisation_id, "now": now, **pair}
    introduced = any(rows.filter(**pair).exists() for rows in _known(organisation_id, now))
    with transaction.atomic():
        linkage = agreements.ask(**own, text=text, proposal=proposal, introduced=introduced)
        note_talks(**own)
    return linkage


def must_be_known(
    *, actor: Actor, organisation_id: int, kind: PostKind, post_id: int, now: datetime
) -> None:
    """Raises: NotFound, if the organisation knows of the post by no way, or it is its own."""
    require_acting(actor, organisation_id, Deed.TALKS)
    own = {f"{kind.value}__organisation__in": with_merged(organisation_id)}
    post = {f"{kind.value}_id": post_id}
    known = _known(organisation_id, now)
    if not any(rows.exclude(**own).filter(**post).exists() for rows in known):
        must_see(kind, post_id, actor=actor, organisation_id=organisation_id, now=now)


def _known(organisation_id: int, now: datetime) -> Iterator[QuerySet[Any]]:
    """The rows of an offer and a need that are suggested to it today."""
    today = localdate(now)
    yield shown_to(organisation_id, stands(today))
    yield from advice.standing_for(organisation_id, today)
