"""Which words name a time: days, months, quarters, weekdays, lunar months, Tết.

The patterns are one table; `days` says which days they mean, `windows` what words round them do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from linkage.market.quickpost import days
from linkage.market.quickpost.days import WEEKDAYS, Bounds
from linkage.market.quickpost.tokens import Text, words

_ALLOWED = words(
    "ngày tháng năm tuần thứ chủ nhật quý vụ tết mai mốt kia hôm nay này sau tới đầu giữa "
    "cuối từ đến hết trước trong vòng nữa âm lịch dương giêng chạp rằm mùng mồng đông xuân hè "
    "thu mùa chiêm hàng mỗi nguyên đán tây trung đoan ngọ giáng sinh sáng chiều tối trưa sang hai "
    "ba tư bốn sáu bảy tám chín mười một tuan"
)
_TITLES = frozenset({"chi", "co", "em", "ba", "di", "me", "chau", "ban", "anh"})
_MONTH = (
    r"(?P<month>\d{1,2}|muoi hai|muoi mot|muoi|hai|ba|tu|bon|nam(?! 20| sau| toi)|bay|tam|chin)"
)
_YEAR = r"(?:\s*/\s*(?P<year>\d{4}|\d{2})\b|,? nam (?P<named>20\d\d|sau|toi|nay))?"
_LUNAR = r"(?P<lunar> am lich| am\b| al\b|\s*\(am(?: lich)?\))?"
_PART = r"(?:(?P<part>dau|giua|trung tuan|cuoi) )?"
_WHICH = r"(?: (?P<which>nay|toi|sau|tuan nay|tuan toi|tuan sau))?"


@dataclass(frozen=True, slots=True)
class Window:
    """Characters `start` to `end` (not included) of the text, and the days that they mean.

    `joined`: both ends are named.
    """

    start: int
    end: int
    starts: date | None
    ends: date | None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], Bounds | None]


def read_dates(text: Text, folded: str, today: date) -> list[Window]:
    """The times that the text names, in order; `folded` has blanks for what is read already."""
    found: list[Window] = []
    at = 0
    while at < len(folded):
        best = _window_at(text, folded, at, today)
        if best is None:
            at = _next_word(folded, at)
        else:
            found.append(best)
            at = best.end
    return found


def time_words(text: Text, folded: str) -> str:
    """The folded text in which words that only look like words of time are blanks."""
    chars = list(folded)
    for number, token in enumerate(text.tokens):
        before = text.tokens[number - 1].fold if number else ""
        if token.written == "sáu":
            chars[token.start : token.end] = "6  "
        elif (text.marked and token.written == "thu" and _is_ordinal(text, number + 1)) or (
            token.written == "mai" and before in _TITLES and text.text[token.start].isupper()
        ):
            chars[token.start : token.end] = "___"
    return "".join(chars)


def _is_ordinal(text: Text, at: int) -> bool:
    """Whether what stands here would make a weekday of "thu" before it."""
    return at < len(text.tokens) and text.tokens[at].fold in WEEKDAYS


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
            joined = rule.read in _FROM_TO
            best = Window(match.start(), match.end(), *bounds, joined=joined)
    return best


def _means_it(text: Text, start: int, end: int) -> bool:
    """Whether the words are written with the marks of words of time, or without any."""
    return all(
        token.bare or token.written in _ALLOWED
        for token in text.tokens
        if start <= token.start < end
    )


_UNITS_BEHIND = (
    r"(?!\s*(?:tan|ta|yen|kg|ky|ki|can(?! \d| mua| ban| tim| gap| nhap| thu| tieu| khoang| du\b)"
    r"|qua|con(?! \d)|lit|chuc|cay|bao|thung|k|nghin|tr|trieu|van|ngay|%"
    r"|ha|sao|mau)\b)"
)
_NO_MORE = rf"(?![\d/.,]\d|\d){_UNITS_BEHIND}"
_D, _M = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})"
_ON = r"(?:ngay |mung |mong )?"
_TO = r"(?:\s?[-–]\s?| den | toi )"
_FIRST_TO_LAST = rf"(?:ngay |tu )?(?P<first>\d{{1,2}}){_TO}(?:ngay )?(?P<last>\d{{1,2}})"
_LOW_TO_HIGH = (
    rf"thang (?P<low>\d{{1,2}})(?:{_TO}|\s?,\s?| va )(?:het )?(?:thang )?(?P<high>\d{{1,2}})"
)
_TIME_OF_DAY = r"(?:sang |chieu |toi |trua )?"
_WEEKDAY = r"(?:thu (?P<number>[2-7]|hai|ba|tu|nam|sau|bay)|chu nhat|cn)\b"
_SOME = r"(?P<count>\d{1,3}) (?P<unit>ngay|tuan|thang)"
_SEASON = r"vu (?P<season>dong xuan|dong|xuan|chiem|he thu|mua)\b"
_SHORT_MONTH = r"t(?=(?:8|9|1[0-2])\b|\d\d?/20)"
_FROM_TO = (days.of_days, days.of_months, days.of_named_days)
_RULES = tuple(
    _Rule(re.compile(pattern), read)
    for pattern, read in (
        (rf"(?:ngay )?{_D}\s?/\s?{_M}{_YEAR}{_LUNAR}{_NO_MORE}", days.of_day),
        (rf"(?:ngay )?{_D}[-.]{_M}[-.](?P<year>\d{{4}}){_NO_MORE}", days.of_day),
        (rf"{_ON}{_D} thang {_MONTH}{_YEAR}{_LUNAR}{_NO_MORE}", days.of_day),
        (
            rf"{_FIRST_TO_LAST}\s?(?:/| thang )\s?{_M}{_YEAR}{_NO_MORE}",
            days.of_days,
        ),
        (rf"ngay {_D}\b{_NO_MORE}", days.of_next_day),
        (
            rf"{_PART}(?:thang |thg ?|{_SHORT_MONTH}){_MONTH}{_YEAR}{_LUNAR}{_NO_MORE}",
            days.of_month,
        ),
        (rf"{_M}/(?P<year>20\d\d){_NO_MORE}", days.of_month),
        (
            rf"{_LOW_TO_HIGH}{_YEAR}{_LUNAR}{_NO_MORE}",
            days.of_months,
        ),
        (rf"{_PART}thang (?P<name>gieng|chap)\b", days.of_named_month),
        (rf"{_ON}(?P<day>\d{{1,2}}|ram) thang (?P<name>gieng|chap)\b", days.of_named_month),
        (rf"{_FIRST_TO_LAST} thang (?P<name>gieng|chap)\b", days.of_named_days),
        (rf"ram thang {_MONTH}", days.of_full_moon),
        (rf"{_PART}thang (?P<which>nay|sau|toi)\b{_UNITS_BEHIND}", days.this_or_next_month),
        (r"(?P<part>dau|giua|cuoi) thang\b", days.part_of_some_month),
        (r"(?:(?P<part>dau|giua|cuoi) )?tuan (?P<which>nay|sau|toi)\b", days.of_week),
        (r"cuoi tuan\b", days.of_weekend),
        (rf"{_WEEKDAY} (?:hang|moi) tuan\b", days.no_window),
        (rf"{_TIME_OF_DAY}{_WEEKDAY}(?!/){_WHICH}{_UNITS_BEHIND}", days.of_weekday),
        (
            r"t(?P<number>[2-7]) (?P<which>nay|toi|sau|tuan nay|tuan toi|tuan sau)\b",
            days.of_weekday,
        ),
        (r"(?:ngay |sang |chieu |toi |trua |dem )?mai\b", days.in_days(1)),
        (r"ngay kia\b", days.in_days(2)),
        (r"(?:(?:trong )?(?:ngay )?hom|trua|chieu|dem) nay\b", days.in_days(0)),
        (rf"(?:sau )?{_SOME} nua\b", days.after),
        (rf"sau {_SOME}\b", days.after),
        (rf"trong (?:vong )?{_SOME} (?:toi|nua)\b", days.within),
        (rf"quy (?P<quarter>[1-4]|iv|iii|ii|i)\b{_YEAR}", days.of_quarter),
        (rf"(?:(?<=giao )|(?<=hoach ))(?:trong )?{_SEASON}", days.of_season),
        (
            rf"{_PART}(?:sang nam|nam (?P<named>sau|toi|(?<!hang nam )(?<!vu nam )20\d\d))\b",
            days.of_year,
        ),
        (r"(?P<day>2[0-9]|30) (?:thang chap|tet)\b", days.day_of_tet),
        (rf"(?P<first>mung|mong) {_D} tet\b", days.day_of_tet),
        (r"(?:tet )?trung thu\b", days.yearly_lunar(15, 8)),
        (r"tet doan ngo\b", days.yearly_lunar(5, 5)),
        (r"tet (?:duong(?: lich)?|tay)\b", days.yearly(1, 1)),
        (r"(?:noel|giang sinh)\b", days.yearly(25, 12)),
        (r"tet(?: nguyen dan| am lich| ta\b| am\b)?(?: nay| nam nay)?\b", days.new_year),
    )
)
