"""The dashboard and what a figure opens to."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkage.coverage.models import Snapshot
from linkage.intake.invented import sample_digest
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Job
from linkage.jobs.services import record_event
from linkage.registry.models import CommuneFact, SectorFact, StatusFact
from tests.web import register

pytestmark = pytest.mark.django_db
DASHBOARD = "/dashboard/"


def _members(snapshot: Snapshot, query: str = "", name: str = "coverage_members") -> str:
    address = reverse(f"web:{name}", args=[snapshot.pk, "LINK-ALL", "verified"])
    return f"{address}{query}"


def test_it_shows_verified_confirmed_and_declared_side_by_side(staff: Client) -> None:
    snapshot = register.whole_register(linked=2, alone=2)
    body = staff.get(DASHBOARD).content.decode()
    assert snapshot.as_of == date(2025, 12, 31)
    for words in ("Thành phố đã kiểm tra", "Hai bên xác nhận", "Khai báo", "Cách hiểu khác"):
        assert words in body


def test_the_old_and_the_merged_city_stand_side_by_side(staff: Client) -> None:
    register.whole_register()
    body = staff.get(DASHBOARD).content.decode()
    assert "Hải Phòng trước 01/7/2025" in body
    assert "Hải Dương trước 01/7/2025" in body


def test_a_line_without_figures_says_so_and_is_never_nought(staff: Client) -> None:
    register.whole_register()
    body = staff.get(DASHBOARD).content.decode()
    line = body.split('title="INSURANCE"')[1].split("</tr>")[0]
    assert "chưa có số liệu" in line
    assert "trên 80%" in line


def test_another_day_is_read_from_its_own_snapshot(staff: Client) -> None:
    register.whole_register(linked=1, alone=0)
    register.snapshot(as_of=date(2023, 12, 31), taken_at=datetime(2026, 1, 2, tzinfo=UTC))
    body = staff.get(DASHBOARD, {"as_of": "2023-12-31"}).content.decode()
    assert "0 trên 1 HTX" in body


def test_a_day_that_was_not_computed_says_so(staff: Client) -> None:
    register.whole_register()
    body = staff.get(DASHBOARD, {"as_of": "2024-05-05"}).content.decode()
    assert "Chưa có số liệu nào được tính cho ngày 05/05/2024" in body


def test_a_day_that_does_not_exist_is_an_error_at_its_field(staff: Client) -> None:
    answer = staff.get(DASHBOARD, {"as_of": "2026-02-30"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_computing_again_makes_a_job_and_nothing_in_the_request(staff: Client) -> None:
    register.whole_register()
    answer = staff.post(reverse("web:recalculate"), {"as_of": "2025-06-30"})
    job = Job.objects.get()
    assert (job.kind, job.args) == ("coverage.snapshot", {"as_of": "2025-06-30"})
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert Snapshot.objects.count() == 1


def test_an_auditor_reads_and_has_no_button(auditor: Client) -> None:
    register.whole_register()
    assert 'id="recalculate"' not in auditor.get(DASHBOARD).content.decode()


def test_a_figure_opens_to_its_cooperatives_and_their_linkages(staff: Client) -> None:
    snapshot = register.whole_register(linked=2, alone=1)
    body = staff.get(_members(snapshot)).content.decode()
    assert "HTX Liên Kết 0" in body
    assert "0/HĐ" in body
    assert "HTX Đơn Lẻ 0" in body
    assert "Công ty Thu Mua" in body


def test_the_list_can_be_narrowed_to_those_not_linked(staff: Client) -> None:
    snapshot = register.whole_register(linked=2, alone=1)
    body = staff.get(_members(snapshot, "?shown=not_linked")).content.decode()
    assert "HTX Đơn Lẻ 0" in body
    assert "HTX Liên Kết 0" not in body


def test_the_list_is_searched_without_marks(staff: Client) -> None:
    snapshot = register.whole_register(linked=2, alone=1)
    body = staff.get(_members(snapshot, "?q=don+le")).content.decode()
    assert "HTX Đơn Lẻ 0" in body
    assert "HTX Liên Kết" not in body


def test_a_later_change_of_the_register_does_not_change_an_old_figure(staff: Client) -> None:
    snapshot = register.whole_register(linked=1, alone=0)
    register.organisation("HTX Mới")
    assert "HTX Mới" not in staff.get(_members(snapshot)).content.decode()


@pytest.mark.parametrize("query", ["?page=999999999999", "?page=-1", "?page=x", "?page=²"])
def test_a_wild_page_number_gives_a_page(staff: Client, query: str) -> None:
    assert staff.get(_members(register.whole_register(), query)).status_code == 200


@pytest.mark.parametrize("path", ["LINK-ALL/proved", "NOTHING/verified"])
def test_an_unknown_indicator_or_level_is_a_404(staff: Client, path: str) -> None:
    snapshot = register.whole_register()
    assert staff.get(f"/coverage/{snapshot.pk}/{path}/").status_code == 404


def test_the_sheet_holds_every_member_and_no_formula(staff: Client) -> None:
    register.indicators()
    register.organisation("=1+1 HTX")
    snapshot = register.snapshot()
    answer = staff.get(_members(snapshot, name="coverage_members_csv"))
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert "'=1+1 HTX" in answer.content.decode("utf-8-sig")


def test_a_persons_tax_code_is_not_in_the_sheet(staff: Client) -> None:
    register.indicators()
    register.organisation("HTX Một Người", tax_code="031090001234")
    snapshot = register.snapshot()
    answer = staff.get(_members(snapshot, name="coverage_members_csv"))
    assert "031090001234" not in answer.content.decode()


STALE, INVENTED = "Số liệu chưa tính lại từ", "Dữ liệu minh họa"


def _change() -> None:
    record_event(
        subject_kind="organisation",
        subject_id=1,
        kind="status_set",
        at=timezone.now(),
        actor_id=None,
        data={},
    )


def test_a_change_after_the_figure_is_said_aloud_with_a_button_and_computes_nothing(
    staff: Client,
) -> None:
    register.whole_register()
    assert STALE not in staff.get(DASHBOARD).content.decode()
    _change()
    body = staff.get(DASHBOARD).content.decode()
    assert f"{STALE} 09:00 01/01/2026" in body
    assert "Tính lại ngay" in body
    assert (Snapshot.objects.count(), Job.objects.count()) == (1, 0)


def test_who_may_not_compute_reads_it_without_the_button(auditor: Client) -> None:
    register.whole_register()
    _change()
    body = auditor.get(DASHBOARD).content.decode()
    assert STALE in body
    assert "Tính lại ngay" not in body


@pytest.mark.parametrize("address", ["/", DASHBOARD])
def test_invented_data_is_said_to_be_invented(staff: Client, address: str) -> None:
    register.whole_register()
    assert INVENTED not in staff.get(address).content.decode()
    sample = ImportBatch.objects.create(
        file_name="so.xlsx",
        stored_as="x",
        sha256=sample_digest(),
        came_from="x",
        legal_basis="x",
        state=ImportBatch.State.APPLIED,
        created_at=register.NOW,
    )
    record_event(
        subject_kind="import_batch",
        subject_id=sample.pk,
        kind="applied",
        at=register.NOW,
        actor_id=None,
        data={},
    )
    assert INVENTED in staff.get(address).content.decode()


def test_each_number_to_be_settled_opens_to_as_many_lines(staff: Client) -> None:
    register.indicators()
    register.organisation("HTX Thiếu Ngày", founded_on=None)
    register.organisation("Công ty Thiếu Ngày", kind="enterprise", founded_on=None)
    for name, kind, status in (
        ("HTX Thiếu Nơi", "cooperative", "active"),
        ("Công ty Thiếu Nơi", "enterprise", "active"),
        ("HTX Đã Dừng", "cooperative", "stopped"),
    ):
        made = register.organisation(name, kind=kind)
        CommuneFact.objects.filter(organisation=made).update(commune=None)
        SectorFact.objects.filter(organisation=made).update(sector=None)
        if status != "active":
            StatusFact.objects.create(organisation=made, status=status, since=date(2020, 1, 1))
    register.snapshot()
    body = staff.get(DASHBOARD).content.decode()
    links = re.findall(r'href="(/organisations/\?settle=[^"]+)">([\d.]+)</a>', body)
    assert [count for _, count in links] == ["1", "1", "1"]
    for address, count in links:
        listed = staff.get(unescape(address)).content.decode()
        assert f"{count} đơn vị" in listed
        assert "Công ty" not in listed.split("<tbody>")[1]


def test_the_sheet_is_vietnamese(staff: Client) -> None:
    snapshot = register.whole_register(linked=1, alone=1)
    lines = staff.get(_members(snapshot, name="coverage_members_csv")).content.decode("utf-8-sig")
    head, *rows = lines.split("\r\n")
    assert head == "Đơn vị,Mã số thuế,Liên kết,Hợp đồng,Ngày,Bằng chứng"
    assert [row.split(",")[2] for row in sorted(filter(None, rows))] == ["có", "không"]
    assert "verified" not in lines


def test_a_territory_that_does_not_exist_is_said_so(staff: Client) -> None:
    answer = staff.get(_members(register.whole_register(linked=1, alone=1), "?territory=x"))
    assert answer.status_code == 400
    assert "x" in answer.content.decode()
