"""Where a workbook's tables stand and what their columns are, from their headers alone.

A header may be any of the first rows of a sheet, of one to three rows with grouped columns, and
come again at page breaks; a sheet may hold several tables. Values are never looked at to decide
what a column is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from linkage.errors import Unprocessable
from linkage.intake.reading.columns import (
    Candidate,
    Column,
    best_candidate,
    is_text,
    letter_header,
    looks_like_header,
)
from linkage.intake.reading.headers import (
    EXPECTED,
    REQUIRED,
    TableKind,
    header_key,
    header_text,
    label_of,
)
from linkage.intake.reading.later_headers import begins_a_table, repeats, unread
from linkage.intake.reading.mapping import IGNORE, Mapping
from linkage.intake.reading.titles import Title, said_unit, unit_in_header
from linkage.intake.reading.workbook import Row, Sheet, Workbook

# Rows that hold something, above the first header of a sheet.
HEADER_WITHIN_ROWS = 60
# Of a column that nobody knows: how many values are shown, and how much of each.
EXAMPLES, LONGEST_EXAMPLE = 3, 60


@dataclass(frozen=True, slots=True)
class UnmappedColumn:
    """A column that was not taken."""

    sheet: str
    header: str
    # What the rows of its table are; None where no table was made out.
    kind: TableKind | None = field(default=None, compare=False)
    # What stands in it, for a person who says what it is.
    examples: tuple[str, ...] = field(default=(), compare=False)


def examples_in(rows: Iterable[Row], index: int) -> tuple[str, ...]:
    """The first different values of a column, cut short."""
    found: dict[str, None] = {}
    for row in rows:
        cell = row.cells.get(index)
        text = "" if cell is None else header_text(cell.value)[:LONGEST_EXAMPLE]
        if text:
            found[text] = None
        if len(found) == EXAMPLES:
            break
    return tuple(found)


class HeadersUnknown(Unprocessable):
    """A table cannot be made out. The clerk can tell by the mapping what the file's headers mean.

    `columns` were not understood: one of them may be what lacks. `sheets` have no table, or one
    that lacks so much that it may be another.
    """

    code = "headers_unknown"

    def __init__(
        self,
        columns: tuple[UnmappedColumn, ...] = (),
        sheets: tuple[str, ...] = (),
        **values: Any,
    ) -> None:
        super().__init__(**values)
        self.columns = columns
        self.sheets = sheets


class NoTable(HeadersUnknown):
    """No sheet holds a table that is known here."""

    code = "no_table"
    words = _("No table of cooperatives, enterprises or linkages was found in the workbook.")


class MissingColumn(HeadersUnknown):
    """A table lacks columns without which its rows mean nothing."""

    code = "missing_column"
    words = _('Sheet "%(sheet)s" has no column "%(header)s".')


@dataclass(frozen=True, slots=True)
class TableWarning:
    """Something about a whole table that a person should know; `header` names the column."""

    sheet: str
    code: str
    header: str


@dataclass(frozen=True, slots=True)
class RawCell:
    """A value as Excel stored it, under the header as the file has it."""

    ref: str
    header: str
    value: Any


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `first` and `last` cut its rows out of the sheet's list of rows."""

    sheet: str
    kind: TableKind
    header_row: int
    header_texts: tuple[MappingOf[int, str], ...]
    columns: tuple[Column, ...]
    # Values that the header or the title gives to every row.
    constants: MappingOf[str, RawCell]
    first: int
    last: int

    @property
    def is_unread(self) -> bool:
        """Whether its header was not understood."""
        return not self.columns


@dataclass(frozen=True, slots=True)
class Layout:
    """All tables of a workbook and what was left aside."""

    tables: tuple[Table, ...]
    unmapped_columns: tuple[UnmappedColumn, ...]
    ignored_sheets: tuple[str, ...]
    warnings: tuple[TableWarning, ...]


@dataclass(slots=True)
class _Findings:
    tables: list[Table] = field(default_factory=list)
    unmapped: list[UnmappedColumn] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    warnings: list[TableWarning] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    # Besides them, what a column that is missing could be: see `_likely_headers`.
    guessed: list[UnmappedColumn] = field(default_factory=list)


