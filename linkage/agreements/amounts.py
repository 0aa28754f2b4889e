"""Quantities and prices as people state them, in base units and back. Exact; pure but for units.

A price is stored in đồng per 1,000,000 g, per 1,000,000 ml or per 1,000 pieces.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Dimension, Unit
from linkage.catalogue.units import QuantityNotExact, UnitNeedsSize, to_base
from linkage.errors import Invalid

LARGEST_AMOUNT = 1_000_000_000
# Đồng for one unit.
LARGEST_PRICE = 1_000_000_000_000
_PRICED_BY = {Dimension.MASS: 1_000_000, Dimension.VOLUME: 1_000_000, Dimension.COUNT: 1_000}


class AmountOutOfRange(Invalid):
    """An amount of nothing, less than nothing, or of more than there is."""

    code = "amount_out_of_range"
    words = _("An amount is more than 0 and at most 1,000,000,000.")


class PriceOutOfRange(Invalid):
    """Not a price that anybody could mean."""

    code = "price_out_of_range"
    words = _("A price is more than 0 and at most 1,000,000,000,000 đồng.")


class PriceNotExact(Invalid):
    """The price is finer than can be stored."""

    code = "price_not_exact"
    words = _("The price is finer than can be counted.")


class UnitOfOtherKind(Invalid):
    """Eggs are not measured in litres."""

    code = "unit_of_other_kind"
    words = _("This product is not measured in that unit.")


def quantity_of(amount: Decimal, unit: Unit) -> int:
    """Return the amount in base units.

    Raises: AmountOutOfRange, QuantityNotExact, UnitNeedsSize, each with its field.
    """
    # NaN compares with nothing, so finiteness comes first.
    if not amount.is_finite() or not 0 < amount <= LARGEST_AMOUNT:
        raise AmountOutOfRange(field="quantity")
    _base(unit)
    try:
        return to_base(amount, unit)
    except QuantityNotExact as refusal:
        raise QuantityNotExact(field="quantity") from refusal


def price_of(price: int, unit: Unit) -> int:
    """Return a price per unit as it is stored. Raises: PriceOutOfRange, PriceNotExact.

    Raises UnitNeedsSize for a sack or a box of no stated size.
    """
    if not 0 < price <= LARGEST_PRICE:
        raise PriceOutOfRange(field="price")
    stored, rest = divmod(price * _PRICED_BY[Dimension(unit.dimension)], _base(unit))
    if rest:
        raise PriceNotExact(field="price")
    return stored


def amount_in(quantity: int, unit: Unit) -> Decimal:
    """Return a stored quantity in the unit."""
    return Decimal(quantity) / _base(unit)


def price_per(price: int, unit: Unit) -> Decimal:
    """Return a stored price per unit."""
    return Decimal(price) * _base(unit) / _PRICED_BY[Dimension(unit.dimension)]


def _base(unit: Unit) -> int:
    if unit.base_units is None:
        raise UnitNeedsSize(field="unit")
    return unit.base_units
