"""A piece as a linear model: lots are only as if shared out, so its best is a bound.

Of a pair's amount x, a link counts x / lot, up to one. The bound does not trust the solver: any
prices of the rows that are not negative give, by weak duality, a number that no plan exceeds, and
that number is worked out here in whole numbers from the solver's prices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linkage.matching.allocation.piece import Piece
from linkage.matching.columns import Floats, Ints
from linkage.matching.solver import INFINITE, Clock, Model, Solved, Solver

# A model's largest amount, and what is less than nothing of it.
LARGEST = 10_000.0
TINY = 1e-7
# Rounds from shared lots to whole ones; what is not settled then is rounded.
ROUNDS = 30


class Relaxation:
    """The linear model of a piece, in the solver's hands."""

    def __init__(self, piece: Piece, clock: Clock, links: Sequence[int]) -> None:
        self.piece, self._clock = piece, clock
        # A model's unit of amounts and of worth: a pair's costs and amounts are near 1.
        self.unit = max(1.0, float(piece.most.max()) / LARGEST)
        self.money = max(1.0, float(max(piece.worth)) * self.unit)
        self.solver = Solver(self._model(links), clock)
        self.solved: Solved | None = None
        # Pairs that any answer so far gave something.
        self.used = np.zeros(len(piece.arcs), dtype=np.bool_)

    def run(self) -> bool:
        """Solve; whether it came to an end. Raises: Cancelled."""
        solved = self.solver.run(gap=0.0)
        self.solved = solved if solved.state == "optimal" else None
        self.used |= self.amounts() > TINY
        return self.solved is not None

    def price_links(self, links: Sequence[int]) -> None:
        """Let the co-ops' links be worth so much from now on."""
        cost = -np.array([worth / self.money for worth in links], dtype=np.float64)
        places = len(self.piece.arcs) + np.arange(len(cost))
        self.solver.reprice(places, cost)

    def bound(self, links: Sequence[int]) -> int:
        """The certified bound from the solver's prices, or the plain one where there are none."""
        if self.solved is None:
            return self.piece.plain_bound(links)
        worth = np.maximum(0.0, -self.solved.prices) * self.money
        rows = len(self.piece.limit)
        prices = [int(price / self.unit) for price in worth[:rows].tolist()]
        return self.piece.bound(prices, [int(price) for price in worth[rows:].tolist()], links)

    def times_linked(self) -> Floats:
        """How far each co-op of the piece is linked by the relaxed amounts, up to one."""
        found = np.zeros(len(self.piece.co_op))
        x = self.amounts()
        np.add.at(found, self.piece.link, (x / self.piece.lot)[self.piece.link_arc])
        return np.minimum(1.0, found)

    def amounts(self) -> Floats:
        """Relaxed amounts in base units; nothing where there is no answer."""
        if self.solved is None or self.solved.values is None:
            return np.zeros(len(self.piece.arcs))
        return self.solved.values[: len(self.piece.arcs)] * self.unit

    def lots(self) -> Floats:
        """Amounts that are nothing or a lot at least, but for a few: round by round.

        What has most of its lot gets it, where there is room; of the rest the lower half is
        given up; then the model shares out anew.
        """
        piece = self.piece
        low, high = np.zeros(len(piece.arcs)), piece.most / self.unit
        lot = piece.lot / self.unit
        for _round in range(ROUNDS):
            x = self.amounts() / self.unit
            bad = np.flatnonzero((x > TINY) & (x < lot - TINY))
            if not len(bad) or not self._clock.left():
                break
            by_share = bad[np.argsort(-x[bad] / lot[bad], kind="stable")]
            kept = self._kept(by_share[x[by_share] >= lot[by_share] / 2], low)
            low[kept] = lot[kept]
            given_up = np.setdiff1d(by_share[len(by_share) // 2 :], kept)
            high[given_up] = 0.0
            changed = np.concatenate([kept, given_up])
            before = self.solved
            self.solver.change(changed, low[changed], high[changed])
            if not self.run():
                self.solved = before
                break
        return self.amounts()

    def _kept(self, arcs: Ints, low: Floats) -> Ints:
        """Those of the arcs whose lots fit beside what is promised already."""
        left = self.piece.limit.astype(np.float64)
        for row in self.piece.rows:
            np.subtract.at(left, row, low * self.unit)
        kept = []
        for arc in arcs.tolist():
            rows = [row[arc] for row in self.piece.rows]
            if all(left[row] >= self.piece.lot[arc] for row in rows):
                left[rows] -= self.piece.lot[arc]
                kept.append(arc)
        return np.array(kept, dtype=np.int64)

    def _model(self, links: Sequence[int]) -> Model:
        piece, count, co_ops = self.piece, len(self.piece.arcs), len(self.piece.co_op)
        arc, rows, first = np.arange(count), len(piece.limit), np.arange(co_ops)
        quantity = -np.array([worth * self.unit / self.money for worth in piece.worth])
        linking = -np.array([worth / self.money for worth in links], dtype=np.float64)
        return Model(
            cost=np.concatenate([quantity, linking]),
            low=np.zeros(count + co_ops),
            high=np.concatenate([piece.most / self.unit, np.ones(co_ops)]),
            whole=np.zeros(count + co_ops, dtype=np.bool_),
            row=np.concatenate([*piece.rows, rows + piece.link, rows + first]),
            column=np.concatenate([arc, arc, arc, piece.link_arc, count + first]),
            value=np.concatenate(
                [
                    np.ones(3 * count),
                    -self.unit / piece.lot[piece.link_arc],
                    np.ones(co_ops),
                ]
            ),
            row_low=np.full(rows + co_ops, -INFINITE),
            row_high=np.concatenate([piece.limits(self.unit), np.zeros(co_ops)]),
        )
