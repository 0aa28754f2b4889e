"""What a handler holds while it works, and what its row says however it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from linkage.errors import Invalid
from linkage.jobs import leases, queries, services
from linkage.jobs.context import JobCancelled, JobContext, LeaseLost
from linkage.jobs.models import Job
from linkage.jobs.runner import run_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(now):
    return services.submit(kind="k", args={"n": 2}, now=now)


@pytest.fixture
def run(job, now):
    def run_with(handler, kind="k"):
        return run_job(job_id=job.pk, handlers={kind: handler}, worker="w", clock=lambda: now)

    return run_with


@pytest.fixture
def context(job, now):
    return JobContext(lease=leases.claim_job(job_id=job.pk, now=now), clock=lambda: now)


def lose(job, now, settings):
    """Let another worker have the job."""
    later = now + timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    leases.sweep(now=later)
    return leases.claim_job(job_id=job.pk, now=later)


def test_a_handler_gets_its_arguments_and_its_answer_is_kept(run, job):
    assert run(lambda context, args: {"double": args["n"] * 2})
    found = queries.get(job.pk)
    assert (found.state, found.result, found.attempts) == ("done", {"double": 4}, 1)


def test_a_second_delivery_goes_away(run):
    calls = []
    assert run(lambda context, args: calls.append(1) or {})
    assert not run(lambda context, args: calls.append(2) or {})
    assert calls == [1]


def test_an_error_is_noted_and_goes_to_the_log(run, job, caplog):
    assert run(lambda context, args: 1 // 0)
    assert "ZeroDivisionError" in queries.get(job.pk).error_text
    assert "ZeroDivisionError" in caplog.text


def test_a_refusal_of_the_domain_is_kept_with_its_code(run, job):
    def refuse(context, args):
        raise Invalid

    run(refuse)
    assert (queries.get(job.pk).state, queries.get(job.pk).error_code) == ("failed", "invalid")


def test_an_unknown_kind_is_an_attempt_that_broke_off(run, job):
    run(lambda context, args: {}, kind="other")
    assert "UnknownKindError" in queries.get(job.pk).error_text


def test_progress_is_written_and_holds_the_lease(context, job, now):
    context.progress(3, 10)
    assert (queries.get(job.pk).progress_done, queries.get(job.pk).progress_total) == (3, 10)


def test_progress_is_not_written_at_every_call_but_at_the_last(context, job, settings):
    settings.JOBS_PROGRESS_SECONDS = 3600
    context.progress(1, 10)
    context.progress(2, 10)
    assert queries.get(job.pk).progress_done == 1
    context.renew()  # as the heartbeat does
    assert queries.get(job.pk).progress_done == 2
    context.progress(10, 10)
    assert queries.get(job.pk).progress_done == 10


def test_progress_raises_when_the_job_was_called_off(context, job, now):
    services.cancel(job_id=job.pk, now=now)
    with pytest.raises(JobCancelled):
        context.progress(1, 10)


def test_a_handler_that_was_called_off_ends_as_cancelled(run, job, now):
    def cancelled_inside(context, args):
        services.cancel(job_id=context.job_id, now=now)
        context.progress(1, 10)

    assert run(cancelled_inside)
    assert queries.get(job.pk).state == "cancelled"


def test_progress_and_fence_raise_when_another_worker_has_the_job(context, job, now, settings):
    lose(job, now, settings)
    with pytest.raises(LeaseLost):
        context.progress(1, 10)
    with pytest.raises(LeaseLost):
        context.fence()


def test_who_lost_the_job_leaves_its_row_to_the_other_worker(run, job, now, settings):
    other = []

    def lost_inside(context, args):
        other.append(lose(job, now, settings))
        context.fence()

    assert not run(lost_inside)
    assert queries.get(job.pk).state == "running"
    assert leases.finish(lease=other[0], result={}, now=now)


def test_an_effect_and_the_end_of_the_job_are_one_transaction(run, job, now):
    def effect(context, args):
        with transaction.atomic():
            context.fence()
            services.submit(kind="made", args={}, now=now)
            context.finish({"by": "handler"})
        return {"by": "runner"}

    assert run(effect)
    assert queries.get(job.pk).result == {"by": "handler"}


def test_an_effect_whose_end_is_refused_is_rolled_back(context, job, now, settings):
    with pytest.raises(LeaseLost), transaction.atomic():  # noqa: PT012  # one transaction
        services.submit(kind="made", args={}, now=now)
        lose(job, now, settings)
        context.finish({})
    assert not Job.objects.filter(kind="made").exists()
