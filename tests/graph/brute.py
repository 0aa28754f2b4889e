"""The oracle of chains, in plain Python over codes; nothing is taken from `linkage.graph`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from linkage.coverage import rule
from tests.graph.worlds import CODES, PARENTS, STAGE_OF, World

ORDER = (
    *("production", "first_processing", "processing"),
    *("inputs", "distribution", "retail_or_export"),
)
Sale = tuple[int, int, str]


def is_below(code: str, top: str) -> bool:
    """The commodity is `top` or a descendant of it."""
    return code == top or (PARENTS[code] is not None and is_below(PARENTS[code], top))


def one_line(a: str, b: str) -> bool:
    return is_below(a, b) or is_below(b, a)


def links_on(world: World, day: date, level: str) -> list[rule.LinkageRow]:
    """The linkages that count."""
    return [
        link
        for link in world.linkages
        if rule.in_force(link, day) and rule.proved(link, day, level)
    ]


def sales_on(world: World, day: date, level: str) -> dict[int, Sale]:
    """Linkage -> (seller, buyer, commodity), where the commodity is known."""
    return {
        link.id: (link.seller, link.buyer, world.goods[link.id][0])
        for link in links_on(world, day, level)
        if world.goods[link.id][0]
    }


def scope(commodity: str, becomes: Iterable[tuple[str, str]]) -> tuple[set[str], set[str]]:
    """What lies upstream and downstream, with the core in both: each code by itself."""

    def reached(code: str, pairs: list[tuple[str, str]], seen: set[str]) -> set[str]:
        if code in seen:
            return seen
        seen.add(code)
        for start, end in pairs:
            if is_below(code, start):
                for below in CODES:
                    if is_below(below, end):
                        reached(below, pairs, seen)
        return seen

    down, up = list(becomes), [(product, source) for source, product in becomes]
    ways = []
    for pairs in (up, down):
        seen: set[str] = set()
        for code in CODES:
            if is_below(code, commodity):
                reached(code, pairs, seen)
        ways.append(seen)
    return ways[0], ways[1]


@dataclass(frozen=True)
class Party:
    """What one organisation sells and buys in a chain."""

    sells: frozenset[str]
    buys: frozenset[str]

    def makes(self, stage: str) -> bool:
        return any(
            STAGE_OF[code] == stage and not any(one_line(code, own) for own in self.buys)
            for code in self.sells
        )

    def does(self) -> set[str]:
        sold = {code for code in self.sells if STAGE_OF[code] != "inputs"}
        bought = {code for code in self.buys if STAGE_OF[code] != "inputs"}
        found = {
            stage for stage in ("production", "first_processing", "processing") if self.makes(stage)
        }
        if self.sells - sold:
            found.add("inputs")
        if any(one_line(code, own) for code in sold for own in self.buys):
            found.add("distribution")
        if bought and not sold:
            found.add("retail_or_export")
        if not self.sells and self.buys and not bought:
            found.add("production")
        return found


def parties(sales: Iterable[Sale]) -> dict[int, Party]:
    sales = list(sales)
    return {
        id_: Party(
            frozenset(code for seller, _, code in sales if seller == id_),
            frozenset(code for _, buyer, code in sales if buyer == id_),
        )
        for sale in sales
        for id_ in sale[:2]
    }


def possible(codes: set[str]) -> set[str]:
    """The stages that a chain of these commodities has."""
    of_them = {STAGE_OF[code] for code in codes}
    goods = of_them - {"inputs"}
    also = {"distribution", "retail_or_export"} if goods else set()
    return {"inputs"} | of_them | also | ({"production"} if goods != of_them else set())


def chain(
    world: World, commodity: str, day: date, level: str
) -> tuple[dict[int, Sale], dict[int, set[str]], dict[int, str]]:
    """Its linkages, what each member does, and the layer of each."""
    up, down = scope(commodity, [(source, product) for source, product, _ in world.becomes])
    everything = sales_on(world, day, level)
    inside = {id_: sale for id_, sale in everything.items() if sale[2] in up | down}
    producers = {
        id_ for id_, party in parties(inside.values()).items() if party.makes("production")
    }
    linkages = {
        id_: sale
        for id_, sale in everything.items()
        if id_ in inside or (STAGE_OF[sale[2]] == "inputs" and sale[1] in producers)
    }
    does = {id_: party.does() for id_, party in parties(linkages.values()).items()}
    return linkages, does, {id_: min(what, key=ORDER.index) for id_, what in does.items()}
