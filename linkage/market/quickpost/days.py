"""The days that words of time mean: pure arithmetic on what the patterns of `dates` found.

What has no year is the next such time: a past day of this year means the next one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from linkage.market.quickpost import lunar

Bounds = tuple[date | None, date | None]

# Nobody posts for a later year: what names one is no day.
FARTHEST_YEARS = 10

_MONTH_WORDS = {
    "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_NAMED_MONTHS = {"gieng": 1, "chap": 12}
WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4,
    "bay": 5, "7": 5,
}  # fmt: skip
_QUARTERS = {"1": 1, "i": 1, "2": 2, "ii": 2, "3": 3, "iii": 3, "4": 4, "iv": 4}
# Months in which the crop of a season is brought in, as the reference has them for its crops.
_SEASONS = {
    "dong xuan": (5, 6), "dong": (11, 2), "xuan": (5, 6), "chiem": (5, 6), "he thu": (8, 9),
    "mua": (10, 11),
}  # fmt: skip


def _month_bounds(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _clipped(first: date, last: date, today: date) -> Bounds | None:
    return (max(first, today), last) if _is_ahead(last, today) else None


def _is_ahead(day: date, today: date) -> bool:
    return day >= today and day.year <= today.year + FARTHEST_YEARS


def day_in(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_of(match: re.Match[str], today: date) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        year = int(groups["year"])
        return year if year > 99 else 2000 + year
    named = groups.get("named")
    if named in ("sau", "toi"):
        return today.year + 1
    if named == "nay":
        return today.year
    return int(named) if named else None


def _next_date(day: int, month: int, year: int | None, today: date) -> date | None:
    if year is not None:
        found = day_in(year, month, day)
        return found if found is not None and _is_ahead(found, today) else None
    for step in range(5):
        found = day_in(today.year + step, month, day)
        if found is not None and found >= today:
            return found
    return None


def _on(found: date | None) -> Bounds | None:
    return None if found is None else (found, found)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_WORDS[text]


def of_day(match: re.Match[str], today: date) -> Bounds | None:
    day, month = int(match["day"]), _number(match["month"])
    if match.groupdict().get("lunar"):
        return _lunar_day(day, month, today)
    return _on(_next_date(day, month, _year_of(match, today), today))


def _lunar_day(day: int, month: int, today: date) -> Bounds | None:
    if not (1 <= day <= 30 and 1 <= month <= 12):
        return None
    return _on(lunar.next_day(day, month, today))


def of_days(match: re.Match[str], today: date) -> Bounds | None:
    month, year = _number(match["month"]), _year_of(match, today)
    last = _next_date(int(match["last"]), month, year, today)
    if last is None:
        return None
    first = day_in(last.year, month, int(match["first"]))
    return (max(first, today), last) if first is not None and first < last else None


def of_month(match: re.Match[str], today: date) -> Bounds | None:
    month = _number(match["month"])
    if not 1 <= month <= 12:
        return None
    if match.groupdict().get("lunar"):
        return _clipped(*lunar.next_month(month, today), today)
    year = _year_of(match, today)
    if year is None:
        year = today.year + (month < today.month)
    return _part_of_month(year, month, match.groupdict().get("part"), today)


def _part_of_month(year: int, month: int, part: str | None, today: date) -> Bounds | None:
    first, last = _month_bounds(year, month)
    if part == "dau":
        last = first.replace(day=10)
    elif part in ("giua", "trung tuan"):
        first, last = first.replace(day=11), first.replace(day=20)
    elif part == "cuoi":
        first = first.replace(day=21)
    return _clipped(first, last, today)


def of_months(match: re.Match[str], today: date) -> Bounds | None:
    low, high = _number(match["low"]), _number(match["high"])
    if not (1 <= low <= 12 and 1 <= high <= 12) or low == high:
        return None
    if match.groupdict().get("lunar"):
        first = lunar.next_month(low, today)[0]
        return _clipped(first, lunar.next_month(high, max(first, today))[1], today)
    year = _year_of(match, today)
    end_year = today.year + (high < today.month) if year is None else year
    start_year = end_year - (low > high)
    return _clipped(_month_bounds(start_year, low)[0], _month_bounds(end_year, high)[1], today)


def of_named_month(match: re.Match[str], today: date) -> Bounds | None:
    month = _NAMED_MONTHS[match["name"]]
    if match.groupdict().get("day"):
        return _lunar_day(15 if match["day"] == "ram" else int(match["day"]), month, today)
    first, last = lunar.next_month(month, today)
    part = match.groupdict().get("part")
    if part == "dau":
        last = first + timedelta(days=9)
    elif part == "giua":
        first, last = first + timedelta(days=10), first + timedelta(days=19)
    elif part == "cuoi":
        first = first + timedelta(days=20)
    return _clipped(first, last, today)


def of_named_days(match: re.Match[str], today: date) -> Bounds | None:
    """Days of tháng Giêng or tháng chạp, from the first to the last."""
    month = _NAMED_MONTHS[match["name"]]
    last = _lunar_day(int(match["last"]), month, today)
    if last is None or last[1] is None:
        return None
    first = last[1] - timedelta(days=int(match["last"]) - int(match["first"]))
    return _clipped(first, last[1], today) if first < last[1] else None


def of_full_moon(match: re.Match[str], today: date) -> Bounds | None:
    return _lunar_day(15, _number(match["month"]), today)


def this_or_next_month(match: re.Match[str], today: date) -> Bounds | None:
    steps = {"nay": 0, "sau": 1, "toi": 1}[match["which"]]
    year, month = divmod(today.year * 12 + today.month - 1 + steps, 12)
    return _part_of_month(year, month + 1, match["part"], today)


def part_of_some_month(match: re.Match[str], today: date) -> Bounds | None:
    this = _part_of_month(today.year, today.month, match["part"], today)
    if this is not None:
        return this
    year, month = divmod(today.year * 12 + today.month, 12)
    return _part_of_month(year, month + 1, match["part"], today)


def of_week(match: re.Match[str], today: date) -> Bounds | None:
    monday = today - timedelta(days=today.weekday())
    if match["which"] != "nay":
        monday += timedelta(days=7)
    first, last = monday, monday + timedelta(days=6)
    if match["part"] == "dau":
        last = monday + timedelta(days=2)
    elif match["part"] == "giua":
        first, last = monday + timedelta(days=2), monday + timedelta(days=4)
    elif match["part"] == "cuoi":
        first = monday + timedelta(days=5)
    return _clipped(first, last, today)


def of_weekend(match: re.Match[str], today: date) -> Bounds | None:
    saturday = today + timedelta(days=5 - today.weekday())
    return _clipped(saturday, saturday + timedelta(days=1), today)


def of_weekday(match: re.Match[str], today: date) -> Bounds | None:
    wanted = 6 if match["number"] is None else WEEKDAYS[match["number"]]
    monday = today - timedelta(days=today.weekday())
    which = match["which"]
    if which in ("tuan sau", "tuan toi"):
        return _on(monday + timedelta(days=7 + wanted))
    if which in ("nay", "tuan nay"):
        found = monday + timedelta(days=wanted)
        return _on(found) if found >= today else None
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    return _on(today + timedelta(days=ahead))


def no_window(match: re.Match[str], today: date) -> Bounds | None:
    """What comes again every week is no window."""
    return None, None


def in_days(days: int) -> Callable[[re.Match[str], date], Bounds | None]:
    return lambda match, today: _on(today + timedelta(days=days))


def after(match: re.Match[str], today: date) -> Bounds | None:
    """In so many days, weeks or months: from then on."""
    count = int(match["count"])
    if count > 366:
        return None
    if match["unit"] == "thang":
        year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
        day = min(today.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day), None
    return today + timedelta(days=count * (7 if match["unit"] == "tuan" else 1)), None


def within(match: re.Match[str], today: date) -> Bounds | None:
    bounds = after(match, today)
    return None if bounds is None else (today, bounds[0])


def of_quarter(match: re.Match[str], today: date) -> Bounds | None:
    quarter, year = _QUARTERS[match["quarter"]], _year_of(match, today)
    if year is None:
        year = today.year + (quarter * 3 < today.month)
    first, last = _month_bounds(year, quarter * 3 - 2)[0], _month_bounds(year, quarter * 3)[1]
    return _clipped(first, last, today)


def of_season(match: re.Match[str], today: date) -> Bounds | None:
    low, high = _SEASONS[match["season"]]
    end_year = today.year + (high < today.month)
    return _clipped(
        _month_bounds(end_year - (low > high), low)[0], _month_bounds(end_year, high)[1], today
    )


def of_year(match: re.Match[str], today: date) -> Bounds | None:
    named = match["named"]
    year = today.year + 1 if named is None or named in ("sau", "toi") else int(named)
    part = match.groupdict().get("part")
    months = {"dau": (1, 3), "giua": (5, 8), "cuoi": (10, 12), None: (1, 12)}[part]
    return _clipped(_month_bounds(year, months[0])[0], _month_bounds(year, months[1])[1], today)


def of_next_day(match: re.Match[str], today: date) -> Bounds | None:
    """The next day of that number: "ngày 20"."""
    day = int(match["day"])
    for step in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
        found = day_in(year, month + 1, day)
        if found is not None and found >= today:
            return _on(found)
    return None


def day_of_tet(match: re.Match[str], today: date) -> Bounds | None:
    """ "28 Tết" is before the new year, "mùng 4 Tết" in it."""
    day = int(match["day"])
    month = 1 if match.groupdict().get("first") else 12
    return _lunar_day(day, month, today)


def new_year(match: re.Match[str], today: date) -> Bounds | None:
    return _on(lunar.next_new_year(today))


def yearly(day: int, month: int) -> Callable[[re.Match[str], date], Bounds | None]:
    return lambda match, today: _on(_next_date(day, month, None, today))


def yearly_lunar(day: int, month: int) -> Callable[[re.Match[str], date], Bounds | None]:
    return lambda match, today: _lunar_day(day, month, today)
