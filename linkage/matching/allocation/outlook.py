"""What a plan's proposals come to if only some of them are accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from fractions import Fraction

from linkage.matching.allocation.answer import Plan
from linkage.matching.allocation.problem import PlanProblem
from linkage.matching.weights import FULL


def expected_links(
    problem: PlanProblem, plan: Plan, accepted: int, among: Collection[int] | None = None
) -> Fraction:
    """How many co-ops are newly linked on average, if each proposal is accepted by itself.

    `accepted`: the chance of each, out of 10,000. A co-op with k proposals is linked unless all
    of them are declined: 1 - (1 - accepted / 10,000)^k. All accepted: those that the plan links.
    `among`: only these co-ops are counted.
    Raises: ValueError, if `accepted` is not from 0 to 10,000.
    """
    if not 0 <= accepted <= FULL:
        raise ValueError("accepted is from 0 to 10,000")
    new = set(plan.linked.tolist())
    if among is not None:
        new &= set(among)
    proposals = Counter(
        party
        for parties in (problem.offers.party[plan.offer], problem.needs.party[plan.need])
        for party in parties.tolist()
        if party in new
    )
    declined = 1 - Fraction(accepted, FULL)
    return sum((1 - declined**count for count in proposals.values()), start=Fraction(0))
