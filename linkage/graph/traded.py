"""What a graph's edges trade, as arrays: one place an edge, in order of the linkage's id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.graph.building import Graph
from linkage.graph.columns import MEASURES, UNSET, Flags, Ints
from linkage.graph.tables import CommodityColumns


@dataclass(frozen=True, eq=False)
class Traded:
    """Edges whose commodity is known; `commodity` and `measure` are places, UNSET if unknown."""

    linkage: Ints
    seller: Ints
    buyer: Ints
    commodity: Ints
    quantity: Ints
    measure: Ints

    def only(self, flags: Flags) -> Traded:
        """Those of the edges that are flagged."""
        return Traded(
            *(getattr(self, name)[flags] for name in self.__dataclass_fields__),
        )


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
    columns = np.array(rows, dtype=np.int64).reshape(len(rows), 6)
    return Traded(*columns.T)
