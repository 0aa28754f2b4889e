"""The window of a post: times that are named, joined and bounded by the words round them.

"Trước" and "đến" give the end alone, "từ" and "sau" the beginning alone. The day that is named
belongs to the window, but for "sau"; Tết and whole months begin only after "trước" has ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from linkage.market.quickpost import lunar
from linkage.market.quickpost.dates import Window, read_dates, time_words
from linkage.market.quickpost.days import day_in
from linkage.market.quickpost.tokens import Text, words

_ONE_DAY = timedelta(days=1)
# A comma, or a bracket, and a space.
_BESIDE = 2
_BEFORE = re.compile(
    r"(?:(?P<until>(?:cho )?(?:den|toi)(?: het)?|het|(?:cham|muon|tre) nhat(?: la)?"
    r"|han(?: cuoi)?(?: la)?|khong qua|het han)|(?P<before>truoc)|(?P<after>sau)"
    r"|(?P<since>(?:ke |bat dau )?tu(?: sau)?))"
    r"(?: (?:ngay|dip|thang|la|khoang|tam|\d{1,2} ?(?:h|gio)(?: ?\d\d)?))*[ :]*$"
)
_FROM_NOW = re.compile(
    r"(?:tu (?:nay|gio|bay gio|hom nay)|bay gio|nay) (?:cho )?(?:den|toi)(?: het)?"
    r"(?: dip| ngay)* *$"
)
_BETWEEN = re.compile(
    r"\s?(?:[-–]|den|toi|cho den|den het|toi het|va|->)(?: (?:ngay|het|khoang))* ?"
)
_FOR_TET = re.compile(
    r"(?:dip|cho|phuc vu|vu|giao|ban|hang|an|don|can|giap|sat|gan|lam)(?: dip)? $"
)
_NO_TIME_OF_DELIVERY = re.compile(
    r"(?:gia|(?<!tau )cap|cap ngay|con han|\x00 (?:co )?han|han dung|han su dung|hieu luc|hsd"
    r"|dang ky|thanh lap|thanh toan|tra tien|tra no|cong no|chuyen khoan) ?$"
)
_A_WEEKDAY = re.compile(r"(?:\w+ )?(?:thu \w+|t\d|chu nhat|cn)")
# How the words that bound are written with their marks: "tối 20/12" is no "tới 20/12".
_BOUNDING = words(
    "từ đến tới hết trước sau hạn kể bắt đầu chậm nhất muộn trễ không quá cho ngày dịp tháng "
    "là khoảng tầm cuối giờ"
)


def read_windows(text: Text, folded: str, today: date) -> list[Window]:
    """The windows that the text names, in order; `folded` has blanks for what is read already."""
    folded = time_words(text, folded)
    named = _joined(folded, read_dates(text, folded, today))
    bounded = [_bounded(text, folded, window, today) for window in named]
    return [window for window in bounded if window is not None]


def one_window(windows: Sequence[Window]) -> list[Window]:
    """The window of a post: the first, and a second one where it gives the end that is open."""
    if not windows:
        return []
    first, *rest = windows
    if rest and _narrows(first, rest[0]):
        return [rest[0]]
    if first.starts is None or first.ends is not None:
        return [first]
    ends = (other for other in rest if other.starts is None and other.ends is not None)
    return [first, *[other for other in ends if other.ends and first.starts <= other.ends][:1]]


def _narrows(first: Window, other: Window) -> bool:
    """Whether a second time right behind the first says it more closely: "sau Tết, từ 20/2"."""
    if other.start - first.end > _BESIDE or first.starts is None or other.starts is None:
        return False
    ends_within = first.ends is None or (other.ends is not None and other.ends <= first.ends)
    return first.starts <= other.starts and ends_within


def _joined(folded: str, windows: Sequence[Window]) -> list[Window]:
    """Two windows with "đến" between them are one; weekdays so joined come every week: none."""
    joined: list[Window] = []
    for window in windows:
        last = joined.pop() if joined else None
        if last is None or not _BETWEEN.fullmatch(folded[last.end : window.start]):
            joined += [window] if last is None else [last, window]
        elif not all(_A_WEEKDAY.fullmatch(folded[w.start : w.end]) for w in (last, window)):
            joined += _as_one(last, window)
    return joined


def _as_one(first: Window, last: Window) -> list[Window]:
    """From the first to the last, over the end of a year if need be."""
    if first.starts is None or last.ends is None:
        return [first, last]
    ends = last.ends
    if ends < first.starts and last.starts == last.ends:
        ends = day_in(first.starts.year + 1, ends.month, ends.day) or ends
    if ends < first.starts:
        return [first, last]
    return [Window(first.start, last.end, first.starts, ends, joined=True)]


def _bounded(text: Text, folded: str, window: Window, today: date) -> Window | None:
    """The window as the words before it bound it; None if it is no time of delivery."""
    before = folded[: window.start]
    now = _FROM_NOW.search(before)
    if now:
        return replace(window, start=now.start(), starts=today)
    if folded.startswith("hom nay", window.start) and "hom qua" in before:
        # The price of today beside that of yesterday.
        return None
    bound = _BEFORE.search(before)
    if bound is not None and not _is_written(text, before, bound):
        bound = None
    lead = before if bound is None else before[: bound.start()]
    if _NO_TIME_OF_DELIVERY.search(lead) or window.starts is window.ends is None:
        return None
    if bound is None:
        return _unbounded(folded, window, today)
    ends = _last_before(folded, window, today)
    return _cut(replace(window, start=bound.start()), bound, ends)


def _cut(window: Window, bound: re.Match[str], last_before: date | None) -> Window:
    """The window cut at the end or at the beginning, as the words say."""
    if bound["until"] is not None:
        return replace(window, starts=None)
    if bound["before"] is not None:
        return replace(window, starts=None, ends=last_before)
    if bound["after"] is not None:
        last = window.ends or window.starts
        after = None if last is None else last + _ONE_DAY
        return replace(window, starts=after, ends=None)
    return window if window.joined else replace(window, ends=None)


def _unbounded(folded: str, window: Window, today: date) -> Window | None:
    """A time without such words; "Tết" only where goods are for it: until its eve."""
    before, name = folded[: window.start], folded[window.start : window.end]
    if not _is_tet(name, window, today):
        return window
    lead = _FOR_TET.search(before)
    if lead is None and not name.endswith(" nay"):
        return None
    start = window.start if lead is None else lead.start()
    return replace(window, start=start, starts=None, ends=_eve(today))


def _last_before(folded: str, window: Window, today: date) -> date | None:
    """The last day before it: a day that is named itself, the eve of Tết, of a month, of a week."""
    name = folded[window.start : window.end]
    if _is_tet(name[name.find("tet") :], window, today):
        return _eve(today)
    if window.starts is not None and window.starts != window.ends:
        return window.starts - _ONE_DAY
    return window.ends


def _eve(today: date) -> date:
    return lunar.next_new_year(today) - _ONE_DAY


def _is_tet(name: str, window: Window, today: date) -> bool:
    """Whether it is the new year itself, and not a day of it or another feast."""
    is_a_day = window.starts == window.ends == lunar.next_new_year(today)
    return is_a_day and name.startswith("tet")


def _is_written(text: Text, before: str, bound: re.Match[str]) -> bool:
    """Whether words that bound stand there as words, with their marks if the text has any."""
    start = bound.start()
    if start and before[start - 1].isalnum():
        return False
    return all(
        token.bare or token.written in _BOUNDING
        for token in text.tokens
        if start <= token.start < bound.end()
    )
