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
    DISTRIBUTION,
    INPUTS,
    PRODUCTION,
    RETAIL_OR_EXPORT,
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
    `possible`: the stages that it has, upstream first: inputs, those of which it has a commodity
    (nothing that the tree knows is made of honey: nobody is missed who would process it), with
    goods also distribution and the end, and with inputs also the production that they are for.
    `flows`: between the layers, upstream ones first.
    """

    commodity: str
    core: tuple[str, ...]
    upstream: tuple[str, ...]
    downstream: tuple[str, ...]
    possible: tuple[str, ...]
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
        """What it has and nobody does; who stands in one layer may do another stage too."""
        done = {stage for member in self.members for stage in member.does}
        return tuple(stage for stage in self.possible if stage not in done)


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
    traded = traded_on(graph, commodities)
    scope = scope_of(commodities.place(commodity), commodities, transformations)
    edges = taking_part(traded, scope, commodities)
    sold, bought = edges.tables(commodities)
    does = stages.done(sold, bought, commodities)
    layer = stages.layers(does)
    return Chain(
        commodity=commodity,
        core=_codes(scope.core, commodities),
        upstream=_codes(scope.upstream, commodities),
        downstream=_codes(scope.downstream, commodities),
        possible=_possible(scope, commodities),
        members=tuple(
            Member(
                int(traded.ids[row]),
                STAGES[layer[row]],
                stage_names(does[row]),
                _codes(sold[row], commodities),
                _codes(bought[row], commodities),
            )
            for row in np.flatnonzero(layer != UNSET)
        ),
        linkages=tuple(
            ChainLinkage(id_, seller, buyer, commodities.codes[place])
            for id_, seller, buyer, place in _rows(
                edges.linkage, edges.ids[edges.seller], edges.ids[edges.buyer], edges.commodity
            )
        ),
        flows=_flows(edges, layer),
    )


def taking_part(traded: Traded, scope: Scope, commodities: CommodityColumns) -> Traded:
    """The edges of the chain with this scope, by the rule of `chain_of`."""
    in_scope = scope.all[traded.commodity]
    made = stages.made(*traded.only(in_scope).tables(commodities), commodities)
    raw = made[:, commodities.stage == PRODUCTION]
    produces: Flags = np.logical_or.reduce(raw, axis=1)
    is_input = commodities.stage[traded.commodity] == INPUTS
    return traded.only(in_scope | (is_input & produces[traded.buyer]))


def _possible(scope: Scope, commodities: CommodityColumns) -> tuple[str, ...]:
    """The stages of a chain with this scope, by the rule of `Chain`."""
    has: set[int] = {*commodities.stage[scope.all].tolist()}
    with_inputs = {PRODUCTION} if INPUTS in has else set()
    with_goods = {DISTRIBUTION, RETAIL_OR_EXPORT} if has - {INPUTS} else set()
    return tuple(STAGES[place] for place in sorted({INPUTS} | has | with_inputs | with_goods))


def stage_names(does: Flags) -> tuple[str, ...]:
    """The stages that are flagged, upstream first."""
    return tuple(STAGES[place] for place in np.flatnonzero(does))


def _flows(edges: Traded, layer: Ints) -> tuple[Flow, ...]:
    """Sums are of Python's integers: they do not run over."""
    linkages: Counter[tuple[int, ...]] = Counter()
    unknown: Counter[tuple[int, ...]] = Counter()
    sums: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for *between, quantity, measure in _rows(
        layer[edges.seller], layer[edges.buyer], edges.quantity, edges.measure
    ):
        pair = tuple(between)
        linkages[pair] += 1
        if quantity == UNSET:
            unknown[pair] += 1
        else:
            sums[pair][measure] += quantity
    return tuple(
        Flow(
            STAGES[pair[0]],
            STAGES[pair[1]],
            linkages[pair],
            {MEASURES[measure]: sums[pair][measure] for measure in sorted(sums[pair])},
            unknown[pair],
        )
        for pair in sorted(linkages)
    )


def _codes(flags: Flags, commodities: CommodityColumns) -> tuple[str, ...]:
    return tuple(commodities.codes[place] for place in np.flatnonzero(flags))


def _rows(*columns: Ints) -> Iterable[tuple[int, ...]]:
    return zip(*(column.tolist() for column in columns), strict=True)
