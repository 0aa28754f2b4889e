"""Which reported value counts on a day, and its canonical form. Pure; beside the rule, never in it.

A line that the register cannot give stands with its source and its own day. Nothing computed is
mixed with it, and it is no part of any share that the rule computes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

MANUAL, RETURNS = "manual", "returns"


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
class ReturnRow:
    """An accepted yearly return: what of it the plan's lines need; None was not answered."""

    id: int
    organisation: int
    year: int
    workers: int | None = None
    insured: int | None = None
    staff: int | None = None
    staff_trained: int | None = None
    key_staff: int | None = None
    key_trained: int | None = None
    key_degree: int | None = None
    rating: str = ""
    market_info: bool | None = None
    land: bool | None = None
    high_tech: bool | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything reported that a figure was given, in order of id."""

    manual: tuple[ManualRow, ...] = ()
    returns: tuple[ReturnRow, ...] = ()


NOTHING = Reported()
# Lines that are a part over a whole, summed over the returns.
_SUMS = {
    "STAFF-TRAINED": ("staff_trained", "staff"),
    "STAFF-KEY-TRAINED": ("key_trained", "key_staff"),
    "STAFF-DEGREE": ("key_degree", "key_staff"),
    "INSURANCE": ("insured", "workers"),
}
# Lines that count cooperatives, over those that answered.
_YES = {"MARKET-INFO": "market_info", "LAND": "land", "HIGH-TECH": "high_tech"}
_RATINGS = {"RATED-GOOD": ("good", "fair"), "RATED-WEAK": ("weak",)}
SUMMED = (*_SUMS, *_YES, *_RATINGS)


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
    # Of a sum of returns: how many of the active cooperatives answered.
    answered: int | None = None
    asked: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What a value is one of."""
        return self.indicator, self.basis, self.territory


def values_on(
    rows: Reported, day: date, active: Mapping[str, frozenset[int]] | None = None
) -> list[ReportedValue]:
    """Of each line and territory what was reported by `day`, by hand and by returns, in order.

    `active`: of each territory the cooperatives that were active at the end of `returns_year`;
    returns of others are in no sum.

    >>> row = ManualRow(1, "LAND", "", date(2024, 12, 31), 5, 10, "Báo cáo 1")
    >>> [value.numerator for value in values_on(Reported((row,)), date(2025, 6, 30))]
    [5]
    >>> values_on(Reported((row,)), date(2024, 12, 30))
    []
    """
    found = [*_by_hand(rows.manual, day), *_by_returns(rows.returns, day, active or {})]
    return sorted(found, key=lambda value: value.key)


def returns_year(rows: Reported, day: date) -> int | None:
    """The last year over by `day` of which a return was accepted; its end is the sums' day."""
    years = (row.year for row in rows.returns if date(row.year, 12, 31) <= day)
    return max(years, default=None)


def of_line(row: ReturnRow, indicator: str) -> tuple[int, int] | None:
    """What one return adds to a line's part and whole; None: it does not answer the line.

    >>> of_line(ReturnRow(1, 1, 2025, workers=20, insured=9), "INSURANCE")
    (9, 20)
    >>> of_line(ReturnRow(1, 1, 2025, land=False), "LAND")
    (0, 1)
    """
    if indicator in _SUMS:
        part, whole = (getattr(row, name) for name in _SUMS[indicator])
        return None if part is None or whole is None else (part, whole)
    if indicator in _YES:
        said = getattr(row, _YES[indicator])
        return None if said is None else (int(said), 1)
    if indicator in _RATINGS and row.rating:
        return int(row.rating in _RATINGS[indicator]), 1
    return None


def _by_hand(rows: Iterable[ManualRow], day: date) -> Iterable[ReportedValue]:
    last: dict[tuple[str, str], ManualRow] = {}
    for row in sorted(rows, key=lambda row: row.as_of):
        if row.as_of <= day:
            last[row.indicator, row.territory] = row
    for row in last.values():
        yield ReportedValue(
            indicator=row.indicator,
            territory=row.territory,
            basis=MANUAL,
            as_of=row.as_of,
            numerator=row.numerator,
            denominator=row.denominator,
            source=row.source,
        )


def _by_returns(
    rows: tuple[ReturnRow, ...], day: date, active: Mapping[str, frozenset[int]]
) -> Iterable[ReportedValue]:
    year = returns_year(Reported(returns=rows), day)
    if year is None:
        return
    for territory, cooperatives in active.items():
        own = [row for row in rows if row.year == year and row.organisation in cooperatives]
        for indicator in SUMMED:
            said = [pair for row in own if (pair := of_line(row, indicator)) is not None]
            whole = sum(pair[1] for pair in said)
            if whole:
                yield ReportedValue(
                    indicator=indicator,
                    territory=territory,
                    basis=RETURNS,
                    as_of=date(year, 12, 31),
                    numerator=sum(pair[0] for pair in said),
                    denominator=whole,
                    source="",
                    answered=len(said),
                    asked=len(cooperatives),
                )


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


def return_fields(row: ReturnRow) -> dict[str, Any]:
    """The row as JSON, without its id."""
    return {name: value for name, value in asdict(row).items() if name != "id"}


def stored_form(rows: Reported) -> list[list[Any]]:
    """All rows as the hash of a snapshot takes them: basis, id, fields."""
    return [[basis, id_, fields] for basis, id_, fields in stored_rows(rows)]


def stored_rows(rows: Reported) -> Iterable[tuple[str, int, dict[str, Any]]]:
    """All rows as a snapshot stores them: basis, id, fields."""
    for value in rows.manual:
        yield MANUAL, value.id, manual_fields(value)
    for row in rows.returns:
        yield RETURNS, row.id, return_fields(row)


def read_stored(stored: Iterable[tuple[str, int, Mapping[str, Any]]]) -> Reported:
    """What `stored_rows` gave, in order of id."""
    rows = sorted(stored, key=lambda row: row[:2])
    return Reported(
        manual=tuple(manual_row(id_, fields) for basis, id_, fields in rows if basis == MANUAL),
        returns=tuple(
            ReturnRow(id=id_, **fields) for basis, id_, fields in rows if basis == RETURNS
        ),
    )
