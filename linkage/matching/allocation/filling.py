"""Whole amounts: the greedy start, and what makes a solver's amounts keep every limit.

Nothing here is a float. Amounts that come out are maximal: no pair could be given its lot, nor
one more unit, without taking from another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.matching.allocation.problem import Aim, PlanProblem
from linkage.matching.columns import Flags, Floats, Ints
from linkage.matching.weights import FULL


@dataclass(eq=False)
class Filling:
    """Amounts so far, and what is left on both sides and of each buyer's share."""

    problem: PlanProblem
    aim: Aim

    def __post_init__(self) -> None:
        p = self.problem
        buyer, may_get = p.buyers
        self.offer: list[int] = p.arcs.offer.tolist()
        self.need: list[int] = p.arcs.need.tolist()
        self.most: list[int] = p.arcs.most.tolist()
        self.lot: list[int] = p.arcs.lot.tolist()
        self.buyer: list[int] = buyer[p.arcs.need].tolist()
        self.supply: list[int] = p.offers.left.tolist()
        self.demand: list[int] = p.needs.left.tolist()
        unlimited = p.buyer_share == FULL
        self.share: list[int] = [2**62] * len(may_get) if unlimited else may_get.tolist()
        self.amount = [0] * len(p.arcs)
        self.co_ops: list[list[int]] = [[] for _ in self.amount]
        for arc, co_op in zip(*(column.tolist() for column in p.links), strict=True):
            self.co_ops[arc].append(co_op)
        self.times = [0] * len(p.co_op)

    def room(self, arc: int) -> int:
        """How much more the pair could take."""
        return min(
            self.most[arc] - self.amount[arc],
            self.supply[self.offer[arc]],
            self.demand[self.need[arc]],
            self.share[self.buyer[arc]],
        )

    def add(self, arc: int, more: int) -> None:
        """Give the pair so much more, or less."""
        before = self.amount[arc]
        self.amount[arc] += more
        self.supply[self.offer[arc]] -= more
        self.demand[self.need[arc]] -= more
        self.share[self.buyer[arc]] -= more
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
        if self.aim.link_worth:
            for arc in np.argsort(self.problem.arcs.lot, kind="stable").tolist():
                if any(not self.times[co_op] for co_op in self.co_ops[arc]):
                    self._give_lot(arc)
        begun = [arc for arc, amount in enumerate(self.amount) if amount]
        for arc in begun:
            self.add(arc, max(0, self.room(arc)))
        for arc in np.argsort(-self.problem.arcs.most, kind="stable").tolist():
            if not self.amount[arc] and self.room(arc) >= self.lot[arc]:
                self.add(arc, self.room(arc))

    def _give_lot(self, arc: int) -> None:
        if not self.amount[arc] and self.room(arc) >= self.lot[arc]:
            self.add(arc, self.lot[arc])

    def amounts(self) -> Ints:
        """The amounts of the arcs."""
        return np.array(self.amount, dtype=np.int64)


def greedy(problem: PlanProblem, aim: Aim) -> Ints:
    """A plan at once: lots for unlinked co-ops first, then the largest pairs."""
    filling = Filling(problem, aim)
    filling.fill()
    return filling.amounts()


def whole(problem: PlanProblem, aim: Aim, wanted: Floats) -> Ints:
    """A solver's amounts as whole ones that keep every limit, and filled up."""
    filling = Filling(problem, aim)
    filling.start_from(wanted)
    filling.fill()
    return filling.amounts()


def usable(problem: PlanProblem) -> Flags:
    """Whether there is room for a pair's lot where nothing else is given."""
    buyer, may_get = problem.buyers
    offer, need = problem.arcs.offer, problem.arcs.need
    room = np.minimum(problem.offers.left[offer], problem.needs.left[need])
    enough: Flags = np.minimum(room, may_get[buyer[need]]) >= problem.arcs.lot
    return enough
