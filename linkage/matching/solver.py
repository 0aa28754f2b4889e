"""HiGHS behind a few words: columns in, values, a bound and the reason of its end out.

Everything that decides is done again in integers by those who ask: what comes back is a proposal
with a bound. A run ends at its deadline, when `cancelled` says so (asked ten times a second), or
when value and bound are close enough. One thread and a seed: the same model, the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np

from linkage.matching.columns import Flags, Floats, Ints

OPTIMAL, TIME, CANCELLED, INFEASIBLE = "optimal", "time", "cancelled", "infeasible"
INFINITE = highspy.kHighsInf
# Seconds between two looks at whether somebody wants it to end.
LOOK_S = 0.1


class Cancelled(Exception):
    """Somebody asked for the work to end."""


def never() -> bool:
    """Nobody asks for the work to end."""
    return False


@dataclass(frozen=True)
class Limits:
    """When to stop. `seconds` for the whole question, `gap` relative, `seed` of the solver.

    Raises: ValueError, if `seconds` is not above 0 or `gap` not in [0, 1].
    """

    seconds: float = 10.0
    gap: float = 0.001
    seed: int = 1
    cancelled: Callable[[], bool] = never

    def __post_init__(self) -> None:
        if not 0 < self.seconds < float("inf") or not 0 <= self.gap <= 1:
            raise ValueError("seconds are above 0 and a gap is in [0, 1]")
        if not 0 <= self.seed < 2**31:
            raise ValueError("a seed is from 0 to 2,147,483,647")


@dataclass
class Clock:
    """One question's time: started when made."""

    limits: Limits
    started: float = field(default_factory=time.monotonic)
    _looked: float = field(default=-1.0, init=False)
    _cancelled: bool = field(default=False, init=False)

    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def left(self) -> float:
        """Seconds left, 0 at least."""
        return max(0.0, self.limits.seconds - self.spent())

    def cancelled(self) -> bool:
        """Whether somebody asked for the end; looked up ten times a second at most."""
        now = time.monotonic()
        if not self._cancelled and now - self._looked >= LOOK_S:
            self._cancelled, self._looked = self.limits.cancelled(), now
        return self._cancelled


@dataclass(frozen=True, eq=False)
class Model:
    """Minimise cost x v, with low <= v <= high, v whole where said, and bounded rows.

    `row`, `column`, `value`: the entries that are not zero, each place once.
    """

    cost: Floats
    low: Floats
    high: Floats
    whole: Flags
    row: Ints
    column: Ints
    value: Floats
    row_low: Floats
    row_high: Floats


@dataclass(frozen=True, eq=False)
class Solved:
    """`values` is None where none was found. `bound`: no values cost less, as the solver says.

    `prices` of the rows (of a model without whole columns): a unit more of a row's limit costs
    so much.
    """

    state: str
    values: Floats | None
    bound: float
    prices: Floats


class Solver:
    """A model in the solver's hands; bounds can be changed and it runs again from where it was."""

    def __init__(self, model: Model, clock: Clock) -> None:
        self._clock = clock
        self._whole = bool(model.whole.any())
        self._highs = _highs(clock.limits.seed)
        self._highs.passModel(_lp(model))
        for event in (self._highs.cbMipInterrupt, self._highs.cbSimplexInterrupt):
            event.subscribe(self._look)

    def change(self, columns: Ints, low: Floats, high: Floats) -> None:
        """Bound these columns anew."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def reprice(self, columns: Ints, cost: Floats) -> None:
        """Let these columns cost so much from now on."""
        self._highs.changeColsCost(len(columns), columns.astype(np.int32), cost)

    def start_from(self, values: Floats) -> None:
        """Begin with values that are known to do.

        Without presolve: HiGHS 1.16.0 may answer with the start, and the objective and the bound
        of another model, where presolve leaves nothing to solve.
        """
        self._highs.setOptionValue("presolve", "off")
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        self._highs.setSolution(solution)

    def run(self, *, gap: float, absolute_gap: float = 0.0, seconds: float = INFINITE) -> Solved:
        """Run until the gap is closed, time or these seconds are over. Raises: Cancelled."""
        if self._clock.cancelled():
            raise Cancelled
        highs = self._highs
        # The limit counts from the model's first run.
        highs.setOptionValue(
            "time_limit", highs.getRunTime() + max(0.01, min(seconds, self._clock.left()))
        )
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("mip_abs_gap", absolute_gap)
        highs.run()
        if self._clock.cancelled():
            raise Cancelled
        return self._read()

    def _look(self, event: highspy.HighsCallbackEvent) -> None:
        if self._clock.cancelled():
            event.interrupt()

    def _read(self) -> Solved:
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        state = {
            highspy.HighsModelStatus.kOptimal: OPTIMAL,
            highspy.HighsModelStatus.kInfeasible: INFEASIBLE,
            highspy.HighsModelStatus.kUnboundedOrInfeasible: INFEASIBLE,
        }.get(status, TIME)
        solution = self._highs.getSolution()
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        bound = info.mip_dual_bound if self._whole else info.objective_function_value
        return Solved(
            state=state,
            values=np.array(solution.col_value) if feasible else None,
            bound=float(bound),
            prices=np.array(solution.row_dual),
        )


class _Silent(highspy.Highs):
    """HiGHS that prints nothing: its banner would go to standard output, where one JSON
    document is. It is printed while callbacks are enabled, which is when one is made.
    """

    def enableCallbacks(self) -> None:  # noqa: N802  # the library's name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # it has no types


def _highs(seed: int) -> highspy.Highs:
    highs = _Silent()  # type: ignore[no-untyped-call]  # its __init__ has no types
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", seed)
    return highs


def _lp(model: Model) -> highspy.HighsLp:
    order = np.lexsort((model.row, model.column))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.row_low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.low, model.high
    lp.row_lower_, lp.row_upper_ = model.row_low, model.row_high
    starts = np.searchsorted(model.column[order], np.arange(len(model.cost) + 1))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = starts.astype(np.int32)
    lp.a_matrix_.index_ = model.row[order].astype(np.int32)
    lp.a_matrix_.value_ = model.value[order]
    if model.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in model.whole.tolist()]
    return lp
