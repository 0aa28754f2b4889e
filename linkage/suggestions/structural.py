"""What the structure of the linkages suggests to an organisation's own people.

Those who sell what it sells, in its commune, sell to this buyer; mirrored for buying. Told without
peers' names and number, and only where `FEWEST_PEERS` or more say so (fewer could be told apart),
by linkages that both sides or the city stand for, and where somebody else there makes it too, by
such a linkage with others or a product: if all did, each one's buyer would be told. The rivals'
rule (`market.sight`) holds as for posts: whom it would not show a need of the commodity is told of
no buyer of it either. What a suggestion has shown already it may be told more of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx
from django.db.models import QuerySet

from linkage.agreements.graph_columns import columns_around
from linkage.agreements.models import Evidence
from linkage.catalogue.models import Commodity
from linkage.graph import Graph, GraphColumns, StructureSuggestion, graph_on, suggested
from linkage.graph.structure import BUYER, COMMUNE, DISTRICT, NEARNESS, SELLER
from linkage.market.models import PostKind
from linkage.market.sight import (
    BUSINESSES,
    Trade,
    counterparts,
    trade_of,
    visible_commodities,
)
from linkage.market.tree import Tree
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Commune, Deed, Organisation, Product
from linkage.registry.on_a_day import inactive_on, on_day
from linkage.registry.queries import with_merged
from linkage.suggestions.queries import Own

# Of a member's suggestion at least so many peers, who are not named.
FEWEST_PEERS = 3
# How far off peers may be, the nearest first, and what of a node says where it is.
_WHERE = {COMMUNE: "place", DISTRICT: "district"}
# Told beside the suggestions to posts; all are on the page of its place in the chain.
MOST_TOLD = 5
# What a counterpart of each role posts.
POSTED_BY: Mapping[str, PostKind] = {BUYER: PostKind.NEED, SELLER: PostKind.OFFER}


@dataclass(frozen=True, slots=True)
class Named:
    """Structural suggestions with what their ids and codes stand for.

    `posts`: of a suggestion's (role, counterpart) the newest open post of its commodity that the
    reader may see, by id; no entry where there is none, or where nobody asked.
    """

    told: Sequence[StructureSuggestion]
    organisations: Mapping[int, Organisation]
    commodities: Mapping[str, Commodity]
    communes: Mapping[str, str]
    posts: Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Deals:
    """What the organisation deals in, and the tree by which that is understood.

    `own`: it and those merged into it. Read for who acts for it.
    """

    own: Sequence[int]
    trade: Trade
    tree: Tree

    @classmethod
    def of(cls, organisation_id: int, on: date) -> Deals:
        """Read them; six queries."""
        own = with_merged(organisation_id)
        return cls(own, trade_of(own, on), Tree.load())

    def visible(self, kind: PostKind) -> set[str]:
        """The commodities whose posts of the kind the organisation may see."""
        return visible_commodities(self.tree, kind, self.trade)

    @property
    def codes(self) -> set[str]:
        """All that it offers, needs, makes or buys by what it said."""
        return {*self.trade.offered, *self.trade.needed, *self.trade.products}


@dataclass(frozen=True, slots=True)
class Structure:
    """All that is told to the organisation's own people, with or without a post.

    `hidden`: what the rivals' rule keeps from them, unless a suggestion has shown the counterpart.
    """

    told: Sequence[StructureSuggestion]
    hidden: Sequence[StructureSuggestion]
    deals: Deals

    def reason_for(self, one: Own) -> StructureSuggestion | None:
        """What the structure says of a suggestion's pair: the same commodity, the same role."""
        role = next(role for role, kind in POSTED_BY.items() if kind is one.kind.other)
        other = one.other.organisation
        counterpart = other.survivor_id
        codes = {one.post.commodity_id, one.other.commodity_id}
        for found in (*self.told, *self.hidden):
            if (found.role, found.counterpart) == (role, counterpart) and found.commodity in codes:
                return found
        return None

    def reasons_for(self, found: Iterable[Own]) -> dict[int, StructureSuggestion]:
        """The same of several suggestions, by their ids; no entry where it says nothing."""
        said = ((one.row.pk, self.reason_for(one)) for one in found)
        return {pk: reason for pk, reason in said if reason is not None}

    def beside(self, met: Collection[tuple[PostKind, int]]) -> list[StructureSuggestion]:
        """The first of those whose counterpart no suggestion to a post shows (`queries.met`)."""
        found = [
            one for one in self.told if (POSTED_BY[one.role].other, one.counterpart) not in met
        ]
        return found[:MOST_TOLD]