def find_tables(workbook: Workbook, mapping: Mapping) -> Layout:
    """Find the tables of all sheets.

    Raises: NoTable; MissingColumn, naming the sheet and the missing headers.
    """
    findings = _Findings()
    for sheet in workbook.sheets:
        told = mapping.kind_of(sheet.title)
        candidates = [] if told == IGNORE else list(_candidates(sheet, told, mapping))
        if not candidates:
            findings.ignored.append(sheet.title)
            if told not in (None, IGNORE):
                kind = TableKind(str(told))
                findings.missing.append((sheet.title, label_of(kind, REQUIRED[kind][0])))
                findings.guessed += _likely_headers(sheet, kind)
        starts = [candidate.start for candidate in candidates] + [len(sheet.rows)]
        for candidate, end in zip(candidates, starts[1:], strict=True):
            _take(findings, sheet, candidate, end)
    if findings.missing:
        sheet_title = findings.missing[0][0]
        headers = [header for title, header in findings.missing if title == sheet_title]
        raise MissingColumn(
            sheet=sheet_title,
            header="”, “".join(headers),
            columns=(*findings.unmapped, *findings.guessed),
            sheets=(*findings.ignored, *_perhaps_other_tables(findings)),
        )
    if not findings.tables:
        raise NoTable(sheets=tuple(findings.ignored))
    _warn_of_unused(findings, mapping, {sheet.title for sheet in workbook.sheets})
    return Layout(
        tuple(findings.tables),
        tuple(findings.unmapped),
        tuple(findings.ignored),
        tuple(findings.warnings),
    )


def _perhaps_other_tables(findings: _Findings) -> list[str]:
    """Sheets that lack several columns: perhaps they list something else, or are to be left out."""
    times = Counter(title for title, _header in findings.missing)
    return [title for title, lacking in times.items() if lacking > 1]


def _likely_headers(sheet: Sheet, kind: TableKind) -> list[UnmappedColumn]:
    """The fullest of a sheet's first rows that hold texts only: most likely its header."""
    rows = [row for row in sheet.rows[:HEADER_WITHIN_ROWS] if is_text(row)]
    if not rows:
        return []
    fullest = max(rows, key=lambda row: len(row.cells))
    below = sheet.rows[sheet.rows.index(fullest) + 1 :]
    texts: dict[str, int] = {}
    for index, cell in fullest.cells.items():
        texts.setdefault(header_text(cell.value), index)
    return [
        UnmappedColumn(sheet.title, text, kind, examples_in(below, index))
        for text, index in texts.items()
        if text
    ]


def _without_header(sheet: Sheet, candidate: Candidate, end: int) -> list[UnmappedColumn]:
    """The table's columns that hold something and have no header."""
    rows = sheet.rows[candidate.end : end]
    filled = {index for row in rows for index in row.cells}
    unnamed = sorted(filled - {column.index for column in candidate.columns})
    return [
        UnmappedColumn(sheet.title, letter_header(i), candidate.kind, examples_in(rows, i))
        for i in unnamed
    ]


def _candidates(sheet: Sheet, told: str | None, mapping: Mapping) -> Iterator[Candidate]:
    """The header blocks of a sheet, from the top; a header that comes again is not another."""
    index, above = 0, 0
    found: Candidate | None = None
    while index < len(sheet.rows):
        if found is None and index >= HEADER_WITHIN_ROWS:
            return
        row = sheet.rows[index]
        if found is not None and (
            repeats(found, row) or not begins_a_table(row, sheet.title, mapping)
        ):
            index += 1
            continue
        title = Title.of(sheet, above, index)
        candidate = best_candidate(sheet, index, told, mapping, title)
        if candidate is not None and found is not None and candidate.same_headers(found):
            index = candidate.end
            continue
        if found is not None and not looks_like_header(row):
            candidate = _read_or_not(sheet, found, candidate, index)
        if candidate is None:
            index += 1
            continue
        found = candidate
        yield candidate
        index = above = candidate.end


