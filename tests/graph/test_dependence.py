"""Dead ends, and cooperatives that hang on one buyer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.coverage import rule
from linkage.graph.building import Graph, graph_on
from linkage.graph.dependence import (
    Dependence,
    dead_end,
    dead_ends,
    dependences,
    dependences_of,
)
from tests.examples import examples
from tests.graph import brute
from tests.graph.worlds import (
    DAYS,
    FIRST,
    LEVELS,
    World,
    cooperative,
    firm,
    traded,
    worlds,
)


def graph(world: World, day: date = FIRST, level: str = "verified") -> Graph:
    return graph_on(world.columns(), day, level)


def with_goods(world: World, *goods: tuple[str | None, int | None, str | None]) -> Graph:
    world.goods = dict(enumerate(goods, start=1))
    return graph(world)


def test_a_cooperative_without_a_sale_is_a_dead_end() -> None:
    world = traded((1, 2, "paddy"), (3, 1, "seed"), others=[firm(2), firm(3), cooperative(4)])
    assert dead_ends(graph(world)) == {4: "sells_to_nobody"}


def test_a_cooperative_all_whose_buyers_are_gone_is_a_dead_end() -> None:
    gone = firm(2, statuses=((None, "active"), (FIRST, "dissolved")))
    world = traded((1, 2, "paddy"), (4, 2, "paddy"), (4, 3, "paddy"), others=[gone, firm(3)])
    assert dead_ends(graph(world)) == {1: "buyers_gone"}


@pytest.mark.parametrize("status", ["suspended", "stopped", "dissolved"])
def test_a_buyer_is_gone_from_the_day_its_activity_ends(status: str) -> None:
    gone = firm(2, statuses=((None, "active"), (DAYS[3], status)))
    world = traded((1, 2, "paddy"), others=[gone])
    assert dead_end(graph(world, DAYS[2]), 1) is None
    assert dead_end(graph(world, DAYS[3]), 1) == "buyers_gone"


def test_a_buyer_of_whom_nothing_is_known_is_not_gone() -> None:
    world = traded((1, 2, "paddy"), others=[firm(2, statuses=((None, "unknown"),))])
    assert dead_ends(graph(world)) == {}


def test_only_active_cooperatives_are_dead_ends() -> None:
    stopped = cooperative(5, statuses=((None, "active"), (FIRST, "stopped")))
    world = World([firm(1), cooperative(2, founded_on=DAYS[1]), stopped])
    assert dead_ends(graph(world)) == {}
    assert [dead_end(graph(world), id_) for id_ in (1, 2, 5)] == [None, None, None]


def test_one_buyer_of_everything() -> None:
    world = traded((1, 2, "paddy"), (1, 2, "paddy"), others=[firm(2)])
    (only,) = dependences_of(with_goods(world, ("paddy", 3, "mass"), ("paddy", 4, "mass")), 1)
    assert only == Dependence(1, "paddy", 2, 7, 7, "quantity", 1)
    assert only.single


def test_the_share_is_of_quantities_where_all_are_known() -> None:
    world = traded((1, 2, "rice"), (1, 3, "rice"), (1, 3, "rice"))
    mass = with_goods(world, ("rice", 9, "mass"), ("rice", 4, "mass"), ("rice", 4, "mass"))
    assert dependences_of(mass, 1) == (Dependence(1, "rice", 2, 9, 17, "quantity", 2),)
    assert not dependences_of(mass, 1)[0].single


@pytest.mark.parametrize("odd", [("rice", None, None), ("rice", 900, "count")])
def test_else_it_is_of_linkages(odd: tuple[str, int | None, str | None]) -> None:
    world = traded((1, 2, "rice"), (1, 3, "rice"), (1, 3, "rice"))
    mixed = with_goods(world, ("rice", 9, "mass"), ("rice", 4, "mass"), odd)
    assert dependences_of(mixed, 1) == (Dependence(1, "rice", 3, 2, 3, "count", 2),)


def test_no_quantity_at_all_counts_linkages() -> None:
    assert dependences_of(graph(traded((1, 3, "rice"), (1, 2, "rice"))), 1) == (
        Dependence(1, "rice", 2, 1, 2, "count", 2),
    )


def test_each_commodity_by_itself_and_unknown_ones_not() -> None:
    world = traded((1, 2, "tomato"), (1, 3, "paddy"), (1, 4, None), (2, 1, "seed"))
    assert [one.commodity for one in dependences_of(graph(world), 1)] == ["paddy", "tomato"]


def test_dependences_are_those_of_active_cooperatives() -> None:
    world = traded((1, 2, "rice"), (3, 2, "rice"), others=[firm(3)])
    assert list(dependences(graph(world))) == [1]


@given(world=worlds(linkages=16), day=st.sampled_from(DAYS), level=st.sampled_from(LEVELS))
@settings(max_examples=examples(150), deadline=None)
def test_they_are_those_of_plain_python(world: World, day: date, level: str) -> None:
    shown = graph(world, day, level)
    ends = {}
    for row in world.organisations:
        what = rule.on_day(row, day)
        sales = [link for link in brute.links_on(world, day, level) if link.seller == row.id]
        if what.active and what.kind == "cooperative":
            buyers = [one for one in world.organisations if one.id in {s.buyer for s in sales}]
            statuses = [rule.on_day(one, day).status for one in buyers]
            if all(status in rule.ENDS_OF_ACTIVITY for status in statuses):
                ends[row.id] = "buyers_gone" if statuses else "sells_to_nobody"
        sold = defaultdict(list)
        for link in sales:
            sold[world.goods[link.id][0]].append(link)
        found = {one.commodity: one for one in dependences_of(shown, row.id)}
        assert set(found) == {code for code in sold if code is not None}
        for code, one in found.items():
            share(world, sold[code], one)
    assert dead_ends(shown) == ends


def share(world: World, links: list[rule.LinkageRow], one: Dependence) -> None:
    goods = [world.goods[link.id] for link in links]
    alike = len({measure for *_, measure in goods}) == 1 and all(size for _, size, _ in goods)
    weight = {link.id: world.goods[link.id][1] if alike else 1 for link in links}
    of = {
        buyer: sum(weight[link.id] for link in links if link.buyer == buyer)
        for buyer in {link.buyer for link in links}
    }
    assert (one.part, one.whole, one.buyers) == (max(of.values()), sum(of.values()), len(of))
    assert one.buyer == min(buyer for buyer in of if of[buyer] == one.part)
    assert one.by == ("quantity" if alike else "count")
    assert one.single == (len(of) == 1)
