"""The plain kernel: what the index of `packed` has to be faster than, on the same lines.

Offers stand in buckets, one for each commodity and place. For a need the places are looked at
nearest first, in each the buckets of the commodity's subtree; once the best that the next place
could bring is below the last that is kept, the rest of the map is left out. No other bound.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from linkage.matching import kernel
from linkage.matching.cells import CELLS, NOWHERE_M
from linkage.matching.columns import Ints
from linkage.matching.kernel import Lines, compiled_loop
from linkage.matching.packed import PREFERRED, Lined
from linkage.matching.tables import Board
from linkage.matching.weights import FULL, Weights

# Needs that a thread takes at a time.
TAKEN = 512


class TooManyPlaces(ValueError):
    """Posts lie in more places than there are buckets for."""


def best_rows(board: Board, top: int, weights: Weights) -> tuple[Ints, Ints, Ints]:
    """As `engine.best_rows`. Raises: TooManyPlaces."""
    lined = Lined.of(board)
    if not lined.nearby.exact:
        raise TooManyPlaces
    tree, count = board.tree, len(lined.needs)
    place = tree.enter[board.offers.commodity[lined.rows]] * CELLS + lined.offers["cell"]
    first = np.searchsorted(place, np.arange(len(tree.enter) * CELLS + 1))
    metres = lined.nearby.low[:, CELLS:]
    nearest = np.argsort(metres, axis=1, kind="stable")
    branches = np.stack([tree.enter[lined.asked], tree.leave[lined.asked]], axis=1)
    order = lined.order
    line = np.array([weights.as_tuple()], dtype=kernel.WEIGHT)
    best = np.full((count, top), -1, dtype=np.int64)

    def take(begin: int) -> None:
        _search(
            lined.offers, lined.needs, lined.certificates, line, first, metres, nearest, branches,
            PREFERRED, order[begin : begin + TAKEN], best,
        )  # fmt: skip

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(take, range(0, count, TAKEN)))
    return kernel.read_keys(best, lined.row_of_rank, max(1, len(lined.offers)))


@compiled_loop
def _search(
    offers: Lines, needs: Lines, c: kernel.Certificates, weights: Lines, first: Ints,
    metres: Ints, nearest: Ints, branches: Ints, preferred: Ints,
    asking: Ints, best: Ints,
) -> None:  # fmt: skip
    w, span = weights[0], len(offers)
    all_but_nearness = FULL * (FULL - w.nearness)
    for need in asking:
        n = needs[need]
        if not n.active:
            continue
        least = -1
        enter, leave = branches[n.node, 0], branches[n.node, 1]
        for at in range(CELLS):
            cell = nearest[n.cell, at]
            far = metres[n.cell, cell]
            near = max(0, FULL - FULL * far // max(1, n.limit_m))
            if far > n.reach_m or far >= NOWHERE_M:
                break
            if (all_but_nearness + w.nearness * near) // FULL < least:
                break
            for node in range(enter, leave):
                bucket = node * CELLS + cell
                for offer in range(first[bucket], first[bucket + 1]):
                    o = offers[offer]
                    score = kernel.total_of(o, n, c, w, offer, need, far, preferred[n.kind, o.kind])
                    if score >= 0:
                        kernel.put(best[need], score * span + (span - 1 - o.rank))
                        if best[need, -1] >= 0:
                            least = best[need, -1] // span
