"""Plans beside the same question as one mixed-integer model, given as much time."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from linkage.matching.allocation.answer import Plan
from linkage.matching.allocation.filling import usable, whole
from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.planning import plan
from linkage.matching.allocation.problem import Aim, PlanProblem
from linkage.matching.allocation.searching import search
from linkage.matching.allocation.verify import PlanWrong, verify
from linkage.matching.bench.invented import invented_problem
from linkage.matching.bench.measured import digest, peak_mb, timed
from linkage.matching.solver import Clock, Limits

LARGE = 2_000
# It ends by its gap; the large one by its time.
SECONDS, SECONDS_LARGE = 60.0, 120.0
# Of a need; of 1,000 needs 20,690 in all.
PAIRS, PAIRS_LARGE = 30, 20
RUNS = 3
GAP = 0.001
# The staff's slider in the middle; the ends are told beside it.
MIDDLE, GOODS_ALONE, LINKS_ALONE = 5_000, 0, 10_000


def bench_allocation(*, scale: int, seed: int, broken: bool = False) -> dict[str, Any]:
    """`scale` offers and as many needs. `equal`: ours is verified, and neither side's plan is
    worth more than the other side's bound. `broken`: ours may deliver a tenth too much.
    """
    large = scale > LARGE
    problem = invented_problem(scale, seed, pairs=PAIRS_LARGE if large else PAIRS)
    aim = Aim.of_slider(problem, MIDDLE)
    limits = Limits(seconds=SECONDS_LARGE if large else SECONDS, gap=GAP)
    asked = _too_much(problem) if broken else problem
    runs = [timed(lambda: plan(asked, aim, limits)) for _run in range(1 if large else RUNS)]
    found, ours_s = runs[0][0], median(clock for _plan, clock, _cpu in runs)
    (value, bound), peer_s, peer_cpu_s = timed(lambda: _as_one(problem, aim, limits))
    told = {
        "name": "allocation",
        "scale": scale,
        "pairs": len(problem.arcs),
        "equal": _stands(problem, aim, found) and found.value <= bound and value <= found.bound,
        "digest": digest(
            zip(*(c.tolist() for c in (found.offer, found.need, found.quantity)), strict=True)
        ),
        "ours_s": round(ours_s, 3),
        "ours_cpu_s": round(median(cpu for _plan, _clock, cpu in runs), 3),
        "gap": found.gap,
        "bound_by": found.bound_by,
        "pieces": found.pieces,
        "newly_linked": len(found.linked),
        "served": int(found.quantity.sum()),
    }
    if not large:
        told["gap_goods_alone"] = plan(asked, Aim.of_slider(problem, GOODS_ALONE), limits).gap
        told["gap_links_alone"] = plan(asked, Aim.of_slider(problem, LINKS_ALONE), limits).gap
    peer = {
        "s": round(peer_s, 3),
        "cpu_s": round(peer_cpu_s, 3),
        "ratio": round(peer_s / ours_s, 2),
        "gap": (bound - value) / max(1, value),
    }
    return told | {"peak_mb": peak_mb(), "runs": len(runs), "peers": {"one_model": peer}}


def _stands(problem: PlanProblem, aim: Aim, found: Plan) -> bool:
    try:
        verify(problem, aim, found)
    except PlanWrong:
        return False
    return True


def _as_one(problem: PlanProblem, aim: Aim, limits: Limits) -> tuple[int, int]:
    """Value and bound of the whole question given to the solver at once, from nothing."""
    piece = Piece.of(problem, aim, np.flatnonzero(usable(problem)))
    links = [aim.link_worth] * len(piece.co_op)
    found, bound = search(piece, Clock(limits), links, None, gap=limits.gap)
    value = piece.value(whole(piece, links, found).tolist(), links)
    return value, piece.plain_bound(links) if bound is None else max(value, bound)


def _too_much(problem: PlanProblem) -> PlanProblem:
    needs = problem.needs
    return replace(problem, needs=replace(needs, quantity=needs.quantity + needs.quantity // 10))
