"""The cells of an xlsx workbook, as Excel stored them, with what is wrong with each said beside it.

openpyxl does the parsing. Only its row parser is used, so that nothing a file asks for (a merged
range over the whole sheet, a link over a million cells) makes cells that are not in the file, and
a formula and its stored value come out of one reading. Formulas are never evaluated.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import (
    COL_TAG,
    FORMULA_TAG,
    MERGE_TAG,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.xml.functions import iterparse

from linkage.intake.reading.package import BrokenWorkbook, WorkbookTooLarge, read_package, repack

MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 1_500_000
MAX_MERGED_ROWS = 400_000

FORMULA_WITHOUT_VALUE = "formula_without_value"
EXTERNAL_LINK = "external_link"
ERROR_VALUE = "error_value"
MERGED = "merged"
FORMULA_VALUE = "formula_value"

_ERRORS = frozenset(
    ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
     "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!")
)  # fmt: skip
# [1]Sheet!A1, '[book.xlsx]Sheet'!A1, and DDE's program|topic!item. Table[Column] has no "!" after.
_EXTERNAL = re.compile(r"\[[^\[\]]+\][^\[\]!,;()]*!|[A-Za-z]\w*\|'?[^!]*!")

_UNREADABLE = (
    BadZipFile,
    ParseError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored cell. `problem` forbids taking the value; `note` is a warning beside it."""

    row: int
    column: int
    value: Any
    problem: str | None = None
    note: str | None = None

    @property
    def ref(self) -> str:
        """The address as Excel writes it: C7."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something; `number` is Excel's, `cells` go by column number."""

    number: int
    hidden: bool
    cells: dict[int, Cell]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Sheet:
    """A worksheet: its rows in order, without the blank ones."""

    title: str
    hidden: bool
    rows: list[Row] = field(default_factory=list)
    merges: dict[int, list[Merge]] = field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()

    def merge_at(self, row: int, column: int) -> Merge | None:
        """The merged range that covers the place, if one does."""
        for merge in self.merges.get(row, ()):
            if merge.first_column <= column <= merge.last_column:
                return merge
        return None


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets in the file's order, and the day that its day numbers count from."""

    sheets: tuple[Sheet, ...]
    epoch: datetime


def read_workbook(path: Path) -> Workbook:
    """Read the cells of the xlsx workbook at `path`.

    Raises: what `read_package` raises; BrokenWorkbook, if a part is not what it should be;
    WorkbookTooLarge, over MAX_ROWS, MAX_COLUMNS or MAX_CELLS in cells that exist.
    """
    try:
        # openpyxl warns of what it does not keep (drawings, validation): nothing of it is read.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Reader(repack(read_package(path))).cells()
    except _UNREADABLE as error:
        raise BrokenWorkbook(where=type(error).__name__) from error


class _Reader(ExcelReader):
    """openpyxl's reader with its own way through the worksheets."""

    def cells(self) -> Workbook:
        self.data_only = True
        self.keep_links = False
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        self.parser.caches = []
        apply_stylesheet(self.archive, self.wb)
        budget = _Budget()
        sheets = tuple(self._sheets(budget))
        if len({sheet.title for sheet in sheets}) < len(sheets):
            raise BrokenWorkbook(where="xl/workbook.xml")
        return Workbook(sheets=sheets, epoch=self.wb.epoch)

    def _sheets(self, budget: _Budget) -> Iterator[Sheet]:
        styles = vars(self.wb)
        for sheet, part in self.parser.find_sheets():
            if not part.Type.endswith("/worksheet"):
                continue
            if part.target not in self.valid_files:
                raise BrokenWorkbook(where=sheet.name)
            with self.archive.open(part.target) as source:
                parser = _SheetParser(
                    source,
                    self.shared_strings,
                    data_only=True,
                    epoch=self.wb.epoch,
                    date_formats=styles["_date_formats"],
                    timedelta_formats=styles["_timedelta_formats"],
                )
                yield parser.sheet(sheet.name, sheet.state != "visible", budget)


