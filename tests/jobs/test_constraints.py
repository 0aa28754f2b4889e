"""What the database itself refuses, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from linkage.jobs import services
from linkage.jobs.models import Job, Outbox

pytestmark = pytest.mark.django_db

NEVER = {
    "job_state_is_known": {"state": "odd", "finished_at": "2026-11-23T00:00Z"},
    "job_holds_a_lease_while_it_runs": {"state": "running"},
    "job_has_an_end_when_it_ended": {"state": "done"},
    "job_progress_is_within_its_total": {"progress_done": 2, "progress_total": 1},
}


@pytest.mark.parametrize(("name", "values"), NEVER.items())
def test_a_job_cannot_be_like_this(now, name, values):
    job = services.submit(kind="k", args={}, now=now)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)


def test_a_waiting_job_holds_no_lease(now):
    job = services.submit(kind="k", args={}, now=now)
    refused = pytest.raises(IntegrityError, match="job_holds_a_lease_while_it_runs")
    with refused, transaction.atomic():
        Job.objects.filter(pk=job.pk).update(lease_token=uuid.uuid4(), lease_until=now)


def test_a_period_has_one_job(now):
    services.submit(kind="k", args={}, now=now, period="p")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="k", period="p", created_at=now, due_at=now, hinted_at=now)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("outbox_state_is_known", {"state": "odd", "finished_at": "2026-11-23T00:00Z"}),
        ("outbox_has_an_end_when_it_ended", {"state": "done"}),
    ],
)
def test_a_message_cannot_be_like_this(now, name, values):
    services.enqueue(topic="t", dedupe_key="1", payload={}, sequence=0, now=now)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Outbox.objects.update(**values)


def test_a_message_is_kept_once(now):
    Outbox.objects.create(topic="t", dedupe_key="1", created_at=now, due_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.create(topic="t", dedupe_key="1", created_at=now, due_at=now)
