"""An event that took its id before the reading and was committed after it. With its control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from linkage.coverage.models import Snapshot
from linkage.coverage.services import take_snapshot
from linkage.coverage.staleness import stale
from linkage.jobs.services import record_event
from tests.racing import many_writers

pytestmark = [pytest.mark.django_db(transaction=True), many_writers]
NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def happens(kind: str) -> None:
    record_event(
        subject_kind="organisation", subject_id=1, kind=kind, at=NOW, actor_id=None, data={}
    )


@contextmanager
def recorded_by_another(kind: str) -> Iterator[None]:
    """On another connection the event has its id inside, and is committed at the end."""
    recorded, commit = Signal(), Signal()

    def another() -> None:
        try:
            with transaction.atomic():
                happens(kind)
                recorded.set()
                commit.wait(20)
        finally:
            connection.close()

    thread = Thread(target=another)
    thread.start()
    assert recorded.wait(20)
    try:
        yield
    finally:
        commit.set()
        thread.join(20)


def taken_before_the_commit_of(kind: str) -> Snapshot:
    """A snapshot that saw a later event and not this one."""
    with recorded_by_another(kind):
        happens("created")
        snapshot = take_snapshot(as_of=date(2026, 1, 5), now=NOW)
        assert stale(snapshot) is None
    return snapshot


def test_what_was_committed_late_is_not_known_to_the_figure() -> None:
    found = stale(taken_before_the_commit_of("status_set"))
    assert found is not None
    assert found.changed_at == NOW


def test_what_was_committed_late_and_is_not_read_leaves_it_fresh() -> None:
    assert stale(taken_before_the_commit_of("contact_added")) is None


def test_the_control_without_the_count_takes_the_figure_for_fresh() -> None:
    snapshot = taken_before_the_commit_of("status_set")
    snapshot.events_seen = None
    assert stale(snapshot) is None
