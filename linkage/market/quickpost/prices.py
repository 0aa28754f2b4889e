"""What it costs: "85k/kg", "1tr2/tạ", "giá 6 nghìn rưỡi một cân", "2.800đ/quả".

A price without a unit goes with the unit of the quantity; a range of prices, a sum for the whole
lot and a bare small number ("giá 25") are not sure, so they are no price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from linkage.catalogue.units import Measure
from linkage.market.quickpost.numbers import MONEY_WORDS, Number, in_doubtful_groups, number_at
from linkage.market.quickpost.passing import clause_before, is_said_of_elsewhere
from linkage.market.quickpost.tokens import Token, words
from linkage.market.quickpost.units import Unit, Units

_DONG = frozenset({"đ", "d", "đồng", "dong", "vnd", "vnđ", "₫"})
_RANGE = frozenset({"-", "–", "—", "~", "den", "toi"})
_EACH = frozenset({"mot", "1", "moi"})
_PRICE_WORDS = frozenset({"gia", "tien"})
_BETWEEN = words(
    "gia ban mua buon si le khoang tam chi tu la : = duoc nay hien tai vuon goc thu nhap cao "
    "toi da thieu khong duoi tren qua con ~ san chot mem tot chung cung dong deu het moi"
)
_WAGES = frozenset({"thang", "nguoi", "nam"})
_WHOLE = frozenset({"lo", "ao", "vuon", "dam", "goi", "bo", "chuong", "dan", "vu", "ruong"})
# What is paid beside the goods.
_FEES = words(
    "ship phí phi cước cuoc cọc coc lương thưởng công giảm bớt khấu tăng thêm lãi lời chuyển bốc "
    "xếp hiểm ứng phạt nợ"
)
_LEADING_TO_FEES = words("xe trước truoc khoảng tầm là : tiền mỗi tới đến")
# Of a quintal or a tonne nothing costs less.
_SMALLEST_OF_LARGE = 100_000
_SMALLEST = 500
# Without a word of money a number is a price only if it is as large as prices are.
_SMALLEST_BARE = 1_000


@dataclass(frozen=True, slots=True)
class Price:
    """Tokens `first` to `last` (not included) that say a price in đồng.

    `unit` is None where none is written; `sure` is False for what is money but no price of a unit.
    """

    first: int
    last: int
    dong: int
    unit: Unit | None
    sure: bool = True


def read_prices(tokens: Sequence[Token], units: Units) -> list[Price]:
    """Every sum of money of the tokens, in order."""
    found: list[Price] = []
    at = 0
    while at < len(tokens):
        price = _price_at(tokens, at, units)
        if price is not None:
            found.append(price)
        at = price.last if price is not None else at + 1
    return found


def _price_at(tokens: Sequence[Token], first: int, units: Units) -> Price | None:
    number = number_at(tokens, first)
    if number is None or (number.words and not number.multiplier) or _is_aside(tokens, number):
        return None
    led = _is_led(tokens, first)
    last, in_dong = _dong(tokens, number.last)
    upper = _upper(tokens, last)
    if upper is not None:
        return _range(tokens, first, upper, led, units)
    money = in_dong or number.multiplier in MONEY_WORDS
    count, last = _for_several(tokens, last, units)
    number = replace(number, value=number.value / count)
    unit, end = _unit(tokens, last, units)
    before = _unit_before(tokens, first, number, units) if unit is None else None
    if before is not None and (money or led):
        return _checked(tokens, before[1], number.value, before[0], last)
    slashed = unit is not None and (count > 1 or _is_ratio(tokens, last))
    if not money and not (number.value >= _SMALLEST_BARE and (led or slashed)):
        return None
    if not in_dong and not slashed and _is_counted(number, unit, led=led, money=money):
        return None
    price = _checked(tokens, first, number.value, unit, end if unit else last)
    # Of what is not known: "5k/bắp".
    of_something = unit is None and last < len(tokens) and tokens[last].fold == "/"
    return replace(price, sure=False) if of_something else price


def _is_aside(tokens: Sequence[Token], number: Number) -> bool:
    """Whether the number is what is paid beside the goods, or may be a part of one before it."""
    return (
        _is_fee(tokens, number.first)
        or in_doubtful_groups(tokens, number.first)
        or is_said_of_elsewhere(tokens, number.first)
        or _is_wage(tokens, number.last)
    )


def _is_wage(tokens: Sequence[Token], at: int) -> bool:
    """Whether what a number says is paid to people: "7tr/tháng"."""
    behind = [token.fold for token in tokens[_dong(tokens, at)[0] :][:2]]
    return len(behind) == 2 and behind[0] == "/" and behind[1] in _WAGES


def _is_fee(tokens: Sequence[Token], first: int) -> bool:
    at = first - 1
    while at > 0 and first - at < 3 and tokens[at].written in _LEADING_TO_FEES:
        at -= 1
    return at >= 0 and tokens[at].written in _FEES


def _is_counted(number: Number, unit: Unit | None, *, led: bool, money: bool) -> bool:
    """Whether "5k quả", "giá tốt 2000 con" are so many pieces, not so much money."""
    if not money:
        return led and unit is not None
    pieces = unit is not None and unit.measure.dimension != "mass"
    return not led and pieces and number.multiplier in MONEY_WORDS


def _checked(
    tokens: Sequence[Token], first: int, value: Fraction, unit: Unit | None, last: int
) -> Price:
    least = _SMALLEST if unit is None or unit.measure.dimension == "mass" else 1
    sure = value.denominator == 1 and value >= least and not _is_whole(tokens, first, last, unit)
    return Price(first, last, int(value), unit, sure)


def _range(
    tokens: Sequence[Token], first: int, upper: Number, led: bool, units: Units
) -> Price | None:
    """A range of prices: money, but which price is asked is not sure."""
    last, in_dong = _dong(tokens, upper.last)
    unit, end = _unit(tokens, last, units)
    slashed = unit is not None and _is_ratio(tokens, last)
    money = in_dong or upper.multiplier in MONEY_WORDS
    if not money and not (upper.value >= _SMALLEST_BARE and (led or slashed)):
        return None
    if not in_dong and not slashed and _is_counted(upper, unit, led=led, money=money):
        return None
    return Price(first, end if unit else last, int(upper.value), unit, sure=False)


def _upper(tokens: Sequence[Token], at: int) -> Number | None:
    if at + 1 < len(tokens) and tokens[at].fold in _RANGE and tokens[at + 1].is_number:
        return number_at(tokens, at + 1)
    return None


def _dong(tokens: Sequence[Token], at: int) -> tuple[int, bool]:
    """Where a number ends with its "đồng", and whether that is written."""
    if at < len(tokens) and tokens[at].written in _DONG:
        return at + 1, True
    return at, False


def _is_led(tokens: Sequence[Token], first: int) -> bool:
    """Whether a word like "giá" leads to the number."""
    at = first - 1
    while at >= 0 and first - at < 6:
        if tokens[at].written in ("giá", "gia", "tiền", "đồng giá"):
            return True
        if tokens[at].fold not in _BETWEEN:
            return False
        at -= 1
    return False


def _is_ratio(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and (tokens[at].fold == "/" or tokens[at].fold in _EACH)


def _unit(tokens: Sequence[Token], at: int, units: Units) -> tuple[Unit | None, int]:
    """The unit behind a sum: "/kg", "một kg", "1 kg", "/ 10 kg" is none, "kg"."""
    step = at
    while step < len(tokens) and tokens[step].fold in ("/", *_EACH):
        step += 1
    unit = units.at(tokens, step)
    return (unit, unit.last) if unit is not None else (None, at)


def _for_several(tokens: Sequence[Token], at: int, units: Units) -> tuple[Fraction, int]:
    """For how many units a sum is, and where their unit begins: "100k/2kg"."""
    if at + 2 < len(tokens) and tokens[at].fold == "/":
        number = number_at(tokens, at + 1)
        if number is not None and number.value > 1 and units.at(tokens, number.last) is not None:
            return number.value, number.last
    return Fraction(1), at


def _unit_before(
    tokens: Sequence[Token], first: int, number: Number, units: Units
) -> tuple[Unit, int] | None:
    """The unit that stands before its price, and where it begins: "1kg 350k", "một cân 12k"."""
    at = first - 2
    if at < 0 or tokens[at].fold not in _EACH:
        return None
    unit = units.at(tokens, at + 1)
    if unit is None or unit.last != first:
        return None
    large = unit.measure.dimension == "mass" and (unit.measure.base_units or 0) > 1_000
    return None if large and number.value < _SMALLEST_OF_LARGE else (unit, at)


def _is_whole(tokens: Sequence[Token], first: int, last: int, unit: Unit | None) -> bool:
    """Whether the sum is for all of it: "200 triệu cả lô", "cả lô 5 tấn 22 triệu"."""
    behind = [token.fold for token in tokens[last : last + 2]]
    before = [token.fold for token in tokens[max(0, first - 3) : first]]
    if "tong" in before or "tron" in before or behind[:1] == ["tron"]:
        return True
    lead = pairwise(clause_before(tokens, first))
    led = unit is None and any(a == "ca" and b in _WHOLE for a, b in lead)
    return led or (len(behind) == 2 and behind[0] in ("ca", "/") and behind[1] in _WHOLE)


def per_unit(measure: Measure) -> bool:
    """Whether a price may be for this unit where none is written: kg, tạ, tấn, yến."""
    return measure.dimension == "mass" and measure.code in ("kg", "ta", "tan", "yen")
