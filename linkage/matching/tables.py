"""The reference data that matching needs, as columns, and a question: posts with their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from linkage.matching.columns import (
    UNSET,
    ColumnsInvalid,
    Flags,
    Ints,
    NeedColumns,
    OfferColumns,
)


@dataclass(frozen=True, eq=False)
class TreeColumns:
    """The commodity tree: a number for each node in an order where a subtree is a run.

    `enter[x]` is the node's own number, `leave[x]` the first one behind its subtree, so y is x or
    a descendant of it just when enter[x] <= enter[y] < leave[x]. `depth` of a root is 0.
    """

    enter: Ints
    leave: Ints
    depth: Ints

    @classmethod
    def of_parents(cls, parents: Sequence[int]) -> TreeColumns:
        """Number the nodes from each one's parent, by place; -1 for a root.

        Raises: ColumnsInvalid, if a parent is not there or the nodes go round in a ring.

        >>> tree = TreeColumns.of_parents([-1, 0, 0, 1])
        >>> tree.enter.tolist(), tree.leave.tolist()
        ([0, 1, 3, 2], [4, 3, 4, 3])
        """
        children: list[list[int]] = [[] for _ in parents]
        for node, parent in enumerate(parents):
            if not -1 <= parent < len(parents):
                raise ColumnsInvalid(f"node {node}: there is no parent {parent}")
            if parent >= 0:
                children[parent].append(node)
        order = _preorder([node for node, up in enumerate(parents) if up == -1], children)
        if len(order) != len(parents):
            raise ColumnsInvalid("the tree goes round in a ring")
        enter, size, depth = (np.zeros(len(parents), dtype=np.int64) for _ in range(3))
        enter[order] = np.arange(len(order))
        for node in order:
            depth[node] = depth[parents[node]] + 1 if parents[node] >= 0 else 0
        for node in reversed(order):
            size[node] = 1 + sum(size[child] for child in children[node])
        return cls(enter, enter + size, depth)

    def within(self, commodity: Any, asked: Any) -> Flags:
        """Whether a commodity is the one asked for or a descendant.

        Places that broadcast, or `slice(None)` for all nodes.
        """
        place = self.enter[commodity]
        inside: Flags = (self.enter[asked] <= place) & (place < self.leave[asked])
        return inside


@dataclass(frozen=True, eq=False)
class CertificateTable:
    """Which certificate satisfies which: `satisfies[held, asked]`, each one itself."""

    satisfies: Flags

    @classmethod
    def of_pairs(cls, count: int, pairs: Iterable[tuple[int, int]] = ()) -> CertificateTable:
        """`count` certificates; `pairs` of (held, asked) say what else one stands for.

        >>> CertificateTable.of_pairs(2, [(1, 0)]).satisfies.astype(int).tolist()
        [[1, 0], [1, 1]]
        """
        satisfies = np.eye(count, dtype=np.bool_)
        for held, asked in pairs:
            satisfies[held, asked] = True
        return cls(satisfies)


@dataclass(frozen=True, eq=False)
class Board:
    """Offers and needs, and the tables that their numbers are places of; `today` dates freshness,
    and without it freshness is neutral.

    Raises: ColumnsInvalid, if a post names a commodity or certificate that is not there.
    """

    offers: OfferColumns
    needs: NeedColumns
    tree: TreeColumns
    certificates: CertificateTable
    today: date | None = None

    def __post_init__(self) -> None:
        for posts in (self.offers, self.needs):
            if (posts.commodity >= len(self.tree.depth)).any():
                raise ColumnsInvalid("column commodity: not in the tree")
            if (posts.certificates.certificate >= len(self.certificates.satisfies)).any():
                raise ColumnsInvalid("column certificates: not in the table")

    @property
    def day(self) -> int:
        """The ordinal of `today`, UNSET without one."""
        return self.today.toordinal() if self.today else UNSET


def _preorder(roots: list[int], children: list[list[int]]) -> list[int]:
    order, waiting = [], list(reversed(roots))
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(reversed(children[node]))
    return order
