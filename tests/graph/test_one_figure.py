"""The graph and the figure's own rule name the same cooperatives, on any register."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.coverage import rule
from linkage.graph.building import graph_on
from linkage.graph.share import linked_share
from tests.examples import examples
from tests.graph import brute
from tests.graph.worlds import (
    AFTER,
    BEFORE,
    COMMUNES,
    DAYS,
    LEVELS,
    SECTORS,
    World,
    random_world,
    worlds,
)

Sets = dict[str, tuple[frozenset[int], frozenset[int]]]
TERRITORIES = (None, frozenset({"11824", "11826"}), frozenset(COMMUNES))


def by_rule(world: World, day: date, level: str, communes: frozenset[str] | None) -> Sets:
    figures = rule.compute(
        world.organisations, world.linkages, as_of=day, evidence=level, communes=communes
    )
    return {name: (share.members, share.linked) for name, share in figures.shares.items()}


def by_graph(world: World, day: date, level: str, communes: frozenset[str] | None) -> Sets:
    graph = graph_on(world.columns(), day, level)
    shares = {
        name: linked_share(graph, agricultural=name == "LINK-AGRI", communes=communes)
        for name in ("LINK-ALL", "LINK-AGRI")
    }
    return {name: (share.members, share.linked) for name, share in shares.items()}


@given(
    world=worlds(),
    day=st.sampled_from([BEFORE, *DAYS, AFTER]),
    level=st.sampled_from(LEVELS),
    communes=st.sampled_from(TERRITORIES),
)
@settings(max_examples=examples(400), deadline=None)
def test_graph_and_rule_give_the_same_sets(
    world: World, day: date, level: str, communes: frozenset[str] | None
) -> None:
    assert by_graph(world, day, level, communes) == by_rule(world, day, level, communes)


def test_they_agree_on_a_big_register_on_every_day_and_level() -> None:
    world = random_world(Random(20211231), organisations=250, linkages=300)
    seen: Counter[bool] = Counter()
    for day in (BEFORE, *DAYS, AFTER):
        for level in LEVELS:
            ours = by_graph(world, day, level, None)
            assert ours == by_rule(world, day, level, None)
            seen[bool(ours["LINK-AGRI"][1])] += 1
    assert seen[True] > 15, "nobody is linked: it shows nothing"


@given(
    world=worlds(),
    day=st.sampled_from(DAYS),
    level=st.sampled_from(LEVELS),
)
@settings(max_examples=examples(200), deadline=None)
def test_nodes_and_edges_say_what_the_rule_says(world: World, day: date, level: str) -> None:
    """Each node's facts, and each edge with the highest level at which the rule counts it."""
    graph = graph_on(world.columns(), day, level)
    assert list(graph) == sorted(row.id for row in world.organisations)
    for row in world.organisations:
        what, node = rule.on_day(row, day), graph.nodes[row.id]
        told = [node[name] for name in ("settled", "active", "status", "kind", "agricultural")]
        assert told == [what.settled, what.active, what.status, what.kind, what.agricultural]
        assert node["htx"] == (what.active and what.kind == "cooperative")
        assert (node["place"], node["district"], node["sector"]) == (
            what.commune,
            COMMUNES.get(what.commune),
            SECTORS.get(what.agricultural),
        )
    counted = {link.id: link for link in world.linkages if counts(link, day, level)}
    edges = {
        id_: (seller, buyer, edge) for seller, buyer, id_, edge in graph.edges(keys=True, data=True)
    }
    assert edges.keys() == counted.keys()
    for id_, (seller, buyer, edge) in edges.items():
        link = counted[id_]
        highest = next(one for one in LEVELS if rule.proved(link, day, one))
        assert (seller, buyer, edge["level"]) == (link.seller, link.buyer, highest)
        assert (edge["starts"], edge["ends"]) == (link.starts, link.ends)
        assert (edge["commodity"], edge["quantity"], edge["measure"]) == world.goods[id_]


@given(world=worlds(linkages=16), day=st.sampled_from(DAYS), level=st.sampled_from(LEVELS))
@settings(max_examples=examples(100), deadline=None)
def test_a_node_has_its_stage_over_all_that_it_trades(world: World, day: date, level: str) -> None:
    graph = graph_on(world.columns(), day, level)
    parties = brute.parties(brute.sales_on(world, day, level).values())
    stages = {id_: min(party.does(), key=brute.ORDER.index) for id_, party in parties.items()}
    assert dict(graph.nodes(data="stage")) == {id_: stages.get(id_) for id_ in graph}


def counts(link: rule.LinkageRow, day: date, level: str) -> bool:
    return rule.in_force(link, day) and rule.proved(link, day, level)
