"""One import's page: what waits for an answer, what is settled and by whom, what can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from linkage.agreements.models import Linkage
from linkage.errors import StaleVersion
from linkage.intake import queries
from linkage.intake.models import ImportBatch, ImportRow, PairDecision
from linkage.intake.questions import questions_of
from linkage.jobs.models import Job
from linkage.registry.models import Organisation
from tests.intake.workbooks import CODES, coop, firm, link, workbook
from tests.web.imports.steps import (
    address_of,
    answer,
    correct,
    form_of,
    may_apply,
    page,
    press,
    shown,
    worked,
)
from web.forms.imports import control_of

pytestmark = pytest.mark.django_db


def test_a_row_that_lacks_a_value_offers_its_blank_field_with_the_reason_beside(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(number=None)]))
    address = f"/imports/{batch.pk}/row/?sheet=Liên kết&row=6"
    body = staff.get(address).content.decode()
    beside = body[body.index('id="id_contract_number"') :][:400]
    assert "Thiếu giá trị bắt buộc" in beside
    assert 'name="terminated_on"' in body

    correct(staff, batch, contract_number="09/HĐ")
    assert ImportRow.objects.get().overrides == {"contract_number": "09/HĐ"}
    worked()
    assert queries.get(batch.pk).report["refused"] == []


def test_a_corrected_row_is_shown_as_such_and_can_be_changed(staff: Client, book: Path) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(number=None)]))
    address = f"/imports/{batch.pk}/row/?sheet=Liên kết&row=6"
    correct(staff, batch, contract_number="09/HĐ")
    worked()
    body = page(staff, batch)
    assert "Các dòng đã sửa bằng tay" in body
    assert 'value="09/HĐ"' in staff.get(address).content.decode()


def test_a_party_that_lacks_is_created_with_all_the_row_says_and_its_row_passes(
    staff: Client, book: Path
) -> None:
    row = link(buyer="Công ty Vắng Mặt", buyer_code=int(CODES[3]))
    batch = shown(workbook(book, [coop()], [], [row]))
    address = re.search(r'href="(/organisations/add/[^"]+)"', page(staff, batch))[1]
    address = address.replace("&amp;", "&")
    body = staff.get(address).content.decode()
    assert 'value="Công ty Vắng Mặt"' in body
    assert f'value="{CODES[3]}"' in body

    posted = {"name": "Công ty Vắng Mặt", "tax_code": CODES[3], "kind": "enterprise"}
    answered = staff.post(address, posted, follow=True)
    assert answered.redirect_chain == [(f"/imports/{batch.pk}/", 302)]
    assert "Sổ đã thay đổi từ sau lần xem trước này" in answered.content.decode()
    for act in ("preview", "apply"):
        press(staff, batch, act)
        worked()
    assert Linkage.objects.get().buyer.name == "Công ty Vắng Mặt"


# --- Two clerks from one page -----------------------------------------------------------------
@pytest.mark.parametrize("sent", ["seen", "", "x"])
def test_what_somebody_else_changed_meanwhile_is_not_taken_in_unseen(
    staff: Client, book: Path, sent: str
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(number=None)]))
    seen = queries.get(batch.pk).version if sent == "seen" else sent
    correct(staff, batch, contract_number="09/HĐ")
    worked()
    assert may_apply(batch) in page(staff, batch)
    answered = staff.post(f"/imports/{batch.pk}/apply/", {"version": seen}, follow=True)
    assert answered.redirect_chain == [(f"/imports/{batch.pk}/", 302)]
    assert str(StaleVersion()) in answered.content.decode()
    assert not Job.objects.filter(kind="intake.apply").exists()


def test_a_correction_from_a_page_that_is_out_of_date_takes_nothing_back(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(number=None)]))
    row = ImportRow.objects.get(batch=batch)
    stale = form_of(row)
    correct(staff, batch, contract_number="09/HĐ")
    worked()
    answered = staff.post(address_of(row), stale | {"unit": "kg"})
    assert answered.status_code == 412
    assert "trong lúc đó" in answered.content.decode()
    back = re.search(r'href="(/imports/[^"]+row=6)"', answered.content.decode())[1]
    assert 'value="09/HĐ"' in staff.get(back.replace("&amp;", "&")).content.decode()
    assert ImportRow.objects.get().overrides == {"contract_number": "09/HĐ"}


def test_an_answer_from_a_page_that_is_out_of_date_takes_nothing_back(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(starts="12/25/2020")]))
    (question,) = questions_of(batch)
    answer(staff, batch, question.header, "month_first")
    late = {"version": batch.version, control_of(question): ""}
    answered = staff.post(f"/imports/{batch.pk}/columns/", late, follow=True)
    assert "Có người vừa thay đổi" in answered.content.decode()
    assert queries.get(batch.pk).mapping["date_order"] == {question.name: "month_first"}


def test_a_page_stays_good_while_the_file_is_only_looked_at(staff: Client, book: Path) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(number=None)]))
    seen = form_of(ImportRow.objects.get(batch=batch))
    staff.post(f"/imports/{batch.pk}/preview/")
    worked()
    row = ImportRow.objects.get(batch=batch)
    staff.post(address_of(row), seen | {"contract_number": "09/HĐ"})
    assert ImportRow.objects.get().overrides == {"contract_number": "09/HĐ"}


# --- Columns -------------------------------------------------------------------------------
def without_its_name_column(book: Path) -> Path:
    made = load_workbook(workbook(book, [coop()]))
    made["HTX"]["B5"] = "Cơ sở ABC"
    made.save(book)
    return book


def test_a_file_with_an_unknown_header_says_why_and_is_previewed_once_it_is_told(
    staff: Client, book: Path
) -> None:
    batch = shown(without_its_name_column(book), refused="missing_column")
    body = page(staff, batch)
    assert "không có cột" in body
    assert "HTX: Cơ sở ABC" in body
    assert may_apply(batch) not in body
    answer(staff, batch, "Cơ sở ABC", "name")
    body = page(staff, batch)
    assert may_apply(batch) in body
    assert queries.get(batch.pk).report["organisations"]["HTX"] == 1
    assert "Đã trả lời" in body


def test_a_column_that_reads_in_two_ways_is_asked_about_and_holds_the_file_up(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(starts="12/25/2020")]))
    body = page(staff, batch)
    assert may_apply(batch) not in body
    assert "12/25/2020" in body
    assert "Tháng/ngày/năm" in body
    press(staff, batch, "apply")
    assert not Job.objects.filter(kind="intake.apply").exists()

    answer(staff, batch, "Hiệu lực từ", "month_first")
    body = page(staff, batch)
    assert may_apply(batch) in body
    assert "Người city_staff" in body[body.index("Đã trả lời") :]


def test_a_readers_page_shows_columns_and_asks_nothing(auditor: Client, book: Path) -> None:
    made = load_workbook(workbook(book, [coop()]))
    made["HTX"]["O5"] = "Cột lạ"
    made["HTX"]["O6"] = "x"
    made.save(book)
    batch = shown(book)
    body = page(auditor, batch)
    assert "<li>HTX: Cột lạ</li>" in body
    assert "<select" not in body
    assert f"/imports/{batch.pk}/columns/" not in body


def test_the_upload_page_asks_for_no_json(staff: Client) -> None:
    assert 'name="mapping"' not in staff.get("/imports/add/").content.decode()


# --- What was shown is what is written -----------------------------------------------------
def test_after_a_decision_the_file_is_previewed_again_before_it_is_taken_in(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop(members=5), coop(founded="01/01/2016")]))
    assert may_apply(batch) in page(staff, batch)
    pair = batch.report["likely_duplicates"][0]
    keys = {"first_key": pair["first_key"], "second_key": pair["second_key"]}
    staff.post(f"/imports/{batch.pk}/decide/", {**keys, "verdict": "different"})
    body = page(staff, batch)
    assert may_apply(batch) not in body
    assert "chỉ được đưa vào sổ sau khi xem trước" in body
    staff.post(f"/imports/{batch.pk}/preview/")
    worked()
    assert may_apply(batch) in page(staff, batch)


def test_a_decided_pair_is_shown_as_decided_with_who_and_can_be_decided_otherwise(
    staff: Client, book: Path
) -> None:
    batch = shown(workbook(book, [coop(members=5), coop(founded="01/01/2016")]))
    pair = batch.report["likely_duplicates"][0]
    keys = {"first_key": pair["first_key"], "second_key": pair["second_key"]}
    staff.post(f"/imports/{batch.pk}/decide/", {**keys, "verdict": "different"})
    body = page(staff, batch)
    assert "cần bạn quyết định" not in body
    decided = body[body.index("Đã quyết định") :]
    assert "Người city_staff" in decided
    assert 'value="same"' in decided
    assert 'value="different"' not in decided
    staff.post(f"/imports/{batch.pk}/decide/", {**keys, "verdict": "same"})
    assert PairDecision.objects.get().verdict == "same"


def test_an_undone_import_is_previewed_and_taken_in_again(staff: Client, book: Path) -> None:
    batch = shown(workbook(book, [coop()]))
    for act in ("apply", "undo", "preview", "apply"):
        assert f"/imports/{batch.pk}/{act}/" in page(staff, batch)
        press(staff, batch, act)
        worked()
    assert Organisation.objects.count() == 1


def test_the_same_file_again_says_whose_corrections_came_along(staff: Client, book: Path) -> None:
    first = shown(workbook(book, [coop()], [firm()], [link(number=None)]))
    correct(staff, first, contract_number="09/HĐ")
    with book.open("rb") as file:
        posted = {"file": file, "came_from": "Sở", "legal_basis": "Luật", "carry_over": "on"}
        staff.post("/imports/add/", posted)
    worked()
    again = ImportBatch.objects.latest("pk")
    assert f'href="/imports/{first.pk}/"' in page(staff, again)
    assert again.report["refused"] == []


def test_a_form_that_was_explained_before_is_said_to_be(staff: Client, book: Path) -> None:
    path = workbook(book, [coop()])
    loaded = load_workbook(path)
    loaded["HTX"].cell(5, 40).value, loaded["HTX"].cell(6, 40).value = "Cột lạ", "gì đó"
    loaded.save(path)
    first = shown(path)
    assert "gì đó" in page(staff, first)
    answer(staff, first, "Cột lạ", "ignore")
    worked()
    assert "đã được giải thích trước đây" not in page(staff, first)
    assert "đã được giải thích trước đây" in page(staff, shown(path))
