"""A graph for other programs: node-link JSON, GraphML, and tables that doors write as CSV.

Files hold ids and codes, no names. Days are ISO 8601. Nodes are in order of id, edges in order of
the linkage's id, so one graph always gives one file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import networkx as nx

from linkage.graph.building import Graph

NODE_COLUMNS = (
    *("id", "kind", "status", "stage", "sector", "agricultural", "place", "district"),
    *("works", "settled", "active", "htx"),
)
EDGE_COLUMNS = (
    *("id", "seller", "buyer", "commodity", "starts", "ends", "level", "quantity", "measure"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and rows of plain values: words, integers, truth values, None."""

    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def node_link(graph: Graph) -> dict[str, Any]:
    """The graph as JSON-ready data, in networkx's node-link form with `edges`.

    `networkx.node_link_graph(data, edges="edges")` reads it back; an edge's `key` is the linkage's
    id. What is not known is null.
    """
    data: dict[str, Any] = nx.node_link_data(_plain(graph), edges="edges")
    return data


def graphml(graph: Graph) -> bytes:
    """The graph as GraphML in UTF-8; what is not known is left out.

    `networkx.read_graphml(..., node_type=int, edge_key_type=int, force_multigraph=True)` reads it
    back.
    """
    plain = _plain(graph)
    for attributes in (
        *(node for _, node in plain.nodes(data=True)),
        *(edge for *_, edge in plain.edges(data=True)),
    ):
        for name in [name for name, value in attributes.items() if value is None]:
            del attributes[name]
    file = BytesIO()
    # The writer of the standard library: another one on the machine would give other bytes.
    nx.write_graphml_xml(plain, file)
    return file.getvalue()


def node_table(graph: Graph) -> Table:
    """One row an organisation, the columns NODE_COLUMNS."""
    rows = (
        (id_, *(_value(node[name]) for name in NODE_COLUMNS[1:])) for id_, node in _nodes(graph)
    )
    return Table(NODE_COLUMNS, tuple(rows))


def edge_table(graph: Graph) -> Table:
    """One row a linkage, the columns EDGE_COLUMNS."""
    rows = (
        (id_, seller, buyer, *(_value(edge[name]) for name in EDGE_COLUMNS[3:]))
        for seller, buyer, id_, edge in _edges(graph)
    )
    return Table(EDGE_COLUMNS, tuple(rows))


def _plain(graph: Graph) -> Graph:
    """A copy in order, with days as text."""
    plain: Graph = nx.MultiDiGraph(**_values(graph.graph))
    for id_, node in _nodes(graph):
        plain.add_node(id_, **_values(node))
    for seller, buyer, id_, edge in _edges(graph):
        plain.add_edge(seller, buyer, key=id_, **_values(edge))
    return plain


def _nodes(graph: Graph) -> list[tuple[int, dict[str, Any]]]:
    return [(id_, graph.nodes[id_]) for id_ in sorted(graph)]


def _edges(graph: Graph) -> list[tuple[int, int, int, dict[str, Any]]]:
    edges = [(id_, seller, buyer) for seller, buyer, id_ in graph.edges(keys=True)]
    return [
        (seller, buyer, id_, graph.edges[seller, buyer, id_])
        for id_, seller, buyer in sorted(edges)
    ]


def _values(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in attributes.items()}


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
