"""Random registers: organisations with dated facts and linkages in every state, as plain data.

One generator serves hypothesis (small ones, with its shrinkable randomness) and the big seeded
register on which every mutation has to be noticed. Days are few, so that they often meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from linkage.agreements.models import (
    COUNTING_STATES,
    Linkage,
    Origin,
    PoolProposal,
    State,
    TermsVersion,
)
from linkage.catalogue.models import Commodity, Sector, Unit
from linkage.market.models import Need, Offer
from linkage.registry.models import (
    Commune,
    CommuneFact,
    Kind,
    KindFact,
    Organisation,
    SectorFact,
    Status,
    StatusFact,
)

FIRST = date(2023, 1, 1)
MOMENT = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
SECTORS = {"trong-trot": True, "xay-dung": False}
COMMUNES = {"11824": "Hải Phòng", "10507": "Hải Dương", "11948": ""}
TERRITORIES = (None, "hai-phong-old", "hai-duong-old")
LEVELS = ("verified", "confirmed", "declared")

DATED_STATUSES = (Status.ACTIVE, Status.ACTIVE, Status.SUSPENDED, Status.STOPPED, Status.DISSOLVED)
UNDATED_STATUSES = (
    *[(Status.ACTIVE,)] * 8,
    (),
    (Status.ACTIVE, Status.STOPPED),
    (Status.ACTIVE, Status.SUSPENDED),
    (Status.DISSOLVED,),
    (Status.UNKNOWN,),
)
KINDS = (Kind.COOPERATIVE,) * 6 + (Kind.COOPERATIVE_GROUP, Kind.UNION, Kind.ENTERPRISE)
Fact = tuple[date | None, Any]


@dataclass
class History:
    """Plain rows; organisations refer to each other by their place in the list."""

    organisations: list[dict[str, Any]] = field(default_factory=list)
    linkages: list[dict[str, Any]] = field(default_factory=list)


def random_history(r: Random, *, organisations: int = 8, linkages: int = 10) -> History:
    """A register that the models allow, with all kinds of facts, states, origins and proofs."""
    rows = [_organisation(r) for _ in range(organisations)]
    for row in rows[organisations // 2 :]:
        if r.random() < 0.1:
            row["merged_into"] = r.randrange(organisations // 2)
    made = [_linkage(r, number, organisations) for number in range(linkages)]
    # A paper is declared once: of two alike, as two without a number can be, the later is kept.
    return History(rows, list({_identity(one): one for one in made}.values()))


def _organisation(r: Random) -> dict[str, Any]:
    undated = [(None, status) for status in r.choice(UNDATED_STATUSES)]
    return {
        "founded_on": None if r.random() < 0.08 else r.choice(DAYS[:6]),
        "merged_into": None,
        "statuses": undated + _dated(r, DATED_STATUSES, r.choice((0, 0, 1, 2, 3))),
        "kinds": _facts(r, KINDS),
        "sectors": _facts(r, (*SECTORS, *SECTORS, None)),
        "communes": _facts(r, (*COMMUNES, *COMMUNES, None)),
    }


def _facts(r: Random, values: tuple[Any, ...]) -> list[Fact]:
    undated = [(None, r.choice(values))] if r.random() < 0.9 else []
    return undated + _dated(r, values, r.choice((0, 0, 1, 2)))


def _dated(r: Random, values: tuple[Any, ...], count: int) -> list[Fact]:
    days = r.sample(DAYS, count)
    return [(day, r.choice(values)) for day in days]


def _linkage(r: Random, number: int, organisations: int) -> dict[str, Any]:
    seller, buyer = r.sample(range(organisations), 2)
    state = r.choice(State.values + sorted(COUNTING_STATES))
    starts = r.choice(DAYS[:8])
    later = [day for day in DAYS if day >= starts]
    terminated = state == State.TERMINATED or r.random() < 0.1
    origin = r.choice(Origin.values)
    return {
        "seller": seller,
        "buyer": buyer,
        "starts": starts,
        "ends": r.choice([None, *later]),
        "terminated_on": r.choice(DAYS) if terminated else None,
        "state": state,
        "origin": origin,
        "contract_number": "" if origin != Origin.REGISTER and r.random() < 0.4 else f"HD{number}",
        # What was agreed here was confirmed by both sides then.
        "confirmed_on": r.choice(DAYS if agreed_here(origin, state) else [None, *DAYS]),
        "verified_on": r.choice([None, *DAYS]) if state in COUNTING_STATES else None,
    }


def _identity(linkage: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        linkage[name] for name in ("origin", "contract_number", "seller", "buyer", "starts")
    )


def agreed_here(origin: str, state: str) -> bool:
    return origin == Origin.PLATFORM and state in COUNTING_STATES


@contextmanager
def stored(history: History) -> Iterator[list[int]]:
    """The history in the tables; gives the organisations' ids, and takes all out again."""
    with transaction.atomic():
        yield store(history)
        transaction.set_rollback(True)


