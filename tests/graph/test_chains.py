"""The chain of a commodity: what it is of, who stands in which layer, what flows between."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.graph.building import graph_on
from linkage.graph.chains import Chain, chain_of
from linkage.graph.tables import STAGES, NoSuchCommodity
from tests.examples import examples
from tests.graph import brute
from tests.graph.worlds import CODES, DAYS, FIRST, LEVELS, World, markets, traded, worlds


def chain(world: World, commodity: str, day: date = FIRST, level: str = "declared") -> Chain:
    columns = world.columns()
    graph = graph_on(columns, day, level)
    return chain_of(graph, commodity, columns.commodities, columns.transformations)


def layer(world: World, commodity: str, id_: int) -> str:
    return next(one.layer for one in chain(world, commodity).members if one.id == id_)


def does(world: World, commodity: str, id_: int) -> tuple[str, ...]:
    return next(one.does for one in chain(world, commodity).members if one.id == id_)


# 1 sells seed to 2, 2 paddy to 3, 3 mills it for 4, 4 passes the rice on to 5; 6 is elsewhere.
RICE = traded(
    (1, 2, "seed"), (2, 3, "paddy"), (3, 4, "rice"), (4, 5, "rice"), (6, 5, "tomato"), (6, 4, None)
)


def test_a_whole_chain_has_everybody_in_one_layer() -> None:
    found = chain(RICE, "paddy")
    assert found.layers == {
        "inputs": (1,), "production": (2,), "first_processing": (3,), "processing": (),
        "distribution": (4,), "retail_or_export": (5,),
    }  # fmt: skip
    assert found.missing == ("processing",)
    assert [link.id for link in found.linkages] == [1, 2, 3, 4]


def test_a_chain_is_of_what_it_is_made_of_and_what_it_becomes() -> None:
    assert chain(RICE, "rice").upstream == ("paddy", "paddy-glutinous")
    assert chain(RICE, "rice").downstream == ("flour",)
    assert chain(RICE, "paddy").downstream == ("rice", "rice-glutinous", "flour", "bran")


def test_what_holds_above_holds_below() -> None:
    """Paddy becomes rice, so glutinous paddy does, and glutinous rice comes of paddy."""
    found = chain(RICE, "paddy-glutinous")
    assert found.core == ("paddy-glutinous",)
    assert "rice" in found.downstream
    assert "paddy" in chain(RICE, "rice-glutinous").upstream


def test_whose_inputs_they_are_decides_and_not_whose_name_they_bear() -> None:
    """Feed is a rice grower's input as much as seed; a tomato grower's seed is none of rice's."""
    world = traded((1, 2, "feed"), (2, 3, "paddy"), (1, 4, "seed"), (4, 3, "tomato"))
    assert [link.id for link in chain(world, "paddy").linkages] == [1, 2]


def test_inputs_of_who_only_trades_are_not_in_the_chain() -> None:
    world = traded((1, 2, "paddy"), (2, 3, "paddy"), (4, 2, "feed"))
    assert [link.id for link in chain(world, "paddy").linkages] == [1, 2]


def test_who_sells_what_it_buys_distributes() -> None:
    assert layer(traded((1, 2, "rice"), (2, 3, "rice-glutinous")), "rice", 2) == "distribution"
    assert layer(traded((1, 2, "rice-glutinous"), (2, 3, "rice")), "rice", 2) == "distribution"


def test_siblings_are_two_lines() -> None:
    """Who buys tomatoes and sells paddy grows the paddy."""
    assert layer(traded((1, 2, "tomato"), (2, 3, "paddy")), "crops", 2) == "production"


def test_two_that_sell_each_other_the_same_both_distribute() -> None:
    world = traded((1, 2, "rice"), (2, 1, "rice"))
    assert chain(world, "rice").layers["distribution"] == (1, 2)


def test_a_grower_with_its_own_mill_grows_and_the_milling_is_not_missing() -> None:
    world = traded((1, 2, "paddy"), (1, 2, "rice"))
    assert layer(world, "paddy", 1) == "production"
    assert does(world, "paddy", 1) == ("production", "first_processing")
    assert "first_processing" not in chain(world, "paddy").missing


def test_a_grower_that_sells_seed_too_grows() -> None:
    assert layer(traded((1, 2, "seed"), (1, 3, "paddy"), (2, 3, "paddy")), "paddy", 1) == (
        "production"
    )


