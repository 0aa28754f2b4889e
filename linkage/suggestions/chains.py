"""The chain of a commodity, and one organisation's place, as offices see them; and each one's own.

Offices that read linkages see whole chains. Who acts for an organisation sees its own part: its own
partners and nothing of what others have with each other, so nobody learns from a graph what the
register would not show; what its structure suggests is told as `structural` has it.

An office that is not shown what two sides agreed reads graphs without these volumes; what hangs on
them is then counted by linkages. Each volume that is shown leaves a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import networkx as nx

from linkage.agreements.graph_columns import graph_columns
from linkage.agreements.reading import agreed_shown_of, note_volumes
from linkage.catalogue.models import Commodity, OcopProduct, Transformation
from linkage.catalogue.queries import harvest_months, ocop_products, transformations
from linkage.errors import NotFound
from linkage.graph import (
    Chain,
    Dependence,
    Graph,
    GraphColumns,
    NoSuchCommodity,
    Position,
    StructureSuggestion,
    chain_of,
    dead_end,
    dependences_of,
    graph_on,
    neighbourhood,
    position,
)
from linkage.graph.structure import COMMUNE
from linkage.registry.access import Actor, Capability, require, require_member
from linkage.registry.models import Commune, Organisation, Product
from linkage.suggestions.structural import all_suggested, own_structure


@dataclass(frozen=True, slots=True)
class Traded:
    """A commodity that linkages on the graph are of."""

    commodity: Commodity
    linkages: int
    sellers: int
    buyers: int


@dataclass(frozen=True, slots=True)
class SeenChain:
    """A chain with what its ids and codes stand for, and as a `graph` of its own.

    `dead_ends`: cooperatives of the chain at which it stops, with the reason; `single`: those that
    sell all of a commodity of it to one buyer. `outside`: active cooperatives that make it, by
    their products, and have no linkage in it, by name. `becomes`: what turns what it is made of
    into what it becomes. `months`: of its harvest, () where that is not known; `ocop`: products of
    it with stars.
    """

    commodity: Commodity
    chain: Chain
    graph: Graph
    organisations: Mapping[int, Organisation]
    commodities: Mapping[str, Commodity]
    dead_ends: Mapping[int, str]
    single: Sequence[Dependence]
    outside: Sequence[Organisation]
    becomes: Sequence[Transformation]
    months: Sequence[int]
    ocop: Sequence[OcopProduct]


@dataclass(frozen=True, slots=True)
class SeenPlace:
    """One organisation among those that it is linked with, and what that means for it.

    `around` holds its own linkages alone; `position` is None for its own people.
    """

    organisation: Organisation
    around: Graph
    dead_end: str | None
    dependences: Sequence[Dependence]
    suggestions: Sequence[StructureSuggestion]
    organisations: Mapping[int, Organisation]
    commodities: Mapping[str, Commodity]
    communes: Mapping[str, str]
    position: Position | None


def traded(*, actor: Actor, on: date, level: str) -> list[Traded]:
    """Return the commodities that are traded on the day, those of most linkages first.

    Raises: NotAllowed; ValueError for a level that there is not.
    """
    require(actor, Capability.READ_LINKAGES)
    graph = graph_on(graph_columns(), on, level)
    linkages: Counter[str] = Counter()
    parties: dict[str, tuple[set[int], set[int]]] = {}
    for seller, buyer, edge in graph.edges(data=True):
        if edge["commodity"] is not None:
            linkages[edge["commodity"]] += 1
            sellers, buyers = parties.setdefault(edge["commodity"], (set(), set()))
            sellers.add(seller)
            buyers.add(buyer)
    known = Commodity.objects.in_bulk(list(linkages))
    return [
        Traded(known[code], count, len(parties[code][0]), len(parties[code][1]))
        for code, count in sorted(linkages.items(), key=lambda one: (-one[1], one[0]))
    ]


def chain(*, actor: Actor, commodity: str, on: date, level: str, now: datetime) -> SeenChain:
    """Return the chain of a commodity on the day, proved at the level.

    Raises: NotAllowed; NotFound for a commodity that there is not; ValueError for a level.
    """
    graph, found = _chain(actor, commodity, on, level)
    scope = {*found.core, *found.upstream, *found.downstream}
    members = [member.id for member in found.members]
    outside = _makers(graph, found.core).difference(members)
    codes = {*scope, *(code for one in found.members for code in (*one.sells, *one.buys))}
    ends = {id_: dead_end(graph, id_) for id_ in members}
    part = _part(graph, found)
    _note(actor, part, now)
    return SeenChain(
        commodity=Commodity.objects.get(code=commodity),
        chain=found,
        graph=part,
        organisations=Organisation.objects.in_bulk(members),
        commodities=Commodity.objects.in_bulk(sorted(codes)),
        dead_ends={id_: reason for id_, reason in ends.items() if reason is not None},
        single=_single(graph, members, scope),
        outside=list(Organisation.objects.filter(pk__in=outside).order_by("sort_key", "pk")),
        becomes=[
            one
            for one in transformations()
            if {one.from_commodity_id, one.to_commodity_id} <= scope
        ],
        months=harvest_months().get(commodity, ()),
        ocop=ocop_products({*found.core, *found.downstream}),
    )


def chain_graph(*, actor: Actor, commodity: str, on: date, level: str, now: datetime) -> Graph:
    """Return the linkages of a chain and their parties as a graph of its own, for files.

    Raises: as `chain`.
    """
    graph = _part(*_chain(actor, commodity, on, level))
    _note(actor, graph, now)
    return graph


def _note(actor: Actor, graph: Graph, now: datetime) -> None:
    """Note the volumes that are shown with the graph."""
    edges = graph.edges(keys=True, data=True)
    stated = [id_ for _, _, id_, edge in edges if edge["quantity"] is not None]
    note_volumes(actor=actor, ids=stated, now=now)


def _part(graph: Graph, found: Chain) -> Graph:
    part: Graph = nx.MultiDiGraph(**graph.graph)
    part.add_nodes_from((one.id, graph.nodes[one.id]) for one in found.members)
    for one in found.linkages:
        edge = graph.edges[one.seller, one.buyer, one.id]
        part.add_edge(one.seller, one.buyer, key=one.id, **edge)
    return part


def _chain(actor: Actor, commodity: str, on: date, level: str) -> tuple[Graph, Chain]:
    """The graph of the whole register, and the chain in it."""
    require(actor, Capability.READ_LINKAGES)
    columns = graph_columns(agreed_of=agreed_shown_of(actor))
    graph = graph_on(columns, on, level)
    try:
        return graph, chain_of(graph, commodity, columns.commodities, columns.transformations)
    except NoSuchCommodity:
        raise NotFound from None


def _makers(graph: Graph, codes: Collection[str]) -> set[int]:
    """The active cooperatives whose products are of these commodities."""
    rows = Product.objects.filter(commodity__in=sorted(codes)).values_list(
        "organisation_id", flat=True
    )
    return {id_ for id_ in rows if id_ in graph and graph.nodes[id_]["htx"]}


def _single(graph: Graph, members: Iterable[int], scope: Collection[str]) -> list[Dependence]:
    """Who of the chain's cooperatives sells all of a commodity of it to one buyer."""
    return [
        one
        for id_ in members
        if graph.nodes[id_]["htx"]
        for one in dependences_of(graph, id_)
        if one.single and one.commodity in scope
    ]


