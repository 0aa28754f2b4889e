"""A worker killed in the middle of a job: the job is done once, by another one."""

from __future__ import annotations

import signal
from datetime import timedelta

from django.core.files import File
from django.utils import timezone

from linkage.agreements.models import Linkage
from linkage.coverage.models import Snapshot
from linkage.intake.models import ImportBatch, ImportChange, RegisterKey
from linkage.intake.reference import load_reference
from linkage.intake.services import upload
from linkage.jobs.models import Event, Job
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
from tests.faults.house import ROOT, House, wait_for

SAMPLE = ROOT / "linkage/intake/sample/so_theo_doi_htx.xlsx"


def kill_in_the_middle(house: House, job: Job | None = None, **env: str) -> int:
    """Kill a job's worker with its group when the row says it is inside, start another one."""
    job = job or house.submit("fault.effect")
    first = house.worker("first", **env)
    house.wait_until_inside(job.pk)
    first.kill()
    house.open_gate(job.pk)
    house.worker_with_beat("second", **env)
    return job.pk


def test_a_job_whose_worker_was_killed_has_one_effect_after_two_attempts(house):
    job_id = kill_in_the_middle(house)
    job = house.wait_until("done", job_id)
    assert (job.attempts, house.effects(job_id)) == (2, 1)


def test_a_coverage_job_whose_worker_was_killed_makes_one_snapshot(house):
    job_id = kill_in_the_middle(house, house.submit("fault.coverage"))
    job = house.wait_until("done", job_id)
    assert (job.attempts, Snapshot.objects.filter(job_id=job_id).count()) == (2, 1)


def upload_the_sample() -> ImportBatch:
    load_reference()
    with SAMPLE.open("rb") as file:
        return upload(
            actor=OPERATOR,
            file=File(file, name=SAMPLE.name),
            came_from="the office",
            legal_basis="Plan 215/KH-UBND",
            now=timezone.now(),
        )


def assert_applied_once(batch: ImportBatch) -> None:
    applied = Event.objects.filter(subject_kind="import_batch", kind="applied")
    batch.refresh_from_db()
    assert (batch.state, applied.count()) == ("applied", 1)
    assert Organisation.objects.count() == batch.report["created"]["organisations"] > 500
    assert Linkage.objects.count() == batch.report["created"]["linkages"] > 0


def test_an_import_whose_worker_was_killed_is_applied_once(house):
    batch = upload_the_sample()
    job_id = kill_in_the_middle(house, house.submit("fault.import", batch_id=batch.pk))
    assert house.wait_until("done", job_id).attempts == 2
    assert_applied_once(batch)


def test_of_an_import_whose_worker_was_killed_while_it_wrote_nothing_is_seen(house):
    batch = upload_the_sample()
    job = house.submit("fault.import_writing", batch_id=batch.pk)
    first = house.worker("first")
    house.wait_until_writing(job.pk)
    first.kill()
    batch.refresh_from_db()
    rows = (Organisation, Linkage, ImportChange, RegisterKey, Event)
    assert [model.objects.count() for model in rows] == [0] * len(rows)
    assert (batch.state, house.job(job.pk).state) == ("uploaded", "running")
    house.open_gate(job.pk)
    house.worker_with_beat("second")
    assert house.wait_until("done", job.pk).attempts == 2
    assert_applied_once(batch)


def test_control_without_leases_nobody_notices_that_the_worker_died(house):
    job_id = kill_in_the_middle(house, JOBS_LEASE_OFF="true")
    lease = timedelta(seconds=int(house.env["JOBS_LEASE_SECONDS"]))
    over = house.job(job_id).heartbeat_at + lease
    # The second worker goes on working for longer than a lease lasts.
    wait_for(
        lambda: house.do_another().finished_at > over, "other jobs are done after the lease's end"
    )
    assert (house.job(job_id).state, house.effects(job_id)) == ("running", 0)


def freeze_in_the_middle(house: House, **env: str) -> int:
    """Stop a worker when its job is inside, let another one have the job, let the first go on."""
    job = house.submit("fault.effect")
    first = house.worker("first", **env)
    house.wait_until_inside(job.pk)
    house.freeze(first)
    # Redis hands the first message to the frozen worker, which was waiting for one.
    house.hint(job.pk, times=2)
    house.worker_with_beat("second", **env)
    wait_for(lambda: house.job(job.pk).attempts > 1, "the second worker has the job")
    house.open_gate(job.pk)
    house.wait_until("done", job.pk)
    first.signal_group(signal.SIGCONT)
    return job.pk


def test_a_worker_that_was_frozen_and_lost_its_lease_writes_nothing(house):
    job_id = freeze_in_the_middle(house)
    wait_for(lambda: house.someone_was_turned_away(job_id), "the first worker meets the fence")
    assert (house.job(job_id).state, house.effects(job_id)) == ("done", 1)


def test_control_without_leases_a_frozen_worker_writes_a_second_effect(house):
    job_id = freeze_in_the_middle(house, JOBS_LEASE_OFF="true")
    wait_for(lambda: house.effects(job_id) > 1, "both workers wrote")


def test_a_job_that_computes_for_longer_than_a_lease_keeps_it(house):
    job = house.submit("fault.effect")
    house.worker_with_beat("only")
    house.wait_until_inside(job.pk)
    lease = timedelta(seconds=int(house.env["JOBS_LEASE_SECONDS"]))
    over = house.job(job.pk).started_at + lease + timedelta(seconds=2)
    # The handler sits still and the sweeper looks for lost leases all the while.
    wait_for(lambda: house.do_another().finished_at > over, "the first lease would be over")
    house.open_gate(job.pk)
    assert house.wait_until("done", job.pk).attempts == 1
    assert house.effects(job.pk) == 1
