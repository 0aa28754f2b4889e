"""What a graph's edges trade, as arrays: one place an edge, in order of the linkage's id."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from linkage.graph import stages
from linkage.graph.building import Graph
from linkage.graph.columns import MEASURES, UNSET, Flags, Ints
from linkage.graph.tables import CommodityColumns


@dataclass(frozen=True, eq=False)
class Traded:
    """Edges whose commodity is known.

    `ids`: every organisation of such an edge, in order; `seller` and `buyer` are rows in it.
    `commodity` and `measure` are places, `quantity` base units; UNSET if unknown.
    """

    ids: Ints
    linkage: Ints
    seller: Ints
    buyer: Ints
    commodity: Ints
    quantity: Ints
    measure: Ints

    def only(self, flags: Flags) -> Traded:
        """Those of the edges that are flagged, among the same organisations."""
        names = ("linkage", "seller", "buyer", "commodity", "quantity", "measure")
        return replace(self, **{name: getattr(self, name)[flags] for name in names})

    def tables(self, commodities: CommodityColumns) -> tuple[Flags, Flags]:
        """What each organisation sells, and what it buys: a row of commodities for each."""
        shape = len(self.ids), len(commodities)
        return (
            stages.table(self.seller, self.commodity, shape),
            stages.table(self.buyer, self.commodity, shape),
        )

    def upstream_of(self, row: int) -> tuple[int, ...]:
        """The ids of all from whom edges lead to this organisation, over any number of them."""
        return self._reached(row, self.buyer, self.seller)

    def downstream_of(self, row: int) -> tuple[int, ...]:
        """The ids of all to whom edges lead from it."""
        return self._reached(row, self.seller, self.buyer)

    def _reached(self, row: int, start: Ints, end: Ints) -> tuple[int, ...]:
        reached = np.zeros(len(self.ids), dtype=np.bool_)
        reached[row] = True
        before = 0
        while (count := int(reached.sum())) > before:
            before = count
            reached[end[reached[start]]] = True
        reached[row] = False
        return tuple(self.ids[reached].tolist())


def traded_on(graph: Graph, commodities: CommodityColumns) -> Traded:
    """Read a graph's edges. Raises: NoSuchCommodity, if one's commodity is not of the tree."""
    rows = [
        (
            *(id_, seller, buyer, commodities.place(edge["commodity"])),
            UNSET if edge["quantity"] is None else edge["quantity"],
            UNSET if edge["measure"] is None else MEASURES.index(edge["measure"]),
        )
        for seller, buyer, id_, edge in graph.edges(keys=True, data=True)
        if edge["commodity"] is not None
    ]
    rows.sort()
    linkage, seller, buyer, *goods = np.array(rows, dtype=np.int64).reshape(len(rows), 6).T
    ids = np.unique(np.concatenate([seller, buyer]))
    return Traded(ids, linkage, np.searchsorted(ids, seller), np.searchsorted(ids, buyer), *goods)
