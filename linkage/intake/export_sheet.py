"""One sheet of the office's workbook: its titles, its headers, a row for each item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

OFFICE = "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG"
# The column by which organisations of one name come back apart.
BOOK = "Số hiệu trong sổ"
_HEADER_ROW = 5
_DATE = "dd/mm/yyyy"
# What a spreadsheet would take for a formula; full-width forms are folded by some programs.
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


@dataclass(frozen=True, slots=True)
class Form:
    """A column of the office's form: its header, what it shows, whether it is always there."""

    header: str
    value: Callable[[Any], Any]
    always: bool = True
    width: int = 16


def add_sheet(
    book: Workbook, name: str, title: str, form: Sequence[Form], items: Sequence[Any]
) -> int:
    """Add a sheet; a column that is not always there appears if any item has something in it."""
    sheet: Worksheet = book.create_sheet(name)
    table = [[column.value(item) for column in form] for item in items]
    shown = [
        place
        for place, column in enumerate(form)
        if column.always or any(row[place] is not None for row in table)
    ]
    _titles(sheet, title, ["STT", *(form[place].header for place in shown)])
    for number, row in enumerate(table, 1):
        for column, value in enumerate([number, *(row[place] for place in shown)], 1):
            if value is not None:
                _write(sheet, _HEADER_ROW + number, column, value)
    for column, place in enumerate(shown, 2):
        sheet.column_dimensions[get_column_letter(column)].width = form[place].width
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    return len(table)


def _titles(sheet: Worksheet, title: str, headers: list[str]) -> None:
    sheet.cell(1, 1, OFFICE).font = Font(bold=True)
    sheet.cell(3, 1, title).font = Font(bold=True, size=13)
    sheet.merge_cells(start_row=3, start_column=1, end_row=3, end_column=len(headers))
    sheet.cell(3, 1).alignment = Alignment(horizontal="center")
    for column, header in enumerate(headers, 1):
        cell = sheet.cell(_HEADER_ROW, column, header)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    cell = sheet.cell(row, column, value)
    if isinstance(value, date):
        cell.number_format = _DATE
    elif isinstance(value, str):
        # Text stays text, whatever it begins with: it is never a formula.
        cell.data_type = "s"
        if value.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
