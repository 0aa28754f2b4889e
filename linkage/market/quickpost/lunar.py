"""Days of the Vietnamese lunar calendar (UTC+7; the Chinese one differs in some years).

>>> new_year(2027), new_year(2030)
(datetime.date(2027, 2, 6), datetime.date(2030, 2, 2))
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from lunar_vn import LunarDate, lunar_to_solar

FIRST_MONTH, LAST_MONTH = 1, 12


def _first_of(month: int, year: int) -> date:
    return lunar_to_solar(LunarDate(1, month, year))


@lru_cache(maxsize=256)
def day_of(day: int, month: int, year: int) -> date | None:
    """A day of a lunar year in the calendar of the sun; None if that month has no such day."""
    first = _first_of(month, year)
    found = first + timedelta(days=day - 1)
    return found if found <= month_ends(month, year) else None


@lru_cache(maxsize=256)
def month_ends(month: int, year: int) -> date:
    """The last day of a lunar month (of the ordinary one, where a leap month follows)."""
    first = _first_of(month, year)
    following = (1, year + 1) if month == LAST_MONTH else (month + 1, year)
    behind = _first_of(*following)
    # A leap month stands between: the month itself has 29 or 30 days all the same.
    return min(behind - timedelta(days=1), first + timedelta(days=29))


def new_year(year: int) -> date:
    """The first day of Tết in a year."""
    return _first_of(FIRST_MONTH, year)


def next_new_year(today: date) -> date:
    """The first day of the next Tết, today's included."""
    this = new_year(today.year)
    return this if this >= today else new_year(today.year + 1)


def next_day(day: int, month: int, today: date) -> date | None:
    """The next time a lunar day comes, today included."""
    for year in (today.year - 1, today.year, today.year + 1):
        found = day_of(day, month, year)
        if found is not None and found >= today:
            return found
    return None


def next_month(month: int, today: date) -> tuple[date, date]:
    """The lunar month that is not over yet, from its first day to its last."""
    for year in (today.year - 1, today.year, today.year + 1):
        last = month_ends(month, year)
        if last >= today:
            return _first_of(month, year), last
    raise ValueError(f"no lunar month {month} after {today}")
