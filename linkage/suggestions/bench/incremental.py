"""`bench incremental`: single posts come, change and go among many; each look timed by itself.

`scale` is the number of listings, half of them needs. The peer is the same question asked of the
engine from nothing; the lists are compared with it after all changes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from linkage.matching import Board, best_rows, load
from linkage.matching.bench.measured import peak_mb, timed
from linkage.matching.columns import needs_at, offers_at
from linkage.matching.live import LiveMatches
from linkage.suggestions.bench.matching import TOP, digest
from linkage.suggestions.bench.posts import invent


def bench(*, scale: int, seed: int, runs: int, broken: bool) -> dict[str, Any]:
    """Milliseconds of a new need, a new offer, a changed offer; `runs` x 10 of each."""
    if not load():
        print("numba is not installed: NumPy alone answers", file=sys.stderr)
    count = scale // 2
    posts, others = invent(count, seed), invent(runs * 10, seed + 1)
    live, filled, _cpu = timed(lambda: LiveMatches(posts, top=TOP))
    took = {name: _each(step, others) for name, step in _steps(live, count).items()}
    after = _after(posts, others, count)
    found, seconds, _cpu = timed(lambda: best_rows(after, top=TOP))
    whole = digest(after, found)
    kept = _lists(after, live, broken=broken)
    return {
        "name": "incremental",
        "scale": scale,
        "equal": whole == kept,
        "digest": kept,
        "filled_s": round(filled, 2),
        "ms": {name: _spread(times) for name, times in took.items()},
        "peak_mb": peak_mb(),
        "runs": runs,
        "peers": {
            "from_nothing": {
                "s": round(seconds, 4),
                "ratio": round(seconds / float(np.median(took["new offer"])), 1),
                "digest": whole,
            }
        },
    }


def _steps(live: LiveMatches, count: int) -> dict[str, Callable[[Board, int], object]]:
    return {
        "new need": lambda others, row: live.put_need(_need(others, row, count)),
        "new offer": lambda others, row: live.put_offer(_offer(others, row, count)),
        # Another post under the id of one that stands.
        "changed offer": lambda others, row: live.put_offer(_offer(others, row, 0)),
    }


def _each(step: Callable[[Board, int], object], others: Board) -> list[float]:
    return [timed(partial(step, others, row))[1] for row in range(len(others.needs))]


def _need(others: Board, row: int, after: int) -> Any:
    one = needs_at(others.needs, np.array([row]))
    return replace(one, id=one.id + after)


def _offer(others: Board, row: int, after: int) -> Any:
    one = offers_at(others.offers, np.array([row]))
    return replace(one, id=one.id + after)


def _after(posts: Board, others: Board, count: int) -> Board:
    """All posts as they are after the changes."""
    changed = np.arange(len(others.offers), count)
    new = others.offers
    offers = _joined(
        _joined(offers_at(posts.offers, changed), new), replace(new, id=new.id + count)
    )
    needs = _joined(posts.needs, replace(others.needs, id=others.needs.id + count))
    return replace(posts, offers=offers, needs=needs)


def _joined(first: Any, second: Any) -> Any:
    def both(one: Any, other: Any, names: Any) -> dict[str, Any]:
        return {n: np.concatenate([getattr(one, n), getattr(other, n)]) for n in names}

    names = [name for name in first.__dataclass_fields__ if name != "certificates"]
    marks = first.certificates
    more = replace(second.certificates, row=second.certificates.row + len(first))
    held = type(marks)(**both(marks, more, marks.__dataclass_fields__))
    return type(first)(**both(first, second, names), certificates=held)


def _lists(posts: Board, live: LiveMatches, *, broken: bool) -> str:
    """The digest of the lists that are kept; `broken` leaves one match out."""
    rows = [
        (row, offer, score)
        for row, need in enumerate(posts.needs.id.tolist())
        for offer, score in live.best_of(need)
    ][int(broken) :]
    need_row, offer_id, score = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    order = np.argsort(posts.offers.id)
    offer_row = order[np.searchsorted(posts.offers.id[order], offer_id)]
    return digest(posts, (need_row, offer_row, score))


def _spread(seconds: list[float]) -> dict[str, float]:
    at = np.percentile(np.array(seconds) * 1_000, (50, 95, 100))
    return dict(zip(("median", "p95", "most"), at.round(2).tolist(), strict=True))
