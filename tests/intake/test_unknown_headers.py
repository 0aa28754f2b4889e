"""A file with unknown headers says why, which it has, and is read once they are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from linkage import files
from linkage.errors import DomainError
from linkage.intake import queries, services
from linkage.intake.models import ImportBatch
from linkage.intake.questions import Question, questions_of
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
from tests.intake.workbooks import NOW, coop, firm, link, uploaded, workbook

pytestmark = pytest.mark.usefixtures("reference")


def renamed(path: Path, sheet: str, headers: dict[str, str | None]) -> Path:
    """The workbook with other headers; None leaves a column without any."""
    book = load_workbook(path)
    for cell in book[sheet][5]:
        if cell.value in headers:
            cell.value = headers[cell.value]
    book.save(path)
    return path


def failed(path: Path) -> ImportBatch:
    batch = uploaded(path)
    with pytest.raises(DomainError):
        services.preview(batch_id=batch.pk, now=NOW)
    return queries.get(batch.pk)


def answered(batch: ImportBatch, section: str, **by_header: str) -> dict[str, Any]:
    """The report after the questions about these headers or sheets were answered."""
    asked = {one.header or one.sheet: one for one in questions_of(batch)}
    answers = {section: {asked[name].name: said for name, said in by_header.items()}}
    version = queries.get(batch.pk).version
    services.answer(actor=OPERATOR, batch_id=batch.pk, version=version, answers=answers, now=NOW)
    return services.preview(batch_id=batch.pk, now=NOW)


def headers_of(batch: ImportBatch) -> list[str]:
    return [one.header for one in questions_of(batch) if one.section == "columns"]


def test_a_needed_column_under_an_unknown_header_is_found_once_it_is_told(book: Path) -> None:
    path = renamed(workbook(book, [coop()]), "HTX", {"Tên đơn vị": "Cơ sở ABC"})
    batch = failed(path)
    assert batch.failure["code"] == "missing_column"
    assert "Tên đơn vị" in batch.failure["message"]
    assert headers_of(batch) == ["Cơ sở ABC"]

    report = answered(batch, "columns", **{"Cơ sở ABC": "name"})
    assert report["organisations"]["HTX"] == 1
    assert queries.get(batch.pk).failure == {}
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert Organisation.objects.get().name == "HTX Một"


def test_a_needed_column_without_any_header_is_called_by_its_letter(book: Path) -> None:
    path = renamed(workbook(book, [coop()]), "HTX", {"Tên đơn vị": None})
    batch = failed(path)
    assert headers_of(batch) == ["(B)"]
    report = answered(batch, "columns", **{"(B)": "name"})
    assert report["organisations"]["HTX"] == 1
    assert report["unmapped_columns"] == []


def test_a_file_without_any_table_asks_what_its_sheets_and_then_its_columns_are(
    book: Path,
) -> None:
    made = Workbook()
    made.active.title = "Dữ liệu"
    made.active.append(["Bảng kê quý 3"])
    made.active.append(["Tôi bán", "Họ mua", "Giấy số", "Ngày đầu", "Ngày cuối"])
    made.active.append(["HTX Một", "Công ty Hai", "01/HĐ", "01/02/2024", "31/12/2026"])
    made.save(book)
    batch = failed(book)
    assert (batch.failure["code"], [one.sheet for one in questions_of(batch)]) == (
        "no_table",
        ["Dữ liệu"],
    )
    with pytest.raises(DomainError):
        answered(batch, "sheets", **{"Dữ liệu": "linkages"})
    batch = queries.get(batch.pk)
    assert headers_of(batch) == ["Tôi bán", "Họ mua", "Giấy số", "Ngày đầu", "Ngày cuối"]
    fields = ("seller", "buyer", "contract_number", "starts", "ends")
    report = answered(batch, "columns", **dict(zip(headers_of(batch), fields, strict=True)))
    assert [one["code"] for one in report["refused"]] == ["party_unknown"]


def test_a_file_that_cannot_be_opened_says_so_and_asks_nothing(book: Path) -> None:
    batch = uploaded(workbook(book, [coop()]))
    files.path_of(batch.stored_as).write_bytes(b"PK")
    with pytest.raises(DomainError):
        services.preview(batch_id=batch.pk, now=NOW)
    batch = queries.get(batch.pk)
    assert batch.failure["message"]
    assert questions_of(batch) == []


# --- Open and settled ------------------------------------------------------------------------
def column(batch: ImportBatch, header: str) -> Question:
    return next(one for one in questions_of(batch) if one.header == header)


def test_an_answer_settles_its_question_and_can_be_taken_back(book: Path) -> None:
    path = renamed(workbook(book, [coop()]), "HTX", {"Điện thoại": "Cột lạ"})
    batch = uploaded(path)
    services.preview(batch_id=batch.pk, now=NOW)
    assert column(queries.get(batch.pk), "Cột lạ").is_open
    answered(queries.get(batch.pk), "columns", **{"Cột lạ": "ignore"})
    settled = column(queries.get(batch.pk), "Cột lạ")
    assert (settled.is_open, settled.answer) == (False, "ignore")
    answered(queries.get(batch.pk), "columns", **{"Cột lạ": ""})
    assert column(queries.get(batch.pk), "Cột lạ").is_open


def test_an_answer_that_the_table_cannot_use_stays_open(book: Path) -> None:
    path = renamed(workbook(book, [coop()]), "HTX", {"Điện thoại": "Cột lạ"})
    batch = uploaded(path)
    services.preview(batch_id=batch.pk, now=NOW)
    answered(queries.get(batch.pk), "columns", **{"Cột lạ": "seller"})
    unused = column(queries.get(batch.pk), "Cột lạ")
    assert (unused.is_open, unused.is_unused, unused.answer) == (True, True, "seller")


def test_an_answer_about_a_way_of_writing_is_settled_once_it_is_given(book: Path) -> None:
    batch = uploaded(workbook(book, [coop()], [firm()], [link(starts="02/25/2024")]))
    services.preview(batch_id=batch.pk, now=NOW)
    asked = column(queries.get(batch.pk), "Hiệu lực từ")
    assert (asked.section, asked.example, asked.is_open) == ("date_order", "02/25/2024", True)
    answered(queries.get(batch.pk), "date_order", **{"Hiệu lực từ": "month_first"})
    settled = column(queries.get(batch.pk), "Hiệu lực từ")
    assert (settled.is_open, settled.answer) == (False, "month_first")


def test_a_sheet_that_lacks_several_columns_can_be_said_to_list_something_else(book: Path) -> None:
    loaded = load_workbook(workbook(book, [coop()]))
    other = loaded.create_sheet("Đạt VietGAP")
    other.append(("STT", "Tên cơ sở", "Địa chỉ", "Điện thoại", "Số GCN", "Ngày cấp"))
    other.append((1, "HTX Một", "Xã An Lão", "0912345678", "VG-1", "1/2/2024"))
    loaded.save(book)
    batch = failed(book)
    assert batch.failure["code"] == "missing_column"
    report = answered(batch, "sheets", **{"Đạt VietGAP": "ignore"})
    assert report["organisations"]["HTX"] == 1
    assert report["ignored_sheets"] == ["Đạt VietGAP"]
