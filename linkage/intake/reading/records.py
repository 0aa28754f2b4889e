"""The register's rows as a workbook has them: raw values by field, each with its cell's address.

Nothing is corrected here and nothing is dropped in silence: a row becomes a record or is listed
as skipped with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from linkage.intake.collector import collector_paused
from linkage.intake.reading.columns import letter_header
from linkage.intake.reading.headers import TableKind
from linkage.intake.reading.later_headers import UNREAD_TABLE
from linkage.intake.reading.layout import (
    RawCell,
    Table,
    TableWarning,
    UnmappedColumn,
    examples_in,
    find_tables,
)
from linkage.intake.reading.mapping import Mapping
from linkage.intake.reading.rows import RowSorter
from linkage.intake.reading.workbook import MERGED, Cell, Row, Sheet, read_workbook

__all__ = [
    "Problem",
    "RawCell",
    "Record",
    "RegisterFile",
    "SkippedRow",
    "TableKind",
    "TableWarning",
    "UnmappedColumn",
    "read_records",
]

HIDDEN_ROW = "hidden_row"
HIDDEN_SHEET = "hidden_sheet"
CONFLICTING_COLUMNS = "conflicting_columns"
# A running number is no fact about anybody: what is wrong with it is a note, not a refusal.
_NOT_DATA = frozenset({"stt"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value cannot be taken (or, as a note, what to know about one that was)."""

    code: str
    field_header: str
    ref: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row of data; `cells` holds the fields that are not blank."""

    sheet: str
    row: int
    kind: TableKind
    cells: MappingOf[str, RawCell]
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    # What else is wrong with a row that is hidden.
    beneath: Problem | None = None


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no data: `why` is a code, `text` what stands in it."""

    sheet: str
    row: int
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """All that was read of one workbook."""

    records: tuple[Record, ...]
    skipped: tuple[SkippedRow, ...]
    unmapped_columns: tuple[UnmappedColumn, ...]
    ignored_sheets: tuple[str, ...]
    table_warnings: tuple[TableWarning, ...]
    tables: tuple[Table, ...]
    epoch: datetime
    sha256: str


@collector_paused()
def read_records(path: Path, mapping: Mapping = Mapping()) -> RegisterFile:  # noqa: B008
    """Read the register in the xlsx workbook at `path`; nothing is written anywhere.

    Raises: what `read_workbook` raises; NoTable; MissingColumn.
    """
    workbook = read_workbook(path)
    layout = find_tables(workbook, mapping)
    records: list[Record] = []
    skipped: list[SkippedRow] = []
    unnamed: list[UnmappedColumn] = []
    sheets = {sheet.title: sheet for sheet in workbook.sheets}
    for table in layout.tables:
        reader = _TableReader(table, sheets[table.sheet])
        for one in reader.rows():
            if isinstance(one, Record):
                records.append(one)
            else:
                skipped.append(one)
        unnamed += reader.unnamed_columns()
    return RegisterFile(
        records=tuple(records),
        skipped=tuple(skipped),
        unmapped_columns=(*layout.unmapped_columns, *unnamed),
        ignored_sheets=layout.ignored_sheets,
        table_warnings=layout.warnings,
        tables=layout.tables,
        epoch=workbook.epoch,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


class _TableReader:
    """Goes through the rows of one table."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        self.table = table
        self.sheet = sheet
        self.seen: set[int] = set()

    def rows(self) -> Iterator[Record | SkippedRow]:
        sorter = RowSorter(self.table, self.sheet)
        for row in self.sheet.rows[self.table.first : self.table.last]:
            why = sorter.why_not_data(row)
            if why is None and self.table.is_unread:
                yield self._unread(row)
            elif why is None:
                self.seen.update(row.cells)
                yield self._record(row)
            elif why:
                yield SkippedRow(self.table.sheet, row.number, why, sorter.text_of(row))

    def unnamed_columns(self) -> list[UnmappedColumn]:
        """Columns with data and no header at all."""
        if self.table.is_unread:
            return []
        named = {column.index for column in self.table.columns}
        return [
            UnmappedColumn(
                self.table.sheet,
                letter_header(index),
                self.table.kind,
                examples_in(self.sheet.rows[self.table.first : self.table.last], index),
            )
            for index in sorted(self.seen - named)
        ]

    def _unread(self, row: Row) -> Record:
        header = f"A{self.table.header_row}"
        unread = Problem(UNREAD_TABLE, "", header)
        return Record(self.table.sheet, row.number, self.table.kind, {}, unread)

    def _record(self, row: Row) -> Record:
        cells: dict[str, RawCell] = dict(self.table.constants)
        problems: list[Problem] = []
        notes: list[Problem] = []
        for column in self.table.columns:
            if column.field is None:
                continue
            cell = row.cells.get(column.index)
            problem = self._problem(row, column.index, cell, cells.get(column.field))
            if problem is not None:
                found = Problem(problem, column.header, Cell(row.number, column.index, None).ref)
                (notes if column.field in _NOT_DATA else problems).append(found)
            elif cell is not None and not is_blank(cell.value):
                cells[column.field] = RawCell(cell.ref, column.header, _plain(cell.value))
                if cell.note is not None:
                    notes.append(Problem(cell.note, column.header, cell.ref))
        hidden, wrong = self._hidden(row), problems[0] if problems else None
        return Record(
            self.table.sheet,
            row.number,
            self.table.kind,
            cells,
            hidden or wrong,
            tuple(notes),
            beneath=wrong if hidden else None,
        )

    def _problem(
        self, row: Row, column: int, cell: Cell | None, before: RawCell | None
    ) -> str | None:
        if cell is not None and cell.problem is not None:
            return cell.problem
        if row.number in self.sheet.merges:
            merge = self.sheet.merge_at(row.number, column)
            if merge is not None and (row.number, column) != (merge.first_row, merge.first_column):
                return MERGED
        if cell is None or before is None or is_blank(cell.value):
            return None
        # Only a header that stands twice brings a second value for one field.
        return None if before.value == _plain(cell.value) else CONFLICTING_COLUMNS

    def _hidden(self, row: Row) -> Problem | None:
        if self.sheet.hidden:
            return Problem(HIDDEN_SHEET, "", f"A{row.number}")
        if row.hidden:
            return Problem(HIDDEN_ROW, "", f"A{row.number}")
        return None


def is_blank(value: object) -> bool:
    """True for nothing and for text of white space only."""
    return value is None or (isinstance(value, str) and not value.strip())


def _plain(value: Any) -> Any:
    """Excel knows one kind of number: 205198368.0 is the integer it looks like."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
