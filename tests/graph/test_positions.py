"""One organisation: whom it meets within so many steps, and where it stands in its chains."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.graph.building import Graph, graph_on
from linkage.graph.positions import Position, neighbourhood, position
from tests.examples import examples
from tests.graph import brute
from tests.graph.worlds import FIRST, World, markets, traded

# 1 sells seed to 2, 2 paddy to 3, 3 rice to 4; 4 sells tomatoes to 5.
LINE = traded((1, 2, "seed"), (2, 3, "paddy"), (3, 4, "rice"), (4, 5, "tomato"))


def graph(world: World) -> Graph:
    return graph_on(world.columns(), FIRST, "verified")


def where(world: World, id_: int) -> Position:
    columns = world.columns()
    return position(graph(world), id_, columns.commodities, columns.transformations)


def test_a_neighbourhood_goes_both_ways() -> None:
    around = neighbourhood(graph(LINE), 3, 1)
    assert sorted(around.nodes(data="distance")) == [(2, 1), (3, 0), (4, 1)]
    assert sorted(key for *_, key in around.edges(keys=True)) == [2, 3]
    assert around.nodes[2]["kind"] == "cooperative"


def test_radius_nought_is_oneself() -> None:
    assert list(neighbourhood(graph(LINE), 3, 0)) == [3]


def test_a_neighbourhood_leaves_its_graph_alone() -> None:
    whole = graph(LINE)
    neighbourhood(whole, 3, 2)
    assert "distance" not in whole.nodes[3]


def test_radius_and_organisation_must_be() -> None:
    with pytest.raises(ValueError, match="radius"):
        neighbourhood(graph(LINE), 3, -1)
    with pytest.raises(KeyError):
        neighbourhood(graph(LINE), 99, 1)
    with pytest.raises(KeyError):
        where(LINE, 99)


@given(world=markets(), radius=st.integers(0, 4))
@settings(max_examples=examples(100), deadline=None)
def test_everybody_within_the_radius_is_there(world: World, radius: int) -> None:
    links = brute.links_on(world, FIRST, "verified")
    whole, pairs = graph(world), {(link.seller, link.buyer) for link in links}
    me = world.organisations[0].id
    within = {me: 0}
    for step in range(1, radius + 1):
        for one, other in [*pairs, *((buyer, seller) for seller, buyer in pairs)]:
            if within.get(one, step) < step:
                within.setdefault(other, step)
    around = neighbourhood(whole, me, radius)
    assert dict(around.nodes(data="distance")) == within
    inside = {one.id for one in links if {one.seller, one.buyer} <= within.keys()}
    assert {key for *_, key in around.edges(keys=True)} == inside


def test_a_position_in_the_middle_of_a_chain() -> None:
    mill = where(LINE, 3)
    assert (mill.sells, mill.buys) == (("rice",), ("paddy",))
    assert [one.commodity for one in mill.chains] == ["paddy", "rice"]
    in_paddy, in_rice = mill.chains
    assert (in_paddy.layer, in_paddy.upstream, in_paddy.downstream) == (
        "first_processing", (1, 2), (4,)
    )  # fmt: skip
    assert in_rice.does == ("first_processing",)


def test_a_chain_does_not_run_on_through_another() -> None:
    """What 4 sells is tomatoes: 5 is not downstream of the rice."""
    assert where(LINE, 4).chains[0].downstream == ()
    assert [one.layer for one in where(LINE, 4).chains] == ["retail_or_export", "production"]


def test_in_a_ring_the_other_is_before_and_behind() -> None:
    (only,) = where(traded((1, 2, "rice"), (2, 1, "rice")), 1).chains
    assert only.upstream == only.downstream == (2,)


def test_who_has_no_linkage_is_in_no_chain() -> None:
    alone = where(World(LINE.organisations), 3)
    assert (alone.sells, alone.buys, alone.chains, alone.dependences) == ((), (), (), ())
    assert alone.dead_end == "sells_to_nobody"


@given(world=markets())
@settings(max_examples=examples(100), deadline=None)
def test_positions_are_those_of_the_chains(world: World) -> None:
    me = world.organisations[0].id
    sales = brute.sales_on(world, FIRST, "verified").values()
    found = where(world, me)
    assert set(found.sells) == {code for seller, _, code in sales if seller == me}
    assert set(found.buys) == {code for _, buyer, code in sales if buyer == me}
    assert [one.commodity for one in found.chains] == sorted({*found.sells, *found.buys})
    for one in found.chains:
        linkages, done, layers = brute.chain(world, one.commodity, FIRST, "verified")
        assert (one.layer, set(one.does)) == (layers[me], done[me])
        pairs = [sale[:2] for sale in linkages.values()]
        assert set(one.downstream) == reached(me, pairs) - {me}
        assert set(one.upstream) == reached(me, [pair[::-1] for pair in pairs]) - {me}


def reached(me: int, pairs: Iterable[tuple[int, ...]]) -> set[int]:
    pairs, found = list(pairs), {me}
    for _ in pairs:
        found |= {end for start, end in pairs if start in found}
    return found
