"""One header block: its rows put together column by column, and each column given its field."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace

from openpyxl.utils import column_index_from_string

from linkage.intake.reading.headers import (
    FIELDS,
    OPEN_PARTY,
    OPEN_TAX_CODE,
    UNKNOWN,
    Heading,
    TableKind,
    header_key,
    header_text,
    heading_of,
    names_of,
    speaks_of_a_party,
)
from linkage.intake.reading.mapping import IGNORE, Mapping
from linkage.intake.reading.titles import Title, is_unit
from linkage.intake.reading.workbook import Cell, Row, Sheet
from linkage.text import search_key

MAX_HEADER_ROWS = 3
_MAX_HEADER_LENGTH = 150
_NUMBERS = re.compile(r"\b(?:stt|tt|so tt|so thu tu|thu tu|s t t|no)\b")
# Under a group these say nothing alone: "Tên" under "Giám đốc" is no organisation's name.
_GENERIC = frozenset(
    {"ten", "ho ten", "ho va ten", "so", "ngay", "tu", "den", "ma so", "loai", "don vi",
     "hinh thuc", "dia chi", "ngay thang", "thoi gian"}
)  # fmt: skip
_NEUTRAL = re.compile(
    r"\b(?:thong tin|hop tac xa|to hop tac|doanh nghiep|don vi|hop dong|hieu luc|thoi han"
    r"|thoi gian|chung|dang ky)\b"
)
_EXPLICIT = 0
# Tables that list no organisations.
_OF_THEIR_OWN = (TableKind.LINKAGES, TableKind.HISTORY, TableKind.CERTIFICATES)
_LETTER = re.compile(r"(?:(?P<sheet>.*)!)?\((?P<letter>[A-Z]{1,2})\)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its header as the file has it; `why` is a warning's code."""

    index: int
    header: str
    field: str | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A header block: rows `start` to `end` (not included) of the sheet's list of rows."""

    kind: TableKind
    start: int
    end: int
    texts: tuple[MappingOf[int, str], ...]
    columns: tuple[Column, ...]
    title: Title

    @property
    def fields(self) -> set[str]:
        """The fields that were found."""
        return {column.field for column in self.columns if column.field is not None}

    def same_headers(self, other: Candidate) -> bool:
        """True if this is the other block come again, as at a page break."""
        mine = {column.index: header_key(column.header) for column in self.columns}
        theirs = {column.index: header_key(column.header) for column in other.columns}
        return mine == theirs


def looks_like_header(row: Row) -> bool:
    """A quick look that lets few rows of data through: all text, and one cell numbers the rows."""
    if len(row.cells) < 3 or not is_text(row):
        return False
    return any(
        isinstance(cell.value, str)
        and len(cell.value) < 20
        and _NUMBERS.fullmatch(search_key(cell.value))
        for cell in row.cells.values()
    )


def best_candidate(
    sheet: Sheet, start: int, told: str | None, mapping: Mapping, title: Title
) -> Candidate | None:
    """The block that begins at this row and finds most fields, if it is a header at all.

    A block that begins at the next row and finds more is left for the next call.
    """
    best = _block_at(sheet, start, told, mapping, title)
    if best is None or not _is_table(best, told):
        return None
    following = _block_at(sheet, start + 1, told, mapping, title)
    if following is None or len(following.fields) < len(best.fields):
        return best
    # As many fields with a row less: the first row was a title, no group of columns.
    more = len(following.fields) > len(best.fields)
    return None if more or following.end <= best.end else best


def _block_at(
    sheet: Sheet, start: int, told: str | None, mapping: Mapping, title: Title
) -> Candidate | None:
    best: Candidate | None = None
    for height in range(1, MAX_HEADER_ROWS + 1):
        rows = sheet.rows[start : start + height]
        if len(rows) < height or not is_text(rows[-1]):
            break
        if rows[-1].number != rows[0].number + height - 1:
            break
        texts = [_texts(sheet, row) for row in rows]
        stacked = _stack(texts)
        stacked = {**_told_by_letter(sheet.title, mapping), **stacked}
        for kind in [TableKind(told)] if told else list(TableKind):
            columns = _columns(sheet.title, kind, stacked, mapping, title)
            block = Candidate(kind, start, start + height, tuple(texts), columns, title)
            if _is_of_its_kind(block, told) and _beats(block, best):
                best = block
    return best


def letter_header(index: int) -> str:
    """What a column without any header is called.

    >>> letter_header(3)
    '(C)'
    """
    return f"({Cell(1, index, None).ref[:-1]})"


def _told_by_letter(sheet: str, mapping: Mapping) -> dict[int, tuple[str, ...]]:
    """Columns without a header that the clerk named by their letter."""
    found: dict[int, tuple[str, ...]] = {}
    for name in mapping.columns:
        letter = _LETTER.fullmatch(name)
        if letter is not None and letter["sheet"] in (None, sheet):
            found[column_index_from_string(letter["letter"])] = (f"({letter['letter']})",)
    return found


