"""The two models of a choice: by binaries alone, and with what is delivered when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linkage.matching.columns import Floats, Ints
from linkage.matching.pooling.deliveries import ENOUGH, Row
from linkage.matching.pooling.problem import Candidate, Order
from linkage.matching.solver import INFINITE, Model

# The largest number of a model's rows and quantities.
SCALE = 1_000_000.0
Settled = Sequence[tuple[list[int], int]]
# Entries of some rows (row, column, value), and the rows' limits.
Part = tuple[Ints, Ints, Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class Choice:
    """Minimise a sum of whole weights over the candidates that are taken."""

    cost: Floats
    gap: float = 0.0
    # Whole numbers: what is closer than one is equal.
    absolute_gap: float = 0.5

    def built(self, rows: Sequence[Row], settled: Settled) -> Model:
        """The model with these rows."""
        count = len(self.cost)
        table, low, high = _table(rows, settled)
        row, column = np.nonzero(table)
        return Model(
            cost=self.cost,
            low=np.zeros(count),
            high=np.ones(count),
            whole=np.ones(count, dtype=np.bool_),
            row=row,
            column=column,
            value=table[row, column],
            row_low=low,
            row_high=high,
        )


class Deliveries:
    """Minimise the transport of what is delivered: a quantity a candidate and period."""

    gap = 1e-7
    absolute_gap = 0.0

    def __init__(self, order: Order, candidates: Sequence[Candidate]) -> None:
        self.order, self.candidates = order, candidates
        # Model quantities are so many base units, model distances so many metres.
        self._unit = max(sum(order.least), 1) / SCALE
        self._metre = float(max(1, *(one.distance_m for one in candidates)))

    def metres(self, cost: float) -> float:
        """A model's cost in base units times metres; nothing known is 0."""
        return max(0.0, cost) * self._unit * self._metre if np.isfinite(cost) else 0.0

    def built(self, rows: Sequence[Row], settled: Settled) -> Model:
        """The model with these rows: binaries first, then quantities, candidate by candidate."""
        count, periods = len(self.candidates), len(self.order.least)
        capacity = np.array([one.capacity for one in self.candidates], dtype=np.float64)
        high = (capacity / self._unit).ravel()
        far = np.array([one.distance_m for one in self.candidates]) / self._metre
        table, low, most = _table(rows, settled)
        known_row, known_column = np.nonzero(table)
        known = (known_row, known_column, table[known_row, known_column], low, most)
        parts = [known, *self._links(high)]
        row, column, value, row_low, row_high = _stacked(parts)
        return Model(
            cost=np.concatenate([np.zeros(count), np.repeat(far, periods)]),
            low=np.zeros(count * (1 + periods)),
            high=np.concatenate([np.ones(count), high]),
            whole=np.arange(count * (1 + periods)) < count,
            row=row,
            column=column,
            value=value,
            row_low=row_low,
            row_high=row_high,
        )

    def _links(self, high: Floats) -> list[Part]:
        """Rows between choice and quantities, each part with rows numbered from 0."""
        count, periods = len(self.candidates), len(self.order.least)
        who = np.arange(count)
        cell = np.arange(count * periods)
        owner, period = cell // periods, cell % periods
        ones = np.ones(count * periods)
        total = np.array([one.total for one in self.candidates]) / self._unit
        lot = np.array([one.lot for one in self.candidates]) / self._unit
        least = np.array(self.order.least) / self._unit
        most = np.array(self.order.most) / self._unit

        def side(choice: Floats, low: float, top: float) -> Part:
            """Quantities of a candidate against `choice` times its binary."""
            return (
                np.concatenate([who, owner]),
                np.concatenate([who, count + cell]),
                np.concatenate([-choice, ones]),
                np.full(count, low),
                np.full(count, top),
            )

        in_period = (
            np.concatenate([cell, cell]),
            np.concatenate([owner, count + cell]),
            np.concatenate([-high, ones]),
            np.full(count * periods, -INFINITE),
            np.zeros(count * periods),
        )
        asked = (period, count + cell, ones, least, most)
        return [in_period, side(total, -INFINITE, 0.0), side(lot, 0.0, INFINITE), asked]


def _table(rows: Sequence[Row], settled: Settled) -> tuple[Floats, Floats, Floats]:
    """Rows and what is settled as one dense table with its bounds, each row scaled by its limit."""
    table, low, high = [], [], []
    for row in rows:
        size = max(1, row.limit) / min(SCALE, max(1, row.limit))
        table.append(np.array(row.coefficients, dtype=np.float64) / size)
        low.append(row.limit / size if row.kind == ENOUGH else -INFINITE)
        high.append(INFINITE if row.kind == ENOUGH else row.limit / size)
    for weights, most in settled:
        table.append(np.array(weights, dtype=np.float64))
        low.append(-INFINITE)
        high.append(float(most))
    return np.array(table), np.array(low), np.array(high)


def _stacked(
    parts: Sequence[Part],
) -> Part:
    """Parts below one another."""
    starts = np.cumsum([0, *(len(part[3]) for part in parts)])
    rows = [part[0] + start for part, start in zip(parts, starts[:-1], strict=True)]
    columns, values, low, high = (
        np.concatenate([part[place] for part in parts]) for place in range(1, 5)
    )
    return np.concatenate(rows), columns, values, low, high
