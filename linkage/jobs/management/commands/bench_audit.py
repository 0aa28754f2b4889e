"""Times verifying the chain of events, and writing events with their seals and without."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from linkage.jobs import chain
from linkage.jobs.models import Event
from linkage.jobs.services import record_event, record_events

DATA = {"before": {"name": "HTX Bí xanh"}, "after": {"name": "HTX Bí xanh An Lão", "members": 52}}
TRIGGER = "jobs_event_is_sealed"


class Command(BaseCommand):
    help = "Time the chain of events in a database that has none; it is left unusable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--events", type=int, default=100_000, help="to verify")
        parser.add_argument("--acts", type=int, default=800, help="transactions of one event a run")
        parser.add_argument("--writers", type=int, default=16)
        parser.add_argument("--runs", type=int, default=5)

    def handle(self, *args: Any, **options: Any) -> None:
        if Event.objects.exists():
            raise CommandError("This database has events: give DATABASE_URL one of its own.")
        many, runs = options["events"], options["runs"]
        found: dict[str, Any] = {"database": connection.vendor, "events": many}
        found["sealed_in_bulk_per_s"] = _fill(many)
        found |= _verified()
        for writers in (1, options["writers"]):
            found[f"writers_{writers}"] = _compared(options["acts"], writers, runs)
        self.stdout.write(json.dumps(found))


def _fill(many: int) -> int:
    started = time.perf_counter()
    for start in range(0, many, 10_000):
        _write_many(range(start, min(start + 10_000, many)))
    return int(many / (time.perf_counter() - started))


def _write_many(numbers: range) -> None:
    told = dict.fromkeys(numbers, DATA)
    record_events(subject_kind="bench", data=told, kind="k", at=timezone.now(), actor_id=1)


def _verified() -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    ok = chain.verify().ok
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "verify_ok": ok,
        "verify_s": round(took, 2),
        "verify_added_mb": (peak - before) // 1024,
        "peak_mb": peak // 1024,
    }


def _compared(acts: int, writers: int, runs: int) -> dict[str, Any]:
    """Events per second with seals and without, the two in turn, and the median of the ratios."""
    sealed, bare = [], []
    for _run in range(runs):
        sealed.append(_rate(acts, writers))
        with _without_seals():
            bare.append(_rate(acts, writers))
    ratios = [one / other for one, other in zip(sealed, bare, strict=True)]
    return {
        "sealed_per_s": round(median(sealed)),
        "bare_per_s": round(median(bare)),
        "ratio": round(median(ratios), 2),
    }


def _rate(acts: int, writers: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(_write_some, [acts // writers] * writers))
    return acts / (time.perf_counter() - started)


def _write_some(acts: int) -> None:
    try:
        for number in range(acts):
            record_event(
                subject_kind="bench", subject_id=number, kind="k", at=timezone.now(), actor_id=1,
                data=DATA,
            )  # fmt: skip
    finally:
        connection.close()


@contextmanager
def _without_seals() -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE jobs_event DISABLE TRIGGER {TRIGGER}")
            yield
            cursor.execute(f"ALTER TABLE jobs_event ENABLE TRIGGER {TRIGGER}")
            return
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [TRIGGER])
        ((made_by,),) = cursor.fetchall()
        cursor.execute(f"DROP TRIGGER {TRIGGER}")
        yield
        cursor.execute(made_by)
