"""The fast engine: packed columns, searched by compiled loops in threads.

Importing it compiles, or reads what was compiled before; `compiled` says when. Threads are Python's
own, since the kernel lets go of the interpreter, and several searches may run in one process.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from linkage.matching import kernel
from linkage.matching.columns import Flags, Ints
from linkage.matching.packed import Packed

# Needs that a thread takes at a time: some are a thousand times as much work as others.
TAKEN = 512


@dataclass(frozen=True, eq=False)
class Found:
    """Rows of needs and of offers, and scores; `unsure`: needs to be asked of another engine."""

    need_row: Ints
    offer_row: Ints
    score: Ints
    unsure: Ints


def best_rows(packed: Packed, top: int, *, threads: int | None = None) -> Found:
    """The best offers of each need, needs in order of rows, each one's best first."""
    count = len(packed.order)
    best = np.full((count, top), -1, dtype=np.int64)
    sure: Flags = np.ones(count, dtype=np.bool_)

    def take(begin: int) -> None:
        kernel.search_all(
            packed.offers, packed.needs, packed.index, packed.certificates, packed.ground,
            packed.weights, packed.order, begin, min(begin + TAKEN, count), best, sure,
            _room(packed),
        )  # fmt: skip

    if len(packed.offers):
        with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
            list(pool.map(take, range(0, count, TAKEN)))
    best[~sure] = -1
    span = max(1, len(packed.offers))
    need_row, offer_row, score = kernel.read_keys(best, packed.row_of_rank, span)
    return Found(need_row, offer_row, score, np.flatnonzero(~sure))


def _room(packed: Packed) -> kernel.Room:
    """Room for the node with the most blocks."""
    most = int(np.diff(packed.index.first).max(initial=0)) * kernel.LANES
    return kernel.Room(
        asking=np.zeros(1, dtype=kernel.ASKING),
        near=np.empty(packed.index.low.shape[1], dtype=np.float32),
        bounds=np.empty(most, dtype=np.float32),
        single=np.empty(kernel.LANES, dtype=np.float32),
        order=np.empty(most, dtype=np.int64),
        steps=np.empty(kernel.STEPS, dtype=np.int64),
        lanes=np.empty(kernel.LANES + 1, dtype=np.int64),
    )
