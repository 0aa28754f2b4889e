"""Quantities in base units (gram, millilitre, piece), exactly. Pure.

>>> to_base(Decimal("0.7"), Measure("ta", "mass", 100_000))
70000
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from linkage.errors import Invalid

# What a BigInteger column holds on both databases.
LARGEST_QUANTITY = 2**63 - 1


class QuantityNotExact(Invalid):
    """The amount is not a whole number of the unit's base units."""

    code = "quantity_not_exact"
    field = "quantity"
    words = _("The quantity is finer than can be counted.")


class QuantityOutOfRange(Invalid):
    """The quantity is not a number, or larger than can be stored."""

    code = "quantity_out_of_range"
    field = "quantity"
    words = _("The quantity is outside what can be stored.")


class UnitNeedsSize(Invalid):
    """A sack or a box without its size says no quantity."""

    code = "unit_needs_size"
    words = _("This unit needs its size, as in 'bao 50 kg'.")


class CountsBaseUnits(Protocol):
    """Anything that says what it measures and how many base units it is."""

    @property
    def dimension(self) -> str:
        """mass, volume or count."""

    @property
    def base_units(self) -> int | None:
        """Grams, millilitres or pieces in one of it; None where its size is not stated."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as written: the code of its row, its dimension, its base units.

    `base_units` is None for a sized unit without its size.
    """

    code: str
    dimension: str
    base_units: int | None


def to_base(amount: Decimal, unit: CountsBaseUnits) -> int:
    """Return `amount` of `unit` in base units, exactly; nothing is rounded.

    Raises: UnitNeedsSize, QuantityNotExact, QuantityOutOfRange (also NaN and infinities).
    """
    if unit.base_units is None:
        raise UnitNeedsSize
    # A huge exponent would make a huge integer before it could be compared.
    if not amount.is_finite() or amount.adjusted() > 18:
        raise QuantityOutOfRange
    if amount and amount.adjusted() < -18:
        raise QuantityNotExact
    # Integers, since Decimal multiplication rounds to the context's 28 digits.
    numerator, denominator = amount.as_integer_ratio()
    quantity, rest = divmod(numerator * unit.base_units, denominator)
    if rest:
        raise QuantityNotExact
    if abs(quantity) > LARGEST_QUANTITY:
        raise QuantityOutOfRange
    return quantity
