"""Acts that start together, each hand on a database connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from linkage.errors import DomainError

T = TypeVar("T")
# Controls that lose because two write at once do not lose there.
many_writers = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time"
)


def at_once(acts: Sequence[Callable[[], T]], hands: int = 0) -> list[T]:
    """What the acts gave; so many hands start together, one for each act if nothing is said.

    The acts of one hand follow each other, and so do their results.
    """
    hands = hands or len(acts)
    together = Barrier(hands)

    def hand(mine: Sequence[Callable[[], T]]) -> list[T]:
        together.wait()
        try:
            return [act() for act in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        shares = pool.map(hand, [acts[start::hands] for start in range(hands)])
        return [result for results in shares for result in results]


def wait_until_it_waits(other: Future[Any]) -> None:
    """Return once another transaction waits for a lock of this one, on PostgreSQL.

    Raises: what ended the other instead.
    """
    until = time.monotonic() + 20
    # Not of pg_stat_activity: a transaction sees there whom it saw at its first look.
    here = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    here += " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        while not cursor.execute(here).fetchone()[0]:
            if other.done():
                other.result()
            assert time.monotonic() < until, "nobody waited"


def while_it_waits(first: Callable[[], T], second: Callable[[], object]) -> T:
    """`second` starts when `first` has done all but commit, and comes to wait for it; what `first`
    gave. Raises: what `second` raises."""

    def other() -> None:
        try:
            second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first()
            waits = pool.submit(other)
            wait_until_it_waits(waits)
        waits.result()
        return done


def outcome(act: Callable[[], object]) -> str:
    """The code with which the act was refused, or "done"."""
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    return "done"


def outcomes(acts: Sequence[Callable[[], object]]) -> list[str]:
    """The outcome of each act, all started together."""
    return at_once([partial(outcome, act) for act in acts])
