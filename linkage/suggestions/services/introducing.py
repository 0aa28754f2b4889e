"""Talks begin where the rivals' rule lets the sides meet, or a suggestion introduced them.

The rule hides counterparts from an organisation that both sells and buys a commodity; its own
posts' suggestions show them to it (`market.sight`).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from linkage.agreements import services as agreements
from linkage.agreements.models import Linkage
from linkage.agreements.services.negotiating import must_see
from linkage.agreements.services.terms import Proposal
from linkage.market.models import PostKind
from linkage.registry.access import Actor, require_member
from linkage.registry.queries import with_merged
from linkage.suggestions.models import Suggestion


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

    Raises: what `agreements.services.ask` raises. Nothing is written then.
    """
    require_member(actor, organisation_id)
    pair = Q(offer=offer_id, need=need_id)
    return agreements.ask(
        actor=actor,
        organisation_id=organisation_id,
        offer_id=offer_id,
        need_id=need_id,
        now=now,
        text=text,
        proposal=proposal,
        introduced=_shown(organisation_id).filter(pair).exists(),
    )


def must_be_known(
    *, actor: Actor, organisation_id: int, kind: PostKind, post_id: int, now: datetime
) -> None:
    """Raises: NotFound, if the organisation knows of the post by no way."""
    require_member(actor, organisation_id)
    if not _shown(organisation_id).filter(**{f"{kind.value}_id": post_id}).exists():
        must_see(kind, post_id, actor=actor, organisation_id=organisation_id, now=now)


def _shown(organisation_id: int) -> QuerySet[Suggestion]:
    """The standing suggestions that the organisation reads as one of the sides."""
    own = with_merged(organisation_id)
    as_seller = Q(offer__organisation__in=own) & ~Q(offer_why="")
    as_buyer = Q(need__organisation__in=own) & ~Q(need_why="")
    return Suggestion.objects.filter(as_seller | as_buyer, stale=False)
