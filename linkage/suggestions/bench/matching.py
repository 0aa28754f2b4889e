"""`bench matching`: top 10 of each need by every engine, on the same posts, in one run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from statistics import median
from typing import Any

import numpy as np
import psycopg

from linkage.matching import WEIGHTS, Board, best_rows, compiled
from linkage.matching.bench.measured import peak_mb, timed
from linkage.matching.columns import Ints, needs_at
from linkage.suggestions.bench import lateral
from linkage.suggestions.bench.posts import invent

TOP = 10
# Needs a second: a peer slower than this is no peer.
LATERAL_FLOOR = 1_000
# Above these a peer takes minutes that say nothing new.
MOST_FOR_NUMPY, MOST_FOR_PLAIN, MOST_FOR_LATERAL = 100_000, 100_000, 40_000
# Then NumPy is asked of so many needs, and their answers are compared.
SAMPLE = 400
# Enough pairs that it is the compiled engine that is warmed.
WARM = 2_100

Found = tuple[Ints, Ints, Ints]


def bench(
    *, scale: int, seed: int, runs: int, broken: bool, postgres: str | None
) -> dict[str, Any]:
    """What CONTRACTS of this bench say; `ok` is false if the command is to end with 1."""
    posts = invent(scale, seed)
    if not compiled.load():
        raise RuntimeError("numba is not installed: pip install -r requirements/speed.txt")
    before_mb = peak_mb()
    _ask(invent(WARM, seed), broken=False)
    seconds, found = _repeated(lambda: _ask(posts, broken=broken), runs)
    report: dict[str, Any] = {
        "name": "matching",
        "scale": scale,
        "equal": True,
        "digest": digest(posts, found),
        "ours_s": round(median(seconds), 4),
        "peak_mb": peak_mb(),
        "columns_mb": before_mb,
        "runs": runs,
        "peers": {},
    }
    # Before the compiled modules are put away for NumPy's turn.
    plain = _plain_kernel(posts, seed, runs, report)
    report["peers"] = {**plain, **_peers(posts, found, postgres, report)}
    peers = [peer for peer in report["peers"].values() if peer]
    report["equal"] = all(peer["digest"] == peer.pop("expected") for peer in peers)
    report["ok"] = report["equal"] and all(peer.get("above_floor", True) for peer in peers)
    return report


def _repeated(work: Callable[[], Found], runs: int) -> tuple[list[float], Found]:
    """Seconds by the clock of each run, and the last answer; the earlier ones are let go."""
    earlier = [timed(work)[1] for _ in range(runs - 1)]
    found, last, _cpu = timed(work)
    return [*earlier, last], found


def _ask(posts: Board, *, broken: bool) -> Found:
    if not broken:
        return best_rows(posts, top=TOP)
    packed, fast = compiled.modules()
    turned = packed.turned_round(packed.pack(posts, WEIGHTS))
    found = fast.best_rows(turned, TOP)
    return found.need_row, found.offer_row, found.score


def _peers(
    posts: Board, ours: Found, postgres: str | None, report: dict[str, Any]
) -> dict[str, Any]:
    scale = len(posts.needs)
    peers: dict[str, Any] = {}
    compiled.unload()
    rows = np.arange(0, scale, 1 if scale <= MOST_FOR_NUMPY else scale // SAMPLE)
    some = replace(posts, needs=needs_at(posts.needs, rows))
    found, seconds, _cpu = timed(lambda: _ask(some, broken=False))
    name = "numpy" if len(rows) == scale else "numpy_on_a_sample"
    peer = _peer([seconds], digest(some, found), len(rows), report)
    peers[name] = {**peer, "needs": len(rows), "expected": digest(posts, _of(ours, rows))}
    if postgres and scale <= MOST_FOR_LATERAL:
        peers["postgresql_lateral"] = _lateral(posts, postgres, report)
    return peers


def _plain_kernel(
    posts: Board, seed: int, runs: int, report: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The same lines without the index: what it is worth."""
    if len(posts.needs) > MOST_FOR_PLAIN:
        return {}
    # It is compiled too, so it is looked for where numba is known to be there.
    plain = import_module("linkage.matching.bench.plain")
    plain.best_rows(invent(WARM, seed), TOP, WEIGHTS)
    seconds, found = _repeated(lambda: plain.best_rows(posts, TOP, WEIGHTS), runs)
    peer = _peer(seconds, digest(posts, found), len(posts.needs), report)
    return {"plain_kernel": {**peer, "expected": report["digest"]}}


def _of(found: Found, needs: Ints) -> Found:
    """What was found for these needs."""
    kept = np.isin(found[0], needs)
    return found[0][kept], found[1][kept], found[2][kept]


def _lateral(posts: Board, url: str, report: dict[str, Any]) -> dict[str, Any] | None:
    try:
        found = lateral.answer(posts, url, TOP, 1)
    except psycopg.OperationalError as error:
        print(f"PostgreSQL does not answer: {error}", file=sys.stderr)
        return None
    print(found.plan, file=sys.stderr)
    # Needs come out in the order in which the workers end.
    order = np.lexsort((found.offer, -found.score, found.need))
    rows = (found.need[order] - 1, _rows(posts, found.offer[order]), found.score[order])
    scale = len(posts.needs)
    peer = _peer(found.seconds, digest(posts, rows), scale, report)
    # The floor was set at this size; a smaller one has less to read for each need.
    enough = scale < MOST_FOR_LATERAL or scale / min(found.seconds) >= LATERAL_FLOOR
    return {**peer, "above_floor": enough, "expected": report["digest"]}


def _rows(posts: Board, offer_id: Ints) -> Ints:
    return np.searchsorted(posts.offers.id, offer_id)


def _peer(seconds: list[float], digest_: str, needs: int, report: dict[str, Any]) -> dict[str, Any]:
    """`ratio`: of the time that one need takes."""
    took = median(seconds)
    return {
        "s": round(took, 4),
        "ratio": round(took / needs / (report["ours_s"] / report["scale"]), 1),
        "per_s": round(needs / took),
        "digest": digest_,
    }


def digest(posts: Board, found: Found) -> str:
    """Of need, offer and score of every match, in the needs' order."""
    need_row, offer_row, score = found
    rows = np.stack([posts.needs.id[need_row], posts.offers.id[offer_row], score])
    return sha256(rows.astype("<i8").tobytes()).hexdigest()
