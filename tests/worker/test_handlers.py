"""Each kind of job does what it is named after, and the tasks reach it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linkage.coverage.models import Series, Snapshot
from linkage.jobs import queries, services
from worker import tasks

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
    assert [job.kind for job in queries.recent(5)] == ["coverage.snapshot"]
    tasks.nightly.apply(throw=True)
    assert len(queries.recent(5)) == 1
