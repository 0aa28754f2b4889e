"""Reads the day that one cell names, as `values` reads the rest of them. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from linkage.intake.planning.corrections import (
    EPOCH_1900,
    EPOCH_1904,
    Correction,
    apply,
    period_of,
)
from linkage.intake.planning.values import Reading, bare, whole

# Problems, as the report names them.
NO_SUCH_DATE = "no_such_date"
DATE_OUT_OF_BOUNDS = "date_out_of_bounds"
AMERICAN_DATE = "american_date"
DAY_MISSING = "day_missing"
# What the text of a day shows of the order in which it is written.
DAY_FIRST, MONTH_FIRST, EITHER = "day_first", "month_first", "either"

# What a clerk says of a year or a month alone, and the rule that then reads it.
PERIOD_RULES = {
    "first_day": "first_of_period",
    "last_day": "last_of_period",
    "unknown": "day_left_open",
}
# Said in words by findings and by web.reportwords.
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
# A bare number is a day only in these years, so that the year 2019 alone is none.
_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
_DATE_LIKE = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})(?:[T\s]+0?0:00.*)?")


@lru_cache(maxsize=100_000, typed=True)
def read_date(
    value: Any, base_1904: bool = False, order: str = "dmy", period: str | None = None
) -> Reading[date]:
    """A day. The reading of a text is day, month, year; `order` "mdy" is the clerk's own answer.

    A year or a month alone is no day, unless the clerk said by `period` which one it means:
    "first_day", "last_day", or "unknown" for none.

    >>> read_date("19/7/2018").value, read_date(43692).value
    (datetime.date(2018, 7, 19), datetime.date(2019, 8, 15))
    >>> read_date("31/02/2025").problem, read_date("02/25/2025").problem, read_date(2019).problem
    ('no_such_date', 'american_date', 'day_missing')
    >>> read_date("năm 2019", period="first_day").value
    datetime.date(2019, 1, 1)
    >>> read_date("01/01/1800").problem
    'date_out_of_bounds'
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        typed = year_in_day(value, base_1904)
        return _within(value, ()) if typed is None else read_date(typed, base_1904, order, period)
    if isinstance(value, (bool, type(None))):
        return Reading(None, (), None if value is None else NO_SUCH_DATE)
    if isinstance(value, (int, float)):
        value = whole(value)
        return _of_period(value, period, []) or _day_number(value, base_1904, [])
    if not isinstance(value, str):
        return Reading(None, (), NO_SUCH_DATE)
    return _date_text(value, base_1904, order, period)


def _date_text(text: str, base_1904: bool, order: str, period: str | None) -> Reading[date]:
    value, steps = bare(text)
    if value is None:
        return Reading(None, tuple(steps))
    if re.fullmatch(r"\d{5}", value):
        return _day_number(value, base_1904, steps)
    rules = ("month_day_year" if order == "mdy" else "day_month_year", "year_month_day")
    for rule in (*rules, "date_in_words"):
        try:
            read = date.fromisoformat(apply(value, rule, steps))
        except ValueError:
            continue
        return _within(read, tuple(steps))
    if (found := _of_period(value, period, steps)) is not None:
        return found
    return Reading(None, (), AMERICAN_DATE if _only_american(value, order) else NO_SUCH_DATE)


def _of_period(
    value: float | str, said: str | None, steps: list[Correction]
) -> Reading[date] | None:
    """The day that a year or a month alone means, if it was said; None for any other value."""
    found = period_of(value)
    if found is None or not _EARLIEST.year <= found[0] <= _LATEST.year:
        return None
    if said is None:
        return Reading(None, (), DAY_MISSING)
    day = apply(value, PERIOD_RULES[said], steps)
    return Reading(date.fromisoformat(day) if day else None, tuple(steps))


def _only_american(value: str, order: str) -> bool:
    """Whether the text is a day only if the other order is taken."""
    found = _DATE_LIKE.fullmatch(value)
    if found is None:
        return False
    first, second = (2, 1) if order == "mdy" else (1, 2)
    try:
        date(int(found[3]), int(found[first]), int(found[second]))
    except ValueError:
        return False
    return True


def shown_order(value: Any) -> str | None:
    """Which order a text of two short numbers and a year shows; None for any other value.

    What is no day in either order shows none.

    >>> shown_order("25/12/2024"), shown_order("12/25/2024"), shown_order("09/10/2024")
    ('day_first', 'month_first', 'either')
    >>> shown_order("09/09/2024") is None, shown_order("31/13/2024") is None
    (True, True)
    """
    found = _DATE_LIKE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or found[1] == found[2]:
        return None
    first, second = int(found[1]), int(found[2])
    if max(first, second) > 31 or min(first, second) > 12:
        return None
    if max(first, second) <= 12:
        return EITHER
    return DAY_FIRST if second <= 12 else MONTH_FIRST


def year_in_day(value: Any, base_1904: bool = False) -> int | None:
    """The year that was typed into a cell which Excel formats as a day; None for any other value.

    2011 in such a cell is day number 2011, in 1905: before any organisation or contract here.

    >>> year_in_day(date(1905, 7, 3)), year_in_day(date(2011, 7, 3))
    (2011, None)
    """
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        return None
    number = (value - (EPOCH_1904 if base_1904 else EPOCH_1900)).days
    return number if _EARLIEST.year <= number <= _LATEST.year else None


def _day_number(value: float | str, base_1904: bool, steps: list[Correction]) -> Reading[date]:
    first = EPOCH_1904 if base_1904 else EPOCH_1900
    low, high = (_FIRST_DAY - first).days, (_LAST_DAY - first).days
    if not low <= float(value) < high + 1:
        return Reading(None, tuple(steps), NO_SUCH_DATE)
    rule = "day_number_1904" if base_1904 else "day_number"
    day = date.fromisoformat(apply(value, rule, steps))
    return Reading(day, tuple(steps))


def _within(day: date, steps: tuple[Correction, ...]) -> Reading[date]:
    if _EARLIEST <= day <= _LATEST:
        return Reading(day, steps)
    return Reading(None, steps, DATE_OUT_OF_BOUNDS)
