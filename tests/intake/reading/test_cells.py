"""What is wrong with a cell or its row is said with its address; nothing is evaluated."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from linkage.intake.reading.records import Problem, Record, read_records
from tests.intake.reading.conftest import COOPERATIVE_HEADERS, Write, cooperative, repack

SHEET = "xl/worksheets/sheet1.xml"


def _only(path: Path) -> Record:
    (record,) = read_records(path).records
    return record


def _with_cell(write: Write, ref: str, xml: str) -> Path:
    """The small register with one cell's XML replaced."""
    path = write({"HTX": [COOPERATIVE_HEADERS, cooperative(1)]})

    def change(name: str, content: bytes) -> bytes:
        if name != SHEET:
            return content
        text, times = re.subn(
            rf'<c r="{ref}"[^>]*?(/>|>.*?</c>)', lambda _: xml, content.decode(), count=1
        )
        assert times == 1
        return text.encode()

    return repack(path, change)


def test_a_formula_without_a_value_is_a_problem_of_its_row(write: Write) -> None:
    record = _only(write({"HTX": [COOPERATIVE_HEADERS, cooperative(1, tax_code="=A1&B1")]}))
    assert record.problem == Problem("formula_without_value", "Mã số thuế", "E2")
    assert "tax_code" not in record.cells


def test_the_value_that_a_formula_stored_is_taken_with_a_note(write: Write) -> None:
    path = _with_cell(write, "E2", '<c r="E2" t="str"><f>TEXT(1,"0")</f><v>0200000001</v></c>')
    record = _only(path)
    assert record.problem is None
    assert record.cells["tax_code"].value == "0200000001"
    assert record.notes == (Problem("formula_value", "Mã số thuế", "E2"),)


def test_an_empty_text_that_a_formula_gave_is_blank(write: Write) -> None:
    record = _only(_with_cell(write, "E2", '<c r="E2" t="str"><f>IF(1,"","")</f><v></v></c>'))
    assert record.problem is None
    assert "tax_code" not in record.cells


@pytest.mark.parametrize(
    "formula",
    ["[1]Sheet1!A1", "'[so cu.xlsx]HTX'!B2", "SUM([2]Tổng!A1:A9)", "[1]!Ten", "cmd|'/c calc'!A0"],
)
def test_a_value_from_another_file_is_never_taken(write: Write, formula: str) -> None:
    path = _with_cell(write, "E2", f'<c r="E2" t="str"><f>{formula}</f><v>0200000001</v></c>')
    assert _only(path).problem == Problem("external_link", "Mã số thuế", "E2")


def test_a_column_of_a_table_in_a_formula_is_no_other_file(write: Write) -> None:
    formula = "Table1[[#This Row],[MST]]&amp;Table1[Ten]"
    path = _with_cell(write, "E2", f'<c r="E2" t="str"><f>{formula}</f><v>0200000001</v></c>')
    assert _only(path).problem is None


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"])
@pytest.mark.parametrize("stored_as", ["e", "str"])
def test_an_error_value_is_a_problem_of_its_row(write: Write, error: str, stored_as: str) -> None:
    path = _with_cell(write, "E2", f'<c r="E2" t="{stored_as}"><v>{error}</v></c>')
    assert _only(path).problem == Problem("error_value", "Mã số thuế", "E2")


def test_what_is_wrong_with_a_running_number_refuses_nothing(write: Write) -> None:
    record = _only(write({"HTX": [COOPERATIVE_HEADERS, cooperative(1, stt="=ROW()-1")]}))
    assert record.problem is None
    assert record.notes == (Problem("formula_without_value", "STT", "A2"),)


def test_a_row_in_the_shade_of_a_merged_cell_names_it(write: Write) -> None:
    def merge(book: Any) -> None:
        book["HTX"].merge_cells("F2:F3")

    rows = [COOPERATIVE_HEADERS, cooperative(1), cooperative(2), cooperative(3)]
    first, second, third = read_records(write({"HTX": rows}, merge)).records
    assert first.problem is None
    assert second.problem == Problem("merged", "Xã/phường", "F3")
    assert third.problem is None


def test_a_cell_merged_over_two_fields_of_one_row_is_a_problem(write: Write) -> None:
    def merge(book: Any) -> None:
        book["HTX"].merge_cells("C2:D2")

    record = _only(write({"HTX": [COOPERATIVE_HEADERS, cooperative(1)]}, merge))
    assert record.problem == Problem("merged", "Lĩnh vực", "D2")


@pytest.mark.parametrize("attribute", ['hidden="1"', 'hidden="true"', 'ht="0"'])
def test_a_hidden_row_is_neither_taken_nor_dropped(write: Write, attribute: str) -> None:
    path = write({"HTX": [COOPERATIVE_HEADERS, cooperative(1), cooperative(2)]})

    def hide(name: str, content: bytes) -> bytes:
        return content.replace(b'<row r="2"', f'<row r="2" {attribute}'.encode())

    hidden, shown = read_records(repack(path, hide)).records
    assert hidden.problem == Problem("hidden_row", "", "A2")
    assert shown.problem is None


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_rows_of_a_hidden_sheet_are_neither_taken_nor_dropped(write: Write, state: str) -> None:
    def hide(book: Any) -> None:
        book["Cũ"].sheet_state = state

    sheets = {
        "HTX": [COOPERATIVE_HEADERS, cooperative(1)],
        "Cũ": [COOPERATIVE_HEADERS, cooperative(2)],
    }
    shown, hidden = read_records(write(sheets, hide)).records
    assert shown.problem is None
    assert hidden.problem == Problem("hidden_sheet", "", "A2")


def test_a_hidden_column_is_taken_with_a_warning(write: Write) -> None:
    def hide(book: Any) -> None:
        book["HTX"].column_dimensions["E"].hidden = True

    read = read_records(write({"HTX": [COOPERATIVE_HEADERS, cooperative(1)]}, hide))
    assert [(w.code, w.header) for w in read.table_warnings] == [("hidden_column", "Mã số thuế")]
    assert read.records[0].cells["tax_code"].value == "0200000001"


def test_days_of_the_1904_system_are_the_right_days(write: Write) -> None:
    def of_1904(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    day = datetime(2019, 8, 16)
    rows = [COOPERATIVE_HEADERS, cooperative(1, founded_on=day, status_on=42000)]
    read = read_records(write({"HTX": rows}, of_1904))
    assert read.epoch == CALENDAR_MAC_1904
    assert read.records[0].cells["founded_on"].value == day
    assert read.records[0].cells["status_on"].value == 42000


def test_values_stay_as_excel_stored_them(write: Write) -> None:
    rows = [COOPERATIVE_HEADERS, cooperative(1, "  HTX  A ", tax_code=205198368.0, status_on=1.5)]
    cells = _only(write({"HTX": rows})).cells
    assert cells["name"].value == "  HTX  A "
    assert cells["tax_code"].value == 205198368
    assert isinstance(cells["tax_code"].value, int)
    assert cells["status_on"].value == 1.5
    assert cells["tax_code"].ref == "E2"
    assert cells["tax_code"].header == "Mã số thuế"


def test_a_strict_open_xml_workbook_is_read_alike(register: Path) -> None:
    before = read_records(register).records

    def strict(name: str, content: bytes) -> bytes:
        return content.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    assert read_records(repack(register, strict)).records == before
