"""The reference data that a graph needs, and everything that a graph is made of, as one bundle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from linkage.graph.columns import (
    UNSET,
    ColumnsInvalid,
    Flags,
    Ints,
    LinkageColumns,
    OrganisationColumns,
    check_types,
    known,
    require,
    within,
)

# What can be done in a chain, upstream first. A commodity has one of the first four.
STAGES = (
    *("inputs", "production", "first_processing", "processing"),
    *("distribution", "retail_or_export"),
)
INPUTS, PRODUCTION, FIRST_PROCESSING, PROCESSING, DISTRIBUTION, RETAIL_OR_EXPORT = range(6)
OF_A_COMMODITY = STAGES[:4]


class NoSuchCommodity(LookupError):
    """No commodity of the tree has this code; the message is the code."""


@dataclass(frozen=True, eq=False)
class CommodityColumns:
    """The commodity tree, one place a commodity. Raises: ColumnsInvalid.

    `parent`: the place of the commodity above, UNSET for a root; `stage`: the place in STAGES of
    what makes it, one of OF_A_COMMODITY.

    >>> tree = CommodityColumns(
    ...     ("paddy", "paddy-glutinous"), np.array([-1, 0]), np.array([1, 1])
    ... )
    >>> tree.related.astype(int).tolist(), tree.below([0]).tolist()
    ([[1, 1], [1, 1]], [True, True])
    """

    codes: tuple[str, ...]
    parent: Ints
    stage: Ints

    def __post_init__(self) -> None:
        check_types(self, ("parent", "stage"), np.int64, len(self.codes))
        require("codes", len(set(self.codes)) == len(self.codes))
        require("parent", within(self.parent, UNSET, len(self.codes) - 1))
        require("stage", within(self.stage, 0, len(OF_A_COMMODITY) - 1))
        self._check_no_ring()

    def __len__(self) -> int:
        return len(self.codes)

    def place(self, code: str) -> int:
        """Where the commodity stands in the columns. Raises: NoSuchCommodity."""
        if code not in self._places:
            raise NoSuchCommodity(code)
        return self._places[code]

    def below(self, places: Collection[int]) -> Flags:
        """The commodities and all their descendants, as flags."""
        return _any(self._is_below, places)

    def above(self, places: Collection[int]) -> Flags:
        """The commodities and all their ancestors, as flags."""
        return _any(self._is_below.T, places)

    @cached_property
    def related(self) -> Flags:
        """`related[c, d]`: one line, that is one is the other, above it or below it."""
        line: Flags = self._is_below | self._is_below.T
        return line

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def _is_below(self) -> Flags:
        """`_is_below[c, d]`: d is c or a descendant of c."""
        table = np.zeros((len(self), len(self)), dtype=np.bool_)
        for place in range(len(self)):
            node = place
            while node != UNSET:
                table[node, place] = True
                node = int(self.parent[node])
        return table

    def _check_no_ring(self) -> None:
        node = self.parent
        for _ in range(len(self)):
            node = np.where(node == UNSET, UNSET, self.parent[node])
            if (node == UNSET).all():
                return
        if len(self):
            raise ColumnsInvalid("column parent: the tree goes round in a ring")


@dataclass(frozen=True, eq=False)
class TransformationColumns:
    """What becomes what, one place a transformation; each pair once. Raises: ColumnsInvalid.

    `source`, `product`: places of commodities, two different ones. It holds for what lies below
    them too: what paddy becomes, glutinous paddy becomes. `yield_num` of `yield_den` of the source
    is had as product (65 of 100), both UNSET where it is not known.
    """

    source: Ints
    product: Ints
    yield_num: Ints
    yield_den: Ints

    def __post_init__(self) -> None:
        check_types(
            self, ("source", "product", "yield_num", "yield_den"), np.int64, len(self.source)
        )
        require("product", bool((self.source != self.product).all()))
        pairs = np.stack([self.source, self.product], axis=1)
        require("product", len(np.unique(pairs, axis=0)) == len(pairs))
        unset = self.yield_num == UNSET
        require("yield_num", bool((unset | (self.yield_num >= 1)).all()))
        require("yield_den", bool((unset == (self.yield_den == UNSET)).all()))
        require("yield_den", bool((unset | (self.yield_den >= 1)).all()))


@dataclass(frozen=True, eq=False)
class SectorTable:
    """Sectors by place; `agricultural`: of agriculture, forestry, fishery or salt."""

    codes: tuple[str, ...]
    agricultural: Flags

    def __post_init__(self) -> None:
        check_types(self, ("agricultural",), np.bool_, len(self.codes))


@dataclass(frozen=True, eq=False)
class CommuneTable:
    """Communes by place; `districts`: the former district of each, None where there is none."""

    codes: tuple[str, ...]
    districts: tuple[str | None, ...]

    def __post_init__(self) -> None:
        require("districts", len(self.districts) == len(self.codes))


@dataclass(frozen=True, eq=False)
class GraphColumns:
    """Everything that a graph of any day and level is made of. Raises: ColumnsInvalid."""

    organisations: OrganisationColumns
    linkages: LinkageColumns
    commodities: CommodityColumns
    transformations: TransformationColumns
    sectors: SectorTable
    communes: CommuneTable

    def __post_init__(self) -> None:
        for name in ("seller", "buyer"):
            require(name, known(getattr(self.linkages, name), self.organisations.id))
        last = len(self.commodities) - 1
        require("commodity", within(self.linkages.commodity, UNSET, last))
        require("source", within(self.transformations.source, 0, last))
        require("product", within(self.transformations.product, 0, last))
        for name, table in (("sectors", self.sectors), ("communes", self.communes)):
            facts = getattr(self.organisations, name)
            require(name, within(facts.value, UNSET, len(table.codes) - 1))


def _any(table: Flags, places: Collection[int]) -> Flags:
    found: Flags = np.logical_or.reduce(table[np.array(sorted(places), dtype=np.int64)], axis=0)
    return found