def own_structure(*, actor: Actor, organisation_id: int, on: date) -> Structure:
    """Return what the structure suggests to the organisation today, for who acts for it.

    It is asked for what the organisation sells and buys by its linkages, its products and its open
    posts; no linkage of anything else is read. `on` is today: of a day or a level of proof that the
    reader chose it would say when a peer's contract begins, ends or was proved, and so whose it is.
    Raises: NotFound for anybody else.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    deals = Deals.of(organisation_id, on)
    tree = [(node.code, node.parent, node.stage) for node in deals.tree.nodes.values()]
    columns = columns_around(deals.own, deals.codes, tree, on)
    graph = graph_on(columns, on, Evidence.DECLARED)
    if organisation_id not in graph:
        return Structure((), (), deals)
    return _told(graph, organisation_id, columns, deals, on)


def _told(
    graph: Graph, organisation_id: int, columns: GraphColumns, deals: Deals, on: date
) -> Structure:
    trade = deals.trade
    buys = trade.kind in BUSINESSES
    stood_for = _stood_for(graph, organisation_id)
    found = suggested(
        stood_for,
        organisation_id,
        columns.commodities,
        also_sells={*trade.offered, *(() if buys else trade.products)},
        also_buys={*trade.needed, *(trade.products if buys else ())},
    )
    several = [one for one in found if one.strength >= FEWEST_PEERS]
    enough = sorted(_not_of_all(several, stood_for, on), key=_order)
    seen = {role: deals.visible(kind) for role, kind in POSTED_BY.items()}
    return Structure(
        told=[one for one in enough if one.commodity in seen[one.role]],
        hidden=[one for one in enough if one.commodity not in seen[one.role]],
        deals=deals,
    )


def _stood_for(graph: Graph, organisation_id: int) -> Graph:
    """The graph without what one side alone says of others; its own linkages are all there."""
    kept: Graph = nx.MultiDiGraph(**graph.graph)
    kept.add_nodes_from(graph.nodes(data=True))
    for seller, buyer, id_, edge in graph.edges(keys=True, data=True):
        if edge["level"] != Evidence.DECLARED or organisation_id in (seller, buyer):
            kept.add_edge(seller, buyer, key=id_, **edge)
    return kept


def _order(one: StructureSuggestion) -> tuple[bool, int, int, str]:
    """As `suggested`, and not by how many the peers are: what orders is read too."""
    return one.role == SELLER, NEARNESS.index(one.near), one.counterpart, one.commodity


def _not_of_all(
    found: Sequence[StructureSuggestion], graph: Graph, on: date
) -> list[StructureSuggestion]:
    """Those of whom not all that are known to deal in it there are peers; at most two queries."""
    dealers = _dealers(found, graph, on)
    kept = []
    for one in found:
        there = {
            id_
            for id_, place in dealers[one.role, one.commodity].items()
            if one.near not in _WHERE or place.get(_WHERE[one.near]) == one.place
        }
        if there - {one.organisation, one.counterpart} > {*one.peers}:
            kept.append(one)
    return kept


def _dealers(
    found: Sequence[StructureSuggestion], graph: Graph, on: date
) -> Mapping[tuple[str, str], Mapping[int, Mapping[str, Any]]]:
    """(role of the counterpart, commodity) -> who is known to sell (or buy) it, and where it is:
    by a linkage of the graph, or by a product that it names.

    No linkage of those who ask makes somebody one: by a contract with a neighbour they would have
    one more there who does not deal with the counterpart.
    """
    codes = sorted({one.commodity for one in found})
    dealers: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = defaultdict(dict)
    if not codes:
        return dealers
    asking = {one.organisation for one in found}
    for seller, buyer, edge in graph.edges(data=True):
        if asking.isdisjoint((seller, buyer)):
            dealers[BUYER, edge["commodity"]][seller] = graph.nodes[seller]
            dealers[SELLER, edge["commodity"]][buyer] = graph.nodes[buyer]
    named_by = Organisation.objects.filter(products__commodity__in=codes, merged_into=None)
    rows: QuerySet[Any] = on_day(named_by.exclude(pk__in=inactive_on(on).values("pk")), on)
    districts = dict(Commune.objects.values_list("code", "former_district"))
    for id_, code, kind, commune in rows.values_list(
        "pk", "products__commodity", "kind_on", "commune_on"
    ):
        role = SELLER if kind in BUSINESSES else BUYER
        here = {"place": commune, "district": districts.get(commune) or None}
        dealers[role, code].setdefault(id_, here)
    return dealers


def all_suggested(
    graph: Graph, organisation_id: int, columns: GraphColumns
) -> tuple[StructureSuggestion, ...]:
    """By its linkages and its products (what a business names it buys, all others make it)."""
    products = Product.objects.filter(organisation=organisation_id, commodity__isnull=False)
    named = set(products.values_list("commodity_id", flat=True))
    buys = graph.nodes[organisation_id]["kind"] in BUSINESSES
    return suggested(
        graph,
        organisation_id,
        columns.commodities,
        also_sells=() if buys else named,
        also_buys=named if buys else (),
    )


def named(
    told: Sequence[StructureSuggestion], posts: Mapping[tuple[str, int], int] | None = None
) -> Named:
    """Return the suggestions with names; at most three queries, and none for nothing."""
    places = {one.place for one in told if one.near == COMMUNE}
    counterparts = sorted({one.counterpart for one in told})
    communes = Commune.objects.filter(pk__in=places).values_list("code", "name")
    return Named(
        told=told,
        organisations=Organisation.objects.in_bulk(counterparts),
        commodities=Commodity.objects.in_bulk(sorted({one.commodity for one in told})),
        communes=dict(communes if places else ()),
        posts=posts or {},
    )


def named_with_posts(told: Sequence[StructureSuggestion], deals: Deals, *, on: date) -> Named:
    """The same with those posts of the counterparts that `deals` let see; at most five queries."""
    posts = {
        (role, owner): post_id
        for role in sorted({one.role for one in told})
        for owner, post_id in _posts(role, told, deals, on)
    }
    return named(told, posts)


def _posts(
    role: str, told: Sequence[StructureSuggestion], deals: Deals, on: date
) -> list[tuple[int, int]]:
    """(owner, post) of the counterparts' open posts of the very commodities, oldest first."""
    asked = {(one.counterpart, one.commodity) for one in told if one.role == role}
    kind = POSTED_BY[role]
    rows = counterparts(kind, deals.own, deals.visible(kind), on=on)
    found = rows.filter(organisation__in={owner for owner, _ in asked}).order_by("pk")
    return [
        (owner, post_id)
        for owner, post_id, code in found.values_list("organisation_id", "pk", "commodity_id")
        if (owner, code) in asked
    ]
