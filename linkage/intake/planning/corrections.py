"""Every rule that changes what a cell says, by name: `RULES[rule](before)` gives the after.

A correction is listed only with its rule, so whoever doubts one can apply the rule again, and
with its proof: what shows that the rule was due, or the plain ground where nothing need be shown.
A value that needs several rules gives several corrections, each one's after being the next one's
before.
Pure; imports no Django.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from linkage.text import clean, search_key

CHECK_DIGIT = "check digit"
LENGTH = "length"

# Controls and marks that are not seen and can hide one name in another.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s.\-‐-―_'’‘`()]")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
# A year alone, or a month with its year; written without marks.
_PERIOD = re.compile(
    r"(?:(?:thang |t)?(?P<month>0?[1-9]|1[0-2]) )?(?:nam )?(?P<year>\d{4})"
    r"|(?P<year_first>\d{4}) (?P<after>0?[1-9]|1[0-2])"
)
_MIDNIGHT = re.compile(r"[T\s]+0?0:00(:00(\.0+)?)?$")

# Day 0 of Excel's two calendars; 1900's counts a 29 February that never was, hence the 30th.
EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)


class Correction(NamedTuple):
    """One rule applied to one value; `proof` is a code of what shows that it is right."""

    before: Any
    after: Any
    rule: str
    proof: str


def _visible(value: str) -> str:
    return _UNSEEN.sub("", value)


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def _spaced(value: str) -> str:
    return _SPACES.sub(" ", value).strip()


def _narrow(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def _joined(value: str) -> str:
    return _SEPARATORS.sub("", value)


def _with_zero(value: int | str) -> str:
    return f"0{value}"


def _without_decimal_zero(value: str) -> str:
    return re.sub(r"[.,]0+$", "", value)


def _with_dash(value: int | str) -> str:
    return f"{str(value)[:10]}-{str(value)[10:]}"


def _nothing(_value: Any) -> None:
    return None


def _of_1900(value: float | str) -> str:
    return (EPOCH_1900 + timedelta(days=int(float(value)))).isoformat()


def _of_1904(value: float | str) -> str:
    return (EPOCH_1904 + timedelta(days=int(float(value)))).isoformat()


def _three(pattern: re.Pattern[str], value: str) -> tuple[int, int, int]:
    found = pattern.fullmatch(_MIDNIGHT.sub("", value.strip()))
    if found is None:
        raise ValueError(value)
    return int(found[1]), int(found[2]), int(found[3])


def _day_month_year(value: str) -> str:
    day, month, year = _three(_DAY_MONTH_YEAR, value)
    return date(year, month, day).isoformat()


def _month_day_year(value: str) -> str:
    month, day, year = _three(_DAY_MONTH_YEAR, value)
    return date(year, month, day).isoformat()


def _year_month_day(value: str) -> str:
    year, month, day = _three(_YEAR_MONTH_DAY, value)
    return date(year, month, day).isoformat()


def _date_in_words(value: str) -> str:
    day, month, year = _three(_WORDS, search_key(value))
    return date(year, month, day).isoformat()


def period_of(value: object) -> tuple[int, int | None] | None:
    """The year, and the month if it is named, of a value that names no day; None for any other.

    >>> period_of(2011), period_of("năm 2011"), period_of("5/2011"), period_of("5/5/2011")
    ((2011, None), (2011, None), (2011, 5), None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    key = search_key(value if isinstance(value, str) else str(int(value)))
    found = _PERIOD.fullmatch(key)
    if found is None:
        return None
    month = found["month"] or found["after"]
    return int(found["year"] or found["year_first"]), int(month) if month else None


def _period(value: object) -> tuple[int, int | None]:
    found = period_of(value)
    if found is None:
        raise ValueError(value)
    return found


def _first_of_period(value: float | str) -> str:
    year, month = _period(value)
    return date(year, month or 1, 1).isoformat()


def _last_of_period(value: float | str) -> str:
    year, month = _period(value)
    month = month or 12
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def _decimal_comma(value: str) -> str:
    return value.replace(" ", "").replace(".", "").replace(",", ".")


def _decimal_point(value: str) -> str:
    bare = value.replace(" ", "").replace(",", "")
    # "1.000" is one: the zeros would look like thousands beside the answer that they are none.
    return re.sub(r"\.?0+$", "", bare) if "." in bare else bare


RULES: dict[str, Callable[[Any], Any]] = {
    # Text.
    "invisible": _visible,
    "nfc": _composed,
    "spaces": _spaced,
    "clean": clean,
    "width": _narrow,
    "placeholder": _nothing,
    # Codes and telephone numbers.
    "separators": _joined,
    "decimal_zero": _without_decimal_zero,
    "leading_zero": _with_zero,
    "branch_dash": _with_dash,
    # Dates; the reading of a text is day, month, year unless the clerk said otherwise.
    "day_number": _of_1900,
    "day_number_1904": _of_1904,
    "day_month_year": _day_month_year,
    "month_day_year": _month_day_year,
    "year_month_day": _year_month_day,
    "date_in_words": _date_in_words,
    # Of a year or a month alone, as the clerk said for the column.
    "first_of_period": _first_of_period,
    "last_of_period": _last_of_period,
    "day_left_open": _nothing,
    # Numbers: the comma is the decimal mark unless the clerk said otherwise.
    "decimal_comma": _decimal_comma,
    "decimal_point": _decimal_point,
}

# The rules that make a day of a cell, and so give ISO text.
DAY_RULES = frozenset(
    {"day_number", "day_number_1904"}
    | {"day_month_year", "month_day_year", "year_month_day", "date_in_words"}
    | {"first_of_period", "last_of_period"}
)

# What speaks for each rule; a zero that a telephone number lost has another proof.
PROOFS: dict[str, str] = {
    "invisible": "unseen signs",
    "nfc": "same text composed",
    "spaces": "same words",
    "clean": "same words",
    "width": "same signs",
    "placeholder": "sign for nothing",
    "separators": "same digits",
    "decimal_zero": "same number",
    "leading_zero": CHECK_DIGIT,
    "branch_dash": CHECK_DIGIT,
    "day_number": "day number of Excel",
    "day_number_1904": "day number of Excel, 1904",
    "day_month_year": "Vietnamese date",
    "month_day_year": "answer of the clerk",
    "year_month_day": "year first",
    "date_in_words": "parts named",
    "first_of_period": "answer of the clerk",
    "last_of_period": "answer of the clerk",
    "day_left_open": "answer of the clerk",
    "decimal_comma": "Vietnamese number",
    "decimal_point": "answer of the clerk",
}


def apply(value: Any, rule: str, steps: list[Correction], proof: str | None = None) -> Any:
    """Apply a rule, note the correction if the value changed, and return what it gives.

    `proof` is the rule's own, see PROOFS, unless another one is given.

    >>> steps = []
    >>> apply(" 02 6909 3353", "separators", steps), steps[0].rule
    ('0269093353', 'separators')
    """
    after = RULES[rule](value)
    if type(after) is not type(value) or after != value:
        steps.append(Correction(value, after, rule, proof or PROOFS[rule]))
    return after


def tidy(value: str) -> tuple[str, list[Correction]]:
    """Return the text as it is stored (`text.clean`) and the corrections that lead there.

    >>> tidy("  HTX  Tân Trào ")[0]
    'HTX Tân Trào'
    """
    steps: list[Correction] = []
    if value.isascii() and value.isprintable() and value == " ".join(value.split(" ")).strip():
        tidied = value if "  " not in value else apply(value, "spaces", steps)
        return tidied, steps
    for rule in ("invisible", "nfc", "spaces", "clean"):
        value = apply(value, rule, steps)
    return value, steps
