"""Some pairs of a problem with their own numbering, and the bound that any prices give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linkage.matching.allocation.problem import UNLIMITED, Aim, PlanProblem
from linkage.matching.columns import Floats, Ints
from linkage.matching.solver import INFINITE


@dataclass(frozen=True, eq=False)
class Piece:
    """Some arcs of a problem with their own numbers of offers, needs, buyers and co-ops.

    `limit`: of each row, offers first, then needs, then buyers. `rows[k]`: the row of each arc
    in the k-th of them. `link_arc`, `link`: pairs of an arc here and a co-op here.
    """

    arcs: Ints
    rows: tuple[Ints, Ints, Ints]
    limit: Ints
    most: Ints
    lot: Ints
    worth: list[int]
    link_arc: Ints
    link: Ints
    co_op: Ints

    @classmethod
    def of(cls, problem: PlanProblem, aim: Aim, arcs: Ints, given: Ints | None = None) -> Piece:
        """The piece of these arcs; of the limits what `given` (of all arcs) takes is gone."""
        need = problem.arcs.need[arcs]
        buyer, may_get = problem.buyers
        left = [problem.offers.left.copy(), problem.needs.left.copy(), may_get.copy()]
        if given is not None:
            ends = problem.arcs.offer, problem.arcs.need, buyer[problem.arcs.need]
            for limit, end in zip(left, ends, strict=True):
                np.subtract.at(limit, end, given)
        rows, limits, start = [], [], 0
        for place, limit in (
            (problem.arcs.offer[arcs], left[0]),
            (need, left[1]),
            (buyer[need], left[2]),
        ):
            own, row = np.unique(place, return_inverse=True)
            rows.append(start + row)
            limits.append(limit[own])
            start += len(own)
        here = np.full(len(problem.arcs), -1, dtype=np.int64)
        here[arcs] = np.arange(len(arcs))
        link_arc, link = problem.links
        inside = here[link_arc] >= 0
        co_op, link = np.unique(link[inside], return_inverse=True)
        unit = [aim.unit_worth[m] for m in problem.needs.measure[need].tolist()]
        return cls(
            arcs=arcs,
            rows=(rows[0], rows[1], rows[2]),
            limit=np.concatenate(limits),
            most=problem.arcs.most[arcs],
            lot=problem.arcs.lot[arcs],
            worth=unit,
            link_arc=here[link_arc[inside]],
            link=link,
            co_op=co_op,
        )

    def limits(self, unit: float) -> Floats:
        """The rows' limits in a model's unit."""
        return np.where(self.limit >= UNLIMITED // 2, INFINITE, self.limit / unit)

    def value(self, amount: Sequence[int], links: Sequence[int]) -> int:
        """What amounts of its arcs are worth, with so much for each of its co-ops."""
        given = np.array(amount) > 0
        hit = np.unique(self.link[given[self.link_arc]]).tolist()
        quantity: int = sum(w * q for w, q in zip(self.worth, amount, strict=True))
        for co_op in hit:
            quantity += links[co_op]
        return quantity

    def bound(self, prices: Sequence[int], link_prices: Sequence[int], links: Sequence[int]) -> int:
        """No amounts are worth more. True of any prices that are not negative; whole numbers.

        `prices`: of a base unit of each row's limit; `link_prices`: of a link of each co-op here.
        """
        total: int = sum(
            price * limit for price, limit in zip(prices, self.limit.tolist(), strict=True)
        )
        total += sum(max(0, worth - price) for worth, price in zip(links, link_prices, strict=True))
        for_links = [0] * len(self.arcs)
        for arc, co_op in zip(self.link_arc.tolist(), self.link.tolist(), strict=True):
            for_links[arc] += link_prices[co_op]
        columns = (self.worth, self.most.tolist(), self.lot.tolist(), for_links)
        rows = (row.tolist() for row in self.rows)
        for worth, most, lot, link, offer, need, buyer in zip(*columns, *rows, strict=True):
            # What the pair's best is worth beyond the prices: most x (worth - prices + link / lot).
            beyond = (worth - prices[offer] - prices[need] - prices[buyer]) * lot + link
            if beyond > 0:
                total += -(-most * beyond // lot)
        return total

    def plain_bound(self, links: Sequence[int]) -> int:
        """A bound without a solver: every need filled, every co-op linked."""
        prices = [0] * len(self.limit)
        for need, worth in zip(self.rows[1].tolist(), self.worth, strict=True):
            prices[need] = worth
        return self.bound(prices, [0] * len(self.co_op), links)
