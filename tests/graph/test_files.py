"""A graph goes into files and comes back the same; one graph is one file."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.graph.building import Graph, graph_on
from linkage.graph.files import edge_table, graphml, node_link, node_table
from tests.examples import examples
from tests.graph.worlds import DAYS, FIRST, LEVELS, World, random_market, worlds

GRAPHS = given(world=worlds(), day=st.sampled_from(DAYS), level=st.sampled_from(LEVELS))
OFTEN = settings(max_examples=examples(60), deadline=None)


def plain(attributes: dict[str, object]) -> dict[str, object]:
    """With days as text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in attributes.items()
    }


def without_none(attributes: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in plain(attributes).items() if value is not None}


def content(graph: Graph, told) -> tuple[object, ...]:
    return (
        {id_: told(node) for id_, node in graph.nodes(data=True)},
        {key: (u, v, told(edge)) for u, v, key, edge in graph.edges(keys=True, data=True)},
        told(graph.graph),
    )


@GRAPHS
@OFTEN
def test_node_link_json_comes_back(world: World, day: date, level: str) -> None:
    graph = graph_on(world.columns(), day, level)
    data = json.loads(json.dumps(node_link(graph)))
    back = nx.node_link_graph(data, edges="edges")
    assert isinstance(back, nx.MultiDiGraph)
    assert content(back, plain) == content(graph, plain)


@GRAPHS
@OFTEN
def test_graphml_comes_back_without_what_is_not_known(world: World, day: date, level: str) -> None:
    graph = graph_on(world.columns(), day, level)
    file = BytesIO(graphml(graph))
    back = nx.read_graphml(file, node_type=int, edge_key_type=int, force_multigraph=True)
    for *_, edge in back.edges(data=True):
        edge.pop("id", None)
    back.graph = {name: back.graph[name] for name in ("day", "level")}
    assert content(back, without_none) == content(graph, without_none)


def test_graphml_says_nothing_of_none() -> None:
    world = random_market(Random(3))
    assert b"None" not in graphml(graph_on(world.columns(), FIRST, "verified"))


@GRAPHS
@OFTEN
def test_tables_say_what_the_graph_says(world: World, day: date, level: str) -> None:
    graph = graph_on(world.columns(), day, level)
    nodes, edges = node_table(graph), edge_table(graph)
    assert [row[0] for row in nodes.rows] == sorted(graph)
    for row in nodes.rows:
        told = dict(zip(nodes.header, row, strict=True))
        assert told == {"id": row[0]} | plain(graph.nodes[row[0]])
    assert [row[0] for row in edges.rows] == sorted(key for *_, key in graph.edges(keys=True))
    for row in edges.rows:
        told = dict(zip(edges.header, row, strict=True))
        edge = graph.edges[told["seller"], told["buyer"], told["id"]]
        assert told == dict(zip(("id", "seller", "buyer"), row, strict=False)) | plain(edge)


@pytest.mark.parametrize("write", [node_link, graphml, node_table, edge_table])
def test_one_graph_is_one_file_whatever_order_it_came_in(write) -> None:
    world = random_market(Random(5), organisations=9, linkages=20)
    one = write(graph_on(world.columns(), FIRST, "verified"))
    world.organisations.reverse()
    world.linkages.reverse()
    assert write(graph_on(world.columns(), FIRST, "verified")) == one


def test_writing_leaves_the_graph_alone() -> None:
    graph = graph_on(random_market(Random(3)).columns(), FIRST, "verified")
    before = content(graph, dict)
    node_link(graph)
    graphml(graph)
    assert content(graph, dict) == before
