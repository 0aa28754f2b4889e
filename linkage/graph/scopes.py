"""Which commodities a chain is of: the commodity itself, what it is made of, what it becomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.graph.columns import Flags, Ints
from linkage.graph.tables import CommodityColumns, TransformationColumns


@dataclass(frozen=True, eq=False)
class Scope:
    """Commodities as flags, one place each in the tree.

    `core`: the commodity and its descendants; `upstream`: what is transformed into them, directly
    or over others; `downstream`: what they become. In a ring of transformations a commodity may be
    in both.
    """

    core: Flags
    upstream: Flags
    downstream: Flags

    @property
    def all(self) -> Flags:
        """Everything that the chain is of."""
        everything: Flags = self.core | self.upstream | self.downstream
        return everything


def scope_of(
    commodity: int, commodities: CommodityColumns, transformations: TransformationColumns
) -> Scope:
    """The scope of the chain of the commodity at this place in the tree.

    A transformation holds for what lies below its source and its product: where paddy becomes rice,
    glutinous paddy does, and brown rice comes of paddy. What is upstream is followed upstream only,
    and what is downstream downstream only: the chain of rice has paddy in it, and not the bran.
    """
    core = commodities.below([commodity])
    source, product = transformations.source, transformations.product
    return Scope(
        core=core,
        upstream=_followed(core, product, source, commodities) & ~core,
        downstream=_followed(core, source, product, commodities) & ~core,
    )


def _followed(start: Flags, from_: Ints, to: Ints, commodities: CommodityColumns) -> Flags:
    """`start` and all that is reached from it; always whole lines downward."""
    found = start
    while True:
        reaching = commodities.above(np.flatnonzero(found).tolist())[from_]
        wider = found | commodities.below(to[reaching].tolist())
        if (wider == found).all():
            return found
        found = wider
