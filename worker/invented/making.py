"""Reads what the plan is made from, has it made and carried out; once."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from linkage.catalogue.models import Commodity
from linkage.catalogue.queries import harvest_months, transformations
from linkage.market.tree import Tree
from linkage.registry import queries as registry
from linkage.registry.access import OPERATOR
from linkage.registry.models import Commune, Kind, Organisation, Product, Status
from worker.invented.carry import Hand, People
from worker.invented.contracts import Contract, contracts_of
from worker.invented.goods import GOODS
from worker.invented.market import Market, Register, market_of
from worker.invented.town import MARK, Facts, Place, Town, town_of

SEED = 2_026


@dataclass(frozen=True)
class Plan:
    """All that is invented."""

    town: Town
    contracts: list[Contract]
    market: Market


def plan_of(facts: Facts, register: Register, *, seed: int = SEED) -> Plan:
    """Return the plan: the same for the same facts, register and seed."""
    chance = random.Random(seed)  # noqa: S311  # invents, and protects nothing
    town = town_of(facts, chance)
    return Plan(town, contracts_of(facts, town, chance), market_of(facts, town, register, chance))


def invent(*, verifier: int, members: Mapping[int, int], now: datetime) -> None:
    """Make the plan and carry it out, unless that was done before.

    `members`: who acts for an organisation of the register, a cooperative and then a buyer.
    """
    if is_made():
        return
    cooperative, buyer = members
    register = Register(makers(now.date()), cooperative, buyer)
    plan = plan_of(facts_of(now.date()), register)
    Hand(People(verifier, members), now).carry_out(plan.town.firms, plan.contracts, plan.market)


def is_made() -> bool:
    """Whether the database holds what is invented here."""
    return Organisation.objects.filter(name__endswith=MARK).exists()


def facts_of(today: date) -> Facts:
    """What the reference data say."""
    tree = Tree.load()
    known = {
        (one.from_commodity_id, one.to_commodity_id): (one.yield_num, one.yield_den)
        for one in transformations()
        if one.yield_num and one.yield_den
    }
    return Facts(
        today=today,
        places=[
            Place(code, name.split(" ", 1)[1], district)
            for code, name, district in Commune.objects.order_by("code").values_list(
                "code", "name", "former_district"
            )
        ],
        names=dict(Commodity.objects.order_by("code").values_list("code", "name_vi")),
        months=harvest_months(),
        yields={
            (good.code, good.becomes): next(
                known[code, good.becomes]
                for code in tree.above(good.code)
                if (code, good.becomes) in known
            )
            for good in GOODS
            if good.becomes
        },
    )


def makers(on: date) -> dict[str, list[int]]:
    """By commodity the active cooperatives of the register that make it, by id."""
    filters = registry.Filters(kind=Kind.COOPERATIVE, status=Status.ACTIVE, to_be_settled=False)
    active = registry.listing(actor=OPERATOR, on=on, filters=filters).order_by()
    found: dict[str, list[int]] = {}
    rows = Product.objects.filter(organisation__in=active.values("pk"), commodity__isnull=False)
    for code, id_ in rows.order_by("organisation_id").values_list(
        "commodity_id", "organisation_id"
    ):
        found.setdefault(str(code), []).append(id_)
    return found
