"""Linkages that the structure of the graph suggests: who sells what I sell sells to this buyer.

And mirrored: who buys what I buy buys from this seller. Prices and posts play no part; the reasons
are linkages in force on the graph's day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from linkage.graph.building import Graph
from linkage.graph.tables import CommodityColumns

# What the other party would be to the organisation.
BUYER, SELLER = "buyer", "seller"
# Where the peers are, from the organisation: the nearest that there are, in this order.
COMMUNE, DISTRICT, ANYWHERE = "commune", "district", "anywhere"
NEARNESS = (COMMUNE, DISTRICT, ANYWHERE)


@dataclass(frozen=True, slots=True)
class StructureSuggestion:
    """`counterpart` (an id) might be the organisation's buyer, or seller, as `role` says.

    `peers` are the reason: others who have a linkage of this very `commodity` (a code) with it, in
    order of id. `near` says where they are: in the organisation's own commune, in its former
    district, or anywhere; `place` is that commune's code, or that district's name, or None. Only
    the nearest are listed: with a peer in the commune those farther off are not named.
    """

    organisation: int
    role: str
    counterpart: int
    commodity: str
    near: str
    place: str | None
    peers: tuple[int, ...]

    @property
    def strength(self) -> int:
        """How many peers there are: k."""
        return len(self.peers)


def suggested(
    graph: Graph,
    organisation: int,
    commodities: CommodityColumns,
    *,
    also_sells: Collection[str] = (),
    also_buys: Collection[str] = (),
) -> tuple[StructureSuggestion, ...]:
    """Return what the structure suggests to an organisation, the nearest peers first.

    For every commodity that it sells on the graph, or that `also_sells` names (its products, of
    which it may have no linkage yet), and every buyer of that very commodity with which it has no
    linkage of its line as seller: at least one other organisation sells it to that buyer. A
    linkage between the two whose commodity is not known could be this one, so it counts as it.
    Mirrored for what it buys and `also_buys`. Both must work on the day, also where the day of
    their founding is not known; their peers need not.

    Order: buyers before sellers; by nearness, by `strength` falling, by the counterpart's id, by
    the commodity's code.
    Raises: KeyError, if the graph has no such organisation; NoSuchCommodity.
    """
    if not graph.nodes[organisation]["works"]:
        return ()
    found = [
        *_one_way(graph, organisation, BUYER, commodities, also_sells),
        *_one_way(graph, organisation, SELLER, commodities, also_buys),
    ]
    return tuple(sorted(found, key=_order))


def _one_way(
    graph: Graph,
    organisation: int,
    role: str,
    commodities: CommodityColumns,
    also: Collection[str],
) -> Iterator[StructureSuggestion]:
    """The suggestions of counterparts that have this role."""
    linked = _linked(graph, organisation, role)
    known = {code for codes in linked.values() for code in codes if code is not None}
    # Commodity -> counterpart -> who has a linkage of it with them.
    partners: dict[str, dict[int, set[int]]] = {code: defaultdict(set) for code in known | {*also}}
    for seller, buyer, edge in graph.edges(data=True):
        if edge["commodity"] in partners:
            own, counterpart = (seller, buyer) if role == BUYER else (buyer, seller)
            partners[edge["commodity"]][counterpart].add(own)
    for code in sorted(partners):
        line = commodities.related[commodities.place(code)]
        taken = {
            counterpart
            for counterpart, codes in linked.items()
            if None in codes or any(line[commodities.place(one)] for one in codes if one)
        }
        for counterpart, peers in partners[code].items():
            eligible = graph.nodes[counterpart]["works"] and counterpart != organisation
            # Where the organisation is a partner itself it is taken: all others are peers.
            if eligible and counterpart not in taken:
                near, place, nearest = _nearest(graph, organisation, peers)
                yield StructureSuggestion(
                    organisation, role, counterpart, code, near, place, nearest
                )


def _linked(graph: Graph, organisation: int, role: str) -> dict[int, set[str | None]]:
    """The commodities that link it with each counterpart of this role."""
    linked: dict[int, set[str | None]] = defaultdict(set)
    if role == BUYER:
        for _, buyer, edge in graph.out_edges(organisation, data=True):
            linked[buyer].add(edge["commodity"])
    else:
        for seller, _, edge in graph.in_edges(organisation, data=True):
            linked[seller].add(edge["commodity"])
    return linked


def _nearest(
    graph: Graph, organisation: int, peers: Collection[int]
) -> tuple[str, str | None, tuple[int, ...]]:
    """Where the nearest peers are, and who they are; an unknown place is near nobody."""
    own = graph.nodes[organisation]
    for near, name in ((COMMUNE, "place"), (DISTRICT, "district")):
        here = sorted(peer for peer in peers if graph.nodes[peer][name] == own[name])
        if own[name] is not None and here:
            return near, own[name], tuple(here)
    return ANYWHERE, None, tuple(sorted(peers))


def _order(one: StructureSuggestion) -> tuple[bool, int, int, int, str]:
    return (
        one.role == SELLER,
        NEARNESS.index(one.near),
        -one.strength,
        one.counterpart,
        one.commodity,
    )
