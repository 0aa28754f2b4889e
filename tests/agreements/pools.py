"""A firm whose need three co-ops fill together, with a pool proposed to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from linkage.agreements import invariants, pools, services
from linkage.agreements.models import Linkage, PoolProposal
from linkage.market.models import AnyPost, Need, Offer, PostKind
from linkage.market.services.claims import Own
from linkage.registry.access import Actor
from linkage.registry.models import KindFact, Organisation
from tests.agreements import deals

LAST = date(2026, 6, 18)
WINDOW = {"starts": date(2026, 7, 1), "ends": date(2026, 9, 30)}
COMMON = {"unit": "tan", "price": 6_000_000}


@dataclass
class Circle:
    """`sellers` and `offers` of the members in order; acts of theirs by number, or "buyer"."""

    firm: Organisation
    buyer: Actor
    need: Need
    coops: Sequence[Organisation]
    sellers: Sequence[Actor]
    offers: Sequence[Offer]
    now: datetime = deals.NOW

    def propose(self, *tonnes: Any, **said: Any) -> PoolProposal:
        parts = [
            {"offer_id": offer.pk, "quantity": Decimal(some), **WINDOW}
            for offer, some in zip(self.offers, tonnes, strict=False)
        ]
        return services.propose_pool(
            **self.as_("buyer"),
            **{"need_id": self.need.pk, "parts": parts, "common": COMMON, **said},
        )

    def as_(self, who: int | str) -> dict[str, Any]:
        actor, of = (
            (self.buyer, self.firm) if who == "buyer" else (self.sellers[who], self.coops[who])
        )
        return {"actor": actor, "organisation_id": of.pk, "now": self.now}

    def agree(self, who: int) -> PoolProposal:
        return services.agree_to_pool(**self.as_(who), pool_id=self.newest)

    def decline(self, who: int) -> PoolProposal:
        return services.decline_pool(**self.as_(who), pool_id=self.newest, reason="Giá thấp")

    def withdraw(self) -> PoolProposal:
        return services.withdraw_pool(**self.as_("buyer"), pool_id=self.newest)

    def withdraw_need(self) -> AnyPost:
        own = Own(PostKind.NEED, self.firm.pk, self.need.pk, 1)
        return services.POST_ACTS["withdraw"](actor=self.buyer, own=own, now=self.now)

    def seen(self, who: int | str) -> pools.PoolView:
        values = self.as_(who)
        on = values.pop("now").date()
        return pools.pool(**values, pool_id=self.newest, on=on)

    @property
    def newest(self) -> int:
        return PoolProposal.objects.latest("pk").pk

    def states(self) -> list[str]:
        return list(Linkage.objects.order_by("pk").values_list("state", flat=True))

    def reserved(self) -> list[int]:
        """Of each offer in order, then of the need, in tonnes."""
        offers = (Offer.objects.get(pk=offer.pk) for offer in self.offers)
        held = [post.reserved for post in (*offers, Need.objects.get(pk=self.need.pk))]
        return [one // deals.TONNE for one in held]


def make(members: int = 3, tonnes: int = 10) -> Circle:
    """Offers of 5 tonnes each; a need of 10."""
    deals.catalogue()
    firm = deals.organisation("Công ty Mua")
    KindFact.objects.create(organisation=firm, kind="enterprise")
    coops = [deals.organisation(f"HTX {name}") for name in "ABCDE"[:members]]
    for one in coops:
        KindFact.objects.create(organisation=one, kind="cooperative")
    return Circle(
        firm=firm,
        buyer=deals.member(firm, "hai"),
        need=deals.need(firm, tonnes),
        coops=coops,
        sellers=[deals.member(one, f"lan{number}") for number, one in enumerate(coops)],
        offers=[deals.offer(one, 5) for one in coops],
    )


def must_hold() -> None:
    """The ledger and all else that is audited."""
    for name, check in invariants.CHECKS.items():
        assert check().ok, name
