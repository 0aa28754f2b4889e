"""What the database itself refuses, on SQLite and PostgreSQL alike, each with its code."""

from __future__ import annotations

import uuid

import pytest

from linkage.jobs import services
from linkage.jobs.models import IdempotentAnswer, Job, Outbox
from tests.constraints import constraints_of, must_be_refused
from tests.jobs.conftest import NOW

pytestmark = pytest.mark.django_db


def job(**values):
    made = services.submit(kind="k", args={}, now=NOW)
    Job.objects.filter(pk=made.pk).update(**values)


def message(**values):
    made = services.enqueue(topic="t", dedupe_key="1", payload={}, sequence=0, now=NOW)
    Outbox.objects.filter(pk=made.pk).update(**values)


def a_period_twice():
    services.submit(kind="k", args={}, now=NOW, period="p")
    Job.objects.create(kind="k", period="p", created_at=NOW, due_at=NOW, hinted_at=NOW)


def a_message_twice():
    message()
    Outbox.objects.create(topic="t", dedupe_key="1", created_at=NOW, due_at=NOW)


def a_key_twice():
    for _ in range(2):
        IdempotentAnswer.objects.create(user_id=1, route="r", key="k", created_at=NOW)


REFUSED = {
    "job_runs_once_a_period": [a_period_twice],
    "job_state_is_known": [lambda: job(state="odd", finished_at=NOW)],
    "job_holds_a_lease_while_it_runs": [
        lambda: job(state="running"),
        lambda: job(lease_token=uuid.uuid4(), lease_until=NOW),
    ],
    "job_has_an_end_when_it_ended": [lambda: job(state="done"), lambda: job(finished_at=NOW)],
    "job_progress_is_within_its_total": [lambda: job(progress_done=2, progress_total=1)],
    "outbox_keeps_a_message_once": [a_message_twice],
    "outbox_state_is_known": [lambda: message(state="odd", finished_at=NOW)],
    "outbox_has_an_end_when_it_ended": [
        lambda: message(state="done"),
        lambda: message(finished_at=NOW),
    ],
    "idempotency_key_is_used_once": [a_key_twice],
}
ATTEMPTS = [(name, attempt) for name, attempts in REFUSED.items() for attempt in attempts]


@pytest.mark.parametrize(("name", "attempt"), ATTEMPTS)
def test_the_row_is_refused_with_the_rules_name_as_code(name, attempt):
    must_be_refused(name, attempt)


def test_every_constraint_of_this_package_was_tried():
    assert constraints_of("jobs") == set(REFUSED)
