"""Small registers for the graph: the figure's own rows and what was traded, as columns.

Days are few, so that they often meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from linkage.coverage.rule import COUNTING_STATES, LinkageRow, OrganisationRow
from linkage.graph import columns as c
from linkage.graph import tables as t

FIRST = date(2023, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(10)]
BEFORE, AFTER = FIRST - timedelta(days=400), FIRST + timedelta(days=400)
LEVELS = ("verified", "confirmed", "declared")

# (code, parent, stage)
TREE = [
    ("crops", None, "production"),
    ("paddy", "crops", "production"),
    ("paddy-glutinous", "paddy", "production"),
    ("tomato", "crops", "production"),
    ("processed", None, "processing"),
    ("rice", "processed", "first_processing"),
    ("rice-glutinous", "rice", "first_processing"),
    ("flour", "processed", "processing"),
    ("frozen", "processed", "processing"),
    ("shrimp", None, "production"),
    ("inputs", None, "inputs"),
    ("seed", "inputs", "inputs"),
    ("bran", "inputs", "inputs"),
    ("feed", "inputs", "inputs"),
]
CODES = [code for code, _, _ in TREE]
PARENTS = {code: parent for code, parent, _ in TREE}
STAGE_OF = {code: stage for code, _, stage in TREE}
# (source, product, of so much of the source so much product)
BECOMES = [
    ("paddy", "rice", (65, 100)),
    ("paddy", "bran", (10, 100)),
    ("rice", "flour", None),
    ("shrimp", "frozen", (1, 2)),
]
SECTORS = {True: "farming", False: "building"}
COMMUNES = {"11824": "Huyện Vĩnh Bảo", "11826": "Huyện Vĩnh Bảo", "10507": "Huyện X", "11948": None}
STATUSES = ("active", "active", "suspended", "stopped", "dissolved")
KINDS = ("cooperative",) * 5 + ("cooperative_group", "union", "enterprise", "individual")
STATES = (*sorted(COUNTING_STATES), "proposed", "lapsed", "pool_pending")

Fact = tuple[date | None, Any]
Goods = tuple[str | None, int | None, str | None]


@dataclass
class World:
    """Rows of the figure's rule; `goods` says of a linkage its commodity, quantity, measure."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    linkages: list[LinkageRow] = field(default_factory=list)
    goods: dict[int, Goods] = field(default_factory=dict)
    becomes: Sequence[tuple[str, str, tuple[int, int] | None]] = tuple(BECOMES)

    def columns(self) -> t.GraphColumns:
        return t.GraphColumns(
            organisation_columns(self.organisations),
            linkage_columns(self.linkages, self.goods),
            commodity_columns(),
            transformation_columns(self.becomes),
            t.SectorTable(tuple(SECTORS.values()), np.array([True, False])),
            t.CommuneTable(tuple(COMMUNES), tuple(COMMUNES.values())),
        )


def ints(values: Iterable[int]) -> c.Ints:
    return np.array(list(values), dtype=np.int64)


def flags(values: Iterable[bool]) -> c.Flags:
    return np.array(list(values), dtype=np.bool_)


def commodity_columns() -> t.CommodityColumns:
    return t.CommodityColumns(
        tuple(CODES),
        ints(-1 if parent is None else CODES.index(parent) for _, parent, _ in TREE),
        ints(t.STAGES.index(stage) for _, _, stage in TREE),
    )


def transformation_columns(becomes: Any = tuple(BECOMES)) -> t.TransformationColumns:
    return t.TransformationColumns(
        ints(CODES.index(source) for source, _, _ in becomes),
        ints(CODES.index(product) for _, product, _ in becomes),
        ints(share[0] if share else -1 for *_, share in becomes),
        ints(share[1] if share else -1 for *_, share in becomes),
    )


