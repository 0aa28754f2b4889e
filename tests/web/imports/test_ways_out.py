"""A clerk who is refused something on an import's page is told the true reason and a way on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from linkage.agreements.models import Linkage
from linkage.intake import asking, queries, services
from linkage.intake.models import ImportBatch, ImportRow
from linkage.jobs.models import Job
from linkage.registry.models import Organisation
from tests.intake.workbooks import CODES, applied, coop, firm, link, workbook
from tests.web.imports.steps import NOW, address_of, form_of, page, shown, worked
from web.jobwords import page_of

pytestmark = pytest.mark.django_db
TAKE = "Nhận dòng này như trong tệp"


def hidden(path: Path, *, formula: bool = False) -> Path:
    """Row 7 is hidden; with a formula without a value in it, if that is said."""
    workbook(path, [coop(), coop("HTX Ẩn", members=3)])
    loaded = load_workbook(path)
    loaded["HTX"].row_dimensions[7].hidden = True
    if formula:
        loaded["HTX"].cell(7, 12).value = "=A1+1"
    loaded.save(path)
    return path


# --- Hidden rows --------------------------------------------------------------------------------
def test_a_hidden_row_is_taken_as_it_is_in_the_file_and_left_again(
    staff: Client, book: Path
) -> None:
    batch = shown(hidden(book))
    row = ImportRow.objects.get(batch=batch)
    assert (row.code, TAKE in staff.get(address_of(row)).content.decode()) == ("hidden_row", True)

    staff.post(address_of(row), form_of(row) | {"as_in_file": "yes"})
    worked()
    report = queries.get(batch.pk).report
    assert (report["refused"], report["organisations"]["HTX"]) == ([], 2)
    assert [one["code"] for one in report["warnings"]] == ["taken_as_in_file"]

    body = staff.get(address_of(row)).content.decode()
    assert TAKE not in body and "Không nhận dòng ẩn này" in body
    staff.post(address_of(row), form_of(row) | {"as_in_file": ""})
    worked()
    assert [one["code"] for one in queries.get(batch.pk).report["refused"]] == ["hidden_row"]


def test_so_is_each_row_of_a_hidden_sheet(staff: Client, book: Path) -> None:
    loaded = load_workbook(workbook(book, [coop()], [firm()]))
    loaded["HTX"].sheet_state = "hidden"
    loaded.save(book)
    batch = shown(book)
    row = ImportRow.objects.get(batch=batch)
    staff.post(address_of(row), form_of(row) | {"as_in_file": "yes"})
    worked()
    assert queries.get(batch.pk).report["organisations"]["HTX"] == 1


def test_what_else_is_wrong_with_a_hidden_row_is_still_said(staff: Client, book: Path) -> None:
    batch = shown(hidden(book, formula=True))
    row = ImportRow.objects.get(batch=batch)
    staff.post(address_of(row), form_of(row) | {"as_in_file": "yes"})
    worked()
    (refused,) = queries.get(batch.pk).report["refused"]
    assert (refused["code"], refused["row"]) == ("formula_without_value", 7)


def test_a_row_that_is_not_hidden_offers_no_such_button(staff: Client, book: Path) -> None:
    shown(workbook(book, [coop(founded="31/02/2020")]))
    row = ImportRow.objects.get()
    assert TAKE not in staff.get(address_of(row)).content.decode()
    answer = staff.post(address_of(row), form_of(row) | {"as_in_file": "yes"})
    assert (answer.status_code, ImportRow.objects.get().overrides) == (200, {})


# --- A column that is not there -----------------------------------------------------------------
def without_status(path: Path, *, other: bool) -> Path:
    loaded = load_workbook(workbook(path, [coop()]))
    for column in range(1, 14):
        cell = loaded["HTX"].cell(5, column)
        if cell.value == "Tình trạng":
            # Either another header stands there, or the column is gone.
            cell.value = "Cột lạ" if other else None
            loaded["HTX"].cell(6, column).value = "Đang hoạt động" if other else None
    loaded.save(path)
    return path


def test_where_no_column_is_left_the_page_says_to_add_it(staff: Client, book: Path) -> None:
    body = page(staff, shown(without_status(book, other=False), refused="missing_column"))
    assert "không còn cột nào có thể là cột đó: hãy thêm cột" in body


def test_where_one_is_left_it_says_both(staff: Client, book: Path) -> None:
    body = page(staff, shown(without_status(book, other=True), refused="missing_column"))
    assert "Cột lạ" in body
    assert "Nếu tệp không có cột đó: hãy thêm cột" in body


def test_the_failed_job_leads_to_the_answer(staff: Client, book: Path) -> None:
    shown(without_status(book, other=True), refused="missing_column")
    body = staff.get(f"/jobs/{Job.objects.get().pk}/").content.decode()
    assert "Cách trả lời hoặc khắc phục có ở nút “Xem kết quả”" in body


# --- Undoing ------------------------------------------------------------------------------------
def test_a_refused_undoing_counts_what_it_names_and_says_which_import_is_first(
    staff: Client, book: Path
) -> None:
    coops = [coop(f"HTX Số {n}", code=CODES[n]) for n in (0, 2, 3)]
    links = [link(seller=one["Tên đơn vị"], number=f"0{n}") for n, one in enumerate(coops, 1)]
    first = applied(workbook(book, coops, [firm()], links))["batch"]
    changed = [one | {"Số thành viên": 9, "Tình trạng": "Tạm ngừng"} for one in coops]
    newer = book.with_name("moi.xlsx")
    links = [one | {"Sản lượng": 99} for one in links]
    second = applied(workbook(newer, changed, [firm()], links))["batch"]
    with pytest.raises(services.UndoConflict) as caught:
        services.undo_batch(batch_id=first, now=NOW)
    said = str(caught.value)
    assert caught.value.values["count"] == 6
    assert "01 (HTX Số 0 – Công ty Hai)" in said
    assert "“moi.xlsx”" in said and "lần nhập sau" in said

    asking.ask(kind="intake.undo", batch_id=first, now=timezone.now(), created_by_id=None)
    worked(refused="undo_conflict")
    words = page_of(Job.objects.get(), worker_alive=True, may_steer=True)
    assert (words.progress_words, "moi.xlsx" in words.error_words) == ("", True)

    services.undo_batch(batch_id=second, now=NOW)
    services.undo_batch(batch_id=first, now=NOW)
    assert not Organisation.objects.exists()


def test_what_a_person_changed_names_no_import(book: Path) -> None:
    first = applied(workbook(book, [coop(code=CODES[0])]))["batch"]
    Organisation.objects.update(members=7)
    with pytest.raises(services.UndoConflict) as caught:
        services.undo_batch(batch_id=first, now=NOW)
    assert (caught.value.values["count"], caught.value.values["later"]) == (1, "")
    assert "lần nhập sau" not in str(caught.value)


def test_undoing_asks_once_more(staff: Client, book: Path) -> None:
    batch = ImportBatch.objects.get(pk=applied(workbook(book, [coop()]))["batch"])
    body = page(staff, batch)
    asked = body[body.index("<details") : body.index(f'action="/imports/{batch.pk}/undo/"')]
    assert "Hoàn tác toàn bộ lần nhập</summary>" in asked
    assert "Đúng, hoàn tác" in body


# --- After the file was taken in ----------------------------------------------------------------
def test_after_it_is_applied_refused_rows_have_a_way_in(staff: Client, book: Path) -> None:
    path = workbook(book, [coop()], [firm()], [link(), link(number="02", ends="31/02/2026")])
    batch = shown(path)
    assert "nhập lại chính tệp này" not in page(staff, batch)
    services.apply_batch(batch_id=batch.pk, now=NOW)
    body = page(staff, batch)
    assert "nhập lại chính tệp này" in body and 'href="/imports/add/"' in body
    # The way that it names is one.
    with path.open("rb") as file:
        given = {"file": file, "came_from": "Sở", "legal_basis": "Luật", "carry_over": "on"}
        staff.post("/imports/add/", given)
    worked()
    row = ImportRow.objects.latest("pk")
    staff.post(address_of(row), form_of(row) | {"ends": "28/02/2026"})
    worked()
    services.apply_batch(batch_id=row.batch_id, now=NOW)
    assert Linkage.objects.count() == 2


# --- Whose tax code it is -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"buyer": "Công ty Ba"},
            "MST ở dòng này là của “Công ty Hai”, không phải của “Công ty Ba”.",
        ),
        (
            {"buyer_code": CODES[5]},
            "MST ở dòng này không phải MST của “Công ty Hai”, và cũng không của đơn vị nào khác",
        ),
        ({"seller": "HTX Đôi"}, "“HTX Đôi” có thể là nhiều đơn vị"),
    ],
)
def test_a_row_whose_code_contradicts_its_name_says_so(
    book: Path, cells: dict[str, Any], sentence: str
) -> None:
    coops = [coop(), *(coop("HTX Đôi", commune=place) for place in ("Xã Vĩnh Bảo", "Xã An Lão"))]
    batch = shown(workbook(book, coops, [firm(), firm("Công ty Ba", CODES[4])], [link(**cells)]))
    (refused,) = batch.report["refused"]
    assert refused["code"] == "party_ambiguous"
    assert sentence in refused["message"]


# --- Smaller words ------------------------------------------------------------------------------
def test_what_a_repeated_row_says_is_shown(book: Path) -> None:
    rows = [coop(code=CODES[0], members=5, sector=None), coop(code=CODES[0], members=7)]
    (told,) = [
        one
        for one in shown(workbook(book, rows)).report["warnings"]
        if one["code"] == "duplicate_differs"
    ]
    assert "“7”" in told["message"]


def test_a_form_that_lacks_a_word_says_that_the_file_was_not_kept(
    staff: Client, book: Path
) -> None:
    with workbook(book, [coop()]).open("rb") as file:
        given = {"file": file, "came_from": "", "legal_basis": "Luật"}
        body = staff.post("/imports/add/", given).content.decode()
    assert "Hãy chọn lại tệp" in body
    body = staff.post("/imports/add/", {"came_from": "", "legal_basis": "Luật"}).content.decode()
    assert "Hãy chọn lại tệp" not in body
