"""What each benchmark tells: seconds, memory, a digest of the answers."""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

Answer = TypeVar("Answer")


def timed(work: Callable[[], Answer]) -> tuple[Answer, float, float]:
    """An answer, the seconds by the clock that it took, and those of the processor."""
    started, worked = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - started, time.process_time() - worked


def peak_mb() -> int:
    """The largest memory of this process so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


def digest(rows: Iterable[object]) -> str:
    """One short text for an answer: equal answers, equal digests."""
    told = hashlib.sha256()
    for row in rows:
        told.update(repr(row).encode())
    return told.hexdigest()[:16]
