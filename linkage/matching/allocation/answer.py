"""What comes out of planning."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from linkage.matching.columns import Ints

# Of the way from a problem to a plan: another one may give another plan of the same problem.
VERSION = "1"
# How the bound was got.
DUALS, SEARCH, PLAIN = "duals", "search", "plain"


@dataclass(frozen=True, eq=False)
class Plan:
    """Amounts of pairs, in the order of the problem's arcs (those with none are left out).

    `linked`: the co-ops newly linked. `value`: what it is worth to the aim; `bound`: no plan over
    these pairs is worth more. `bound_by`: "duals", certified in whole numbers; "search", where
    the solver's branch and bound lowered it; "plain", where time was over before any prices.
    `pieces`: into how many parts the question fell.
    """

    offer: Ints
    need: Ints
    quantity: Ints
    linked: Ints
    value: int
    bound: int
    bound_by: str
    pieces: int
    seconds: float

    @property
    def gap(self) -> float:
        """How far the bound is above the value, relative to the value."""
        if self.bound == self.value:
            return 0.0
        return float(Fraction(self.bound - self.value, self.value)) if self.value else float("inf")
