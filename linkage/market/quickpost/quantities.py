"""How much: quantities with their unit, ranges, rates, sacks with their size, land times yield.

What is a size ("30 con/kg", "2kg/con"), a packing or a part of a delivery is no quantity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from linkage.catalogue.units import Measure
from linkage.market.quickpost.measured import Measured, measured_at
from linkage.market.quickpost.numbers import number_at
from linkage.market.quickpost.passing import is_past_sale
from linkage.market.quickpost.tokens import Token, fold, words
from linkage.market.quickpost.units import SAO_IN_MAU, Units

_EACH = frozenset({"moi", "1", "mot", "tren", "tung"})
_RATE_BEFORE = frozenset({"moi", "hang", "1", "mot", "binh"})
_FILLERS = words(
    "khoang tam can lay duoc thu ban mua nhap giao cung cap xuat co cho ra don du ho tro hang "
    "em ben minh gom chung the dat cat hai bat nhu cau luong san trung binh la : , ~ len lai "
    "tieu di nha nao be vot nho"
)
_PER = frozenset({"/", "moi", "mot", "1", "hang", "tren"})
_BETWEEN = frozenset({")", "\x00"})
_PARTS = frozenset(
    {"me", "lan", "chuyen", "xe", "don", "dot", "nguoi", "ho", "nha", "khach", "buoi"}
)
# What leads to the size of a piece or of a packing, by what it is measured in.
_SIZE_BEFORE = {
    "mass": words("loai bao tui thung hop nang luong size sai"),
    "volume": words("loai chai can lo hu binh"),
}
# "1 nắng" is dried in the sun, "nặng" a weight.
_DRIED = frozenset({"nắng", "năng"})
LARGEST_SIZE = {"mass": 200_000, "volume": 50_000}
# What holds or carries so much, and the words between it and its number.
_HOLDERS = words("xe cont container tàu tau thuyền ghe kho lò silo hầm")
_OF_HOLDERS = words(
    "tải tai trọng trong dưới duoi trên khoảng khoang tầm tam loại loai chở cho được duoc nhỏ to "
    "lạnh lanh chứa sấy"
)
_CAPACITY = frozenset(
    {("cong", "suat"), ("suc", "chua"), ("tai", "trong"), ("trong", "tai"), ("quy", "mo")}
)
_ABOUT = words("khoang tam nang tu trung binh duoc")
_PIECES = words("con qua trai cu cay bap")
_OUT_OF_STORE = words("xa sa don ton trong day hang")
# "Mua tối thiểu 20kg", "đơn trên 1 tấn": the least of an order, where no verb of need leads.
_ORDERS = words("mua lay dat don hang , ; .")
_WANTS = words("can muon thu nhap tim gom")
_AT_LEAST = (("toi", "thieu"), ("it", "nhat"))
# Of a piece: "củ 300-400g", "con 1-2kg".
_LARGEST_PIECE = {"con": 200_000, "cu": 10_000, "qua": 10_000, "trai": 10_000, "bap": 10_000}
_TIMES = frozenset({"x", "*", "×", "loai", "moi", "(", ",", "la", "nang", "/", "1", "size"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """Tokens `first` to `last` (not included) that say how much; both ends in base units.

    `least` is the lower end of a range; `per` the period of a rate; `unit` what the number was
    written with, in which a price without a unit may be meant.
    """

    first: int
    last: int
    amount: Fraction
    least: Fraction | None
    dimension: str
    unit: Measure
    per: str | None = None
    extra: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """Tokens that say a size or a packing: kept as words."""

    first: int
    last: int


def read_quantities(tokens: Sequence[Token], units: Units) -> tuple[list[Quantity], list[Size]]:
    """Every quantity and every size of the tokens, in order."""
    found: list[Quantity] = []
    sizes: list[Size] = []
    yields: list[tuple[Measured, str, int]] = []
    at = 0
    while at < len(tokens):
        measured = measured_at(tokens, at, units)
        if measured is None:
            at += 1
            continue
        size = _size(tokens, measured, units)
        per_area = _per_area(tokens, measured, units)
        if size is not None:
            sizes.append(size)
            at = size.last
        elif per_area is not None:
            yields.append((measured, *per_area))
            at = per_area[1]
        else:
            quantity = _quantity(tokens, measured, units)
            if quantity is not None:
                found.append(quantity)
            at = max(measured.last, quantity.last if quantity else 0)
    return sorted([*found, *_from_land(tokens, yields, units)], key=lambda q: q.first), sizes


def _size(tokens: Sequence[Token], measured: Measured, units: Units) -> Size | None:
    """Whether it is the size of a piece, how many go into a kilogram, or a packing."""
    at, dimension = measured.last, measured.unit.measure.dimension
    before = tokens[measured.first - 1].fold if measured.first else ""
    if before == "nang" and tokens[measured.first - 1].written in _DRIED:
        before = ""
    if at < len(tokens) and tokens[at].fold in ("/", "mot", "1", "moi"):
        step = at + 1 if at + 1 < len(tokens) and tokens[at].fold == "/" else at
        while step < len(tokens) and tokens[step].fold in _EACH:
            step += 1
        other = units.at(tokens, step)
        if other is not None and {dimension, other.measure.dimension} != {dimension}:
            return Size(measured.first, other.last)
    pieces = _in_one_kilogram(tokens, measured, units)
    if pieces is not None:
        return Size(measured.first, pieces.last)
    if before == "can" and not units.marked:
        return None
    of_each = dimension == "mass" and (
        _is_of_each(tokens, measured.first) or _is_of_a_piece(before, measured)
    )
    if of_each or before in _SIZE_BEFORE.get(dimension, ()):
        size = measured.high * (measured.unit.measure.base_units or 0)
        return Size(measured.first, at) if size <= LARGEST_SIZE[dimension] else None
    return None


def _is_of_each(tokens: Sequence[Token], first: int) -> bool:
    """Whether it is what each weighs: "mỗi con tầm 2kg"."""
    at = first - 1
    while at > 1 and first - at < 3 and tokens[at].fold in _ABOUT:
        at -= 1
    return at > 0 and tokens[at].fold in _PIECES and tokens[at - 1].fold in ("moi", "tung")


def _is_of_a_piece(before: str, measured: Measured) -> bool:
    """Whether it is what a piece weighs: a range, or grams, right behind the word for it."""
    size = measured.high * (measured.unit.measure.base_units or 0)
    said = measured.low is not None or measured.unit.measure.code == "g"
    return said and size <= _LARGEST_PIECE.get(before, 0)


def _in_one_kilogram(tokens: Sequence[Token], measured: Measured, units: Units) -> Measured | None:
    """The pieces that go into one, in "1kg 3 con"."""
    if measured.high != 1 or measured.unit.measure.code != "kg":
        return None
    pieces = measured_at(tokens, measured.last, units) if measured.last < len(tokens) else None
    return pieces if pieces is not None and pieces.unit.measure.dimension == "count" else None


def _per_area(tokens: Sequence[Token], measured: Measured, units: Units) -> tuple[str, int] | None:
    """The measure of land that the quantity is a yield of, and where it ends."""
    at = measured.last
    while at < len(tokens) and tokens[at].fold in ("/", "mot", "1", "moi", "tren"):
        at += 1
    area = units.area_at(tokens, at) if at > measured.last else None
    if area is not None:
        return area
    at = measured.first - 1
    while at > 0 and tokens[at].fold in _FILLERS:
        at -= 1
    if at >= 1 and tokens[at - 1].fold in _EACH:
        before = units.area_at(tokens, at)
        if before is not None and before[1] == at + 1:
            return before[0], measured.last
    return None


def _from_land(
    tokens: Sequence[Token], yields: Sequence[tuple[Measured, str, int]], units: Units
) -> Iterator[Quantity]:
    """Quantities that are an area times its yield; another measure of land gives none."""
    areas = list(_areas(tokens, units))
    for measured, area, last in yields:
        base = measured.unit.measure.base_units
        fitting = [a for a in areas if _in_measure(a, area) is not None]
        if base is None or len(areas) != 1 or not fitting:
            continue
        _, _, first, end = fitting[0]
        times = _in_measure(fitting[0], area)
        if times is None:
            continue
        low = None if measured.low is None else measured.low * base * times
        yield Quantity(
            measured.first, last, measured.high * base * times, low,
            measured.unit.measure.dimension, measured.unit.measure, extra=((first, end),),
        )  # fmt: skip


def _areas(tokens: Sequence[Token], units: Units) -> Iterator[tuple[Fraction, str, int, int]]:
    for first in range(len(tokens)):
        number = number_at(tokens, first)
        if number is None or (first and tokens[first - 1].fold in ("/", "moi", "-", ".")):
            continue
        area = units.area_at(tokens, number.last)
        is_yield = first > 0 and units.at(tokens, first - 1, after_number=True) is not None
        if area is not None and not (is_yield and number.value == 1):
            yield number.value, area[0], first, area[1]


def _in_measure(area: tuple[Fraction, str, int, int], other: str) -> Fraction | None:
    """An area in another measure of land, where that is exact."""
    value, measure = area[0], area[1]
    if measure == other:
        return value
    if {measure, other} == {"sao", "mau"}:
        return value * SAO_IN_MAU if measure == "mau" else value / SAO_IN_MAU
    return None


def _quantity(tokens: Sequence[Token], measured: Measured, units: Units) -> Quantity | None:
    if measured.unit.sized:
        return _of_containers(tokens, measured, units)
    if _is_part(tokens, measured) or _is_capacity(tokens, measured):
        return None
    base = measured.unit.measure.base_units or 0
    low = None if measured.low is None else measured.low * base
    quantity = Quantity(
        measured.first, measured.last, measured.high * base, low,
        measured.unit.measure.dimension, measured.unit.measure,
    )  # fmt: skip
    return with_period(tokens, quantity, units)


def _is_part(tokens: Sequence[Token], measured: Measured) -> bool:
    """Whether it is what goes at one time, or to one buyer."""
    at = measured.last
    if (
        measured.low is None
        and measured.first
        and tokens[measured.first - 1].written in ("từ", "tu")
    ):
        # "từ 50kg": the least that is sold at once.
        return True
    if _is_least_of_an_order(tokens, measured.first) or is_past_sale(tokens, measured.first):
        return True
    behind = [token.fold for token in tokens[at : at + 2]]
    if len(behind) == 2 and behind[0] in ("/", "mot", "moi") and behind[1] in _PARTS:
        return True
    before = [token.fold for token in tokens[max(0, measured.first - 3) : measured.first]]
    return any(one in ("moi", "tu", "mot") and two in _PARTS for one, two in pairwise(before))


def _is_least_of_an_order(tokens: Sequence[Token], first: int) -> bool:
    before = [token.fold for token in tokens[max(0, first - 4) : first]]
    if before[-2:] == ["don", "tren"]:
        return True
    if tuple(before[-2:]) not in _AT_LEAST or len(before) < 4 or before[-3] not in _ORDERS:
        return False
    return before[-4] not in _WANTS


def _is_capacity(tokens: Sequence[Token], measured: Measured) -> bool:
    """Whether it is what a lorry or a store can hold: "xe tải 5 tấn", "công suất 5 tấn/ngày"."""
    at = measured.first - 1
    if at > 0 and (tokens[at - 1].fold, tokens[at].fold) in _CAPACITY:
        return True
    while at > 0 and measured.first - at < 4 and tokens[at].written in _OF_HOLDERS:
        at -= 1
    if at < 0 or tokens[at].written not in _HOLDERS:
        return False
    # "xả kho 2 tấn", "tồn kho 2 tấn" are goods in it.
    return not (at and tokens[at].fold == "kho" and tokens[at - 1].fold in _OUT_OF_STORE)


def _of_containers(tokens: Sequence[Token], measured: Measured, units: Units) -> Quantity | None:
    """Sacks times the size that is stated behind them: "20 bao 50kg", "20 bao (50 kg/bao)"."""
    at = measured.last
    while at < len(tokens) and (
        tokens[at].fold in _TIMES or tokens[at].fold == measured.unit.name.lower()
    ):
        if number_at(tokens, at) and units.at(tokens, at + 1):
            break
        at += 1
        if at - measured.last > 4:
            return None
    size = measured_at(tokens, at, units) if at < len(tokens) else None
    size = size or _stated_later(tokens, measured, units)
    size = size or _stated_before(tokens, measured, units)
    if size is None:
        # The goods may stand between: "20 bao gạo 50kg".
        size = _behind_goods(tokens, at, units)
    if size is None or size.low is not None or not size.unit.measure.base_units:
        return None
    each = size.high * size.unit.measure.base_units
    if size.unit.measure.dimension == "mass" and each > 100_000:
        return None
    low = None if measured.low is None else measured.low * each
    measure = Measure(measured.unit.name, size.unit.measure.dimension, int(each))
    amount = measured.high * each
    if size.last <= measured.first:
        said = Quantity(measured.first, measured.last, amount, low, measure.dimension, measure)
        said = with_period(tokens, said, units)
        return replace(said, extra=(*said.extra, (size.first, size.last)))
    last = size.last
    if last + 1 < len(tokens) and tokens[last].fold == "/" and units.at(tokens, last + 1):
        last += 2
    quantity = Quantity(measured.first, last, amount, low, measure.dimension, measure)
    return with_period(tokens, quantity, units)


def _behind_goods(tokens: Sequence[Token], at: int, units: Units) -> Measured | None:
    """The first measure behind goods and places, which are read already, and few other words."""
    others = 0
    for step in range(at, min(at + 10, len(tokens) - 1)):
        if not (tokens[step].is_word or tokens[step].fold in _BETWEEN):
            return None
        others += tokens[step].fold not in _BETWEEN
        size = measured_at(tokens, step + 1, units) if others <= 4 else None
        if size is not None:
            return size
    return None


def _stated_later(tokens: Sequence[Token], measured: Measured, units: Units) -> Measured | None:
    """What goes into one, where it is said further on: "..., 300 quả/thùng", "..., bao 50kg"."""
    container = fold(measured.unit.name)
    for at in range(measured.last, min(measured.last + 9, len(tokens))):
        size = measured_at(tokens, at, units)
        if size is None:
            continue
        behind = units.at(tokens, size.last + 1) if size.last + 1 < len(tokens) else None
        slashed = behind is not None and tokens[size.last].fold in ("/", "mot", "moi")
        named = slashed and behind is not None and behind.name == measured.unit.name
        led = at > measured.last and tokens[at - 1].fold in (container, "loai")
        return size if named or (led and not slashed) else None
    return None


def _stated_before(tokens: Sequence[Token], measured: Measured, units: Units) -> Measured | None:
    """What goes into one, where it is said first, and once: "gạo bao 10kg, còn 100 bao"."""
    container = fold(measured.unit.name)
    found = [
        size
        for at in range(max(1, measured.first - 25), measured.first)
        if tokens[at - 1].fold == container
        and (size := measured_at(tokens, at, units)) is not None
        and not (at > 1 and tokens[at - 2].is_number and not tokens[at - 2].glued)
    ]
    return found[0] if len(found) == 1 else None


def with_period(tokens: Sequence[Token], quantity: Quantity, units: Units) -> Quantity:
    """The quantity with its period: "/tháng", "mỗi tuần", "một ngày", or one named before it."""
    at = quantity.last
    # The goods stand between: "3 tấn bí xanh mỗi tuần".
    while at < len(tokens) and tokens[at].fold in _BETWEEN:
        at += 1
    step = at
    while step < len(tokens) and tokens[step].fold in _PER:
        step += 1
    found = units.period_at(tokens, step) if step > at else None
    if found is not None:
        return replace(quantity, per=found[0], last=found[1])
    for later in range(at, min(at + 7, len(tokens) - 1)):
        if tokens[later].fold in ("moi", "hang") and tokens[later - 1].fold != "giao":
            found = units.period_at(tokens, later + 1)
            if found is not None:
                return replace(quantity, per=found[0], extra=((later, found[1]),))
        if not (tokens[later].is_word or tokens[later].fold in _BETWEEN):
            break
    before = quantity.first - 1
    while before >= 0 and tokens[before].fold in _FILLERS:
        before -= 1
    found = units.period_at(tokens, before) if before >= 0 else None
    if found is None or found[1] != before + 1 or found[0] in ("year", "season"):
        return quantity
    if before and tokens[before - 1].fold in ("trong", "/"):
        return quantity
    leads = before > 0 and tokens[before - 1].fold in _RATE_BEFORE
    adjacent = before == quantity.first - 1 and not (before and tokens[before - 1].is_number)
    begins = before == 0 or not tokens[before - 1].fold[0].isalnum()
    every = tokens[before + 1].fold == "nao"
    at_times = tokens[before].fold in ("hom", "sang") and not every
    short = at_times or tokens[before].fold in ("th", "ng")
    if leads or ((adjacent or begins) and not short):
        first = before - 1 if leads else before
        return replace(quantity, per=found[0], extra=((first, before + 1),))
    return quantity
