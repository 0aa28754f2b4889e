"""Whole amounts: the greedy start, and what makes a solver's amounts keep every limit.

Nothing here is a float. Amounts that come out are maximal: no pair could be given its lot, nor
one more unit, without taking from another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.problem import PlanProblem
from linkage.matching.columns import Flags, Floats, Ints


@dataclass(eq=False)
class Filling:
    """Amounts of a piece so far, and what is left of each row; `links`: the worth of co-ops."""

    piece: Piece
    links: Sequence[int]

    def __post_init__(self) -> None:
        piece = self.piece
        self.rows: list[tuple[int, int, int]] = list(
            zip(*(row.tolist() for row in piece.rows), strict=True)
        )
        self.most: list[int] = piece.most.tolist()
        self.lot: list[int] = piece.lot.tolist()
        self.left: list[int] = piece.limit.tolist()
        self.amount = [0] * len(piece.arcs)
        self.co_ops: list[list[int]] = [[] for _ in self.amount]
        for arc, co_op in zip(piece.link_arc.tolist(), piece.link.tolist(), strict=True):
            self.co_ops[arc].append(co_op)
        self.times = [0] * len(piece.co_op)

    def room(self, arc: int) -> int:
        """How much more the pair could take."""
        offer, need, buyer = self.rows[arc]
        left = self.left
        return min(self.most[arc] - self.amount[arc], left[offer], left[need], left[buyer])

    def add(self, arc: int, more: int) -> None:
        """Give the pair so much more, or less."""
        before = self.amount[arc]
        self.amount[arc] += more
        for row in self.rows[arc]:
            self.left[row] -= more
        change = (self.amount[arc] > 0) - (before > 0)
        for co_op in self.co_ops[arc] if change else ():
            self.times[co_op] += change

    def start_from(self, wanted: Floats) -> None:
        """Take a solver's amounts, rounded to what the limits allow, the surest first."""
        for arc in np.argsort(-wanted, kind="stable").tolist():
            if wanted[arc] <= 0:
                break
            # Within the solver's tolerance a lot is a lot, and a unit a unit.
            goal = max(self.lot[arc], round(wanted[arc])) if wanted[arc] > self.lot[arc] / 2 else 0
            given = min(goal, self.room(arc))
            if given >= self.lot[arc]:
                self.add(arc, given)

    def fill(self) -> None:
        """Link whom there is a lot for, then add what there is room for, the largest first."""
        for arc in np.argsort(self.piece.lot, kind="stable").tolist():
            if any(self.links[c] and not self.times[c] for c in self.co_ops[arc]):
                self._give_lot(arc)
        begun = [arc for arc, amount in enumerate(self.amount) if amount]
        for arc in begun:
            self.add(arc, max(0, self.room(arc)))
        for arc in np.argsort(-self.piece.most, kind="stable").tolist():
            if not self.amount[arc] and self.room(arc) >= self.lot[arc]:
                self.add(arc, self.room(arc))

    def _give_lot(self, arc: int) -> None:
        if not self.amount[arc] and self.room(arc) >= self.lot[arc]:
            self.add(arc, self.lot[arc])


def whole(piece: Piece, links: Sequence[int], wanted: Floats | None = None) -> Ints:
    """A solver's amounts as whole ones that keep every limit, filled up; or a start from none.

    A start gives unlinked co-ops lots first, then the largest pairs what there is.
    """
    filling = Filling(piece, links)
    if wanted is not None:
        filling.start_from(wanted)
    filling.fill()
    return np.array(filling.amount, dtype=np.int64)


def usable(problem: PlanProblem) -> Flags:
    """Whether there is room for a pair's lot where nothing else is given."""
    buyer, may_get = problem.buyers
    offer, need = problem.arcs.offer, problem.arcs.need
    room = np.minimum(problem.offers.left[offer], problem.needs.left[need])
    enough: Flags = np.minimum(room, may_get[buyer[need]]) >= problem.arcs.lot
    return enough