def _beats(block: Candidate, best: Candidate | None) -> bool:
    if best is None or len(block.fields) > len(best.fields):
        return True
    if len(block.fields) < len(best.fields) or block.end > best.end:
        return False
    return _organisation_kind(block) is block.kind


def is_text(row: Row) -> bool:
    """True if the row can be one of a header: short texts, and perhaps years."""
    values = [cell.value for cell in row.cells.values()]
    texts = [value for value in values if isinstance(value, str)]
    # A column may be headed by a year.
    years = [value for value in values if isinstance(value, int) and 1990 <= value <= 2100]
    return (
        len(texts) + len(years) == len(values)
        and len(texts) > len(years)
        and all(len(text) <= _MAX_HEADER_LENGTH for text in texts)
    )


def _is_of_its_kind(block: Candidate, told: str | None) -> bool:
    """Linkages have two parties, or one and a contract; others have columns of their own."""
    if told is not None:
        return True
    fields = block.fields
    if block.kind is TableKind.HISTORY:
        return {"attribute", "value"} <= fields
    if block.kind is TableKind.CERTIFICATES:
        return {"certification", "starts"} <= fields and _lists_nothing_else(block)
    if block.kind is TableKind.LINKAGES:
        parties = len(fields & {"seller", "buyer"})
        contract = len(fields & {"contract_number", "starts", "ends", "form"})
        return parties == 2 or (parties == 1 and contract >= 1) or contract >= 3
    return True


def _lists_nothing_else(block: Candidate) -> bool:
    """False for a register of organisations, or of contracts, that tells of certificates too."""

    def of(kind: TableKind) -> set[str | None]:
        return {heading_of(kind, column.header).field for column in block.columns}

    organisations = of(TableKind.COOPERATIVES) & {"kind", "sector", "status"}
    return len(organisations) < 2 and not of(TableKind.LINKAGES) & {"seller", "buyer"}


def _is_table(block: Candidate, told: str | None) -> bool:
    fields = block.fields
    if told is not None:
        return len(fields) >= 2
    if block.kind in _OF_THEIR_OWN:
        return len(fields) >= 3
    if "name" in fields:
        return len(fields) >= 3
    facts = {"kind", "sector", "tax_code", "founded_on", "status", "representative"}
    return len(fields & facts) >= 3


def _organisation_kind(block: Candidate) -> TableKind:
    """Cooperatives or enterprises: the name's header, the role, the title, the other columns."""
    if block.kind in _OF_THEIR_OWN:
        return block.kind
    name = next((c.header for c in block.columns if c.field == "name"), "")
    said = Title(name, "").organisations()
    if said is not None:
        return said
    if any(heading_of(TableKind.ENTERPRISES, c.header).field == "role" for c in block.columns):
        return TableKind.ENTERPRISES
    return block.title.organisations() or TableKind.COOPERATIVES


def _texts(sheet: Sheet, row: Row) -> dict[int, str]:
    """The row's texts by column, a group's text under all columns that it is merged over."""
    texts = {
        index: header_text(cell.value)
        for index, cell in row.cells.items()
        if header_text(cell.value)
    }
    for merge in sheet.merges.get(row.number, ()):
        text = texts.get(merge.first_column)
        if text is not None and merge.first_row == row.number:
            for index in range(merge.first_column, min(merge.last_column, 500) + 1):
                texts.setdefault(index, text)
    return texts


def _stack(rows: list[dict[int, str]]) -> dict[int, tuple[str, ...]]:
    """Each column's texts from the top down; a group without merging reaches to the next text."""
    spread: list[dict[int, str]] = []
    for number, texts in enumerate(rows[:-1]):
        below = rows[number + 1]
        wide = dict(texts)
        for index in sorted(below) if len(texts) > 1 else ():
            if index not in wide and index - 1 in wide and index - 1 in below:
                wide[index] = wide[index - 1]
        spread.append(wide)
    spread.append(rows[-1])
    columns = sorted({index for texts in spread for index in texts if texts[index]})
    stacked = {}
    for index in columns:
        seen = [texts[index] for texts in spread if index in texts]
        stacked[index] = tuple(dict.fromkeys(seen))
    return stacked


def _columns(
    sheet: str,
    kind: TableKind,
    stacked: MappingOf[int, tuple[str, ...]],
    mapping: Mapping,
    title: Title,
) -> tuple[Column, ...]:
    headers = {index: _shown(texts) for index, texts in stacked.items()}
    sides = title.sides() if kind is TableKind.LINKAGES else {}
    headings = {
        index: _told(sheet, kind, headers[index], texts, mapping)
        or _side(sides, texts)
        or _read(kind, texts)
        for index, texts in stacked.items()
    }
    if kind is TableKind.LINKAGES:
        headings = _settle_parties(headers, headings)
    return _choose(kind, headers, headings)


