"""An offer, a need and people of both sides, made straight in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from linkage.agreements import services
from linkage.agreements.models import Linkage, PoolProposal
from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.market.models import Need, Offer
from linkage.registry.access import Actor, actor_of
from linkage.registry.models import (
    Commune,
    ContactPerson,
    Membership,
    Organisation,
    StatusFact,
    User,
)
from linkage.text import identity_key, search_key, sort_key

NOW = datetime(2026, 6, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
TONNE = 1_000_000


def organisation(name: str, **values: Any) -> Organisation:
    made = Organisation.objects.create(
        name=name, name_key=identity_key(name), search_key=search_key(name),
        sort_key=sort_key(name), **{"origin": "staff", **values},
    )  # fmt: skip
    StatusFact.objects.create(organisation=made, status="active")
    return made


def member(of: Organisation, name: str, role: str = "member") -> Actor:
    user = User.objects.create(username=name, email=f"{name}@example.org", full_name=name)
    Membership.objects.create(user=user, organisation=of, role=role, starts=date(2020, 1, 1))
    return actor_of(user, on=TODAY)


def catalogue() -> None:
    Commodity.objects.get_or_create(
        code="bi-xanh",
        defaults={"level": 1, "name_vi": "Bí xanh", "dimension": "mass", "stage": "production"},
    )
    for code, dimension, base in (
        ("kg", "mass", 1000),
        ("tan", "mass", TONNE),
        ("qua", "count", 1),
    ):
        Unit.objects.get_or_create(
            code=code,
            defaults={
                "dimension": dimension, "base_units": base, "name_vi": code, "name_en": code
            },
        )  # fmt: skip
    LinkageForm.objects.get_or_create(number=5, defaults={"stages": []})
    Commune.objects.get_or_create(
        code="11824",
        defaults={"name": "Xã Vĩnh Bảo", "kind": "xã", "latitude": 20.7, "longitude": 106.5},
    )


def _post(of: Organisation, tonnes: int, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "organisation": of, "commodity_id": "bi-xanh", "state": "published",
        "quantity": tonnes * TONNE, "total": tonnes * TONNE, "unit_id": "tan", "period": "once",
        "starts": date(2026, 6, 1), "ends": date(2026, 12, 31), "commune_id": "11824",
        "confirmed_at": NOW, "published_at": NOW, "created_at": NOW, **values,
    }  # fmt: skip


def offer(of: Organisation, tonnes: int = 10, **values: Any) -> Offer:
    return Offer.objects.create(**_post(of, tonnes, values))


def need(of: Organisation, tonnes: int = 10, **values: Any) -> Need:
    return Need.objects.create(**_post(of, tonnes, values))


def pool(need_: Need, **values: Any) -> PoolProposal:
    said = {"price": 6_000_000, "answer_by": date(2026, 6, 18), "proposed_at": NOW, **values}
    return PoolProposal.objects.create(need=need_, **said)


def proposal(tonnes: Any = 3, **values: Any) -> Any:
    return {
        "quantity": Decimal(tonnes), "unit": "tan", "price": 6_000_000,
        "starts": date(2026, 7, 1), "ends": date(2026, 9, 30), **values,
    }  # fmt: skip


@dataclass
class Deal:
    """A co-op with an offer, a firm with a need, one person each; and acts in one line."""

    coop: Organisation
    firm: Organisation
    seller: Actor
    buyer: Actor
    offer: Offer
    need: Need
    now: datetime = NOW

    def ask(self, who: str = "buyer", text: str = "Còn hàng không?", **values: Any) -> Linkage:
        return services.ask(
            **self.as_(who), offer_id=self.offer.pk, need_id=self.need.pk, text=text, **values
        )

    def as_(self, who: str) -> dict[str, Any]:
        actor, of = (self.seller, self.coop) if who == "seller" else (self.buyer, self.firm)
        return {"actor": actor, "organisation_id": of.pk, "now": self.now}

    def act(self, service: Any, who: str, linkage: Linkage, **values: Any) -> Any:
        """The act from the version that stands now."""
        version = Linkage.objects.get(pk=linkage.pk).version
        return service(**self.as_(who), linkage_id=linkage.pk, version=version, **values)

    def propose(self, who: str, linkage: Linkage, tonnes: Any = 3, **values: Any) -> Any:
        said = proposal(tonnes, **values)
        return self.act(services.propose, who, linkage, proposal=said)

    def agreed(self, tonnes: Any = 3, **values: Any) -> Linkage:
        linkage = self.ask()
        self.propose("buyer", linkage, tonnes, **values)
        return self.act(services.accept, "seller", linkage)

    def reserved(self) -> tuple[int, int]:
        self.offer.refresh_from_db()
        self.need.refresh_from_db()
        return self.offer.reserved, self.need.reserved


def make(tonnes: int = 10, suffix: str = "") -> Deal:
    catalogue()
    coop, firm = organisation(f"HTX Bán{suffix}"), organisation(f"Công ty Mua{suffix}")
    for of, name in ((coop, "Bà Lan"), (firm, "Ông Hải")):
        ContactPerson.objects.create(
            organisation=of, name=name, phone="+84912345678", is_representative=True
        )
    return Deal(
        coop=coop, firm=firm, seller=member(coop, f"lan{suffix}"),
        buyer=member(firm, f"hai{suffix}"), offer=offer(coop, tonnes), need=need(firm, tonnes),
    )  # fmt: skip
