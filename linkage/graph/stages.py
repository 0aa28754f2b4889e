"""What organisations do in a chain, and the one layer of each, from what they sell and buy.

A stage is done, by what is sold and bought of the commodities looked at ("goods" are those that
are no inputs; "its line" is a commodity, what lies above it and what lies below it):

- inputs: it sells an input, bought or not (a dealer of seed stands where the seed comes from);
- production, first processing, processing: it sells goods of that stage and buys nothing of their
  line; production also: it buys inputs, buys no goods and sells nothing;
- distribution: it sells goods and also buys of their line;
- retail or export: it buys goods and sells none.

Its layer is the first that it does in the order of LAYER_ORDER: who makes goods stands where the
earliest of them are made, whatever else it deals in. No stage depends on another party's, so rings
(two that sell each other the same) need no rule of their own.
"""

from __future__ import annotations

import numpy as np

from linkage.graph.columns import UNSET, Flags, Ints
from linkage.graph.tables import (
    DISTRIBUTION,
    FIRST_PROCESSING,
    INPUTS,
    PROCESSING,
    PRODUCTION,
    RETAIL_OR_EXPORT,
    STAGES,
    CommodityColumns,
)

LAYER_ORDER = np.array(
    [PRODUCTION, FIRST_PROCESSING, PROCESSING, INPUTS, DISTRIBUTION, RETAIL_OR_EXPORT]
)


def table(rows: Ints, commodity: Ints, shape: tuple[int, int]) -> Flags:
    """`table[row, c]`: the row (an organisation) has a linkage of commodity c.

    >>> table(np.array([0, 0]), np.array([2, 2]), (1, 3)).astype(int).tolist()
    [[0, 0, 1]]
    """
    flags = np.zeros(shape, dtype=np.bool_)
    flags[rows, commodity] = True
    return flags


def made(sold: Flags, bought: Flags, commodities: CommodityColumns) -> Flags:
    """Which goods each organisation sells without buying of their line; shapes as `table`."""
    makes: Flags = sold & ~_bought_of_the_line(sold, bought, commodities)
    return makes & _goods(commodities)


def done(sold: Flags, bought: Flags, commodities: CommodityColumns) -> Flags:
    """`done[row, stage]`: what each organisation does, by the rule above; places in STAGES.

    >>> tree = CommodityColumns(("paddy", "rice"), np.array([-1, -1]), np.array([1, 2]))
    >>> mill = done(np.array([[False, True]]), np.array([[True, False]]), tree)
    >>> [STAGES[place] for place in np.flatnonzero(mill[0])]
    ['first_processing']
    """
    goods = _goods(commodities)
    makes = made(sold, bought, commodities)
    does = np.zeros((len(sold), len(STAGES)), dtype=np.bool_)
    for stage in (PRODUCTION, FIRST_PROCESSING, PROCESSING):
        does[:, stage] = makes[:, commodities.stage == stage].any(axis=1)
    sells_goods, buys_goods = sold[:, goods].any(axis=1), bought[:, goods].any(axis=1)
    does[:, INPUTS] = sold[:, ~goods].any(axis=1)
    does[:, DISTRIBUTION] = (sold & ~makes & goods).any(axis=1)
    does[:, RETAIL_OR_EXPORT] = buys_goods & ~sells_goods
    does[:, PRODUCTION] |= bought.any(axis=1) & ~buys_goods & ~sold.any(axis=1)
    return does


def layers(does: Flags) -> Ints:
    """The place in STAGES of each one's layer; UNSET for who does nothing.

    >>> layers(np.array([[True, False, True, False, False, False], [False] * 6])).tolist()
    [2, -1]
    """
    first = LAYER_ORDER[np.argmax(does[:, LAYER_ORDER], axis=1)]
    chosen: Ints = np.where(does.any(axis=1), first, UNSET)
    return chosen


def _goods(commodities: CommodityColumns) -> Flags:
    goods: Flags = commodities.stage != INPUTS
    return goods


def _bought_of_the_line(sold: Flags, bought: Flags, commodities: CommodityColumns) -> Flags:
    found = np.zeros_like(sold)
    for place in np.flatnonzero(sold.any(axis=0)):
        found[:, place] = bought[:, commodities.related[place]].any(axis=1)
    return found