def _shown(texts: tuple[str, ...]) -> str:
    if len(texts) > 1 and is_unit(texts[-1]):
        return f"{' - '.join(texts[:-1])} ({texts[-1]})"
    return " - ".join(texts)


def _told(
    sheet: str, kind: TableKind, header: str, texts: tuple[str, ...], mapping: Mapping
) -> Heading | None:
    if not mapping.columns:
        return None
    said = mapping.field_of(sheet, header, kind) or mapping.field_of(sheet, texts[-1], kind)
    if said is None:
        return None
    return UNKNOWN if said == IGNORE else Heading(said, _EXPLICIT)


def _side(sides: dict[str, str], texts: tuple[str, ...]) -> Heading | None:
    """A column of Bên A or Bên B, where the sheet says which of them sells."""
    if not sides:
        return None
    key = header_key(" ".join(texts))
    for side, party in sides.items():
        if re.search(rf"\b{side}\b", key):
            plain = {"seller": "bên bán", "buyer": "bên mua"}[party]
            return heading_of(TableKind.LINKAGES, re.sub(rf"\b{side}\b", plain, key))
    return None


def _read(kind: TableKind, texts: tuple[str, ...]) -> Heading:
    if len(texts) == 1:
        return heading_of(kind, texts[0])
    *groups, last = texts
    group = " ".join(groups)
    if is_unit(last):
        return heading_of(kind, f"{group} ({last})")
    for joined in (f"{last} {group}", f"{group} {last}"):
        found = heading_of(kind, joined)
        if found.field is not None:
            return found
    if kind is TableKind.LINKAGES and speaks_of_a_party(group):
        return UNKNOWN
    if header_key(last) in _GENERIC and not _NEUTRAL.search(header_key(group)):
        return UNKNOWN
    return heading_of(kind, last)


def _settle_parties(
    headers: MappingOf[int, str], headings: dict[int, Heading]
) -> dict[int, Heading]:
    """Whose name and whose tax code a column is, where its header does not say.

    One bare organisation beside one named party is the other party. A bare tax code belongs to
    the party of the kind it names ("MST HTX"), else to the one it stands behind (before, if the
    first code stands before the first party). Two codes for one party are nobody's.
    """
    settled = dict(headings)
    named = {h.field for h in headings.values()} & {"seller", "buyer"}
    bare = [index for index, h in headings.items() if h.field == OPEN_PARTY]
    if len(named) == 1 and len(bare) == 1:
        other = "buyer" if "seller" in named else "seller"
        settled[bare[0]] = Heading(other, 2)
    parties = [i for i, h in settled.items() if h.field in ("seller", "buyer", OPEN_PARTY)]
    codes = [i for i, h in settled.items() if h.field == OPEN_TAX_CODE]
    whose = _owners(headers, parties, codes)
    for index in codes:
        owner = whose[index]
        party = settled[owner].field if owner is not None else None
        single = list(whose.values()).count(owner) == 1
        sure = single and party in ("seller", "buyer")
        settled[index] = Heading(f"{party}_tax_code") if sure else UNKNOWN
    return {i: UNKNOWN if h.field == OPEN_PARTY else h for i, h in settled.items()}


def _owners(
    headers: MappingOf[int, str], parties: list[int], codes: list[int]
) -> dict[int, int | None]:
    """The party's column for each bare tax code's column."""
    before = bool(codes and parties) and min(codes) < min(parties)
    owners: dict[int, int | None] = {}
    for index in codes:
        said = names_of(headers[index])
        same = [i for i in parties if said is not None and names_of(headers[i]) == said]
        side = [i for i in parties if (i > index) == before]
        if len(same) == 1:
            owners[index] = same[0]
        else:
            owners[index] = (min(side) if before else max(side)) if side else None
    return owners


def _choose(
    kind: TableKind, headers: dict[int, str], headings: dict[int, Heading]
) -> tuple[Column, ...]:
    """One column a field: the strongest reading, then the first; a header written twice stays."""
    chosen: dict[str, int] = {}
    for index in sorted(headings):
        name = headings[index].field
        if name is None or name not in FIELDS[kind]:
            continue
        if name not in chosen or headings[index].rank < headings[chosen[name]].rank:
            chosen[name] = index
    columns = []
    for index in sorted(headers):
        heading = headings[index]
        column = Column(index, headers[index], None)
        if heading.field in chosen:
            first = chosen[heading.field]
            same = header_key(headers[index]) == header_key(headers[first])
            if index == first:
                why = "column_assumed" if heading.rank == 2 else None
                column = replace(column, field=heading.field, why=why)
            elif same and heading.rank == headings[first].rank:
                column = replace(column, field=heading.field, why="duplicate_header")
            else:
                column = replace(column, why="duplicate_column")
        columns.append(column)
    return tuple(columns)
