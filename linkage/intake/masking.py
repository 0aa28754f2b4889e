"""What a workbook held, for those who read no contacts or no person's tax code. Pure.

Corrections, warnings and conflicts quote cells, rows hold them. Which cells speak of people is
known by the column's field, as the clerk's mapping or the wordings of headers say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from typing import Any

from linkage.intake.reading.headers import TableKind, heading_of
from linkage.intake.reading.layout import UnmappedColumn
from linkage.intake.reading.mapping import Mapping
from linkage.intake.sentences import sentence

HIDDEN = "•••"
_CONTACTS = frozenset({"representative", "phone"})
CODE_FIELDS = frozenset({"tax_code", "seller_tax_code", "buyer_tax_code"})
_SECTIONS = ("refused", "warnings", "corrections", "conflicts", "changes")
# Reasons to leave a row out under which people's names stand, and what could be their numbers.
_OF_PEOPLE = frozenset({"signature", "footnote"})
_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){8,}")
_QUOTES = ("value", "before", "after", "ours", "file")


def masked_report(
    report: MappingOf[str, Any], mapping: Mapping, *, contacts: bool, personal_codes: bool
) -> dict[str, Any]:
    """The report with what `contacts` or `personal_codes` forbids hidden; counts stay."""
    found = dict(report)
    for section in _SECTIONS:
        if section in found:
            found[section] = [
                _masked(entry, mapping, contacts=contacts, personal_codes=personal_codes)
                for entry in found[section]
            ]
    if not contacts and "unmapped_columns" in found:
        # What stands in a column that nobody knows can be anybody's name or number.
        found["unmapped_columns"] = [{**one, "examples": []} for one in found["unmapped_columns"]]
    if "skipped" in found and not contacts:
        found["skipped"] = [_without_people(entry) for entry in found["skipped"]]
    if "skipped" in found and not personal_codes:
        found["skipped"] = [_without_codes(entry) for entry in found["skipped"]]
    return found


def masked_cells(
    cells: MappingOf[str, Any], *, contacts: bool, personal_codes: bool
) -> dict[str, Any]:
    """A row's values by field, with what `contacts` or `personal_codes` forbids hidden."""
    shown = dict(cells)
    for name in cells.keys() & (_CONTACTS | CODE_FIELDS):
        if not cells[name]:
            continue
        if name in _CONTACTS and not contacts:
            shown[name] = HIDDEN
        elif name in CODE_FIELDS and not personal_codes:
            shown[name] = mask_code(str(cells[name]))
    return shown


def _without_people(entry: MappingOf[str, Any]) -> dict[str, Any]:
    """A row that is no data, as it stands: who signs is a person, a long number may be one's."""
    if entry["why"] in _OF_PEOPLE:
        return {**entry, "text": HIDDEN}
    return {**entry, "text": _LONG_NUMBER.sub(HIDDEN, entry["text"])}


def _without_codes(entry: MappingOf[str, Any]) -> dict[str, Any]:
    masked = _LONG_NUMBER.sub(lambda found: mask_code(found.group()), entry["text"])
    return {**entry, "text": masked}


def _masked(
    entry: MappingOf[str, Any], mapping: Mapping, *, contacts: bool, personal_codes: bool
) -> dict[str, Any]:
    fields = _fields(str(entry.get("sheet", "")), entry.get("field"), mapping)
    shown = dict(entry)
    for name in _QUOTES:
        said = entry.get(name)
        if not said:
            continue
        if fields & _CONTACTS and not contacts:
            hidden = HIDDEN
        elif fields & CODE_FIELDS and not personal_codes:
            hidden = mask_code(str(said))
        else:
            continue
        shown[name] = hidden
        if name == "value":
            # Not the old sentence with the value taken out: it may quote the cell in another form.
            shown["message"] = sentence(entry["code"], field=entry["field"], value=hidden)
    return shown


def _fields(sheet: str, header: str | None, mapping: Mapping) -> frozenset[str]:
    """What a column of this header can hold, in whatever kind of table it stands."""
    if not header:
        return frozenset()
    return frozenset(
        field
        for kind in TableKind
        for field in (mapping.field_of(sheet, header, kind), heading_of(kind, header).field, header)
        if field
    )


def unmapped_as_json(column: UnmappedColumn) -> dict[str, Any]:
    """A column that was not understood, as a report keeps it: no person's tax code in full."""
    return {
        "sheet": column.sheet,
        "header": column.header,
        "kind": column.kind,
        "examples": [mask_code(one) for one in column.examples],
    }


def mask_code(written: str) -> str:
    """A tax code as written; 12 digits, or 11 that lost their zero, could be a person's.

    >>> mask_code("031 085 000123"), mask_code("0100112437")
    ('•••123', '0100112437')
    """
    digits = "".join(char for char in written if char.isdigit())
    return f"{HIDDEN}{digits[-3:]}" if len(digits) in (11, 12) else written
