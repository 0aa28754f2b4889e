"""Each kind of job does what it is named after, and the tasks reach it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files import File
from django.utils import timezone

from linkage.agreements.models import PoolProposal
from linkage.coverage.models import Series, Snapshot
from linkage.intake.models import ImportBatch
from linkage.intake.services import upload
from linkage.jobs import queries, services
from linkage.jobs.models import IdempotentAnswer, Job
from linkage.market.models import QuickPostCorrection
from linkage.registry.access import OPERATOR
from linkage.suggestions.models import FairnessReport, PoolSuggestion, Suggestion
from tests.agreements import pools
from tests.market import town
from tests.market.town import NEED, OFFER
from worker import tasks

SAMPLE = Path(__file__).parents[2] / "linkage/intake/sample/so_theo_doi_htx.xlsx"

pytestmark = pytest.mark.django_db


def run(kind, args, **values):
    job = services.submit(kind=kind, args=args, now=timezone.now(), **values)
    tasks.run_job.apply((job.pk,), throw=True)
    return queries.get(job.pk)


def test_a_snapshot_job_takes_the_snapshot_of_its_day():
    job = run("coverage.snapshot", {"as_of": "2026-11-22"})
    assert job.state == "done", job.error_text
    taken = Snapshot.objects.get(pk=job.result["snapshot_id"])
    assert (taken.as_of.isoformat(), taken.job_id) == ("2026-11-22", job.pk)
    assert job.progress_done == job.progress_total > 0


def test_a_snapshot_remembers_who_asked_for_it(django_user_model):
    user = django_user_model.objects.create(username="officer")
    job = run("coverage.snapshot", {"as_of": "2026-11-22"}, created_by_id=user.pk)
    assert Snapshot.objects.get(job_id=job.pk).taken_by == user


def test_a_series_job_computes_the_quarter_ends():
    job = run("coverage.series", {})
    assert job.state == "done", job.error_text
    assert Series.objects.get(pk=job.result["series_id"]).job_id == job.pk


def test_the_canary_says_that_a_worker_works():
    tasks.heartbeat.apply(throw=True)
    assert queries.worker_is_alive(timezone.now())


def test_a_sweep_asks_for_the_night_that_is_missing():
    tasks.sweep.apply(throw=True)
    night = [
        "coverage.snapshot",
        "suggestions.nightly",
        "jobs.verify_chain",
        "agreements.clear_broken_uploads",
        "jobs.forget_answers",
        "agreements.lapse_pools",
        "agreements.turn_the_day",
    ]
    assert list(Job.objects.order_by("-pk").values_list("kind", flat=True)) == night
    tasks.nightly.apply(throw=True)
    assert Job.objects.count() == len(night)


def test_the_night_forgets_the_answers_of_the_day_before():
    asked = {"user_id": 1, "route": "/api/v1/needs", "body_sha256": "0" * 64}
    for key, hours in (("old", 25), ("young", 23)):
        then = timezone.now() - timedelta(hours=hours)
        IdempotentAnswer.objects.create(**asked, key=key, created_at=then)
    for days in (730, 731):
        then = timezone.localdate() - timedelta(days=days)
        QuickPostCorrection.objects.create(field="commodity", day=then)
    tasks.nightly.apply(throw=True)
    job = Job.objects.get(kind="jobs.forget_answers")
    tasks.run_job.apply((job.pk,), throw=True)
    assert queries.get(job.pk).result == {"forgotten": 1, "corrections": 1}
    assert [one.key for one in IdempotentAnswer.objects.all()] == ["young"]
    assert QuickPostCorrection.objects.count() == 1


def test_the_night_asks_for_a_look_at_each_shard_and_those_jobs_look():
    town.catalogue()
    town.places()
    now, until = timezone.now(), timezone.localdate() + timedelta(days=30)
    window = {"starts": timezone.localdate(), "ends": until}
    for name, kind, side in (("HTX", "cooperative", OFFER), ("Công ty", "enterprise", NEED)):
        town.post(town.organisation(name, kind), side, now=now, **window)
    assert run("suggestions.nightly", {"day": "2026-11-23", "engine": "1"}).result == {"shards": 2}
    for job in Job.objects.filter(kind="suggestions.refresh"):
        tasks.run_job.apply((job.pk,), throw=True)
        assert queries.get(job.pk).progress_done == 1
    assert Suggestion.objects.filter(stale=False).count() == 1
    measured = run("suggestions.fairness", {})
    assert measured.state == "done", measured.error_text
    report = FairnessReport.objects.get(pk=measured.result["report_id"])
    assert (report.day, report.co_ops, report.nobody) == (timezone.localdate(), 1, 0)
    assert measured.progress_done == measured.progress_total > 0


@pytest.fixture
def batch(reference):
    with SAMPLE.open("rb") as file:
        return upload(
            actor=OPERATOR,
            file=File(file, name=SAMPLE.name),
            came_from="the office",
            legal_basis="Plan 215/KH-UBND",
            now=timezone.now(),
        )


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"


def test_a_workbook_is_previewed_applied_and_undone(batch):
    for kind, state in [("preview", "previewed"), ("apply", "applied"), ("undo", "undone")]:
        job = run(f"intake.{kind}", {"batch_id": batch.pk})
        batch.refresh_from_db()
        assert (job.state, batch.state) == ("done", state), job.error_text


def test_an_import_that_was_committed_by_a_worker_that_then_died_counts_as_done(batch):
    run("intake.preview", {"batch_id": batch.pk})
    for kind in ("apply", "undo"):
        run(f"intake.{kind}", {"batch_id": batch.pk})
        job = services.submit(
            kind=f"intake.{kind}", args={"batch_id": batch.pk}, now=timezone.now()
        )
        Job.objects.filter(pk=job.pk).update(attempts=1)
        tasks.run_job.apply((job.pk,), throw=True)
        assert queries.get(job.pk).state == "done"


def test_an_import_that_somebody_applied_before_is_refused(batch):
    run("intake.preview", {"batch_id": batch.pk})
    run("intake.apply", {"batch_id": batch.pk})
    job = run("intake.apply", {"batch_id": batch.pk})
    assert (job.state, job.error_code) == ("failed", "batch_not_applicable")


def test_an_import_job_keeps_what_it_did(batch):
    looked = run("intake.preview", {"batch_id": batch.pk}).result
    done = run("intake.apply", {"batch_id": batch.pk}).result
    assert done["created"]["organisations"] > 800
    assert (done["created"]["linkages"], done["linkages"]) == (done["linkages"], 563)
    assert looked == done
    undone = run("intake.undo", {"batch_id": batch.pk}).result
    assert undone["created"] == done["created"]
    assert undone["updated"] == {"organisations": 0, "linkages": 0}


def test_a_job_tells_its_own_work_whatever_is_looked_at_next(batch):
    run("intake.preview", {"batch_id": batch.pk})
    done = run("intake.apply", {"batch_id": batch.pk}).result
    job = services.submit(kind="intake.undo", args={"batch_id": batch.pk}, now=timezone.now())
    run("intake.undo", {"batch_id": batch.pk})
    # Its first attempt did the work and died; meanwhile the file could not be read any more.
    ImportBatch.objects.filter(pk=batch.pk).update(state="failed", report={})
    Job.objects.filter(pk=job.pk).update(attempts=1)
    tasks.run_job.apply((job.pk,), throw=True)
    assert queries.get(job.pk).result["created"] == done["created"]


def test_the_night_ends_a_pool_that_was_not_agreed_in_time():
    circle = pools.make()
    circle.propose(3, 4, 2)
    PoolProposal.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert run("agreements.lapse_pools", {}).result == {"lapsed": 1}
    assert circle.states() == ["lapsed"] * 3


def test_a_job_looks_for_a_pool_of_a_need():
    circle = pools.make()
    job = run("suggestions.pool", {"need": circle.need.pk})
    assert job.state == "done", job.error_text
    assert PoolSuggestion.objects.get().need_id == circle.need.pk
