"""Who holds a job, for how long, and what is healed when a holder is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkage.errors import Conflict
from linkage.jobs import leases, queries, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(now):
    return services.submit(kind="k", args={}, now=now)


@pytest.fixture
def after_the_lease(now, settings):
    return now + timedelta(seconds=settings.JOBS_LEASE_SECONDS)


def attempt(job, when):
    lease = leases.claim_job(job_id=job.pk, now=when)
    assert lease
    return lease


def test_a_job_is_given_to_one_worker(job, now):
    attempt(job, now)
    assert leases.claim_job(job_id=job.pk, now=now) is None
    assert queries.get(job.pk).attempts == 1


def test_a_job_that_is_not_there_is_given_to_nobody(now):
    assert leases.claim_job(job_id=404, now=now) is None


def test_an_ended_job_is_given_to_nobody(job, now):
    leases.finish(lease=attempt(job, now), result={"n": 1}, now=now)
    assert leases.claim_job(job_id=job.pk, now=now) is None
    assert (queries.get(job.pk).state, queries.get(job.pk).result) == ("done", {"n": 1})


def test_a_renewed_lease_outlives_its_first_end(job, now, after_the_lease):
    lease = attempt(job, now)
    assert leases.renew(lease=lease, now=after_the_lease - timedelta(seconds=1))
    leases.sweep(now=after_the_lease)
    assert queries.get(job.pk).state == "running"


def test_a_lease_that_ran_out_goes_back_to_waiting_and_says_why(job, now, after_the_lease):
    attempt(job, now)
    assert leases.sweep(now=after_the_lease).recovered == 1
    found = queries.get(job.pk)
    assert (found.state, found.error_code, found.attempts) == ("waiting", "worker_lost", 1)


def test_a_lease_is_not_taken_a_second_before_its_end(job, now, after_the_lease):
    attempt(job, now)
    assert leases.sweep(now=after_the_lease - timedelta(seconds=1)).recovered == 0


def test_who_lost_the_lease_can_neither_renew_nor_end_the_job(job, now, after_the_lease):
    lost = attempt(job, now)
    leases.sweep(now=after_the_lease)
    held = attempt(job, after_the_lease)
    assert not leases.renew(lease=lost, now=after_the_lease)
    assert not leases.finish(lease=lost, result={}, now=after_the_lease)
    assert not leases.fail(lease=lost, error=ValueError(), now=after_the_lease)
    assert not leases.give_up(lease=lost, now=after_the_lease)
    assert leases.finish(lease=held, result={}, now=after_the_lease)


def test_the_third_lost_worker_parks_the_job(job, now, settings):
    when = now
    for _ in range(leases.MAX_ATTEMPTS):
        attempt(job, when)
        when += timedelta(seconds=settings.JOBS_LEASE_SECONDS)
        swept = leases.sweep(now=when)
    assert (swept.parked, queries.get(job.pk).state) == (1, "parked")


def test_a_lost_job_that_was_called_off_is_cancelled(job, now, after_the_lease):
    attempt(job, now)
    services.cancel(job_id=job.pk, now=now)
    leases.sweep(now=after_the_lease)
    assert queries.get(job.pk).state == "cancelled"


def test_an_error_is_tried_again_after_a_pause(job, now, settings):
    leases.fail(lease=attempt(job, now), error=ValueError("secret"), now=now)
    found = queries.get(job.pk)
    assert (found.state, found.error_code) == ("waiting", "unexpected_error")
    assert "ValueError" in found.error_text
    assert "secret" not in found.error_text
    assert leases.claim_job(job_id=job.pk, now=now) is None
    assert attempt(job, now + timedelta(seconds=settings.JOBS_RETRY_SECONDS))


def test_the_third_error_parks_the_job(job, now):
    for hours in range(leases.MAX_ATTEMPTS):
        when = now + timedelta(hours=hours)
        leases.fail(lease=attempt(job, when), error=ValueError(), now=when)
    found = queries.get(job.pk)
    assert (found.state, found.attempts, found.finished_at) == ("parked", 3, when)


def test_a_refusal_of_the_domain_ends_the_job_at_once(job, now):
    leases.fail(lease=attempt(job, now), error=Conflict(), now=now)
    assert (queries.get(job.pk).state, queries.get(job.pk).error_code) == ("failed", "conflict")


def test_a_job_that_was_called_off_and_broke_off_is_not_tried_again(job, now):
    lease = attempt(job, now)
    services.cancel(job_id=job.pk, now=now)
    leases.fail(lease=lease, error=ValueError(), now=now)
    assert queries.get(job.pk).state == "cancelled"


def test_a_forgotten_job_is_hinted_at_again_and_not_at_every_sweep(
    job, now, settings, sent, django_capture_on_commit_callbacks
):
    later = now + timedelta(seconds=settings.JOBS_FORGOTTEN_SECONDS)
    with django_capture_on_commit_callbacks(execute=True):
        assert leases.sweep(now=later - timedelta(seconds=1)).woken == 0
        assert leases.sweep(now=later).woken == 1
        assert leases.sweep(now=later + timedelta(seconds=1)).woken == 0
    assert sent == [[job.pk]]


def test_a_recovered_job_is_hinted_at_in_the_same_sweep(job, now, after_the_lease):
    attempt(job, now)
    assert leases.sweep(now=after_the_lease).woken == 1


def test_a_worker_that_reported_lately_is_alive(now, settings):
    silent = timedelta(seconds=settings.JOBS_WORKER_SILENT_SECONDS)
    assert (queries.worker_seen_at(), queries.worker_is_alive(now)) == (None, False)
    services.beat(worker="w", now=now)
    services.beat(worker="w", now=now + timedelta(seconds=1))
    assert queries.worker_seen_at() == now + timedelta(seconds=1)
    assert queries.worker_is_alive(now + silent)
    assert not queries.worker_is_alive(now + timedelta(seconds=1) + silent)


def test_a_job_that_ended_well_is_wholly_done_whatever_was_written_last(job, now):
    lease = attempt(job, now)
    leases.renew(lease=lease, now=now, progress=(0, 1396))
    leases.finish(lease=lease, result={}, now=now)
    found = queries.get(job.pk)
    assert (found.progress_done, found.progress_total) == (1396, 1396)
