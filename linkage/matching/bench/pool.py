"""Pools beside a dynamic programme that knows nothing of solvers.

For an order of one period the fewest partners and their best score follow from a table: the most
that k partners with a score of s together can deliver. The least transport is the pool's own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from linkage.matching.bench.invented import invented_pool
from linkage.matching.bench.measured import digest, peak_mb, timed
from linkage.matching.pooling.problem import PARTNERS, SCORE, Candidate, NoFeasiblePool, Order, Pool
from linkage.matching.pooling.solving import solve
from linkage.matching.solver import Limits
from linkage.matching.weights import FULL

RUNS = 5
# Periods of the further question that has no peer: it is timed alone.
WEEKS = 12


def bench_pool(*, scale: int, seed: int, broken: bool = False) -> dict[str, Any]:
    """`scale` candidates; five questions. `broken`: scores the other way round, so not equal."""
    questions = [invented_pool(scale, seed + run) for run in range(RUNS)]
    ours = [timed(partial(_pool, *question, broken=broken)) for question in questions]
    theirs = [timed(partial(_by_table, *question)) for question in questions]
    weeks = [invented_pool(scale, seed + run, periods=WEEKS) for run in range(RUNS)]
    weekly = [timed(partial(_weekly, *question)) for question in weeks]
    ours_s, peer_s = (median(clock for _answer, clock, _cpu in side) for side in (ours, theirs))
    pools = [pool for pool, _clock, _cpu in ours]
    return {
        "name": "pool",
        "scale": scale,
        "equal": [_judged(pool) for pool in pools] == [answer for answer, _clock, _cpu in theirs],
        "digest": digest(pool.members for pool in pools),
        "ours_s": round(ours_s, 3),
        "ours_cpu_s": round(median(cpu for _pool, _clock, cpu in ours), 3),
        "slowest_s": round(max(clock for _pool, clock, _cpu in ours), 3),
        "slowest_cpu_s": round(max(cpu for _pool, _clock, cpu in ours), 3),
        "proved": all(pool.proved for pool in pools),
        "gap": max(aim.gap for pool in pools for aim in pool.aims),
        "weekly_s": round(median(clock for _proved, clock, _cpu in weekly), 3),
        "weekly_cpu_s": round(median(cpu for _proved, _clock, cpu in weekly), 3),
        "weekly_slowest_cpu_s": round(max(cpu for _proved, _clock, cpu in weekly), 3),
        "weekly_proved": all(proved for proved, _clock, _cpu in weekly),
        "peak_mb": peak_mb(),
        "runs": RUNS,
        "peers": {"dynamic_programme": {"s": round(peer_s, 3), "ratio": round(peer_s / ours_s, 2)}},
    }


def _pool(order: Order, candidates: list[Candidate], *, broken: bool) -> Pool:
    if broken:
        candidates = [replace(one, score=FULL - one.score) for one in candidates]
    return solve(order, candidates, Limits(seconds=60))


def _weekly(order: Order, candidates: list[Candidate]) -> bool:
    """Whether it is known what is best: few candidates may leave a week without any pool."""
    try:
        return solve(order, candidates, Limits(seconds=20)).proved
    except NoFeasiblePool as error:
        return error.code != "not_in_time"


def _judged(pool: Pool) -> tuple[int, int]:
    return pool.aim(PARTNERS).value, pool.aim(SCORE).value


def _by_table(order: Order, candidates: list[Candidate]) -> tuple[int, int]:
    """The fewest partners and their best score; lots are not looked at, which can be told."""
    asked, most = order.least[0], order.partners
    largest = np.cumsum(sorted((one.total for one in candidates), reverse=True))
    fewest = 1 + int(np.searchsorted(largest, asked))
    if fewest > most:
        raise ValueError("the invented order has too few partners")
    scores = sum(sorted((one.score for one in candidates), reverse=True)[:fewest])
    # Less than nothing: no such partners.
    table = np.full((fewest + 1, scores + 1), -(2**62), dtype=np.int64)
    table[0, 0] = 0
    for one in candidates:
        for count in range(fewest, 0, -1):
            with_it = table[count - 1, : scores + 1 - one.score] + one.total
            np.maximum(table[count, one.score :], with_it, out=table[count, one.score :])
    return fewest, int(np.flatnonzero(table[fewest] >= asked).max())