def place_of(
    *, actor: Actor, organisation_id: int, on: date, level: str, now: datetime
) -> SeenPlace:
    """Return an organisation's place in its chains, for an office.

    Raises: NotAllowed; NotFound, also for one that was merged; ValueError for a level.
    """
    require(actor, Capability.READ_LINKAGES)
    columns, graph = _with(organisation_id, on, level, agreed_of=agreed_shown_of(actor))
    told = all_suggested(graph, organisation_id, columns)
    found = position(graph, organisation_id, columns.commodities, columns.transformations)
    peers = {peer for one in told for peer in one.peers}
    seen = _seen(organisation_id, graph, told, peers, found)
    _note(actor, seen.around, now)
    return seen


def own_place(
    *, actor: Actor, organisation_id: int, on: date, level: str, today: date
) -> SeenPlace:
    """Return the organisation's own part of the graph, for who acts for it.

    What the structure suggests is of today, whatever is asked. Raises: NotFound for anybody else;
    ValueError for a level.
    """
    require_member(actor, organisation_id)
    _columns, graph = _with(organisation_id, on, level)
    told = own_structure(actor=actor, organisation_id=organisation_id, on=today).told
    return _seen(organisation_id, graph, told, set(), None)


def _with(
    organisation_id: int, on: date, level: str, *, agreed_of: Collection[int] | None = None
) -> tuple[GraphColumns, Graph]:
    """The whole register, which the organisation is in. Raises: NotFound."""
    columns = graph_columns(agreed_of=agreed_of)
    graph = graph_on(columns, on, level)
    if organisation_id not in graph:
        raise NotFound
    return columns, graph


def _seen(
    organisation_id: int,
    graph: Graph,
    told: Sequence[StructureSuggestion],
    peers: set[int],
    found: Position | None,
) -> SeenPlace:
    around = neighbourhood(graph, organisation_id, 1)
    # What two of its partners have with each other is theirs.
    others = [edge for edge in around.edges(keys=True) if organisation_id not in edge[:2]]
    around.remove_edges_from(others)
    dependences = dependences_of(graph, organisation_id)
    codes = {
        *(edge["commodity"] for *_, edge in around.edges(data=True) if edge["commodity"]),
        *(one.commodity for one in told),
        *(one.commodity for one in dependences),
        *(one.commodity for one in (found.chains if found else ())),
    }
    counterparts = {one.counterpart for one in told}
    organisations = Organisation.objects.in_bulk(sorted({*around, *counterparts, *peers}))
    places = {one.place for one in told if one.near == COMMUNE}
    return SeenPlace(
        organisation=organisations[organisation_id],
        around=around,
        dead_end=dead_end(graph, organisation_id),
        dependences=dependences,
        suggestions=told,
        organisations=organisations,
        commodities=Commodity.objects.in_bulk(sorted(codes)),
        communes=dict(Commune.objects.filter(pk__in=places).values_list("code", "name")),
        position=found,
    )
