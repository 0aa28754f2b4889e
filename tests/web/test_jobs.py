"""A job's page: its progress, its errors in words, cancel and retry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from linkage.intake.services import exporting
from linkage.jobs.models import Heartbeat, Job
from linkage.jobs.services import submit
from web.jobwords import KINDS
from worker.handlers import HANDLERS

pytestmark = pytest.mark.django_db
ALONE = "không có tiến trình nền nào hoạt động. Công việc"


@pytest.fixture
def waiting() -> Job:
    return submit(kind="coverage.snapshot", args={"as_of": "2025-12-31"}, now=timezone.now())


def _running(job: Job, done: int, total: int) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING,
        lease_token=uuid4(),
        lease_until=timezone.now(),
        started_at=timezone.now(),
        progress_done=done,
        progress_total=total,
    )


def _progress(client: Client, job: Job) -> str:
    return client.get(f"/jobs/{job.pk}/progress/").content.decode()


def test_without_a_worker_the_page_says_that_the_job_waits(staff: Client, waiting: Job) -> None:
    assert ALONE in staff.get(f"/jobs/{waiting.pk}/").content.decode()


def test_with_a_worker_it_does_not(staff: Client, waiting: Job) -> None:
    Heartbeat.objects.create(worker="w", seen_at=timezone.now())
    assert ALONE not in staff.get(f"/jobs/{waiting.pk}/").content.decode()


def test_a_running_job_shows_rising_values_and_asks_again(staff: Client, waiting: Job) -> None:
    seen = []
    for done in (300, 600, 900):
        _running(waiting, done, 1200)
        body = _progress(staff, waiting)
        assert 'hx-trigger="every 500ms"' in body
        seen.append(body.split("<progress")[1].split("value=")[1].split('"')[1])
    assert seen == ["300", "600", "900"]
    assert "900 trên 1.200 (75%)" in body


def test_a_job_that_is_over_asks_no_more_and_leads_to_its_result(
    staff: Client, waiting: Job
) -> None:
    Job.objects.filter(pk=waiting.pk).update(state=Job.State.DONE, finished_at=timezone.now())
    body = _progress(staff, waiting)
    assert "hx-trigger" not in body
    assert "/dashboard/?as_of=2025-12-31" in body


def test_a_failed_job_says_why_and_can_be_tried_again(staff: Client, waiting: Job) -> None:
    Job.objects.filter(pk=waiting.pk).update(
        state=Job.State.FAILED, finished_at=timezone.now(), error_text="Tệp hỏng."
    )
    assert "Tệp hỏng." in _progress(staff, waiting)
    staff.post(f"/jobs/{waiting.pk}/retry/")
    assert Job.objects.get(pk=waiting.pk).state == Job.State.WAITING


def test_a_waiting_job_is_cancelled(staff: Client, waiting: Job) -> None:
    staff.post(f"/jobs/{waiting.pk}/cancel/")
    assert Job.objects.get(pk=waiting.pk).state == Job.State.CANCELLED


def test_cancelling_what_is_over_is_a_conflict(staff: Client, waiting: Job) -> None:
    staff.post(f"/jobs/{waiting.pk}/cancel/")
    assert staff.post(f"/jobs/{waiting.pk}/cancel/").status_code == 409


def test_an_auditor_reads_and_has_no_buttons(auditor: Client, waiting: Job) -> None:
    assert "<button" not in _progress(auditor, waiting)


def test_without_script_the_page_loads_itself_again(staff: Client, waiting: Job) -> None:
    body = staff.get(f"/jobs/{waiting.pk}/").content.decode()
    assert '<meta http-equiv="refresh"' in body.split("<noscript>")[1].split("</noscript>")[0]


def _done(kind: str, result: dict[str, Any] | None, **args: Any) -> Job:
    job = submit(kind=kind, args=args, now=timezone.now())
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DONE,
        finished_at=timezone.now(),
        progress_done=1396,
        progress_total=1396,
        result=result,
    )
    return job


GIST = {
    "organisations": 820,
    "linkages": 563,
    "created": {"organisations": 818, "linkages": 1563},
    "updated": {"organisations": 2, "linkages": 0},
    "refused": 13,
}


@pytest.mark.parametrize(
    ("kind", "result", "words"),
    [
        ("intake.preview", GIST, "820 đơn vị và 563 liên kết; 13 dòng bị từ chối"),
        ("intake.apply", GIST, "Thêm mới: 818 đơn vị, 1.563 liên kết. Sửa: 2 đơn vị"),
        ("intake.undo", GIST, "Đưa ra khỏi sổ: 818 đơn vị, 1.563 liên kết"),
        ("intake.export", {"rows": {"HTX": 1655}}, "HTX 1.655"),
        ("coverage.snapshot", {"snapshot_id": 1}, "Đã tính xong số liệu ngày 31/12/2025"),
        ("coverage.series", {"days": 24}, "Đã tính xong cho 24 ngày"),
        ("agreements.turn_the_day", {"ended": 2, "broken": []}, "Đã làm xong toàn bộ"),
        ("agreements.turn_the_day", {"ended": 2, "broken": [7, 31]}, "giữ nguyên: 7, 31."),
        ("agreements.turn_the_day", {"ended": 2}, "Đã làm xong toàn bộ"),
        ("intake.apply", {"batch_id": 1}, "Đã làm xong toàn bộ"),
        ("intake.apply", None, "Đã làm xong toàn bộ"),
    ],
)
def test_a_job_that_is_done_says_what_it_did_and_no_share_of_it(
    staff: Client, kind: str, result: dict[str, Any] | None, words: str
) -> None:
    job = _done(kind, result, as_of="2025-12-31", batch_id=1)
    body = _progress(staff, job)
    assert words in body
    assert "trên 1.396" not in body
    assert 'value="1396"' in body


def test_the_attempts_are_told_with_the_progress(staff: Client, waiting: Job) -> None:
    Job.objects.filter(pk=waiting.pk).update(attempts=3)
    assert "số lần thử: 3" in _progress(staff, waiting)


def test_an_export_is_named_by_the_day_here(
    administrator: Client, waiting: Job, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / exporting.FOLDER).mkdir()
    (tmp_path / exporting.FOLDER / "x.xlsx").write_bytes(b"x")
    # 18:30 in Greenwich is half past one of the next day in Hai Phong.
    Job.objects.filter(pk=waiting.pk).update(
        kind=exporting.KIND,
        state=Job.State.DONE,
        result={"file": "x.xlsx"},
        created_at=datetime(2026, 11, 25, 18, 30, tzinfo=UTC),
        finished_at=timezone.now(),
    )
    answer = administrator.get(f"/imports/export/{waiting.pk}/")
    assert "so-theo-doi-htx-2026-11-26.xlsx" in answer["Content-Disposition"]
    answer.close()


def test_every_kind_of_work_has_its_words() -> None:
    assert HANDLERS.keys() <= KINDS.keys()