def organisation_columns(rows: Sequence[OrganisationRow]) -> c.OrganisationColumns:
    farming, communes = {True: 0, False: 1, None: -1}, [*COMMUNES, None]
    places = {code: place for place, code in enumerate(communes)} | {None: -1}
    return c.OrganisationColumns(
        id=ints(row.id for row in rows),
        founded=ints(c.ordinal(row.founded_on) for row in rows),
        statuses=_facts((row.id, row.statuses) for row in rows)(c.STATUSES.index),
        kinds=_facts((row.id, row.kinds) for row in rows)(c.KINDS.index),
        sectors=_facts((row.id, row.sectors) for row in rows)(farming.__getitem__),
        communes=_facts((row.id, row.communes) for row in rows)(places.__getitem__),
    )


def _facts(rows: Iterable[tuple[int, Sequence[Fact]]]) -> Any:
    plain = [(id_, since, value) for id_, facts in rows for since, value in facts]
    return lambda place: c.FactColumns(
        ints(id_ for id_, _, _ in plain),
        ints(c.ordinal(since) for _, since, _ in plain),
        ints(place(value) for _, _, value in plain),
    )


def linkage_columns(rows: Sequence[LinkageRow], goods: dict[int, Goods]) -> c.LinkageColumns:
    traded = [goods.get(row.id, (None, None, None)) for row in rows]
    return c.LinkageColumns(
        id=ints(row.id for row in rows),
        seller=ints(row.seller for row in rows),
        buyer=ints(row.buyer for row in rows),
        commodity=ints(-1 if code is None else CODES.index(code) for code, _, _ in traded),
        starts=ints(c.ordinal(row.starts) for row in rows),
        ends=ints(c.ordinal(row.ends) for row in rows),
        terminated_on=ints(c.ordinal(row.terminated_on) for row in rows),
        counts=flags(row.state in COUNTING_STATES for row in rows),
        declared=flags(declared(row) for row in rows),
        confirmed_on=ints(c.ordinal(row.confirmed_on) for row in rows),
        verified_on=ints(c.ordinal(row.verified_on) for row in rows),
        quantity=ints(-1 if quantity is None else quantity for _, quantity, _ in traded),
        measure=ints(
            -1 if measure is None else c.MEASURES.index(measure) for _, _, measure in traded
        ),
    )


def declared(row: LinkageRow) -> bool:
    return row.origin in ("platform", "register") or row.contract_number.strip() != ""


def cooperative(id_: int, **changes: Any) -> OrganisationRow:
    """An agricultural cooperative of Vĩnh Bảo, active since long before the first day."""
    given = {
        "founded_on": BEFORE,
        "statuses": ((None, "active"),),
        "kinds": ((None, "cooperative"),),
        "sectors": ((None, True),),
        "communes": ((None, "11824"),),
    }
    return OrganisationRow(id_, **{**given, **changes})


def firm(id_: int, **changes: Any) -> OrganisationRow:
    given = {"kinds": ((None, "enterprise"),), "sectors": ((None, False),)}
    return cooperative(id_, **{**given, **changes})


def linkage(id_: int, seller: int, buyer: int, **changes: Any) -> LinkageRow:
    """A verified linkage of the register, in force from the first day on."""
    given = {
        "starts": FIRST, "ends": None, "terminated_on": None, "state": "in_force",
        "origin": "register", "contract_number": f"HD-{id_}", "confirmed_on": FIRST,
        "verified_on": FIRST,
    }  # fmt: skip
    return LinkageRow(id_, seller, buyer, **{**given, **changes})


def traded(*sales: tuple[int, int, str | None], others: Iterable[OrganisationRow] = ()) -> World:
    """Verified sales (seller, buyer, commodity), numbered from 1; all parties are cooperatives
    but those given."""
    given = {row.id: row for row in others}
    parties = sorted({party for sale in sales for party in sale[:2]} | set(given))
    return World(
        [given.get(party) or cooperative(party) for party in parties],
        [linkage(n, seller, buyer) for n, (seller, buyer, _) in enumerate(sales, start=1)],
        {n: (code, None, None) for n, (_, _, code) in enumerate(sales, start=1)},
    )


def random_world(r: Random, *, organisations: int = 7, linkages: int = 9) -> World:
    """Everything that the rule can meet, whatever the database would refuse."""
    ids = r.sample(range(1, 10 * organisations), organisations)
    rows = [_organisation(r, id_) for id_ in ids]
    numbers = r.sample(range(1, 10 * linkages), linkages)
    links = [_linkage(r, number, *r.sample(ids, 2)) for number in numbers]
    return World(rows, links, {link.id: _goods(r) for link in links}, random_becomes(r))


