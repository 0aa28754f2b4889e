"""What the structure of the linkages suggests to an organisation's own people.

Those who sell what it sells, in its commune, sell to this buyer; mirrored for buying. Told without
peers' names, and only where `FEWEST_PEERS` or more say so: fewer could be told apart. The rivals'
rule (`market.sight`) holds as for posts: whom it would not show a need of the commodity is told of
no buyer of it either. What a suggestion has shown already it may be told more of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from linkage.agreements.graph_columns import graph_columns
from linkage.agreements.models import Evidence
from linkage.catalogue.models import Commodity
from linkage.graph import Graph, GraphColumns, StructureSuggestion, graph_on, suggested
from linkage.graph.structure import BUYER, COMMUNE, SELLER
from linkage.market.models import PostKind
from linkage.market.queries import visible_to
from linkage.market.sight import BUSINESSES, trade_of, visible_commodities
from linkage.market.tree import Tree
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Commune, Organisation, Product
from linkage.registry.queries import with_merged
from linkage.suggestions.queries import Own

# Of a member's suggestion at least so many peers, who are not named.
FEWEST_PEERS = 3
# Told beside the suggestions to posts; all are on the page of its place in the chain.
MOST_TOLD = 5
# What a counterpart of each role posts.
POSTED_BY: Mapping[str, PostKind] = {BUYER: PostKind.NEED, SELLER: PostKind.OFFER}


@dataclass(frozen=True, slots=True)
class Named:
    """Structural suggestions with what their ids and codes stand for.

    `posts`: of a suggestion's (role, counterpart) the newest open post of its commodity that the
    reader may see, by id; no entry where there is none.
    """

    told: Sequence[StructureSuggestion]
    organisations: Mapping[int, Organisation]
    commodities: Mapping[str, Commodity]
    communes: Mapping[str, str]
    posts: Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Structure:
    """All that is told to the organisation's own people, with or without a post.

    `hidden`: what the rivals' rule keeps from them, unless a suggestion has shown the counterpart.
    """

    told: Sequence[StructureSuggestion]
    hidden: Sequence[StructureSuggestion]

    def reason_for(self, one: Own) -> StructureSuggestion | None:
        """What the structure says of a suggestion's pair: the same commodity, the same role."""
        role = next(role for role, kind in POSTED_BY.items() if kind is one.kind.other)
        other = one.other.organisation
        counterpart = other.merged_into_id or other.pk
        codes = {one.post.commodity_id, one.other.commodity_id}
        for found in (*self.told, *self.hidden):
            if (found.role, found.counterpart) == (role, counterpart) and found.commodity in codes:
                return found
        return None

    def beside(self, met: Collection[tuple[PostKind, int]]) -> list[StructureSuggestion]:
        """The first of those whose counterpart no suggestion to a post shows (`queries.met`)."""
        found = [
            one for one in self.told if (POSTED_BY[one.role].other, one.counterpart) not in met
        ]
        return found[:MOST_TOLD]


def own_structure(
    *, actor: Actor, organisation_id: int, on: date, level: str = Evidence.DECLARED
) -> Structure:
    """Return what the structure suggests to the organisation, for who acts for it.

    It is asked for what the organisation sells and buys by its linkages, its products and its open
    posts. Raises: NotFound for anybody else; ValueError for a level.
    """
    require_acting(actor, organisation_id)
    columns = graph_columns()
    graph = graph_on(columns, on, level)
    if organisation_id not in graph:
        return Structure((), ())
    return told_to_members(graph, organisation_id, columns, on)


def told_to_members(
    graph: Graph, organisation_id: int, columns: GraphColumns, on: date
) -> Structure:
    """The same of a graph in hand that has the organisation."""
    trade, tree = trade_of(with_merged(organisation_id), on), Tree.load()
    found = all_suggested(
        graph, organisation_id, columns, offered=trade.offered, needed=trade.needed
    )
    enough = [one for one in found if one.strength >= FEWEST_PEERS]
    seen = {role: visible_commodities(tree, kind, trade) for role, kind in POSTED_BY.items()}
    return Structure(
        told=[one for one in enough if one.commodity in seen[one.role]],
        hidden=[one for one in enough if one.commodity not in seen[one.role]],
    )


def all_suggested(
    graph: Graph,
    organisation_id: int,
    columns: GraphColumns,
    *,
    offered: Collection[str] = (),
    needed: Collection[str] = (),
) -> tuple[StructureSuggestion, ...]:
    """By its linkages and its products (what a business names it buys, all others make it).

    `offered`, `needed`: what its posts are of besides.
    """
    products = Product.objects.filter(organisation=organisation_id, commodity__isnull=False)
    named = set(products.values_list("commodity_id", flat=True))
    buys = graph.nodes[organisation_id]["kind"] in BUSINESSES
    return suggested(
        graph,
        organisation_id,
        columns.commodities,
        also_sells={*offered, *(() if buys else named)},
        also_buys={*needed, *(named if buys else ())},
    )


def named(
    told: Sequence[StructureSuggestion], *, actor: Actor, organisation_id: int, on: date
) -> Named:
    """Return the suggestions with names and with the counterparts' posts; at most 15 queries."""
    counterparts = {one.counterpart for one in told}
    codes = {one.commodity for one in told}
    places = {one.place for one in told if one.near == COMMUNE}
    return Named(
        told=told,
        organisations=Organisation.objects.in_bulk(sorted(counterparts)),
        commodities=Commodity.objects.in_bulk(sorted(codes)),
        communes=dict(Commune.objects.filter(pk__in=places).values_list("code", "name")),
        posts={
            (role, owner): post_id
            for role in sorted({one.role for one in told})
            for owner, post_id in _posts(role, told, actor, organisation_id, on)
        },
    )


def _posts(
    role: str,
    told: Sequence[StructureSuggestion],
    actor: Actor,
    organisation_id: int,
    on: date,
) -> list[tuple[int, int]]:
    """(owner, post) of the counterparts' open posts of the very commodities, oldest first."""
    asked = {(one.counterpart, one.commodity) for one in told if one.role == role}
    rows = visible_to(actor, POSTED_BY[role], on=on, organisation_id=organisation_id)
    found = rows.filter(organisation__in={owner for owner, _ in asked}).order_by("pk")
    return [
        (owner, post_id)
        for owner, post_id, code in found.values_list("organisation_id", "pk", "commodity_id")
        if (owner, code) in asked
    ]
