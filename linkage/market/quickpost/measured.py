"""A number or a range with its unit: "2-3 tấn", "hai ba tạ", "2t3", "tấn rưỡi"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from linkage.market.quickpost.numbers import (
    NOT_ONE,
    Number,
    and_a_half,
    in_doubtful_groups,
    number_at,
)
from linkage.market.quickpost.slips import is_syllable
from linkage.market.quickpost.tokens import Token
from linkage.market.quickpost.units import Unit, Units

_RANGE = frozenset({"-", "–", "—", "~", "den", "toi", ">"})
_VAGUE = frozenset({"vài", "vai", "mấy", "may", "dăm", "nhiều"})
# Short for "how much" and "times", before a number that touches them.
_LEADING = frozenset({"sl", "kl", "x"})
# Goods that are read already, or the end of a clause.
_CLOSING = frozenset({"\x00", ",", ".", ";"})


@dataclass(frozen=True, slots=True)
class Measured:
    """A number or a range with its unit, before it is known what for."""

    first: int
    last: int
    low: Fraction | None
    high: Fraction
    unit: Unit
    number: Number


def measured_at(tokens: Sequence[Token], first: int, units: Units) -> Measured | None:
    """The number or range with a unit that begins at a token."""
    if first and _goes_on(tokens, first):
        return None
    number = number_at(tokens, first)
    if number is None:
        return _one_and_a_half(tokens, first, units)
    unit = units.at(tokens, number.last)
    high, last = number, unit.last if unit else number.last
    low: Fraction | None = None
    half = unit is not None and and_a_half(tokens, last)
    other = _upper_end(tokens, last + half, number, unit)
    if other is not None:
        other_unit = units.at(tokens, other.last)
        if other_unit is None:
            return None
        lower = number.value + Fraction(int(half), 2)
        low = lower * _ratio(unit, other_unit) if unit else lower
        low *= scale_of_lower(number, other)
        high, unit, last = other, other_unit, other_unit.last
        if low >= other.value:
            return None
    if unit is None:
        return None
    tail, last = _tail(tokens, last, unit, units)
    return Measured(first, last, low, high.value + tail, unit, number)


def _goes_on(tokens: Sequence[Token], first: int) -> bool:
    """Whether the word or number before makes the one here another, or none that is sure."""
    vague = tokens[first - 1].written in _VAGUE
    return vague or _is_part_of_number(tokens, first) or _is_part_of_a_name(tokens, first)


def _is_part_of_number(tokens: Sequence[Token], first: int) -> bool:
    """Whether the number here goes on from one before it: "x-3 tấn", "3/4"."""
    before = tokens[first - 1].fold
    joined = first > 1 and before in ("/", "-", "–") and tokens[first - 2].is_number
    return joined or in_doubtful_groups(tokens, first)


def _is_part_of_a_name(tokens: Sequence[Token], first: int) -> bool:
    """Whether the number here ends the name of a variety: "ST25", "BC15"."""
    if not tokens[first].glued or not tokens[first - 1].is_word:
        return False
    before = tokens[first - 1]
    return not before.glued and before.fold not in _LEADING and not is_syllable(before.fold)


def _one_and_a_half(tokens: Sequence[Token], first: int, units: Units) -> Measured | None:
    """ "tấn rưỡi" is one and a half tonnes, where no number stands before it."""
    before = tokens[first - 1] if first else None
    if before and (before.is_number or before.fold == "/" or before.written in NOT_ONE):
        return None
    unit = units.at(tokens, first, after_number=False)
    if unit is None or unit.sized or not and_a_half(tokens, unit.last):
        return None
    if tokens[first].glued or unit.measure.dimension != "mass":
        return None
    if not units.marked and tokens[first].fold not in ("tan", "ta", "yen"):
        # "can ruoi": a need of ragworms.
        return None
    half = Fraction(3, 2)
    return Measured(first, unit.last + 1, None, half, unit, Number(first, first, half, words=True))


def scale_of_lower(number: Number, other: Number) -> int:
    """What the lower end of a range is multiplied by, as the upper one is: "2-3 vạn"."""
    scale = _scale_of(other)
    if number.multiplier or number.value * min(scale, 1_000) > other.value:
        return 1
    return scale


def _scale_of(number: Number) -> int:
    return {"chuc": 10, "k": 1_000, "nghin": 1_000, "ngan": 1_000, "van": 10_000,
            "trieu": 1_000_000, "tr": 1_000_000}.get(number.multiplier, 1)  # fmt: skip


def _ratio(unit: Unit, other: Unit) -> Fraction:
    one, two = unit.measure, other.measure
    if not one.base_units or not two.base_units or one.dimension != two.dimension:
        return Fraction(1)
    return Fraction(one.base_units, two.base_units)


def _upper_end(
    tokens: Sequence[Token], last: int, number: Number, unit: Unit | None
) -> Number | None:
    """The upper end of a range whose lower end is read."""
    if number.words and unit is None:
        # "hai ba tấn": two digits in words that follow each other.
        other = number_at(tokens, last)
        if other is None or not other.words:
            return None
        return other if other.value == (number.value + 1) * _scale_of(other) else None
    at = last
    while at < len(tokens) and tokens[at].fold in _RANGE:
        at += 1
    return number_at(tokens, at) if at > last else None


def _tail(tokens: Sequence[Token], at: int, unit: Unit, units: Units) -> tuple[Fraction, int]:
    """What stands behind a unit: "rưỡi", "2t3", "2 tấn 3 tạ"; in that unit, and where it ends."""
    base = unit.measure.base_units
    if and_a_half(tokens, at):
        return Fraction(1, 2), at + 1
    more = number_at(tokens, at)
    # "một cân" behind a quantity is no kilogram more.
    if (
        not base
        or more is None
        or more.multiplier not in ("", "chuc")
        or (more.words and more.value == 1)
    ):
        return Fraction(0), at
    smaller = units.at(tokens, more.last)
    if smaller is not None:
        size = smaller.measure
        value = more.value * (size.base_units or 0) / base
        both_mass = size.dimension == unit.measure.dimension == "mass"
        smaller_unit = base > (size.base_units or 0) >= base / 1_000
        is_less = both_mass and 0 < value < 1 and smaller_unit
        return (value, smaller.last) if is_less else (Fraction(0), at)
    ends = at + 1 >= len(tokens) or (
        not tokens[at + 1].is_number and tokens[at + 1].fold not in "/-"
    )
    few = len(tokens[at].fold) <= (2 if tokens[at].glued else 1)
    closes = tokens[at].glued or at + 1 == len(tokens) or tokens[at + 1].fold in _CLOSING
    if tokens[at].fold.isdigit() and few and ends and closes:
        digits = tokens[at].fold
        return Fraction(int(digits), 10 ** len(digits)), at + 1
    return Fraction(0), at


def bare_count(tokens: Sequence[Token], last: int) -> tuple[int, Fraction | None, Fraction] | None:
    """Where a number or a range without a unit begins that ends at a token, and its two ends.

    In words alone it counts only with "vạn": "ba" before goods can be another word.
    """
    for first in range(max(0, last - 6), last):
        if first and _goes_on(tokens, first):
            continue
        number = number_at(tokens, first)
        if number is None:
            continue
        other = _upper_end(tokens, number.last, number, None)
        high = other or number
        if high.last != last or (high.words and high.multiplier != "van"):
            continue
        low = number.value * scale_of_lower(number, other) if other else None
        if low is not None and low >= high.value:
            return None
        return first, low, high.value
    return None