@dataclass(slots=True)
class _Budget:
    """What may still be read of the whole workbook."""

    rows: int = MAX_ROWS
    cells: int = MAX_CELLS

    def spend(self, cells: int) -> None:
        self.rows -= 1
        self.cells -= cells
        if self.rows < 0:
            raise WorkbookTooLarge(what="rows", limit=MAX_ROWS)
        if self.cells < 0:
            raise WorkbookTooLarge(what="cells", limit=MAX_CELLS)


class _SheetParser(WorkSheetParser):
    """openpyxl's parser, keeping stored values and which of them a formula gave."""

    def sheet(self, title: str, hidden: bool, budget: _Budget) -> Sheet:
        self.formulas: dict[tuple[int, int], tuple[str, bool]] = {}
        self.shared: dict[str, str] = {}
        self.refs: list[str] = []
        self.hidden_columns: set[int] = set()
        sheet = Sheet(title=title, hidden=hidden)
        for _event, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                number, cells = self.parse_row(element)
                row = self._row(number, cells, budget, _is_hidden(element))
                if row.cells:
                    sheet.rows.append(row)
                element.clear()
            elif element.tag == MERGE_TAG:
                self.refs = [child.get("ref", "") for child in element]
                element.clear()
            elif element.tag == COL_TAG and element.get("hidden") in ("1", "true"):
                last = min(int(element.get("max", 0)), MAX_COLUMNS)
                self.hidden_columns.update(range(int(element.get("min", 0)), last + 1))
        sheet.rows.sort(key=lambda row: row.number)
        sheet.hidden_columns = frozenset(self.hidden_columns)
        sheet.merges = _merges(self.refs, sheet.rows)
        return sheet

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        formula = element.find(FORMULA_TAG)
        if formula is not None:
            text = formula.text or ""
            index = formula.get("si")
            if index is not None:
                text = self.shared.setdefault(index, text)
            # An empty text that a formula gave is stored as such; no value at all is not.
            stored = cell["value"] is not None or (
                element.get("t") == "str" and element.find(VALUE_TAG) is not None
            )
            self.formulas[(cell["row"], cell["column"])] = (text, stored)
        return cell

    def _row(self, number: int, parsed: list[dict[str, Any]], budget: _Budget, hidden: bool) -> Row:
        budget.spend(len(parsed))
        cells: dict[int, Cell] = {}
        for one in parsed:
            value = one["value"]
            row, column = one["row"], one["column"]
            formula = self.formulas.pop((row, column), None) if self.formulas else None
            if value is None and formula is None:
                continue
            if column > MAX_COLUMNS:
                raise WorkbookTooLarge(what=get_column_letter(column), limit=MAX_COLUMNS)
            problem, note = _state(value, one["data_type"], formula)
            cells[column] = Cell(number, column, value, problem, note)
        return Row(number, hidden, cells)


def _state(
    value: object, data_type: str, formula: tuple[str, bool] | None
) -> tuple[str | None, str | None]:
    if data_type == "e" or (isinstance(value, str) and value in _ERRORS):
        return ERROR_VALUE, None
    if formula is None:
        return None, None
    text, stored = formula
    if _EXTERNAL.search(text):
        return EXTERNAL_LINK, None
    return (None, FORMULA_VALUE) if stored else (FORMULA_WITHOUT_VALUE, None)


def _is_hidden(row: Element) -> bool:
    return row.get("hidden") in ("1", "true") or row.get("ht") in ("0", "0.0")


def _merges(refs: list[str], rows: list[Row]) -> dict[int, list[Merge]]:
    """Merged ranges by row, cut to the rows that exist."""
    last = rows[-1].number if rows else 0
    by_row: dict[int, list[Merge]] = {}
    left = MAX_MERGED_ROWS
    for ref in refs:
        first_column, first_row, last_column, last_row = range_boundaries(ref)
        merge = Merge(
            first_row or 1, first_column or 1, last_row or last, last_column or MAX_COLUMNS
        )
        covered = range(merge.first_row, min(merge.last_row, last) + 1)
        left -= len(covered)
        if left < 0:
            raise WorkbookTooLarge(what="merged ranges", limit=MAX_MERGED_ROWS)
        for number in covered:
            by_row.setdefault(number, []).append(merge)
    return by_row
