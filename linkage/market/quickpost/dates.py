"""When: days, months, quarters, weekdays, lunar months, Tết, and the words that bound them.

What has no year is the next such time: a past day of this year means the next one. "Trước" and
"đến" give the end alone, "từ" and "sau" the beginning alone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from linkage.market.quickpost import lunar
from linkage.market.quickpost.tokens import Text, Token

Bounds = tuple[date | None, date | None]

_MONTH_WORDS = {
    "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_WEEKDAYS = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4,
    "bay": 5, "7": 5,
}  # fmt: skip
_QUARTERS = {"1": 1, "i": 1, "2": 2, "ii": 2, "3": 3, "iii": 3, "4": 4, "iv": 4}
# Months in which the crop of a season is brought in, as the reference has them for its crops.
_SEASONS = {
    "dong xuan": (5, 6), "dong": (11, 2), "xuan": (5, 6), "chiem": (5, 6), "he thu": (8, 9),
    "mua": (10, 11),
}  # fmt: skip
_ALLOWED = frozenset(
    ["ngày", "tháng", "năm", "tuần", "thứ", "chủ", "nhật", "quý", "vụ", "tết", "mai", "mốt", "kia", "hôm", "nay", "này", "sau", "tới", "đầu", "giữa", "cuối", "từ", "đến", "hết", "trước", "trong", "vòng", "nữa", "âm", "lịch", "dương", "giêng", "chạp", "rằm", "mùng", "mồng", "đông", "xuân", "hè", "thu", "mùa", "chiêm", "nguyên", "đán", "tây", "trung", "giáng", "sinh", "sáng", "chiều", "tối", "trưa", "sang", "hai", "ba", "tư", "bốn", "sáu", "bảy", "tám", "chín", "mười", "một", "tuan"]
)
_TITLES = frozenset({"chi", "co", "em", "ba", "di", "me", "chau", "ban", "anh"})
_MONTH = r"(?P<month>\d{1,2}|muoi hai|muoi mot|muoi|hai|ba|tu|bon|nam(?! 20| sau| toi)|bay|tam|chin)"
_YEAR = r"(?:\s*/\s*(?P<year>\d{4}|\d{2})\b|,? nam (?P<named>20\d\d|sau|toi|nay))?"
_LUNAR = r"(?P<lunar> am lich| am\b| al\b|\s*\(am(?: lich)?\))?"
_PART = r"(?:(?P<part>dau|giua|trung tuan|cuoi) )?"
_WHICH = r"(?: (?P<which>nay|toi|sau|tuan nay|tuan toi|tuan sau))?"


@dataclass(frozen=True, slots=True)
class Window:
    """Characters `start` to `end` (not included) of the text, and the days that they mean."""

    start: int
    end: int
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], Bounds | None]


def read_windows(text: Text, folded: str, today: date) -> list[Window]:
    """The windows that the text names, in order; `folded` has blanks for what is read already."""
    folded = _time_words(text, folded)
    found: list[Window] = []
    at = 0
    while at < len(folded):
        best = _window_at(text, folded, at, today)
        if best is None:
            at = _next_word(folded, at)
        else:
            found.append(best)
            at = best.end
    bounded = [_bounded(text, folded, window, today) for window in _joined(text, folded, found)]
    return [window for window in bounded if window is not None]


def one_window(windows: Sequence[Window]) -> list[Window]:
    """The window of a post: the first, and a second one where it gives the end that is open."""
    if not windows:
        return []
    first, *rest = windows
    for other in rest:
        opens = first.ends is None and other.starts is None and other.ends is not None
        if opens and first.starts is not None and other.ends and first.starts <= other.ends:
            return [first, other]
    return [first]


def _time_words(text: Text, folded: str) -> str:
    """The folded text in which words that only look like words of time are blanks."""
    chars = list(folded)
    for number, token in enumerate(text.tokens):
        before = text.tokens[number - 1].fold if number else ""
        if token.written == "sáu":
            chars[token.start : token.end] = "6  "
        elif text.marked and token.written == "thu" and before != "he":
            chars[token.start : token.end] = "___"
        elif token.written == "mai" and before in _TITLES and text.text[token.start].isupper():
            chars[token.start : token.end] = "___"
    return "".join(chars)


def _next_word(folded: str, at: int) -> int:
    while at < len(folded) and folded[at].isalnum():
        at += 1
    while at < len(folded) and not folded[at].isalnum():
        at += 1
    return at


def _window_at(text: Text, folded: str, at: int, today: date) -> Window | None:
    best: Window | None = None
    for rule in _RULES:
        match = rule.pattern.match(folded, at)
        if match is None or (best is not None and match.end() <= best.end):
            continue
        bounds = rule.read(match, today)
        if bounds is not None and _means_it(text, match.start(), match.end()):
            best = Window(match.start(), match.end(), *bounds)
    return best


def _means_it(text: Text, start: int, end: int) -> bool:
    """Whether the words are written with the marks of words of time, or without any."""
    return all(
        token.bare or token.written in _ALLOWED
        for token in text.tokens
        if start <= token.start < end
    )


# --- what is read ---------------------------------------------------------------------------------


def _month_bounds(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _clipped(first: date, last: date, today: date) -> Bounds | None:
    return (max(first, today), last) if last >= today else None


def _day(year: int, month: int, day: int) -> date | None:
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
        found = _day(year, month, day)
        return found if found is not None and found >= today else None
    for step in range(5):
        found = _day(today.year + step, month, day)
        if found is not None and found >= today:
            return found
    return None


def _on(found: date | None) -> Bounds | None:
    return None if found is None else (found, found)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_WORDS[text]


def _of_day(match: re.Match[str], today: date) -> Bounds | None:
    day, month = int(match["day"]), _number(match["month"])
    if match.groupdict().get("lunar"):
        return _lunar_day(day, month, today)
    return _on(_next_date(day, month, _year_of(match, today), today))


def _lunar_day(day: int, month: int, today: date) -> Bounds | None:
    if not (1 <= day <= 30 and 1 <= month <= 12):
        return None
    return _on(lunar.next_day(day, month, today))


def _of_days(match: re.Match[str], today: date) -> Bounds | None:
    month, year = _number(match["month"]), _year_of(match, today)
    last = _next_date(int(match["last"]), month, year, today)
    if last is None:
        return None
    first = _day(last.year, month, int(match["first"]))
    return (max(first, today), last) if first is not None and first < last else None


def _of_month(match: re.Match[str], today: date) -> Bounds | None:
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


def _of_months(match: re.Match[str], today: date) -> Bounds | None:
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


def _of_named_month(match: re.Match[str], today: date) -> Bounds | None:
    month = {"gieng": 1, "chap": 12}[match["name"]]
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


def _of_full_moon(match: re.Match[str], today: date) -> Bounds | None:
    return _lunar_day(15, _number(match["month"]), today)


def _this_or_next_month(match: re.Match[str], today: date) -> Bounds | None:
    steps = {"nay": 0, "sau": 1, "toi": 1}[match["which"]]
    year, month = divmod(today.year * 12 + today.month - 1 + steps, 12)
    return _part_of_month(year, month + 1, match["part"], today)


def _part_of_some_month(match: re.Match[str], today: date) -> Bounds | None:
    this = _part_of_month(today.year, today.month, match["part"], today)
    if this is not None:
        return this
    year, month = divmod(today.year * 12 + today.month, 12)
    return _part_of_month(year, month + 1, match["part"], today)


def _of_week(match: re.Match[str], today: date) -> Bounds | None:
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


def _of_weekend(match: re.Match[str], today: date) -> Bounds | None:
    saturday = today + timedelta(days=5 - today.weekday())
    return _clipped(saturday, saturday + timedelta(days=1), today)


def _of_weekday(match: re.Match[str], today: date) -> Bounds | None:
    wanted = 6 if match["number"] is None else _WEEKDAYS[match["number"]]
    monday = today - timedelta(days=today.weekday())
    which = match["which"]
    if which in ("tuan sau", "tuan toi"):
        return _on(monday + timedelta(days=7 + wanted))
    if which in ("nay", "tuan nay"):
        found = monday + timedelta(days=wanted)
        return _on(found) if found >= today else None
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    return _on(today + timedelta(days=ahead))


def _no_window(match: re.Match[str], today: date) -> Bounds | None:
    """What comes again every week is no window."""
    return None, None


def _in_days(days: int) -> Callable[[re.Match[str], date], Bounds | None]:
    return lambda match, today: _on(today + timedelta(days=days))


def _after(match: re.Match[str], today: date) -> Bounds | None:
    """In so many days, weeks or months: from then on."""
    count = int(match["count"])
    if count > 366:
        return None
    if match["unit"] == "thang":
        year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
        day = min(today.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day), None
    return today + timedelta(days=count * (7 if match["unit"] == "tuan" else 1)), None


def _within(match: re.Match[str], today: date) -> Bounds | None:
    bounds = _after(match, today)
    return None if bounds is None else (today, bounds[0])


def _of_quarter(match: re.Match[str], today: date) -> Bounds | None:
    quarter, year = _QUARTERS[match["quarter"]], _year_of(match, today)
    if year is None:
        year = today.year + (quarter * 3 < today.month)
    first, last = _month_bounds(year, quarter * 3 - 2)[0], _month_bounds(year, quarter * 3)[1]
    return _clipped(first, last, today)


def _of_season(match: re.Match[str], today: date) -> Bounds | None:
    low, high = _SEASONS[match["season"]]
    end_year = today.year + (high < today.month)
    return _clipped(
        _month_bounds(end_year - (low > high), low)[0], _month_bounds(end_year, high)[1], today
    )


def _of_year(match: re.Match[str], today: date) -> Bounds | None:
    named = match["named"]
    year = today.year + 1 if named is None or named in ("sau", "toi") else int(named)
    part = match.groupdict().get("part")
    months = {"dau": (1, 3), "giua": (5, 8), "cuoi": (10, 12), None: (1, 12)}[part]
    return _clipped(_month_bounds(year, months[0])[0], _month_bounds(year, months[1])[1], today)


def _of_next_day(match: re.Match[str], today: date) -> Bounds | None:
    """The next day of that number: "ngày 20"."""
    day = int(match["day"])
    for step in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
        found = _day(year, month + 1, day)
        if found is not None and found >= today:
            return _on(found)
    return None


def _day_of_tet(match: re.Match[str], today: date) -> Bounds | None:
    """ "28 Tết" is before the new year, "mùng 4 Tết" in it."""
    day = int(match["day"])
    month = 1 if match.groupdict().get("first") else 12
    return _lunar_day(day, month, today)


def _new_year(match: re.Match[str], today: date) -> Bounds | None:
    return _on(lunar.next_new_year(today))


def _yearly(day: int, month: int) -> Callable[[re.Match[str], date], Bounds | None]:
    return lambda match, today: _on(_next_date(day, month, None, today))


def _yearly_lunar(day: int, month: int) -> Callable[[re.Match[str], date], Bounds | None]:
    return lambda match, today: _lunar_day(day, month, today)


_UNITS_BEHIND = r"(?!\s*(?:tan|ta|yen|kg|ky|ki|can|qua|con|lit|chuc|cay|bao|thung|k|nghin|tr|trieu|van|ngay|%|ha|sao|mau)\b)"
_NO_MORE = rf"(?![\d/.,]\d|\d){_UNITS_BEHIND}"
_DM = r"(?P<day>\d{1,2})\s?/\s?(?P<month>\d{1,2})"
_RULES = tuple(
    _Rule(re.compile(pattern), read)
    for pattern, read in (
        (rf"(?:ngay )?{_DM}{_YEAR}{_LUNAR}{_NO_MORE}", _of_day),
        (
            rf"(?:ngay )?(?P<day>\d{{1,2}})[-.](?P<month>\d{{1,2}})[-.](?P<year>\d{{4}}){_NO_MORE}",
            _of_day,
        ),
        (
            rf"(?:ngay |tu )?(?P<first>\d{{1,2}})(?:\s?[-–]\s?| den | toi )(?:ngay )?(?P<last>\d{{1,2}})\s?(?:/| thang )\s?"
            rf"(?P<month>\d{{1,2}}){_YEAR}{_NO_MORE}",
            _of_days,
        ),
        (
            rf"(?:ngay |mung |mong )?(?P<day>\d{{1,2}}) thang {_MONTH}{_YEAR}{_LUNAR}{_NO_MORE}",
            _of_day,
        ),
        (
            rf"{_PART}(?:thang |thg ?|t(?=(?:8|9|1[0-2])\b|\d\d?/20)){_MONTH}{_YEAR}{_LUNAR}{_NO_MORE}",
            _of_month,
        ),
        (rf"(?P<month>\d{{1,2}})/(?P<year>20\d\d){_NO_MORE}", _of_month),
        (
            rf"thang (?P<low>\d{{1,2}})(?:\s?[-–,]\s?| den | toi | va )(?:het )?(?:thang )?(?P<high>\d{{1,2}}){_YEAR}{_LUNAR}{_NO_MORE}",
            _of_months,
        ),
        (rf"{_PART}thang (?P<name>gieng|chap)", _of_named_month),
        (r"(?:ngay |mung |mong )?(?P<day>\d{1,2}|ram) thang (?P<name>gieng|chap)", _of_named_month),
        (rf"ram thang {_MONTH}", _of_full_moon),
        (rf"{_PART}thang (?P<which>nay|sau|toi)\b{_UNITS_BEHIND}", _this_or_next_month),
        (r"(?P<part>dau|giua|cuoi) thang\b", _part_of_some_month),
        (r"(?:(?P<part>dau|giua|cuoi) )?tuan (?P<which>nay|sau|toi)\b", _of_week),
        (r"cuoi tuan\b", _of_weekend),
        (r"(?:thu (?:[2-7]|hai|ba|tu|nam|sau|bay)|chu nhat|cn) (?:hang|moi) tuan\b", _no_window),
        (
            rf"(?:sang |chieu |toi |trua )?(?:thu (?P<number>[2-7]|hai|ba|tu|nam|sau|bay)|chu nhat|cn)\b(?!/){_WHICH}{_UNITS_BEHIND}",
            _of_weekday,
        ),
        (r"t(?P<number>[2-7]) (?P<which>nay|toi|sau|tuan nay|tuan toi|tuan sau)\b", _of_weekday),
        (r"(?:ngay |sang |chieu |toi |trua |dem )?mai\b", _in_days(1)),
        (r"ngay kia\b", _in_days(2)),
        (r"(?:trong )?(?:ngay )?hom nay\b", _in_days(0)),
        (r"(?:sau )?(?P<count>\d{1,3}) (?P<unit>ngay|tuan|thang) nua\b", _after),
        (r"sau (?P<count>\d{1,3}) (?P<unit>ngay|tuan|thang)\b", _after),
        (r"trong (?:vong )?(?P<count>\d{1,3}) (?P<unit>ngay|tuan|thang) (?:toi|nua)\b", _within),
        (rf"quy (?P<quarter>[1-4]|iv|iii|ii|i)\b{_YEAR}", _of_quarter),
        (r"(?<=giao )(?:trong )?vu (?P<season>dong xuan|dong|xuan|chiem|he thu|mua)\b", _of_season),
        (
            r"(?<=thu hoach )(?:trong )?vu (?P<season>dong xuan|dong|xuan|chiem|he thu|mua)\b",
            _of_season,
        ),
        (r"(?:(?P<part>dau|giua|cuoi) )?(?:sang nam|nam (?P<named>sau|toi|20\d\d))\b", _of_year),
        (rf"ngay (?P<day>\d{{1,2}})\b{_NO_MORE}", _of_next_day),
        (r"(?P<day>2[0-9]|30) (?:thang chap|tet)\b", _day_of_tet),
        (r"(?P<first>mung|mong) (?P<day>\d{1,2}) tet\b", _day_of_tet),
        (r"ram thang bay\b", _yearly_lunar(15, 7)),
        (r"(?:tet )?trung thu\b", _yearly_lunar(15, 8)),
        (r"tet (?:duong(?: lich)?|tay)\b", _yearly(1, 1)),
        (r"(?:noel|giang sinh)\b", _yearly(25, 12)),
        (r"tet(?: nguyen dan| am lich| ta\b| am\b)?(?: nay| nam nay)?\b", _new_year),
    )
)

# --- the words round it ---------------------------------------------------------------------------

_BEFORE = re.compile(
    r"(?:(?P<until>(?:cho )?(?:den|toi)(?: het)?|het|cham nhat(?: la)?|muon nhat(?: la)?|tre nhat"
    r"|han(?: cuoi)?(?: la)?|khong qua|het han)|(?P<before>truoc)|(?P<after>sau)"
    r"|(?P<since>(?:ke |bat dau )?tu(?: sau)?))(?: (?:ngay|dip|thang|la|khoang|tam|\d{1,2} ?(?:h|gio)(?: ?\d\d)?))*[ :]*$"
)
_FROM_NOW = re.compile(
    r"(?:tu (?:nay|gio|bay gio|hom nay)|bay gio|nay) (?:cho )?(?:den|toi)(?: het)?(?: dip| ngay)* *$"
)
_FROM = re.compile(r"(?:tu|ke tu|bat dau tu)(?: (?:ngay|khoang|tam))* *$")
_BETWEEN = re.compile(
    r"\s?(?:[-–]|den|toi|cho den|den het|toi het|va|->)(?: (?:ngay|het|khoang))* ?"
)
_FOR_TET = re.compile(
    r"(?:dip|cho|phuc vu|vu|giao|ban|hang|an|don|can|giap|sat|gan|lam)(?: dip)? $"
)
_NO_WINDOW = re.compile(r"(?:gia|cap|cap ngay|dang ky|thanh lap) $")


def _joined(text: Text, folded: str, windows: Sequence[Window]) -> list[Window]:
    """Two windows with "đến" between them are one."""
    joined: list[Window] = []
    for window in windows:
        last = joined[-1] if joined else None
        if last is not None and _repeats(folded, last, window):
            joined.pop()
            continue
        between = _BETWEEN.fullmatch(folded[last.end : window.start]) if last else None
        if last is not None and between and last.starts and window.ends:
            ends = window.ends
            if window.ends < last.starts and window.starts == window.ends:
                ends = _day(last.starts.year + 1, window.ends.month, window.ends.day) or ends
            if last.starts <= ends:
                joined[-1] = Window(last.start, window.end, last.starts, ends)
                continue
        joined.append(window)
    return joined


def _repeats(folded: str, last: Window, window: Window) -> bool:
    """Whether it is "thứ 2 đến thứ 6": every week, so no window."""
    names = (folded[last.start : last.end], folded[window.start : window.end])
    between = _BETWEEN.fullmatch(folded[last.end : window.start])
    return bool(between) and all(re.match(r"thu \d|thu \w+|t\d|chu nhat|cn", name) for name in names)


def _bounded(text: Text, folded: str, window: Window, today: date) -> Window | None:
    """The window as the words before it bound it; None if it is no time of delivery."""
    before = folded[: window.start]
    if window.starts is None and window.ends is None:
        return None
    is_tet = folded[window.start : window.end].startswith("tet") and window.starts == window.ends
    is_tet = is_tet and window.starts == lunar.next_new_year(today)
    now = _FROM_NOW.search(before)
    if now:
        return replace(window, start=now.start(), starts=today)
    bound = _BEFORE.search(before)
    whole = window.starts != window.ends and window.starts is not None
    if bound is None or not _begins_word(before, bound.start()):
        if is_tet:
            lead = _FOR_TET.search(before)
            if lead is None and folded[window.start : window.end].endswith(" nay"):
                lead = re.search("$", before)
            eve = lunar.next_new_year(today) - timedelta(days=1)
            return replace(window, start=lead.start(), starts=None, ends=eve) if lead else None
        return None if _NO_WINDOW.search(before) else window
    start = bound.start()
    if bound["since"] is not None:
        joined = window.starts != window.ends and folded[window.start : window.end]
        spans = joined and re.search(r"den|toi|[-–]", joined)
        return replace(window, start=start, ends=window.ends if spans else None)
    if bound["until"] is not None:
        return replace(window, start=start, starts=None)
    if bound["before"] is not None:
        ends = window.ends
        if is_tet or (whole and window.starts is not None):
            ends = (window.starts or today) - timedelta(days=1)
        return replace(window, start=start, starts=None, ends=ends)
    last = window.ends or window.starts
    after = None if last is None else last + timedelta(days=1)
    return replace(window, start=start, starts=after, ends=None)


def _begins_word(before: str, start: int) -> bool:
    return start == 0 or not before[start - 1].isalnum()


def tokens_in(tokens: Sequence[Token], start: int, end: int) -> set[int]:
    """The numbers of the tokens that lie in a span of characters."""
    return {n for n, token in enumerate(tokens) if start <= token.start < end}
