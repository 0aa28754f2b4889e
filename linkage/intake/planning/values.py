"""Reads one cell: what it says, the corrections that were needed, or why it cannot be read. Pure.

Each reader takes a value as the workbook holds it (text, number, date, truth value) and returns a
Reading. What cannot be proved is a problem, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from linkage.intake.planning.corrections import (
    LENGTH,
    RULES,
    Correction,
    apply,
    tidy,
)
from linkage.registry import phones, tax_codes
from linkage.text import search_key

T = TypeVar("T")

# Problems, as the report names them.
TAX_CODE_INVALID = "tax_code_invalid"
PHONE_INVALID = "phone_invalid"
NUMBER_UNREADABLE = "number_unreadable"
FOREIGN_NUMBER = "foreign_number"
PLACEHOLDERS = re.compile(
    r"[-–—.…_/]+|không có|chưa có|(không|vô) (xác định )?thời hạn|không kỳ hạn", re.IGNORECASE
)
# The same said of what must be there, with or without marks.
_NOTHING_SAID = re.compile(
    r"(?:(?:khong|chua|ko)(?: (?:co|ro|ghi))?(?: so)?(?: (?:hop dong|hd))?|n a|trong|none|null)"
)
_BRANCH = re.compile(r"\d{10}-\d{3}")
_DIGITS = re.compile(r"\d+")
_VIETNAMESE = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_POINTED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


class Reading(NamedTuple, Generic[T]):
    """What a cell says (None: nothing), how it was corrected, and the code of what is wrong."""

    value: T | None
    steps: tuple[Correction, ...] = ()
    problem: str | None = None


NOTHING: Reading[Any] = Reading(None)


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not tidy(value)[0])


def bare(text: str) -> tuple[str | None, list[Correction]]:
    """The text of a number or a day, without unseen signs and wide digits, and what that took.

    None for a cell that says nothing; a sign for nothing is told, a blank is not.

    >>> bare(" 12 ")[0], bare("-")[0], bare("  ")
    ('12', None, (None, []))
    """
    steps: list[Correction] = []
    for rule in ("invisible", "width", "spaces"):
        text = apply(text, rule, steps)
    if not text:
        return None, []
    return apply(text, "placeholder", steps) if PLACEHOLDERS.fullmatch(text) else text, steps


def whole(value: Any) -> Any:
    """A number cell that is whole is that integer, whatever the reader made of it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@lru_cache(maxsize=100_000, typed=True)
def read_text(value: Any) -> Reading[str]:
    """Text as it is stored; numbers and dates are written out.

    >>> read_text("HTX  Tân Trào").value, read_text(12).value
    ('HTX Tân Trào', '12')
    """
    value = whole(value)
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Reading(f"{value.day}/{value.month}/{value.year}")
    if not isinstance(value, str):
        return Reading(str(value))
    text, steps = tidy(value)
    return Reading(text or None, tuple(steps))


@lru_cache(maxsize=100_000, typed=True)
def read_said(value: Any) -> Reading[str]:
    """Text that must say something: a sign or a word for nothing is none.

    >>> read_said("-").value, read_said("Chưa có số").value, read_said("01/HĐ").value
    (None, None, '01/HĐ')
    """
    found = read_text(value)
    text = found.value
    if text is None or not (PLACEHOLDERS.fullmatch(text) or _says_nothing(text)):
        return found
    steps = list(found.steps)
    apply(text, "placeholder", steps)
    return Reading(None, tuple(steps))


def _says_nothing(text: str) -> bool:
    return not any(map(str.isalnum, text)) or bool(_NOTHING_SAID.fullmatch(search_key(text)))


@lru_cache(maxsize=100_000, typed=True)
def read_tax_code(value: Any) -> Reading[str]:
    """A canonical tax code; a zero that Excel ate is put back where the check digit proves it.

    >>> read_tax_code(100112437).value, read_tax_code(" 01 0011 2437").value
    ('0100112437', '0100112437')
    >>> read_tax_code("0100112438").problem
    'tax_code_invalid'
    """
    value = whole(value)
    steps: list[Correction] = []
    if isinstance(value, str):
        value = _bare(value, steps)
    if value is None:
        return Reading(None, tuple(steps))
    digits = str(value)
    if isinstance(value, bool) or not (_DIGITS.fullmatch(digits) or _BRANCH.fullmatch(digits)):
        return Reading(None, tuple(steps), TAX_CODE_INVALID)
    if tax_codes.restore_leading_zero(digits):
        value = apply(value, "leading_zero", steps)
    if _is_branch_without_dash(str(value)):
        value = apply(value, "branch_dash", steps)
    try:
        return Reading(tax_codes.parse(str(value)), tuple(steps))
    except tax_codes.TaxCodeInvalid:
        return Reading(None, tuple(steps), TAX_CODE_INVALID)


