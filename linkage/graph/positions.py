"""One organisation in the graph: its neighbourhood, and where it stands in its chains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx
import numpy as np

from linkage.graph import stages
from linkage.graph.building import Graph
from linkage.graph.chains import stage_names, taking_part
from linkage.graph.dependence import Dependence, dead_end, dependences_of
from linkage.graph.scopes import scope_of
from linkage.graph.tables import STAGES, CommodityColumns, TransformationColumns
from linkage.graph.traded import Traded, traded_on


@dataclass(frozen=True, slots=True)
class ChainPosition:
    """Where an organisation stands in the chain of one commodity.

    `upstream`: all from whom the chain's goods and inputs reach it, over any number of linkages of
    the chain; `downstream`: all whom its sales reach; ids in order. In a ring one may be both.
    """

    commodity: str
    layer: str
    does: tuple[str, ...]
    upstream: tuple[int, ...]
    downstream: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """What one organisation is in the graph.

    `sells`, `buys`: the known commodities of its linkages, codes in order; `chains`: its place in
    the chain of each of these; `dead_end`: why it is one (see `dependence`), or None;
    `dependences`: its largest buyer of each commodity that it sells.
    """

    id: int
    sells: tuple[str, ...]
    buys: tuple[str, ...]
    chains: tuple[ChainPosition, ...]
    dead_end: str | None
    dependences: tuple[Dependence, ...]


def neighbourhood(graph: Graph, organisation: int, radius: int) -> Graph:
    """Return the organisations within `radius` linkages, in either direction, and what links them.

    A graph of its own with the nodes' and edges' attributes; each node also has its `distance`, the
    number of linkages from `organisation`.
    Raises: KeyError, if the graph has no such organisation; ValueError, if `radius` is negative.

    >>> graph = nx.MultiDiGraph([(1, 2), (3, 2), (3, 4)])
    >>> sorted(neighbourhood(graph, 1, 2).nodes(data="distance"))
    [(1, 0), (2, 1), (3, 2)]
    """
    if radius < 0:
        raise ValueError("radius is 0 or more")
    graph.nodes[organisation]
    distance = {organisation: 0}
    outermost = [organisation]
    for step in range(1, radius + 1):
        reached = {
            other
            for id_ in outermost
            for other in (*graph.predecessors(id_), *graph.successors(id_))
            if other not in distance
        }
        outermost = sorted(reached)
        distance.update(dict.fromkeys(outermost, step))
    around: Graph = graph.subgraph(distance).copy()
    nx.set_node_attributes(around, distance, "distance")
    return around


def position(
    graph: Graph,
    organisation: int,
    commodities: CommodityColumns,
    transformations: TransformationColumns,
) -> Position:
    """Return where the organisation stands. Raises: KeyError, if the graph has no such one."""
    graph.nodes[organisation]
    sells = _codes(edge["commodity"] for *_, edge in graph.out_edges(organisation, data=True))
    buys = _codes(edge["commodity"] for *_, edge in graph.in_edges(organisation, data=True))
    traded = traded_on(graph, commodities)
    chains = (
        _in_chain(traded, organisation, code, commodities, transformations)
        for code in sorted({*sells, *buys})
    )
    return Position(
        id=organisation,
        sells=sells,
        buys=buys,
        chains=tuple(chains),
        dead_end=dead_end(graph, organisation),
        dependences=dependences_of(graph, organisation),
    )


def _in_chain(
    traded: Traded,
    organisation: int,
    commodity: str,
    commodities: CommodityColumns,
    transformations: TransformationColumns,
) -> ChainPosition:
    """What the chain's own reading says of one member, without the reading of the others."""
    scope = scope_of(commodities.place(commodity), commodities, transformations)
    edges = taking_part(traded, scope, commodities)
    row = int(np.searchsorted(edges.ids, organisation))
    sold, bought = edges.tables(commodities)
    does = stages.done(sold[[row]], bought[[row]], commodities)
    return ChainPosition(
        commodity=commodity,
        layer=STAGES[stages.layers(does)[0]],
        does=stage_names(does[0]),
        upstream=edges.upstream_of(row),
        downstream=edges.downstream_of(row),
    )


def _codes(codes: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({code for code in codes if code is not None}))