def worlds(*, organisations: int = 8, linkages: int = 10) -> st.SearchStrategy[World]:
    """Random worlds up to a size: it is what shrinks, the rest hangs on a seed (and is fast)."""

    def world(seed: int, people: int, links: int) -> World:
        return random_world(Random(seed), organisations=people, linkages=links)

    sizes = st.integers(2, organisations), st.integers(0, linkages)
    return st.builds(world, st.integers(0, 2**32), *sizes)


def markets(*, organisations: int = 7, linkages: int = 14) -> st.SearchStrategy[World]:
    """Random worlds in which every linkage is verified and in force: more meets in a chain."""

    def market(seed: int, people: int, links: int) -> World:
        return random_market(Random(seed), organisations=people, linkages=links)

    sizes = st.integers(2, organisations), st.integers(0, linkages)
    return st.builds(market, st.integers(0, 2**32), *sizes)


def random_market(r: Random, *, organisations: int = 7, linkages: int = 14) -> World:
    """A random world whose linkages are all verified and in force from the first day on."""
    world = random_world(r, organisations=organisations, linkages=linkages)
    world.linkages = [linkage(one.id, one.seller, one.buyer) for one in world.linkages]
    return world


def random_becomes(r: Random) -> list[tuple[str, str, tuple[int, int] | None]]:
    """Mostly what becomes what in truth, sometimes anything: rings too."""
    if r.random() < 0.5:
        return list(BECOMES)
    pairs = dict.fromkeys(tuple(r.sample(CODES, 2)) for _ in range(r.randint(0, 5)))
    return [(source, product, None) for source, product in pairs]


def _organisation(r: Random, id_: int) -> OrganisationRow:
    undated = [(None, status) for status in r.choice((["active"],) * 6 + UNUSUAL)]
    return OrganisationRow(
        id_,
        founded_on=None if r.random() < 0.06 else r.choice([BEFORE, *DAYS[:5]]),
        statuses=_mixed(r, undated + _dated(r, STATUSES)),
        kinds=_mixed(r, _undated(r, KINDS) + _dated(r, KINDS)),
        sectors=_mixed(r, _undated(r, (True, True, False, None)) + _dated(r, (True, False, None))),
        communes=_mixed(r, _undated(r, (*COMMUNES, None)) + _dated(r, (*COMMUNES, None))),
    )


UNUSUAL: tuple[list[str], ...] = (
    [], ["active", "stopped"], ["stopped", "active"], ["dissolved"], ["unknown"],
)  # fmt: skip


def _undated(r: Random, values: Sequence[Any]) -> list[Fact]:
    return [(None, r.choice(values))] if r.random() < 0.9 else []


def _dated(r: Random, values: Sequence[Any]) -> list[Fact]:
    days = r.sample([date.min, *DAYS], r.choice((0, 0, 1, 2, 3)))
    return [(day, r.choice(values)) for day in days]


def _mixed(r: Random, facts: list[Fact]) -> tuple[Fact, ...]:
    return tuple(r.sample(facts, len(facts)))


def _linkage(r: Random, id_: int, seller: int, buyer: int) -> LinkageRow:
    starts = r.choice(DAYS)
    return LinkageRow(
        id_,
        seller,
        buyer,
        starts=starts,
        ends=r.choice([None, *(day for day in DAYS if day >= starts)]),
        terminated_on=r.choice([None, None, *DAYS]),
        state=r.choice(STATES),
        origin=r.choice(("platform", "register", "declared", "declared")),
        contract_number=r.choice(("HD", " ")),
        confirmed_on=r.choice([None, None, *DAYS]),
        verified_on=r.choice([None, None, *DAYS]),
    )


def _goods(r: Random) -> Goods:
    code = r.choice([None, *CODES])
    if r.random() < 0.3:
        return code, None, None
    return code, r.randint(1, 50), r.choice(("mass", "mass", "volume", "count"))
