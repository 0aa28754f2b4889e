"""Quantities and prices of posts and contracts as integers, exactly. Pure.

>>> total_over(1_000_000, Period.WEEK, date(2026, 12, 1), date(2026, 12, 10))
1428571
>>> price_per_scale(25_000, Measure("kg", "mass", 1_000))
25000000
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language

from linkage.catalogue.models import Dimension, Unit
from linkage.catalogue.units import (
    CountsBaseUnits,
    Measure,
    QuantityNotExact,
    UnitNeedsSize,
    to_base,
)
from linkage.market.errors import (
    AmountOutOfRange,
    PriceNotExact,
    PriceOutOfRange,
    TotalOutOfRange,
    WindowInverted,
)
from linkage.market.models import Period

__all__ = ["Measure", "base_quantity", "price_per_scale", "retail", "total_over"]

LARGEST_AMOUNT = 1_000_000_000
DECIMAL_PLACES = 6
# 900 million tonnes: ten thousand times as much still fits eight bytes, as the match needs.
LARGEST_TOTAL = 900_000_000_000_000
# Đồng for one unit, and for a tonne, a cubic metre or a thousand pieces.
LARGEST_PRICE = 1_000_000_000_000
LARGEST_SCALED_PRICE = 10**15
# A price is kept for so many base units, so that prices per kg, tạ, tấn and piece are exact.
PRICE_SCALE: Mapping[str, int] = {
    Dimension.MASS: 1_000_000,
    Dimension.VOLUME: 1_000_000,
    Dimension.COUNT: 1_000,
}
# The unit in which people here name a price; pieces are named by what they are.
RETAIL: Mapping[str, Measure] = {
    Dimension.MASS: Measure("kg", Dimension.MASS, 1_000),
    Dimension.VOLUME: Measure("lit", Dimension.VOLUME, 1_000),
}
# So many figures of an amount are said where it is not to be kept to the gram.
_FIGURES = 4
# A month is 30 days wherever it lies, so that a rate means the same in February.
PERIOD_DAYS: Mapping[str, int] = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30}


def base_quantity(amount: Decimal, unit: CountsBaseUnits) -> int:
    """Return `amount` of `unit` in base units.

    Raises: AmountOutOfRange; UnitNeedsSize and QuantityNotExact of the catalogue's units; each
    with its field.

    >>> base_quantity(Decimal("3.5"), Measure("tan", "mass", 1_000_000))
    3500000
    """
    fits = amount.is_finite() and 0 < amount <= LARGEST_AMOUNT
    if not fits or _places(amount) > DECIMAL_PLACES:
        raise AmountOutOfRange(
            field="quantity", largest=_grouped(LARGEST_AMOUNT), places=DECIMAL_PLACES
        )
    _size(unit, field="unit")
    try:
        return to_base(amount, unit)
    except QuantityNotExact as refusal:
        raise QuantityNotExact(field="quantity") from refusal


def _size(unit: CountsBaseUnits, *, field: str) -> int:
    if unit.base_units is None:
        raise UnitNeedsSize(field=field)
    return unit.base_units


def _grouped(value: int) -> str:
    return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def amount_in(quantity: int, unit: CountsBaseUnits) -> Decimal:
    """Return base units as an amount of `unit`, without needless decimals.

    >>> amount_in(3_500_000, Measure("tan", "mass", 1_000_000))
    Decimal('3.5')
    """
    return _plain(Decimal(quantity) / _size(unit, field="unit"))


def _plain(amount: Decimal) -> Decimal:
    amount = amount.normalize()
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def total_over(quantity: int, period: str, starts: date, ends: date) -> int:
    """Return what a quantity comes to over a window: a rate times its days, rounded down.

    Both ends are included; a month is 30 days. Raises: WindowInverted; TotalOutOfRange, also for
    a total of nothing.
    """
    days = (ends - starts).days + 1
    if days < 1:
        raise WindowInverted(field="ends")
    total = quantity if period == Period.ONCE else quantity * days // PERIOD_DAYS[period]
    if not 0 < total <= LARGEST_TOTAL:
        raise TotalOutOfRange(field="quantity")
    return total


def price_per_scale(price: int, unit: CountsBaseUnits, *, field: str = "price_unit") -> int:
    """Return đồng for one `unit` as đồng for 1,000,000 g or ml, or 1,000 pieces, exactly.

    Raises: PriceOutOfRange, PriceNotExact; UnitNeedsSize, with the `field` of the unit.

    >>> price_per_scale(2_800, Measure("qua", "count", 1))
    2800000
    """
    scaled, rest = divmod(price * PRICE_SCALE[unit.dimension], _size(unit, field=field))
    if not 0 < price <= LARGEST_PRICE or scaled > LARGEST_SCALED_PRICE:
        raise PriceOutOfRange(field="price", largest=_grouped(LARGEST_PRICE))
    if rest or not scaled:
        raise PriceNotExact(field="price")
    return scaled


def price_in(price: int, unit: CountsBaseUnits) -> Decimal:
    """Return đồng per 1,000,000 g or ml, or 1,000 pieces, as đồng for one `unit`.

    >>> price_in(25_000_000, Measure("kg", "mass", 1_000))
    Decimal('25000')
    """
    return _plain(Decimal(price) * _size(unit, field="unit") / PRICE_SCALE[unit.dimension])


def retail(unit: CountsBaseUnits) -> CountsBaseUnits:
    """Return the unit in which prices of goods measured in `unit` are named: kg, litre, or itself.

    >>> retail(Measure("tan", "mass", 1_000_000)).base_units
    1000
    """
    return RETAIL.get(unit.dimension, unit)


def about(amount: Decimal) -> Decimal:
    """Return an amount as people say it: what is whole to the unit, and four figures at least.

    >>> about(Decimal("17099.999")), about(Decimal("54.285714")), about(Decimal("585.32143"))
    (Decimal('17100'), Decimal('54.29'), Decimal('585.3'))
    """
    places = max(0, _FIGURES - 1 - amount.adjusted())
    return _plain(amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def quantity_in_words(quantity: int, unit: Unit) -> str:
    """Base units in a sized unit, exactly, in the reader's language: "1,5 tấn"."""
    return _said(amount_in(quantity, unit), unit)


def about_in_words(quantity: int, unit: Unit) -> str:
    """The same as people say it: "17.100 kg" of 17.099,999."""
    return _said(about(amount_in(quantity, unit)), unit)


def _said(amount: Decimal, unit: Unit) -> str:
    number = number_format(amount, force_grouping=True)
    return f"{number} {unit.name_vi if get_language() == 'vi' else unit.name_en}"
