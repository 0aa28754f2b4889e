"""Headers after a sheet's first: which rows of text begin another table, whatever order it has."""

from __future__ import annotations

from linkage.intake.reading.columns import Candidate, is_text, looks_like_header
from linkage.intake.reading.headers import TableKind, header_key, header_text, heading_of
from linkage.intake.reading.mapping import Mapping
from linkage.intake.reading.workbook import Row

# Rows under a header that is not read as a table must not be read under the one before it.
UNREAD_TABLE = "unread_table"
# So many different fields, and most cells, are named by no row of data.
_ENOUGH = 3


def begins_a_table(row: Row, sheet: str, mapping: Mapping) -> bool:
    """Whether a row below a table is a header itself: numbered, or naming enough fields."""
    return looks_like_header(row) or names_fields(row, sheet, mapping)


def names_fields(row: Row, sheet: str, mapping: Mapping) -> bool:
    """Whether most cells of a row are headers of different fields of one kind of table."""
    texts = [header_text(cell.value) for cell in row.cells.values() if header_text(cell.value)]
    if len(texts) < _ENOUGH or not is_text(row):
        return False
    most = max(_fields_named(kind, texts, sheet, mapping) for kind in TableKind)
    return most >= _ENOUGH and most * 3 >= len(texts) * 2


def _fields_named(kind: TableKind, texts: list[str], sheet: str, mapping: Mapping) -> int:
    found = {mapping.field_of(sheet, text, kind) or heading_of(kind, text).field for text in texts}
    return len(found - {None})


def repeats(found: Candidate, row: Row) -> bool:
    """Whether a row is one of a header's own come again, as at a page break."""
    texts = {index: header_key(header_text(cell.value)) for index, cell in row.cells.items()}
    return any(
        all(header_key(line.get(index, "")) == text for index, text in texts.items())
        for line in found.texts
    )


def unread(found: Candidate, row: Row, start: int) -> Candidate:
    """A table without columns, of the kind before it: its rows are refused, and say so."""
    texts = {index: header_text(cell.value) for index, cell in row.cells.items()}
    return Candidate(found.kind, start, start + 1, (texts,), (), found.title)