def _is_branch_without_dash(digits: str) -> bool:
    """Whether 13 digits begin with a code that its check digit proves."""
    if len(digits) != 13 or not _DIGITS.fullmatch(digits):
        return False
    try:
        tax_codes.parse(f"{digits[:10]}-{digits[10:]}")
    except tax_codes.TaxCodeInvalid:
        return False
    return True


def _bare(value: str, steps: list[Correction]) -> str | None:
    """A code without what people put between its digits; None for a dash that says none."""
    value = apply(value, "invisible", steps)
    value = apply(value, "width", steps)
    tidied = RULES["spaces"](value)
    if not tidied:
        return None
    if PLACEHOLDERS.fullmatch(tidied):
        apply(value, "placeholder", steps)
        return None
    if _BRANCH.fullmatch(value):
        return value
    if re.fullmatch(r"\d+[.,]0", value):
        value = apply(value, "decimal_zero", steps)
    return str(apply(value, "separators", steps))


@lru_cache(maxsize=100_000, typed=True)
def read_phone(value: Any) -> Reading[str]:
    """A telephone number as E.164; what is none stays as written, with a problem.

    >>> read_phone(912345678).value, read_phone("0912.345.678").value
    ('+84912345678', '+84912345678')
    """
    value = whole(value)
    steps: list[Correction] = []
    written = "" if value is None else tidy(str(value))[0]
    if isinstance(value, str):
        value = _bare(value, steps)
    if value is None:
        return Reading(None, tuple(steps))
    if isinstance(value, bool) or not re.fullmatch(r"\+?\d+", str(value)):
        return Reading(written, (), PHONE_INVALID)
    if re.fullmatch(r"[1-9]\d{8,9}", str(value)):
        value = apply(value, "leading_zero", steps, LENGTH)
    try:
        return Reading(phones.parse(str(value)), tuple(steps))
    except phones.PhoneInvalid:
        # Its length still proves the zero; whether anybody can be called is another matter.
        return Reading(str(value), tuple(steps), PHONE_INVALID)


@lru_cache(maxsize=100_000, typed=True)
def read_number(value: Any, decimal: str = ",") -> Reading[Decimal]:
    """A number, written the Vietnamese way unless the clerk said the point is the decimal mark.

    >>> read_number("1.234,56").value, read_number("153,8").value, read_number(0.1).value
    (Decimal('1234.56'), Decimal('153.8'), Decimal('0.1'))
    >>> read_number("1,234.56").problem, read_number("12.5").problem
    ('foreign_number', 'foreign_number')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Reading(None, (), NUMBER_UNREADABLE)
    if isinstance(value, (int, float, Decimal)):
        # Excel keeps 15 digits; what a float has beyond them is noise of the binary form.
        return _finite(format(value, ".15g") if isinstance(value, float) else str(value), ())
    if not isinstance(value, str):
        return Reading(None, (), NUMBER_UNREADABLE)
    return _number_text(value, decimal)


def _number_text(text: str, decimal: str) -> Reading[Decimal]:
    value, steps = bare(text)
    if value is None:
        return Reading(None, tuple(steps))
    own, other = (_POINTED, _VIETNAMESE) if decimal == "." else (_VIETNAMESE, _POINTED)
    unsigned = value.removeprefix("-")
    if own.fullmatch(unsigned):
        rule = "decimal_point" if decimal == "." else "decimal_comma"
        return _finite(apply(value, rule, steps), tuple(steps))
    problem = FOREIGN_NUMBER if other.fullmatch(unsigned) else NUMBER_UNREADABLE
    return Reading(None, (), problem)


def _finite(text: str, steps: tuple[Correction, ...]) -> Reading[Decimal]:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Reading(None, steps, NUMBER_UNREADABLE)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return Reading(None, steps, NUMBER_UNREADABLE)
    return Reading(number, steps)


def read_count(value: Any, decimal: str = ",") -> Reading[int]:
    """A whole number from 0 to 2,147,483,647, as many people as a register can hold."""
    number = read_number(value, decimal)
    if number.value is None:
        return Reading(None, number.steps, number.problem)
    if number.value != number.value.to_integral_value() or not 0 <= number.value < 2**31:
        return Reading(None, (), NUMBER_UNREADABLE)
    return Reading(int(number.value), number.steps)


def read_stt(value: Any) -> int | None:
    """The row's number in its sheet, where it is one."""
    value = whole(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = search_key(value) if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


Reader = Callable[[Any], Reading[Any]]
