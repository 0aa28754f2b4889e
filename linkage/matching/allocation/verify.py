"""The check of a plan, in whole numbers: it takes nothing from how the plan was found."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from linkage.matching.allocation.answer import Plan
from linkage.matching.allocation.problem import Aim, PlanProblem
from linkage.matching.weights import FULL


class PlanWrong(AssertionError):
    """A plan breaks what was asked: a fault of this program, never of its input."""


def verify(problem: PlanProblem, aim: Aim, plan: Plan) -> None:
    """Check pairs, lots, stocks, buyers' shares, links, value and bound. Raises: PlanWrong."""
    limits = {
        (offer, need): (lot, most)
        for offer, need, lot, most in zip(
            *(getattr(problem.arcs, n).tolist() for n in ("offer", "need", "lot", "most")),
            strict=True,
        )
    }
    rows = list(zip(plan.offer.tolist(), plan.need.tolist(), plan.quantity.tolist(), strict=True))
    _holds("each pair once", len({row[:2] for row in rows}) == len(rows))
    given: dict[tuple[str, int, int], int] = defaultdict(int)
    worth = 0
    for offer, need, quantity in rows:
        lot, most = limits.get((offer, need), (1, 0))
        _holds("a pair's lot and window", lot <= quantity <= most)
        given["offer", offer, 0] += quantity
        given["need", need, 0] += quantity
        buyer, group = int(problem.needs.party[need]), int(problem.needs.group[need])
        given["buyer", buyer, group] += quantity
        worth += quantity * aim.unit_worth[int(problem.needs.measure[need])]
    for (kind, number, group), quantity in given.items():
        _holds(f"what is left of a {kind}", quantity <= _left(problem, kind, number, group))
    parties = {int(problem.offers.party[row[0]]) for row in rows}
    parties |= {int(problem.needs.party[row[1]]) for row in rows}
    linked = sorted(parties & set(problem.unlinked.tolist()))
    _holds("the co-ops it links", linked == plan.linked.tolist())
    _holds("its value", worth + aim.link_worth * len(linked) == plan.value)
    _holds("its bound", plan.value <= plan.bound)


def _left(problem: PlanProblem, kind: str, number: int, group: int) -> int:
    if kind != "buyer":
        stock = problem.offers if kind == "offer" else problem.needs
        return int(stock.quantity[number] - stock.reserved[number])
    if problem.buyer_share == FULL:
        return 2**63
    offered = int(np.sum(problem.offers.quantity[problem.offers.group == group]))
    own = (problem.needs.party == number) & (problem.needs.group == group)
    return offered * problem.buyer_share // FULL - int(np.sum(problem.needs.reserved[own]))


def _holds(what: str, true: bool) -> None:
    if not true:
        raise PlanWrong(f"a plan does not keep to {what}")
