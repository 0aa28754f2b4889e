"""The chain of a commodity as layers: who takes part, where each one stands, what flows between."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from linkage.graph import stages
from linkage.graph.building import Graph
from linkage.graph.columns import MEASURES, UNSET, Flags, Ints
from linkage.graph.scopes import Scope, scope_of
from linkage.graph.tables import (
    INPUTS,
    PRODUCTION,
    STAGES,
    CommodityColumns,
    TransformationColumns,
)
from linkage.graph.traded import Traded, traded_on


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation that takes part: its one `layer`, all that it `does`, upstream first.

    `sells` and `buys` are codes of commodities, in the tree's order.
    """

    id: int
    layer: str
    does: tuple[str, ...]
    sells: tuple[str, ...]
    buys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainLinkage:
    """A linkage of the chain, by ids; `commodity` is a code."""

    id: int
    seller: int
    buyer: int
    commodity: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes from one layer to another, or within one.

    `quantities`: the sum of the known ones in base units, for each of MEASURES in which there are
    any; `unknown`: how many of the `linkages` state none.
    """

    seller_layer: str
    buyer_layer: str
    linkages: int
    quantities: Mapping[str, int]
    unknown: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of `commodity`. Codes are in the tree's order, members and linkages in that of id.

    `core`, `upstream`, `downstream`: what the chain is of (see `scopes.Scope`).
    `flows`: between the layers, upstream ones first.
    """

    commodity: str
    core: tuple[str, ...]
    upstream: tuple[str, ...]
    downstream: tuple[str, ...]
    members: tuple[Member, ...]
    linkages: tuple[ChainLinkage, ...]
    flows: tuple[Flow, ...]

    @property
    def layers(self) -> dict[str, tuple[int, ...]]:
        """For each of STAGES who stands there, in order of id; each member stands in one."""
        return {
            stage: tuple(member.id for member in self.members if member.layer == stage)
            for stage in STAGES
        }

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody does in this chain; who stands in one layer may do another stage too."""
        done = {stage for member in self.members for stage in member.does}
        return tuple(stage for stage in STAGES if stage not in done)


def chain_of(
    graph: Graph,
    commodity: str,
    commodities: CommodityColumns,
    transformations: TransformationColumns,
) -> Chain:
    """Return the chain of a commodity, given by its code, in a graph.

    Its linkages are those of the commodities in its scope, and the linkages of inputs outside it
    whose buyer is a producer of this chain: who sells goods of production in the scope and buys
    none of their line. (A linkage of inputs does not say what they are used for, so a producer of
    two chains has its inputs in both.) Who has such a linkage is a member; its layer is told by
    the rule of `stages` over these linkages alone. Linkages without a known commodity are in none.

    Raises: NoSuchCommodity.
    """
    return chain_in(traded_on(graph, commodities), commodity, commodities, transformations)


def chain_in(
    traded: Traded,
    commodity: str,
    commodities: CommodityColumns,
    transformations: TransformationColumns,
) -> Chain:
    """The same, of edges read once for many chains. Raises: NoSuchCommodity."""
    scope = scope_of(commodities.place(commodity), commodities, transformations)
    edges = traded.only(_taking_part(traded, scope, commodities))
    ids, sold, bought = _tables(edges, commodities)
    does = stages.done(sold, bought, commodities)
    layer = dict(zip(ids.tolist(), stages.layers(does).tolist(), strict=True))
    return Chain(
        commodity=commodity,
        core=_codes(scope.core, commodities),
        upstream=_codes(scope.upstream, commodities),
        downstream=_codes(scope.downstream, commodities),
        members=tuple(
            Member(
                id_,
                STAGES[layer[id_]],
                tuple(STAGES[place] for place in np.flatnonzero(does[row])),
                _codes(sold[row], commodities),
                _codes(bought[row], commodities),
            )
            for row, id_ in enumerate(ids.tolist())
        ),
        linkages=tuple(
            ChainLinkage(id_, seller, buyer, commodities.codes[place])
            for id_, seller, buyer, place in _rows(
                edges.linkage, edges.seller, edges.buyer, edges.commodity
            )
        ),
        flows=_flows(edges, layer),
    )


def _taking_part(traded: Traded, scope: Scope, commodities: CommodityColumns) -> Flags:
    """Which edges are the chain's."""
    in_scope = scope.all[traded.commodity]
    ids, sold, bought = _tables(traded.only(in_scope), commodities)
    raw = stages.made(sold, bought, commodities)[:, commodities.stage == PRODUCTION]
    producers = ids[raw.any(axis=1)]
    is_input = commodities.stage[traded.commodity] == INPUTS
    part: Flags = in_scope | (is_input & np.isin(traded.buyer, producers))
    return part


def _tables(edges: Traded, commodities: CommodityColumns) -> tuple[Ints, Flags, Flags]:
    """The parties in order of id, and what each of them sells and buys."""
    parties = np.concatenate([edges.seller, edges.buyer])
    ids, row = np.unique(parties, return_inverse=True)
    shape = len(ids), len(commodities)
    count = len(edges.seller)
    return (
        ids,
        stages.table(row[:count], edges.commodity, shape),
        stages.table(row[count:], edges.commodity, shape),
    )


def _flows(edges: Traded, layer: Mapping[int, int]) -> tuple[Flow, ...]:
    """Sums are of Python's integers: they do not run over."""
    linkages: Counter[tuple[int, int]] = Counter()
    unknown: Counter[tuple[int, int]] = Counter()
    sums: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for seller, buyer, quantity, measure in _rows(
        edges.seller, edges.buyer, edges.quantity, edges.measure
    ):
        between = layer[seller], layer[buyer]
        linkages[between] += 1
        if quantity == UNSET:
            unknown[between] += 1
        else:
            sums[between][measure] += quantity
    return tuple(
        Flow(
            STAGES[between[0]],
            STAGES[between[1]],
            linkages[between],
            {MEASURES[measure]: sums[between][measure] for measure in sorted(sums[between])},
            unknown[between],
        )
        for between in sorted(linkages)
    )


def _codes(flags: Flags, commodities: CommodityColumns) -> tuple[str, ...]:
    return tuple(commodities.codes[place] for place in np.flatnonzero(flags))


def _rows(*columns: Ints) -> Iterable[tuple[int, ...]]:
    return zip(*(column.tolist() for column in columns), strict=True)
