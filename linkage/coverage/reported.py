"""Which reported value counts on a day, and its canonical form. Pure; beside the rule, never in it.

A line that the register cannot give stands with its source and its own day. Nothing computed is
mixed with it, and it is no part of any share that the rule computes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class ManualRow:
    """The last version of a value entered by hand; `denominator` None: a count."""

    id: int
    indicator: str
    # "" is the whole register.
    territory: str
    as_of: date
    numerator: int
    denominator: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything reported that a figure was given, in order of id."""

    manual: tuple[ManualRow, ...] = ()


NOTHING = Reported()


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A line's value in a territory: of `as_of`, which may lie before the day that was asked."""

    indicator: str
    territory: str
    basis: str
    as_of: date
    numerator: int
    denominator: int | None
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a value is one of."""
        return self.indicator, self.basis, self.territory


def values_on(rows: Reported, day: date) -> list[ReportedValue]:
    """Of each line and territory the value of the last day on or before `day`, in order of key.

    >>> row = ManualRow(1, "LAND", "", date(2024, 12, 31), 5, 10, "Báo cáo 1")
    >>> [value.numerator for value in values_on(Reported((row,)), date(2025, 6, 30))]
    [5]
    >>> values_on(Reported((row,)), date(2024, 12, 30))
    []
    """
    last: dict[tuple[str, str], ManualRow] = {}
    for row in sorted(rows.manual, key=lambda row: row.as_of):
        if row.as_of <= day:
            last[row.indicator, row.territory] = row
    found = [
        ReportedValue(
            indicator=row.indicator,
            territory=row.territory,
            basis=MANUAL,
            as_of=row.as_of,
            numerator=row.numerator,
            denominator=row.denominator,
            source=row.source,
        )
        for row in last.values()
    ]
    return sorted(found, key=lambda value: value.key)


# --- The stored form ------------------------------------------------------------------------
def manual_fields(row: ManualRow) -> dict[str, Any]:
    """The row as JSON, without its id."""
    return {
        "indicator": row.indicator,
        "territory": row.territory,
        "as_of": row.as_of.isoformat(),
        "numerator": row.numerator,
        "denominator": row.denominator,
        "source": row.source,
    }


def manual_row(id_: int, fields: Mapping[str, Any]) -> ManualRow:
    """What `manual_fields` stored."""
    return ManualRow(id=id_, **{**fields, "as_of": date.fromisoformat(fields["as_of"])})


def stored_form(rows: Reported) -> list[list[Any]]:
    """All rows as the hash of a snapshot takes them: basis, id, fields."""
    return [[basis, id_, fields] for basis, id_, fields in stored_rows(rows)]


def stored_rows(rows: Reported) -> Iterable[tuple[str, int, dict[str, Any]]]:
    """All rows as a snapshot stores them: basis, id, fields."""
    for row in rows.manual:
        yield MANUAL, row.id, manual_fields(row)


def read_stored(stored: Iterable[tuple[str, int, Mapping[str, Any]]]) -> Reported:
    """What `stored_rows` gave, in order of id."""
    rows = sorted(stored, key=lambda row: row[:2])
    return Reported(
        manual=tuple(manual_row(id_, fields) for basis, id_, fields in rows if basis == MANUAL)
    )
