"""Invented questions: the same for a scale and a seed, on every machine."""

from __future__ import annotations

import numpy as np

from linkage.matching.allocation.problem import Arcs, PlanProblem, Stock
from linkage.matching.columns import Ints
from linkage.matching.pooling.problem import Candidate, Order

COMMODITIES = 60
TONNE = 1_000_000


def invented_problem(size: int, seed: int, *, pairs: int = 30) -> PlanProblem:
    """So many offers and needs over 60 commodities (Zipf), so many pairs a need at most.

    Six offers in ten are the only one of their co-op or share it; half of the co-ops are
    unlinked. Lots are 100, 200 or 500 kg; a tenth of the posts is partly reserved.
    """
    r = np.random.default_rng(seed)
    weight = 1 / np.arange(1, COMMODITIES + 1)
    weight /= weight.sum()
    sides = []
    for least_party, parties in ((0, max(1, size * 6 // 10)), (10**6, max(1, size // 4))):
        quantity = TONNE // 1_000 * np.exp(r.normal(7.9, 1.0, size)).astype(np.int64) + TONNE // 2
        held = np.where(r.random(size) < 0.1, quantity // 3, 0)
        sides.append(
            Stock(
                id=np.arange(size),
                party=least_party + r.integers(0, parties, size),
                group=r.choice(COMMODITIES, size, p=weight).astype(np.int64),
                measure=np.zeros(size, dtype=np.int64),
                quantity=quantity,
                reserved=held,
            )
        )
    offers, needs = sides
    arcs = _pairs(r, offers, needs, pairs)
    co_ops = np.unique(offers.party)
    unlinked = co_ops[r.random(len(co_ops)) < 0.5]
    return PlanProblem(offers, needs, arcs, unlinked)


def _pairs(r: np.random.Generator, offers: Stock, needs: Stock, pairs: int) -> Arcs:
    of_group = [np.flatnonzero(offers.group == g) for g in range(COMMODITIES)]
    own: list[Ints] = [np.empty(0, dtype=np.int64)]
    for group in needs.group.tolist():
        come = of_group[group]
        own.append(r.choice(come, min(pairs, len(come)), replace=False))
    offer = np.concatenate(own).astype(np.int64)
    need = np.repeat(np.arange(len(needs)), [len(part) for part in own[1:]])
    most = np.minimum(offers.quantity[offer], needs.quantity[need])
    most = (most * r.uniform(0.3, 1, len(offer))).astype(np.int64)
    lots = r.choice(np.array([TONNE // 10, TONNE // 5, TONNE // 2]), len(offers))
    fits = lots[offer] <= most
    return Arcs(offer[fits], need[fits], most[fits], lots[offer][fits])


def invented_pool(size: int, seed: int, *, periods: int = 1) -> tuple[Order, list[Candidate]]:
    """So many candidates for an order of a twenty-fifth of what they have."""
    r = np.random.default_rng(seed)
    totals = (TONNE * np.exp(r.normal(0.7, 0.8, size))).astype(np.int64).tolist()
    candidates = []
    for number, total in enumerate(totals):
        middle, half = int(r.integers(0, periods)), int(r.integers(0, periods))
        first, last = max(0, middle - half), min(periods, middle + half + 1)
        a_period = total if periods == 1 else 3 * total // (last - first)
        candidates.append(
            Candidate(
                id=number,
                score=int(r.integers(4_000, 9_000)),
                distance_m=int(r.integers(500, 60_000)),
                total=total,
                capacity=tuple(a_period if first <= t < last else 0 for t in range(periods)),
                lot=int(r.choice([0, TONNE // 10])),
            )
        )
    asked = max(1, sum(totals) // 25 // periods)
    return Order((asked,) * periods, (asked * 11 // 10,) * periods, 40), candidates
