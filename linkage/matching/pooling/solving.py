"""The choice of partners: one aim after the other by HiGHS, each choice judged in integers.

A model knows a choice by one binary a candidate, and by rows for sets of periods (`deliveries`).
What it proposes is tried; the row that it breaks is added, and it is asked again. All rows hold
for every choice that can deliver, so the model's bound is a bound of the question. Rows and aims
are whole numbers, so a bound is rounded up to the next one; of the last aim, transport, value and
bound count as equal where they differ by no more than floats do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from linkage.matching.columns import Floats
from linkage.matching.pooling import deliveries, models
from linkage.matching.pooling.deliveries import ENOUGH, ROOM, Row
from linkage.matching.pooling.problem import (
    PARTNERS,
    SCORE,
    TAKES,
    TRANSPORT,
    Aim,
    Candidate,
    Member,
    NoFeasiblePool,
    Order,
    Pool,
    check,
)
from linkage.matching.pooling.verify import verify
from linkage.matching.solver import INFEASIBLE, Clock, Limits, Solved, Solver

# A bound this little above a whole number is that number.
ROUNDING = 1e-6
# Of transport: a millionth of it.
CLOSED = 1e-6
# So many choices that are alike are gone through one by one.
TIES = 12


def solve(order: Order, candidates: Sequence[Candidate], limits: Limits | None = None) -> Pool:
    """The fewest partners, then the best score, then the least transport; verified.

    Of candidates that lack something (`takes`) the least is taken first of all. When time is
    over the best found comes with its gap. `limits.gap` is not used: an aim is closed or not.

    Raises: PoolInvalid; NoFeasiblePool; solver.Cancelled.
    """
    check(order, candidates)
    usable = [one for one in candidates if one.lot <= min(one.total, sum(one.capacity))]
    asked = _Asked(order, sorted(usable, key=lambda one: one.id), Clock(limits or Limits()))
    asked.refuse_what_cannot_be()
    lacking = any(one.takes for one in usable)
    first, *others = (TAKES, PARTNERS, SCORE) if lacking else (PARTNERS, SCORE)
    aim, chosen = asked.best(first, asked.largest_first())
    aims = [aim]
    for name in others:
        aim, chosen = asked.best(name, chosen)
        aims.append(aim)
    aim, chosen = asked.least_transport(chosen)
    partners = [asked.candidates[place] for place in chosen]
    delivered = deliveries.deliver(order, partners)
    members = [Member(one.id, amounts) for one, amounts in zip(partners, delivered, strict=True)]
    pool = Pool(members=tuple(members), aims=(*aims, aim), seconds=asked.clock.spent())
    verify(order, candidates, pool)
    return pool


@dataclass(eq=False)
class _Asked:
    """One question: its rows so far, and what earlier aims have settled."""

    order: Order
    candidates: list[Candidate]
    clock: Clock
    rows: list[Row] = field(default_factory=list)
    # Of each aim settled its weights, and what their sum may be at most.
    settled: list[tuple[list[int], int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        every = frozenset(range(len(self.order.least)))
        for kind in (ENOUGH, ROOM):
            for periods in sorted({every, *(frozenset([t]) for t in every)}, key=sorted):
                self.rows.append(deliveries.row(self.order, self.candidates, kind, periods))
        self.settled.append(([1] * len(self.candidates), self.order.partners))

    def refuse_what_cannot_be(self) -> None:
        """Say why there is no pool, where it can be told without choosing. Raises."""
        # All of it if there is too little of all, else what the worst period lacks.
        short = max(r.limit - sum(r.coefficients) for r in self.rows if r.kind == ENOUGH)
        if short > 0:
            raise NoFeasiblePool("too_little", short=short)
        whole = max((r for r in self.rows if r.kind == ENOUGH), key=lambda r: len(r.periods))
        together = np.cumsum(sorted(whole.coefficients, reverse=True), dtype=np.float64)
        fewest = 1 + int(np.searchsorted(together, whole.limit * (1 - 1e-12)))
        if fewest > self.order.partners:
            raise NoFeasiblePool("too_many_partners", partners=fewest)

    def largest_first(self) -> list[int] | None:
        """A choice to begin with: the largest that lack nothing, until they can deliver."""
        order = sorted(
            range(len(self.candidates)),
            key=lambda place: (self.candidates[place].takes, -self.candidates[place].total, place),
        )
        for count in range(1, min(self.order.partners, len(order)) + 1):
            if self.can_deliver(sorted(order[:count])):
                return sorted(order[:count])
        return None

    def can_deliver(self, chosen: list[int]) -> bool:
        """Whether they can; if not, the row that they break is known from now on."""
        if any(not row.holds(chosen) for row in self.rows):
            return False
        broken = deliveries.broken_row(self.order, self.candidates, chosen)
        if broken:
            self.rows.append(broken)
        return broken is None

    def keeps(self, chosen: list[int]) -> bool:
        """Whether it costs no earlier aim anything."""
        return all(_sum(weights, chosen) <= most for weights, most in self.settled)

    def best(self, name: str, start: list[int] | None) -> tuple[Aim, list[int]]:
        """The best choice for one aim among those that earlier aims leave; it is then settled."""
        weights = self._weights(name)
        best, solved = self._search(models.Choice(np.array(weights, dtype=np.float64)))
        known = [choice for choice in (best, start) if choice is not None]
        if not known:
            raise self._nothing(solved)
        best = min(known, key=lambda choice: _sum(weights, choice))
        value = _sum(weights, best)
        bound = max(_at_least(weights), _next_whole(solved.bound))
        bound = value if solved.state == INFEASIBLE else min(value, bound)
        self.settled.append((weights, value))
        sign = -1 if name == SCORE else 1
        return Aim(name, sign * value, sign * bound, proved=bound == value), best

    def least_transport(self, start: list[int]) -> tuple[Aim, list[int]]:
        """The choice and deliveries with the least transport among those that are left.

        Few choices are as good by all earlier aims: they are gone through, which is a proof in
        whole numbers. Where there are many, transport is an aim like the others.
        """
        tied, all_of_them = self._tied(start)
        best = min(tied, key=self._transport)
        if all_of_them:
            value = self._transport(best)
            return Aim(TRANSPORT, value, value, proved=True), best
        model = models.Deliveries(self.order, self.candidates)
        found, solved = self._search(model)
        best = min((found or best, best), key=self._transport)
        value = self._transport(best)
        bound = min(value, max(0, _next_whole(model.metres(solved.bound))))
        proved = solved.state == INFEASIBLE or value - bound <= CLOSED * value
        return Aim(TRANSPORT, value, value if proved else bound, proved), best

    def _tied(self, start: list[int]) -> tuple[list[list[int]], bool]:
        """Choices as good as this one by all earlier aims, and whether they are all."""
        tied, not_again = [start], [_not_again(start, len(self.candidates))]
        anyone, complete = models.Choice(np.zeros(len(self.candidates))), False
        while len(tied) < TIES and self.clock.left():
            self.rows += not_again[-1:]
            found, solved = self._search(anyone)
            if found is None:
                complete = solved.state == INFEASIBLE
                break
            tied.append(found)
            not_again.append(_not_again(found, len(self.candidates)))
        self.rows = [row for row in self.rows if row not in not_again]
        return tied, complete

    def _search(self, model: models.Choice | models.Deliveries) -> tuple[list[int] | None, Solved]:
        """Ask, judge in integers, add what is broken, and ask again. Raises: Cancelled."""
        while True:
            solver = Solver(model.built(self.rows, self.settled), self.clock)
            solved = solver.run(gap=model.gap, absolute_gap=model.absolute_gap)
            if solved.values is None:
                return None, solved
            chosen = _chosen(solved.values[: len(self.candidates)])
            broken = next((row for row in self.rows if not row.holds(chosen)), None)
            if broken:
                # Within the solver's tolerance, but not in whole numbers.
                self.rows.append(_harder(broken, chosen))
            elif self.can_deliver(chosen) and self.keeps(chosen):
                return chosen, solved
            if not self.clock.left():
                return None, solved

    def _weights(self, name: str) -> list[int]:
        """The coefficients of an aim: less is better."""
        match name:
            case "takes":
                return [one.takes for one in self.candidates]
            case "partners":
                return [1] * len(self.candidates)
        return [-one.score for one in self.candidates]

    def _transport(self, chosen: list[int]) -> int:
        partners = [self.candidates[place] for place in chosen]
        return deliveries.transport(partners, deliveries.deliver(self.order, partners))

    def _nothing(self, solved: Solved) -> NoFeasiblePool:
        return NoFeasiblePool("does_not_fit" if solved.state == INFEASIBLE else "not_in_time")


def _harder(row: Row, chosen: list[int]) -> Row:
    """What a broken row says of this choice in small numbers: one more, or one less."""
    taken = set(chosen)
    places = range(len(row.coefficients))
    if row.kind == ENOUGH:
        more = tuple(int(place not in taken) for place in places)
        return Row(ENOUGH, row.periods, more, 1)
    return Row(ROOM, row.periods, tuple(int(place in taken) for place in places), len(taken) - 1)


def _not_again(chosen: list[int], count: int) -> Row:
    """All but this choice. Those that keep to the fewest partners are no larger than it."""
    taken = set(chosen)
    inside = tuple(int(place in taken) for place in range(count))
    return Row(ROOM, frozenset(), inside, len(chosen) - 1)


def _chosen(values: Floats) -> list[int]:
    return [int(place) for place in np.flatnonzero(values > 0.5)]


def _sum(weights: list[int], chosen: list[int]) -> int:
    return sum(weights[place] for place in chosen)


def _at_least(weights: list[int]) -> int:
    """No choice weighs less."""
    return sum(weight for weight in weights if weight < 0)


def _next_whole(bound: float) -> int:
    """The least whole number that is not below it."""
    return math.ceil(bound - ROUNDING) if math.isfinite(bound) else -(2**63)
