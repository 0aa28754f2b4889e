"""A snapshot does not know what was changed after its reading, whatever the clock says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.coverage.models import Snapshot
from linkage.coverage.services import take_snapshot
from linkage.coverage.staleness import stale
from linkage.jobs.services import record_event

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
NOTHING = {"organisations": 0, "linkages": 0}


def happens(subject: str, kind: str, at: datetime = NOW, **data: Any) -> None:
    record_event(subject_kind=subject, subject_id=1, kind=kind, at=at, actor_id=None, data=data)


@pytest.fixture
def taken(db: None) -> Snapshot:
    happens("organisation", "created", after={})
    return take_snapshot(as_of=date(2026, 1, 5), now=NOW)


def test_a_snapshot_knows_what_happened_before_its_reading(taken: Snapshot) -> None:
    assert stale(taken) is None


@pytest.mark.parametrize(
    ("subject", "kind", "data"),
    [
        ("organisation", "status_set", {"after": [[None, "active"]]}),
        ("organisation", "created", {"after": {"name": "HTX"}}),
        ("organisation", "edited", {"after": {"founded_on": "2020-01-01"}}),
        ("organisation", "unmerged", {"into": 2}),
        ("year_return", "return_accepted", {}),
        ("linkage", "verified", {"verified_on": "2026-01-01"}),
        ("linkage", "edited", {"after": {"ends": "2026-01-01", "form": 1}}),
        ("linkage", "completed", {"after": {"ends": "2026-01-01"}}),
        ("linkage", "confirmed", {"side": "buyer"}),
        ("linkage", "moved", {"from": "proposed", "to": "agreed"}),
        ("linkage", "moved", {"from": "in_force", "to": "declined"}),
        ("linkage", "moved", {"from": "in_force", "to": "terminated"}),
        ("linkage", "moved", {"from": "terminated", "to": "declined"}),
        ("import_batch", "applied", {"created": {**NOTHING, "linkages": 1}, "updated": NOTHING}),
        ("import_batch", "undone", {"rows": 5}),
    ],
)
def test_what_the_rule_reads_makes_it_old(
    taken: Snapshot, subject: str, kind: str, data: dict[str, Any]
) -> None:
    happens(subject, kind, NOW + timedelta(hours=1), **data)
    found = stale(taken)
    assert found is not None
    assert (found.taken_at, found.changed_at) == (NOW, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("subject", "kind", "data"),
    [
        ("organisation", "edited", {"after": {"phone": "•"}}),
        ("organisation", "certificate_added", {"after": {}}),
        ("organisation", "contact_removed", {"before": {"contact": "•"}}),
        ("organisation", "product_added", {"as_written": "Ổi"}),
        ("linkage", "edited", {"after": {"quantity": 5}}),
        ("linkage", "opened", {"side": "buyer"}),
        ("linkage", "moved", {"from": "negotiating", "to": "proposed"}),
        ("linkage", "moved", {"from": "proposed", "to": "declined"}),
        ("linkage", "moved", {"from": "agreed", "to": "in_force"}),
        ("linkage", "moved", {"from": "in_force", "to": "ended"}),
        ("linkage", "moved", {"from": "ended", "to": "agreed"}),
        ("linkage", "completed", {"after": {"form": 5}}),
        ("import_batch", "applied", {"created": NOTHING, "updated": NOTHING}),
        ("programme", "target_set", {}),
    ],
)
def test_what_the_rule_does_not_read_leaves_it_fresh(
    taken: Snapshot, subject: str, kind: str, data: dict[str, Any]
) -> None:
    happens(subject, kind, NOW + timedelta(hours=1), **data)
    assert stale(taken) is None


def test_an_import_that_began_before_and_was_written_after_is_not_known(taken: Snapshot) -> None:
    happens("import_batch", "undone", NOW - timedelta(minutes=5), rows=1)
    assert stale(taken) is not None


def test_a_snapshot_from_before_the_column_goes_by_the_clock(taken: Snapshot) -> None:
    Snapshot.objects.filter(pk=taken.pk).update(last_event=None, events_seen=None)
    taken.refresh_from_db()
    assert stale(taken) is None
    happens("linkage", "verified", NOW + timedelta(seconds=1))
    assert stale(taken) is not None


def test_it_is_one_query_however_much_happened(taken: Snapshot) -> None:
    for _ in range(50):
        happens("linkage", "verified")
    with CaptureQueriesContext(connection) as asked:
        stale(taken)
    assert len(asked) == 1
