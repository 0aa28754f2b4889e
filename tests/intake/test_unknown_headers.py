"""A file with unknown headers says why, which it has, and is read once they are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from linkage import files
from linkage.errors import DomainError
from linkage.intake import queries, services
from linkage.intake.models import ImportBatch, WorkbookForm
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


# --- What stands in a column, and what was said of the form before ------------------------------
def strange(path: Path, names: list[str]) -> Path:
    """A workbook whose name column is called otherwise."""
    rows = [coop(name) for name in names]
    return renamed(workbook(path, rows), "HTX", {"Tên đơn vị": "Cơ sở ABC"})


def test_a_column_that_nobody_knows_is_shown_with_what_stands_in_it(book: Path) -> None:
    batch = failed(strange(book, ["HTX Một", "HTX Hai", "HTX Hai", "HTX Ba", "HTX Bốn"]))
    assert column(batch, "Cơ sở ABC").example == "HTX Một”, “HTX Hai”, “HTX Ba"


def test_a_persons_code_in_such_a_column_is_kept_masked(book: Path) -> None:
    path = renamed(workbook(book, [coop(code="031085000123")]), "HTX", {"Mã số thuế": "Cột lạ"})
    batch = uploaded(path)
    services.preview(batch_id=batch.pk, now=NOW)
    (told,) = queries.get(batch.pk).report["unmapped_columns"]
    assert told["examples"] == ["•••123"]


def test_a_form_that_was_explained_is_known_the_next_time(book: Path) -> None:
    first = failed(strange(book, ["HTX Một"]))
    answered(first, "columns", **{"Cơ sở ABC": "name"})
    next_one = uploaded(strange(book, ["HTX Hai", "HTX Ba"]))
    report = services.preview(batch_id=next_one.pk, now=NOW)
    assert report["organisations"]["HTX"] == 2
    known = queries.get(next_one.pk)
    assert known.form is not None
    assert (known.form.learned_from_id, known.failure) == (first.pk, {})
    settled = column(known, "Cơ sở ABC")
    assert (settled.is_open, settled.answer) == (False, "name")


def test_what_could_not_be_used_is_not_remembered(book: Path) -> None:
    first = failed(strange(book, ["HTX Một"]))
    with pytest.raises(DomainError):
        answered(first, "columns", **{"Cơ sở ABC": "ignore"})
    assert not WorkbookForm.objects.exists()
    assert failed(strange(book, ["HTX Hai"])).form is None


def test_another_set_of_headers_is_another_form(book: Path) -> None:
    answered(failed(strange(book, ["HTX Một"])), "columns", **{"Cơ sở ABC": "name"})
    other = renamed(workbook(book, [coop()]), "HTX", {"Tên đơn vị": "Cơ sở XYZ"})
    assert failed(other).form is None


def test_a_word_about_this_file_is_not_overruled_by_the_form(book: Path) -> None:
    path = renamed(workbook(book, [coop()]), "HTX", {"Điện thoại": "Cột lạ"})
    first = uploaded(path)
    services.preview(batch_id=first.pk, now=NOW)
    answered(queries.get(first.pk), "columns", **{"Cột lạ": "ignore"})
    second = uploaded(path)
    services.preview(batch_id=second.pk, now=NOW)
    assert column(queries.get(second.pk), "Cột lạ").answer == "ignore"
    answered(queries.get(second.pk), "columns", **{"Cột lạ": ""})
    assert column(queries.get(second.pk), "Cột lạ").is_open
    answered(queries.get(second.pk), "columns", **{"Cột lạ": "phone"})
    third = uploaded(path)
    services.preview(batch_id=third.pk, now=NOW)
    assert column_answer(third) == {"HTX!Cột lạ": "phone"}


def taught(book: Path, field: str) -> Path:
    """The workbook whose strange column was said to be `field`, once."""
    path = renamed(workbook(book, [coop()]), "HTX", {"Điện thoại": "Cột lạ"})
    looked = seen_again(path)
    answered(looked, "columns", **{"Cột lạ": field})
    return path


def seen_again(path: Path) -> ImportBatch:
    batch = uploaded(path)
    services.preview(batch_id=batch.pk, now=NOW)
    return queries.get(batch.pk)


def test_what_a_later_file_takes_back_no_third_one_is_read_by(book: Path) -> None:
    path = taught(book, "ignore")
    answered(seen_again(path), "columns", **{"Cột lạ": ""})
    third = seen_again(path)
    assert (third.form, column_answer(third)) == (None, {})
    assert column(third, "Cột lạ").is_open


def test_what_is_taken_back_is_forgotten_also_where_the_file_cannot_be_read_then(
    book: Path,
) -> None:
    answered(failed(strange(book, ["HTX Một"])), "columns", **{"Cơ sở ABC": "name"})
    second = seen_again(strange(book, ["HTX Hai"]))
    with pytest.raises(DomainError):
        answered(second, "columns", **{"Cơ sở ABC": ""})
    assert failed(strange(book, ["HTX Ba"])).form is None


def test_a_file_that_was_never_read_by_a_form_takes_nothing_of_it_back(book: Path) -> None:
    path = renamed(workbook(book, [coop()]), "HTX", {"Điện thoại": "Cột lạ"})
    early = seen_again(path)
    taught(book, "ignore")
    services.preview(batch_id=early.pk, now=NOW)
    assert column_answer(seen_again(path)) == {"HTX!Cột lạ": "ignore"}


def column_answer(batch: ImportBatch) -> dict[str, str]:
    said: dict[str, str] = queries.get(batch.pk).mapping["columns"]
    return said


def test_a_file_that_came_with_its_mapping_is_read_by_that_alone(book: Path) -> None:
    answered(failed(strange(book, ["HTX Một"])), "columns", **{"Cơ sở ABC": "name"})
    with strange(book, ["HTX Hai"]).open("rb") as file:
        batch = services.upload(
            actor=OPERATOR, file=file, came_from="x", legal_basis="x", now=NOW,
            mapping={"columns": {"Cơ sở ABC": "ignore"}},
        )  # fmt: skip
    with pytest.raises(DomainError):
        services.preview(batch_id=batch.pk, now=NOW)
