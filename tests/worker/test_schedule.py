"""The night's work: when it is due in Hai Phong, and that a missed night is caught up once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from celery.beat import ScheduleEntry

from linkage.jobs.models import Job
from worker.schedule import last_night, submit_nightly
from worker.tasks import app


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (utc(22, 18, 29), "2026-11-22"),  # 01:29 on the 23rd in Hai Phong
        (utc(22, 18, 30), "2026-11-23"),  # 01:30
        (utc(23, 16, 59), "2026-11-23"),  # 23:59
        (utc(23, 17, 0), "2026-11-23"),  # midnight of the 24th
    ],
)
def test_a_night_is_due_at_half_past_one_in_hai_phong(now, night):
    assert last_night(now).date().isoformat() == night


@pytest.mark.django_db
def test_a_night_is_run_once_however_often_it_is_asked_for():
    for hour in (0, 1, 2):
        submit_nightly(now=utc(23, hour))
    assert list(Job.objects.order_by("pk").values_list("kind", "period", "args")) == [
        ("agreements.turn_the_day", "2026-11-23", {}),
        ("agreements.lapse_pools", "2026-11-23", {}),
        ("jobs.forget_answers", "2026-11-23", {}),
        ("agreements.clear_broken_uploads", "2026-11-23", {}),
        ("jobs.verify_chain", "2026-11-23", {}),
        ("suggestions.nightly", "2026-11-23", {"day": "2026-11-23", "engine": "1"}),
        ("coverage.snapshot", "2026-11-23", {"as_of": "2026-11-23"}),
    ]


@pytest.mark.django_db
def test_after_days_of_silence_the_last_night_alone_is_caught_up():
    submit_nightly(now=utc(10, 0))
    submit_nightly(now=utc(23, 0))
    for kind in ("suggestions.nightly", "coverage.snapshot"):
        jobs = Job.objects.filter(kind=kind).order_by("pk")
        assert [job.period for job in jobs] == ["2026-11-10", "2026-11-23"]


@pytest.mark.django_db
def test_whom_suggestions_reach_is_measured_once_all_were_looked_at():
    def measured():
        submit_nightly(now=utc(23, 0))
        return Job.objects.filter(kind="suggestions.fairness").count()

    assert measured() == 0
    Job.objects.filter(kind="suggestions.nightly").update(state="done", finished_at=utc(23, 0))
    look = Job.objects.create(
        kind="suggestions.refresh", args={}, created_at=utc(23, 0), due_at=utc(23, 0),
        hinted_at=utc(23, 0),
    )  # fmt: skip
    assert measured() == 0
    # One that failed holds the others up no longer.
    Job.objects.filter(pk=look.pk).update(state="parked", finished_at=utc(23, 0))
    assert (measured(), measured()) == (1, 1)


@pytest.mark.django_db
def test_a_night_that_was_not_cut_is_not_measured_until_it_was_started_again():
    """Nothing was looked at: by another setting all would stand there as shown to nobody."""
    submit_nightly(now=utc(23, 0))
    night = Job.objects.filter(kind="suggestions.nightly")
    night.update(state="parked", finished_at=utc(23, 0))
    submit_nightly(now=utc(23, 0))
    assert not Job.objects.filter(kind="suggestions.fairness").exists()
    night.update(state="done")
    submit_nightly(now=utc(23, 0))
    assert Job.objects.filter(kind="suggestions.fairness").exists()
    assert night.count() == 1


@pytest.mark.django_db
def test_another_setting_has_all_looked_at_anew_on_the_same_day_and_so_has_the_way_back(settings):
    def looked(preference):
        settings.MATCH_PREFERENCE = preference
        for _ in range(2):
            submit_nightly(now=utc(23, 0))
        jobs = Job.objects.filter(kind="suggestions.nightly").order_by("pk")
        engines = [job.args["engine"] for job in jobs]
        jobs.update(state="done", finished_at=utc(23, 0))
        return engines

    assert looked(2_000) == ["1"]
    assert looked(1_500) == ["1", "1-p1500"]
    assert looked(1_500) == ["1", "1-p1500"]
    assert looked(2_000) == ["1", "1-p1500", "1"]


def test_the_schedule_fires_at_half_past_one_in_hai_phong():
    nightly = app.conf.beat_schedule["nightly"]["schedule"]
    entry = ScheduleEntry(name="n", schedule=nightly, app=app, last_run_at=utc(22, 18, 0))
    nightly.nowfun = lambda: utc(22, 18, 29)
    assert not entry.is_due().is_due
    nightly.nowfun = lambda: utc(22, 18, 31)
    assert entry.is_due().is_due


def test_task_names_are_stable():
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {"jobs.run", "jobs.deliver", "jobs.sweep", "jobs.heartbeat", "jobs.nightly"}
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= ours
