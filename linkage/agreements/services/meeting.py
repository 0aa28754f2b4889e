"""Of which two posts talks are: who may begin them, and as what they begin."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from linkage.agreements.models import Linkage, Origin, Side, State
from linkage.agreements.services.reserving import PostClosed
from linkage.errors import NotFound
from linkage.market.models import Need, Offer, PostKind
from linkage.market.queries import may_meet, visible_to
from linkage.market.sight import is_open
from linkage.registry.access import Actor
from linkage.registry.queries import with_merged


def pair(
    organisation_id: int, offer_id: int, need_id: int, today: date
) -> tuple[Offer, Need, Side]:
    """Return the two posts and the side that asks.

    Raises: NotFound for posts of which not just one is the organisation's, or that do not meet;
    PostClosed, if its own is not open.
    """
    related = ("organisation", "commodity")
    offer = Offer.objects.select_related(*related).filter(pk=offer_id).first()
    need = Need.objects.select_related(*related).filter(pk=need_id).first()
    if offer is None or need is None:
        raise NotFound
    own = with_merged(organisation_id)
    sells, buys = offer.organisation_id in own, need.organisation_id in own
    if sells == buys:
        raise NotFound
    if not is_open(offer if sells else need, today):
        raise PostClosed
    if not may_meet(offer, need, on=today):
        raise NotFound
    return offer, need, Side.SELLER if sells else Side.BUYER


def must_see(
    kind: PostKind, post_id: int, *, actor: Actor, organisation_id: int, now: datetime
) -> None:
    """Raises: NotFound, if the rivals' rule hides the post from the organisation."""
    shown = visible_to(actor, kind, on=localdate(now), organisation_id=organisation_id)
    if not shown.filter(pk=post_id).exists():
        raise NotFound


def opened(offer: Offer, need: Need, side: Side) -> Linkage:
    """Begin talks of two posts.

    Until something is agreed its days are those that both windows share, if there are any.
    """
    starts, ends = max(offer.starts, need.starts), min(offer.ends, need.ends)
    return Linkage.objects.create(
        seller=offer.organisation.survivor,
        buyer=need.organisation.survivor,
        commodity=offer.commodity,
        starts=starts,
        ends=ends if ends >= starts else None,
        state=State.NEGOTIATING,
        origin=Origin.PLATFORM,
        offer=offer,
        need=need,
        opened_by=side,
    )
