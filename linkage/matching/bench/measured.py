"""What each benchmark tells: seconds, memory, a digest of the answers."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")


def timed(work: Callable[[], Answer]) -> tuple[Answer, float, float]:
    """An answer, the seconds by the clock that it took, and those of the processor."""
    started, worked = time.perf_counter(), time.process_time()
    answer = work()
    return answer, time.perf_counter() - started, time.process_time() - worked


def peak_mb() -> int:
    """The most memory that this process has held; Linux says it.

    What `getrusage` says has also what the process that started this one held.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def digest(rows: Iterable[object]) -> str:
    """One short text for an answer: equal answers, equal digests."""
    told = hashlib.sha256()
    for row in rows:
        told.update(repr(row).encode())
    return told.hexdigest()[:16]