def test_a_firm_that_gives_seed_and_takes_paddy_stands_at_the_inputs() -> None:
    """The usual contract of Decree 98/2018, Art. 4(2): inputs, tied to consumption."""
    world = traded((1, 2, "seed"), (2, 1, "paddy"))
    assert layer(world, "paddy", 1) == "inputs"
    assert does(world, "paddy", 1) == ("inputs", "retail_or_export")


def test_a_dealer_of_seed_stands_at_the_inputs() -> None:
    world = traded((1, 2, "seed"), (2, 3, "seed"))
    assert chain(world, "seed").layers["inputs"] == (1, 2)
    assert layer(world, "seed", 3) == "production"


def test_flows_sum_what_is_known_and_count_what_is_not() -> None:
    world = traded((1, 3, "paddy"), (2, 3, "paddy"), (2, 3, "paddy"), (1, 3, "paddy"))
    world.goods |= {
        1: ("paddy", 2**62, "mass"), 2: ("paddy", 2**62, "mass"), 3: ("paddy", 7, "count")
    }  # fmt: skip
    (flow,) = chain(world, "paddy").flows
    assert (flow.seller_layer, flow.buyer_layer) == ("production", "retail_or_export")
    assert flow.quantities == {"mass": 2**63, "count": 7}
    assert (flow.linkages, flow.unknown) == (4, 1)


def test_a_chain_of_nobody_misses_every_stage_that_it_has() -> None:
    found = chain(RICE, "shrimp")
    assert found.members == found.linkages == found.flows == ()
    assert found.missing == found.possible
    # Frozen shrimp is of processing; nothing made of shrimp is of the first one.
    assert set(STAGES) - set(found.possible) == {"first_processing"}


def test_nobody_is_missed_at_a_stage_that_the_chain_has_not() -> None:
    world = traded((1, 2, "tomato"))
    assert chain(world, "tomato").missing == ("inputs", "distribution")
    assert chain(world, "seed").missing == ("inputs", "production")


def test_a_commodity_is_of_the_tree() -> None:
    with pytest.raises(NoSuchCommodity, match="gold"):
        chain(RICE, "gold")


@given(world=markets(), commodity=st.sampled_from(CODES))
@settings(max_examples=examples(300), deadline=None)
def test_chains_are_those_of_plain_python(world: World, commodity: str) -> None:
    same_as_brute(world, commodity, FIRST, "verified")


@given(
    world=worlds(linkages=16),
    commodity=st.sampled_from(CODES),
    day=st.sampled_from(DAYS),
    level=st.sampled_from(LEVELS),
)
@settings(max_examples=examples(100), deadline=None)
def test_chains_are_of_their_day_and_level(
    world: World, commodity: str, day: date, level: str
) -> None:
    same_as_brute(world, commodity, day, level)


def same_as_brute(world: World, commodity: str, day: date, level: str) -> None:
    found = chain(world, commodity, day, level)
    linkages, done, layers = brute.chain(world, commodity, day, level)
    up, down = brute.scope(commodity, [(source, product) for source, product, _ in world.becomes])
    assert set(found.upstream) | set(found.core) == up
    assert set(found.downstream) | set(found.core) == down
    assert set(found.possible) == brute.possible(up | down)
    assert {one.id: (one.seller, one.buyer, one.commodity) for one in found.linkages} == linkages
    assert {one.id: set(one.does) for one in found.members} == done
    assert {one.id: one.layer for one in found.members} == layers
    check(found, world)


def check(found: Chain, world: World) -> None:
    """The certificate of a chain: everybody in one layer, each linkage in one flow."""
    members = [one.id for one in found.members]
    assert members == sorted(id_ for layer in found.layers.values() for id_ in layer)
    layer = {one.id: one.layer for one in found.members}
    between = Counter((layer[one.seller], layer[one.buyer]) for one in found.linkages)
    assert {(one.seller_layer, one.buyer_layer): one.linkages for one in found.flows} == between
    known = [world.goods[one.id] for one in found.linkages if world.goods[one.id][1]]
    assert sum(one.unknown for one in found.flows) == len(found.linkages) - len(known)
    for measure in ("mass", "volume", "count"):
        total = sum(quantity for _, quantity, what in known if what == measure)
        assert sum(one.quantities.get(measure, 0) for one in found.flows) == total
