"""Hints may be lost, doubled and sent by two schedules: work is done, and done once."""

from __future__ import annotations

from django.utils import timezone

from linkage.coverage.models import Snapshot
from linkage.jobs import services
from linkage.jobs.models import Heartbeat, Job
from tests.faults.house import House, wait_for


def test_a_job_whose_hint_was_lost_is_found_by_the_sweeper(house):
    job = house.submit("fault.effect")
    house.open_gate(job.pk)
    assert house.empty_broker() >= 1
    house.worker_with_beat("only", JOBS_FORGOTTEN_SECONDS="1")
    done = house.wait_until("done", job.pk)
    assert (done.attempts, house.effects(job.pk)) == (1, 1)


def deliver_ten_times(house: House, **env: str) -> int:
    job = house.submit("fault.effect")
    house.worker("only", **env)
    house.hint(job.pk, times=9)
    house.wait_until_inside(job.pk)
    return job.pk


def test_the_same_message_ten_times_has_one_effect(house):
    job_id = deliver_ten_times(house)
    house.open_gate(job_id)
    house.wait_until("done", job_id)
    # Messages go in order: when a later job is done, the ten were taken.
    house.do_another()
    assert (house.job(job_id).attempts, house.effects(job_id)) == (1, 1)


def test_control_without_leases_the_same_message_has_many_effects(house):
    job_id = deliver_ten_times(house, JOBS_LEASE_OFF="true")
    wait_for(lambda: house.job(job_id).attempts > 1, "a second delivery is inside too")
    house.open_gate(job_id)
    wait_for(lambda: house.effects(job_id) > 1, "more than one effect")


def test_two_schedules_make_one_run_of_a_night(house):
    house.worker_with_beat("first")
    house.worker_with_beat("second")
    wait_for(lambda: Heartbeat.objects.count() == 2, "both workers report")
    wait_for(lambda: Job.objects.filter(kind="coverage.snapshot", state="done").count(), "a run")
    assert Job.objects.filter(kind="coverage.snapshot").count() == 1
    assert Snapshot.objects.count() == 1


def test_a_running_job_notices_that_it_was_called_off(house):
    job = house.submit("fault.endless")
    house.worker("only")
    house.wait_until_inside(job.pk)
    services.cancel(job_id=job.pk, now=timezone.now())
    assert house.wait_until("cancelled", job.pk).attempts == 1


def test_a_job_that_always_fails_is_parked_and_others_go_on(house):
    failing = house.submit("fault.failing")
    other = house.submit("fault.effect")
    house.open_gate(other.pk)
    house.worker_with_beat("only")
    parked = house.wait_until("parked", failing.pk)
    assert (parked.attempts, parked.error_code) == (3, "unexpected_error")
    house.wait_until("done", other.pk)
