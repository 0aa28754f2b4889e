"""Asking for work, calling it off, starting it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from linkage.errors import Conflict, NotFound
from linkage.jobs import leases, queries, services
from linkage.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(now):
    return services.submit(kind="k", args={"a": 1}, now=now, created_by_id=5)


def test_a_submitted_job_waits_and_remembers_who_asked(job, now):
    found = queries.get(job.pk)
    assert (found.state, found.args, found.created_by_id) == ("waiting", {"a": 1}, 5)
    assert found.due_at == now


def test_workers_are_told_after_commit_and_not_before(
    now, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = services.submit(kind="k", args={}, now=now)
        assert sent == []
    assert sent == [[job.pk]]


def test_nobody_is_told_of_what_was_rolled_back(now, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                services.submit(kind="k", args={}, now=now)
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert (sent, Job.objects.count()) == ([], 0)


def test_a_hint_that_fails_loses_nothing_and_stops_no_later_hook(
    now, settings, django_capture_on_commit_callbacks, caplog
):
    settings.JOBS_WAKE = "tests.jobs.conftest.broken_hint"
    later = []
    with django_capture_on_commit_callbacks(execute=True):
        job = services.submit(kind="k", args={}, now=now)
        transaction.on_commit(lambda: later.append(1))
    assert (queries.get(job.pk).state, later) == ("waiting", [1])
    assert "the sweeper will send one" in caplog.text


def test_a_period_is_run_once(now, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = services.submit(kind="k", args={}, now=now, period="2026-11-23")
        second = services.submit(kind="k", args={}, now=now, period="2026-11-23")
    assert (first.pk, sent) == (second.pk, [[first.pk]])


def test_another_period_another_kind_or_none_is_another_run(now):
    for kind, period in [("k", "1"), ("k", "2"), ("other", "1"), ("k", None), ("k", None)]:
        services.submit(kind=kind, args={}, now=now, period=period)
    assert Job.objects.count() == 5


def test_a_waiting_job_is_cancelled_at_once(job, now):
    assert services.cancel(job_id=job.pk, now=now).state == "cancelled"
    assert leases.claim_job(job_id=job.pk, now=now) is None


def test_a_running_job_is_asked_to_stop(job, now):
    leases.claim_job(job_id=job.pk, now=now)
    cancelled = services.cancel(job_id=job.pk, now=now)
    assert (cancelled.state, cancelled.cancel_requested) == ("running", True)


def test_a_job_that_ended_cannot_be_cancelled(job, now):
    lease = leases.claim_job(job_id=job.pk, now=now)
    leases.finish(lease=lease, result={}, now=now)
    with pytest.raises(services.JobEnded) as refusal:
        services.cancel(job_id=job.pk, now=now)
    assert (refusal.value.code, isinstance(refusal.value, Conflict)) == ("job_ended", True)
    assert queries.get(job.pk).state == "done"


def test_a_cancelled_job_can_be_started_again_with_attempts_counted_afresh(job, now, sent):
    leases.claim_job(job_id=job.pk, now=now)
    services.cancel(job_id=job.pk, now=now)
    leases.sweep(now=now + timedelta(hours=1))
    again = services.retry(job_id=job.pk, now=now + timedelta(hours=2))
    assert (again.state, again.attempts, again.cancel_requested) == ("waiting", 0, False)
    assert leases.claim_job(job_id=job.pk, now=now + timedelta(hours=2))


@pytest.mark.parametrize("state", ["waiting", "running", "done"])
def test_a_job_that_did_not_fail_cannot_be_started_again(job, now, state):
    lease = leases.claim_job(job_id=job.pk, now=now) if state != "waiting" else None
    if state == "done":
        leases.finish(lease=lease, result={}, now=now)
    with pytest.raises(services.JobNotRetriable):
        services.retry(job_id=job.pk, now=now)
    assert queries.get(job.pk).state == state


@pytest.mark.parametrize("act", [services.cancel, services.retry])
def test_a_job_that_is_not_there_is_not_found(act, now):
    with pytest.raises(NotFound):
        act(job_id=404, now=now)


def test_get_finds_nothing_where_nothing_is():
    with pytest.raises(NotFound):
        queries.get(404)


def test_what_works_on_a_subject_is_found_however_much_was_asked_for_since(now):
    kinds = ("preview", "apply")
    first = services.submit(kind="preview", args={"batch": 7}, now=now)
    services.submit(kind="preview", args={"batch": 8}, now=now)
    services.submit(kind="mail", args={"batch": 7}, now=now)
    assert queries.under_way(kinds, batch=7) == first
    second = services.submit(kind="apply", args={"batch": 7}, now=now)
    assert queries.under_way(kinds, batch=7) == second
    services.cancel(job_id=second.pk, now=now)
    assert queries.under_way(kinds, batch=7) == first
    services.cancel(job_id=first.pk, now=now)
    assert queries.under_way(kinds, batch=7) is None