def _read_or_not(
    sheet: Sheet, found: Candidate, candidate: Candidate | None, index: int
) -> Candidate:
    """A header without running numbers that lacks columns is as likely a summary's.

    It is no reason not to read the rest, and nothing is read under the header before it.
    """
    if candidate is not None and not _missing(candidate, _constants(sheet, candidate)[0]):
        return candidate
    return unread(found, sheet.rows[index], index)


def _missing(candidate: Candidate, constants: MappingOf[str, RawCell]) -> list[str]:
    known = candidate.fields | set(constants)
    return [name for name in REQUIRED[candidate.kind] if name not in known]


def _take(findings: _Findings, sheet: Sheet, candidate: Candidate, end: int) -> None:
    kind, title = candidate.kind, sheet.title
    constants, warned = _constants(sheet, candidate)
    is_read = bool(candidate.columns)
    fields = {column.field for column in candidate.columns} | set(constants)
    missing = _missing(candidate, constants) if is_read else []
    if missing and sheet.hidden:
        findings.ignored.append(title)
        return
    findings.missing += [(title, label_of(kind, name)) for name in missing]
    findings.guessed += _without_header(sheet, candidate, end) if missing else []
    findings.tables.append(
        Table(
            sheet=title,
            kind=kind,
            header_row=sheet.rows[candidate.start].number,
            header_texts=candidate.texts,
            columns=candidate.columns,
            constants=constants,
            first=candidate.end,
            last=end,
        )
    )
    for column in candidate.columns:
        if column.field is None:
            examples = examples_in(sheet.rows[candidate.end : end], column.index)
            findings.unmapped.append(UnmappedColumn(title, column.header, kind, examples))
        if column.why is not None:
            warned.append((column.why, column.header))
        if column.field is not None and column.index in sheet.hidden_columns:
            warned.append(("hidden_column", column.header))
    warned += [
        ("column_missing", label_of(kind, name))
        for name in EXPECTED[kind]
        if is_read and name not in fields
    ]
    findings.warnings += [TableWarning(title, code, header) for code, header in warned]


def _constants(
    sheet: Sheet, candidate: Candidate
) -> tuple[dict[str, RawCell], list[tuple[str, str]]]:
    """Values that stand once for all rows: the unit in a header, the kind in the title."""
    fields = {column.field: column for column in candidate.columns}
    ref = f"A{sheet.rows[candidate.start].number}"
    constants: dict[str, RawCell] = {}
    warned: list[tuple[str, str]] = []
    if candidate.kind is TableKind.COOPERATIVES and "kind" not in fields:
        word = candidate.title.only_kind()
        if word is not None:
            constants["kind"] = RawCell(ref, label_of(candidate.kind, "kind"), word)
            warned.append(("kind_from_title", word))
    quantity = fields.get("quantity")
    if quantity is not None and "unit" not in fields:
        unit = unit_in_header(quantity.header) or said_unit(candidate.title.text)
        if unit is not None:
            constants["unit"] = RawCell(ref, quantity.header, unit)
            warned.append(("unit_from_header", quantity.header))
    return constants, warned


def _warn_of_unused(findings: _Findings, mapping: Mapping, sheets: set[str]) -> None:
    """An entry of the mapping that met no sheet or column is most likely misspelt: say so."""
    titles = {header_key(title) for title in sheets}
    missed = (name for name in mapping.sheets if header_key(name) not in titles)
    findings.warnings += [TableWarning("", "mapping_unused", name) for name in missed]
    headers = {
        (table.sheet, column.header) for table in findings.tables for column in table.columns
    }
    for said in (mapping.columns, mapping.date_order, mapping.decimal, mapping.day_of_period):
        for name in said:
            alone = Mapping(columns={name: IGNORE})
            if not any(
                alone.field_of(sheet, header, TableKind.LINKAGES) for sheet, header in headers
            ):
                findings.warnings.append(TableWarning("", "mapping_unused", name))
