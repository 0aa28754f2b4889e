"""The pools' oracle: every choice of partners and every way to deliver, in plain Python."""

from __future__ import annotations

from itertools import combinations, product
from random import Random
from typing import Any

from linkage.matching.pooling.problem import Candidate, Order


def random_question(r: Random, *, most: int = 6, lacking: bool = False) -> Any:
    """An order of few units over one to three periods, and few candidates: often just missed."""
    periods = r.choice((1, 1, 2, 3))
    least = [r.randrange(5) for _ in range(periods)]
    least[0] = max(1, least[0])
    order = Order(tuple(least), tuple(q + r.choice((0, 0, 1, 3)) for q in least), r.randrange(1, 5))
    return order, [
        _candidate(r, n, periods, lacking) for n in r.sample(range(99), r.randrange(most + 1))
    ]


def _candidate(r: Random, number: int, periods: int, lacking: bool) -> Candidate:
    return Candidate(
        id=number,
        score=r.choice((0, 1, 1, 2, 5, 10_000)),
        distance_m=r.choice((0, 1, 1, 2, 3, 7, 1_000)),
        total=r.randrange(6),
        capacity=tuple(r.randrange(4) for _ in range(periods)),
        lot=r.choice((0, 0, 1, 2, 3)),
        takes=r.choice((0, 0, 1, 2)) if lacking else 0,
    )


def brute_force(order: Order, candidates: list[Candidate]) -> tuple[int, int, int, int] | None:
    """(takes, partners, minus score, transport) of the best pool, or None."""
    best = None
    for count in range(1, order.partners + 1):
        for chosen in combinations(candidates, count):
            head = sum(c.takes for c in chosen), count, -sum(c.score for c in chosen)
            if best is not None and head > best[:3]:
                continue
            transport = least_transport(order, chosen)
            if transport is not None and (best is None or (*head, transport) < best):
                best = (*head, transport)
    return best


def least_transport(order: Order, chosen: Any) -> int | None:
    """Partner by partner: what the others have delivered in each period -> the least so far."""
    states = {tuple(0 for _ in order.least): 0}
    for one in chosen:
        after: dict[tuple[int, ...], int] = {}
        for parts in product(*(range(most + 1) for most in one.capacity)):
            if not one.lot <= sum(parts) <= one.total:
                continue
            for state, cost in states.items():
                total = tuple(map(sum, zip(state, parts, strict=True)))
                if all(t <= most for t, most in zip(total, order.most, strict=True)):
                    paid = cost + sum(parts) * one.distance_m
                    after[total] = min(after.get(total, paid), paid)
        states = after
    done = [
        cost
        for state, cost in states.items()
        if all(t >= least for t, least in zip(state, order.least, strict=True))
    ]
    return min(done, default=None)
