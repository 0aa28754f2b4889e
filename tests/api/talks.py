"""What the world's two organisations have between them, made when a case asks for it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linkage.agreements import services
from linkage.agreements.models import Delivery, EvidenceFile, Linkage, PoolProposal
from linkage.market.models import Need, Offer
from linkage.registry.access import actor_of
from linkage.registry.models import User
from tests import scans
from tests.api.conftest import MEMBER, PARTNER, World, make_organisation

TONNE = 1_000_000


def proposal(**changed: Any) -> dict[str, Any]:
    today = timezone.localdate()
    starts, ends = today.isoformat(), (today + timedelta(days=60)).isoformat()
    return {"quantity": "1.5", "unit": "kg", "price": 6000, "starts": starts, "ends": ends,
            **changed}  # fmt: skip


def offer(world: World) -> Offer:
    return Offer.objects.filter(organisation=world.coop).first() or Offer.objects.create(
        organisation=world.coop, **_post()
    )


def need(world: World) -> Need:
    return Need.objects.filter(organisation=world.firm).first() or Need.objects.create(
        organisation=world.firm, **_post()
    )


def _post() -> dict[str, Any]:
    now = timezone.now()
    return {
        "commodity_id": "bi-xanh", "state": "published", "quantity": TONNE, "total": TONNE,
        "unit_id": "kg", "period": "once", "starts": date(2025, 1, 1), "ends": date(2099, 12, 31),
        "commune_id": "11824", "confirmed_at": now, "published_at": now, "created_at": now,
    }  # fmt: skip


def as_(world: World, who: str) -> dict[str, Any]:
    """Who acts, for whom and when."""
    of = world.coop if who == MEMBER else world.firm
    user = User.objects.get(username=who)
    now = timezone.now()
    actor = actor_of(user, on=timezone.localdate(now))
    return {"actor": actor, "organisation_id": of.pk, "now": now}


def talk(world: World) -> Linkage:
    """The firm has proposed, and the co-op is to answer."""
    found = Linkage.objects.filter(origin="platform", pool=None).first()
    if found is None:
        posts = {"offer_id": offer(world).pk, "need_id": need(world).pk}
        said = proposal(quantity=Decimal(1), starts=timezone.localdate(), ends=date(2099, 1, 1))
        found = services.ask(**as_(world, PARTNER), **posts, text="Còn hàng không?", proposal=said)
        as_first(found)
    return found


def agreed(world: World) -> Linkage:
    """The same, once the co-op has accepted."""
    linkage = talk(world)
    if linkage.state == "proposed":
        services.accept(**as_(world, MEMBER), linkage_id=linkage.pk, version=linkage.version)
        as_first(linkage)
    return linkage


def pool(world: World) -> PoolProposal:
    """The firm has proposed to the co-op and to another one, and the co-op is to answer.

    About posts of its own: talks of the same two would stand in its way.
    """
    found = PoolProposal.objects.first()
    if found is None:
        first = offer(world), need(world)
        own, wanted = (
            type(post).objects.create(organisation=post.organisation, **_post()) for post in first
        )
        found = services.propose_pool(
            **as_(world, PARTNER), need_id=wanted.pk, parts=parts(own),
            common={"unit": "kg", "price": 6000},
        )  # fmt: skip
    return found


def parts(own: Offer) -> list[Any]:
    """What is asked of this offer and of another co-op's."""
    other = make_organisation("HTX Gom Cùng")
    offers = own, Offer.objects.create(organisation=other, **_post())
    window = {"starts": timezone.localdate(), "ends": date(2099, 1, 1)}
    return [{"offer_id": one.pk, "quantity": Decimal(1), **window} for one in offers]


def delivery(world: World) -> Delivery:
    """What the firm entered, for the co-op to answer."""
    found = Delivery.objects.first()
    if found is None:
        found = services.enter_delivery(
            **as_(world, PARTNER), linkage_id=agreed(world).pk, on=timezone.localdate(),
            quantity=Decimal(1), unit="kg",
        )  # fmt: skip
    return found


def scan(world: World) -> EvidenceFile:
    """A scan of the world's contract on paper, brought by the co-op."""
    found = EvidenceFile.objects.first()
    if found is None:
        found = services.attach_evidence(
            **as_(world, MEMBER), linkage_id=world.linkage.pk, file=scans.scan("kept")
        )
        as_first(world.linkage)
    return found


def as_first(linkage: Linkage) -> None:
    """Its version is 1 again, which the cases send as If-Match."""
    Linkage.objects.filter(pk=linkage.pk).update(version=1)
    linkage.refresh_from_db()
