"""What the clerk says about a workbook that cannot be recognised: columns, sheets, ways of writing.

JSON: {"columns": {"Header" or "Sheet!Header": field or one of our headers or "ignore"},
"sheets": {"Sheet": "cooperatives" | "enterprises" | "linkages" | "history" |
"certificates" | "ignore"},
"date_order": {"Header": "day_first" | "month_first" | "year_first"},
"decimal": {"Header": "comma" | "point"},
"day_of_period": {"Header": "first_day" | "last_day" | "unknown"}}: the day that a year or a month
alone means. What is said here beats what is recognised.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from linkage.errors import Invalid
from linkage.intake.reading.headers import FIELDS, TableKind, header_key, heading_of

IGNORE = "ignore"
_SECTIONS = ("columns", "sheets", "date_order", "decimal", "day_of_period")
_CHOICES = {
    "sheets": (*(kind.value for kind in TableKind), IGNORE),
    "date_order": ("day_first", "month_first", "year_first"),
    "decimal": ("comma", "point"),
    "day_of_period": ("first_day", "last_day", "unknown"),
}
MAX_MAPPING_BYTES = 1024 * 1024


class MappingInvalid(Invalid):
    """The mapping file says something that cannot be."""

    code = "mapping_invalid"
    words = _("The mapping file is not valid at %(where)s: %(what)s.")


@dataclass(frozen=True, slots=True)
class Mapping:
    """The clerk's word on a workbook; empty by default. Headers compare by their folded key."""

    columns: MappingOf[str, str] = field(default_factory=dict)
    sheets: MappingOf[str, str] = field(default_factory=dict)
    date_order: MappingOf[str, str] = field(default_factory=dict)
    decimal: MappingOf[str, str] = field(default_factory=dict)
    day_of_period: MappingOf[str, str] = field(default_factory=dict)

    def said_of(self, sheet: str, header: str) -> str | None:
        """What is said for this column, whatever its table: a field, a header or "ignore"."""
        return _lookup(self.columns, sheet, header)

    def field_of(self, sheet: str, header: str, kind: TableKind) -> str | None:
        """The field (or "ignore") said for this column; None where nothing is said."""
        said = _lookup(self.columns, sheet, header)
        if said is None or said == IGNORE or said in FIELDS[kind]:
            return said
        return heading_of(kind, said).field

    def kind_of(self, sheet: str) -> str | None:
        """The kind of table (or "ignore") said for this sheet; None where nothing is said."""
        return self.sheets.get(sheet) or next(
            (kind for name, kind in self.sheets.items() if header_key(name) == header_key(sheet)),
            None,
        )

    def date_order_of(self, sheet: str, header: str) -> str | None:
        """How this column's text dates are written, if it is said."""
        return _lookup(self.date_order, sheet, header)

    def decimal_of(self, sheet: str, header: str) -> str | None:
        """What separates decimals in this column's text numbers, if it is said."""
        return _lookup(self.decimal, sheet, header)

    def day_of_period_of(self, sheet: str, header: str) -> str | None:
        """Which day a year or a month alone means in this column, if it is said."""
        return _lookup(self.day_of_period, sheet, header)


def _lookup(said: MappingOf[str, str], sheet: str, header: str) -> str | None:
    if not said:
        return None
    exact = said.get(f"{sheet}!{header}", said.get(header))
    if exact is not None:
        return exact
    keys = {header_key(name): value for name, value in said.items()}
    return keys.get(header_key(f"{sheet}!{header}"), keys.get(header_key(header)))


def read_mapping(path: Path) -> Mapping:
    """Read the mapping file. Raises: MappingInvalid, naming the entry."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if len(text) > MAX_MAPPING_BYTES:
            raise MappingInvalid(where=path.name, what=_("the file is too large"))
        data = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise MappingInvalid(
            where=path.name,
            what=_("this is no JSON that can be read (%(error)s)") % {"error": error},
        ) from error
    return parse_mapping(data)


def parse_mapping(data: object) -> Mapping:
    """Check a mapping that was read as JSON. Raises: MappingInvalid, naming the entry."""
    if not isinstance(data, dict):
        raise MappingInvalid(where="$", what=_("an object is expected"))
    for section, entries in data.items():
        if section not in _SECTIONS:
            raise MappingInvalid(where=section, what=_("there is no such section"))
        if not isinstance(entries, dict):
            raise MappingInvalid(where=section, what=_("an object is expected"))
        for name, value in entries.items():
            _check_entry(section, name, value)
    return Mapping(**{section: dict(entries) for section, entries in data.items()})


def _check_entry(section: str, name: str, value: object) -> None:
    where = f"{section}.{name}"
    if not isinstance(value, str):
        raise MappingInvalid(where=where, what=_("a text is expected"))
    choices = _CHOICES.get(section)
    if choices is not None and value not in choices:
        said = {"value": value, "choices": ", ".join(choices)}
        raise MappingInvalid(where=where, what=_("“%(value)s” is not one of %(choices)s") % said)
    if section == "columns" and value != IGNORE and not _names_a_field(value):
        what = _("“%(value)s” is no field and no header known here") % {"value": value}
        raise MappingInvalid(where=where, what=what)


def _names_a_field(value: str) -> bool:
    return any(
        value in FIELDS[kind] or heading_of(kind, value).field in FIELDS[kind] for kind in TableKind
    )
