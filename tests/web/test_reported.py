"""The lines that are reported: entered on a page, shown on the dashboard with source and day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linkage.coverage.models import ManualValue, SourceFile
from linkage.coverage.services import take_snapshot
from tests.scans import named, scan
from tests.web import register

pytestmark = pytest.mark.django_db
ADD = "/programmes/lines/INSURANCE/add/"
POSTED = {
    "as_of": "2024-12-31", "numerator": "1.200", "denominator": "1.500", "territory": "",
    "source": "Báo cáo 12",
}  # fmt: skip


def _line(client: Client) -> str:
    body = client.get("/dashboard/").content.decode()
    return body.split('title="INSURANCE"')[1].split("</tr>")[0]


def test_a_value_stands_on_the_dashboard_with_its_source_and_day_marked_as_by_hand(
    staff: Client,
) -> None:
    register.whole_register()
    staff.post(ADD, POSTED)
    assert "chưa có số liệu" in _line(staff)
    take_snapshot(as_of=date(2025, 12, 31), now=timezone.now())
    line = _line(staff)
    for words in ("80,0% (1.200/1.500)", "Nhập tay", "31/12/2024", "Báo cáo 12"):
        assert words in line
    assert "chưa có số liệu" not in line


def test_the_list_shows_a_line_that_nobody_reported(staff: Client) -> None:
    register.indicators()
    body = staff.get("/programmes/lines/").content.decode()
    assert "Chỉ tiêu INSURANCE" in body
    assert "chưa có số liệu" in body
    assert "Chỉ tiêu LINK-ALL" not in body


def test_a_correction_keeps_the_earlier_version_on_the_page(staff: Client) -> None:
    register.indicators()
    staff.post(ADD, POSTED)
    first = ManualValue.objects.get()
    staff.post(
        f"/programmes/values/{first.pk}/correct/",
        {"numerator": "1.300", "denominator": "1.500", "source": "Báo cáo 13", "reason": "Sót"},
    )
    body = staff.get("/programmes/lines/INSURANCE/").content.decode()
    for words in ("1.300/1.500", "1.200/1.500", "Báo cáo 13", "Báo cáo 12", "Sót", "Người"):
        assert words in body


def test_a_value_is_taken_back_with_a_reason(staff: Client) -> None:
    register.indicators()
    staff.post(ADD, POSTED)
    first = ManualValue.objects.get()
    address = f"/programmes/values/{first.pk}/withdraw/"
    assert 'id="id_reason_error"' in staff.post(address, {"reason": ""}).content.decode()
    staff.post(address, {"reason": "Nhầm chỉ tiêu"})
    assert "đã rút" in staff.get("/programmes/lines/INSURANCE/").content.decode().lower()


def test_what_is_refused_is_said_at_its_field(staff: Client) -> None:
    register.indicators()
    for name, value in (("source", ""), ("numerator", "1.501"), ("as_of", "2999-01-01")):
        body = staff.post(ADD, {**POSTED, name: value}).content.decode()
        assert f'id="id_{name}_error"' in body
    assert not ManualValue.objects.exists()


def test_an_auditor_reads_and_has_no_buttons(auditor: Client) -> None:
    register.indicators()
    body = auditor.get("/programmes/lines/INSURANCE/").content.decode()
    assert "/add/" not in body


def test_the_report_is_attached_and_opened_from_the_line(
    staff: Client, verifier: Client, auditor: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    register.indicators()
    staff.post(ADD, POSTED)
    address = f"/programmes/values/{ManualValue.objects.get().pk}/files/"
    page = staff.post(f"{address}add/", {"file": scan(name="báo cáo 12.pdf")}, follow=True)
    assert "báo cáo 12.pdf" in page.content.decode()
    file = f"{address}{SourceFile.objects.get().pk}/"
    assert file in page.content.decode()
    opened = verifier.get(file)
    assert opened["Content-Disposition"].startswith("attachment")
    assert b"".join(opened.streaming_content) == scan().getvalue()
    seen = auditor.get("/programmes/lines/INSURANCE/").content.decode()
    assert "báo cáo 12.pdf" not in seen
    assert SourceFile.objects.get().sha256[:12] in seen
    assert auditor.get(file).status_code == 404
    refused = staff.post(f"{address}add/", {"file": named(b"<html>", "a.pdf")})
    assert 'id="id_file_error"' in refused.content.decode()