def store(history: History) -> list[int]:
    """Write the history into the tables; gives the organisations' ids."""
    reference()
    rows = [
        Organisation(name=f"HTX {n}", founded_on=row["founded_on"], origin="register")
        for n, row in enumerate(history.organisations)
    ]
    Organisation.objects.bulk_create(rows)
    for row, plain in zip(rows, history.organisations, strict=True):
        if plain.get("merged_into") is not None:
            row.merged_into = rows[plain["merged_into"]]
    Organisation.objects.bulk_update(rows, ["merged_into"])
    pairs = list(zip(rows, history.organisations, strict=True))
    for model, name, column in (
        (StatusFact, "statuses", "status"),
        (KindFact, "kinds", "kind"),
        (SectorFact, "sectors", "sector_id"),
        (CommuneFact, "communes", "commune_id"),
    ):
        model.objects.bulk_create(
            model(organisation=row, since=since, **{column: value})
            for row, plain in pairs
            for since, value in plain[name]
        )
    links = [
        Linkage(**{**link, "seller": rows[link["seller"]], "buyer": rows[link["buyer"]]})
        for link in history.linkages
    ]
    plain_ones = [link for link in links if link.origin != Origin.PLATFORM]
    Linkage.objects.bulk_create(plain_ones)
    _store_of_platform([link for link in links if link.origin == Origin.PLATFORM])
    return [row.pk for row in rows]


def _store_of_platform(links: list[Linkage]) -> None:
    """With the posts that they came from and, where they were agreed, the terms; who waits for its
    pool has one."""
    if not links:
        return
    told = {
        "commodity": Commodity.objects.get_or_create(
            code="x", level=1, dimension="mass", stage="production"
        )[0],
        "unit": Unit.objects.get_or_create(code="x", dimension="mass", base_units=1)[0],
    }
    post = {
        **told, "state": "draft", "quantity": 1, "total": 1, "period": "once", "starts": FIRST,
        "ends": FIRST, "commune_id": "11824", "confirmed_at": MOMENT, "created_at": MOMENT,
    }  # fmt: skip
    offers = Offer.objects.bulk_create(Offer(organisation=one.seller, **post) for one in links)
    needs = Need.objects.bulk_create(Need(organisation=one.buyer, **post) for one in links)
    meant = [(one.state, one.verified_on) for one in links]
    for one, offer, need in zip(links, offers, needs, strict=True):
        one.offer, one.need = offer, need
        one.state, one.verified_on = State.NEGOTIATING, None
    Linkage.objects.bulk_create(links)
    terms = TermsVersion.objects.bulk_create(
        TermsVersion(
            linkage=one, number=1, side="buyer", quantity=1, unit=told["unit"],
            starts=FIRST, ends=FIRST, proposed_at=MOMENT,
        )
        for one in links
    )  # fmt: skip
    for one, agreed, (state, verified_on) in zip(links, terms, meant, strict=True):
        one.state, one.verified_on = state, verified_on
        waits = state == State.POOL_PENDING
        one.agreed_terms = agreed if waits or state in COUNTING_STATES else None
        one.pool = _pool(one.need) if waits else None
    Linkage.objects.bulk_update(links, ["state", "verified_on", "agreed_terms", "pool"])


def _pool(need: Need) -> PoolProposal:
    return PoolProposal.objects.create(need=need, price=1, answer_by=FIRST, proposed_at=MOMENT)


def reference() -> None:
    """Two sectors and three communes, one of them Bạch Long Vĩ with no former province."""
    Sector.objects.bulk_create(
        (Sector(code=code, agricultural=agricultural) for code, agricultural in SECTORS.items()),
        ignore_conflicts=True,
    )
    Commune.objects.bulk_create(
        (
            Commune(
                code=code,
                name=code,
                latitude=20.8,
                longitude=106.6,
                former_province=province,
                former_district="Huyện Vĩnh Bảo" if code == "11824" else "",
            )
            for code, province in COMMUNES.items()
        ),
        ignore_conflicts=True,
    )


def cooperative(**changes: Any) -> dict[str, Any]:
    """An agricultural cooperative in Hai Phong, active since before the first day."""
    return {
        "founded_on": FIRST - timedelta(days=365),
        "statuses": [(None, Status.ACTIVE)],
        "kinds": [(None, Kind.COOPERATIVE)],
        "sectors": [(None, "trong-trot")],
        "communes": [(None, "11824")],
        **changes,
    }


def linkage(seller: int, buyer: int, **changes: Any) -> dict[str, Any]:
    """A verified linkage of the register, in force from the first day on."""
    return {
        "seller": seller,
        "buyer": buyer,
        "starts": FIRST,
        "ends": None,
        "terminated_on": None,
        "state": State.IN_FORCE,
        "origin": Origin.REGISTER,
        "contract_number": f"HD-{seller}-{buyer}",
        "confirmed_on": FIRST,
        "verified_on": FIRST,
        **changes,
    }
