"""Quantities are exact in base units, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.catalogue.units import (
    Measure,
    QuantityNotExact,
    QuantityOutOfRange,
    UnitNeedsSize,
    to_base,
)

TONNE = Measure("tan", "mass", 1_000_000)
PIECE = Measure("qua", "count", 1)


@given(st.integers(1, 9 * 10**12), st.integers(0, 6))
def test_up_to_six_decimals_of_a_tonne_are_exact(digits, places):
    assert to_base(Decimal(digits).scaleb(-places), TONNE) == digits * 10 ** (6 - places)


@given(st.integers(1, 10**9).filter(lambda number: number % 10), st.integers(1, 9))
def test_a_part_of_a_piece_is_refused(digits, places):
    with pytest.raises(QuantityNotExact):
        to_base(Decimal(digits).scaleb(-places), PIECE)


def test_more_digits_than_a_decimal_context_holds_are_not_rounded():
    with pytest.raises(QuantityNotExact):
        to_base(Decimal("1000000000000.00000000000000000000000000001"), TONNE)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e400", "1e15"])
def test_what_cannot_be_stored_is_refused(amount):
    with pytest.raises(QuantityOutOfRange):
        to_base(Decimal(amount), TONNE)


def test_a_tiny_amount_is_refused_without_computing_it():
    with pytest.raises(QuantityNotExact):
        to_base(Decimal("1e-400000"), TONNE)


def test_a_sack_without_its_size_is_no_quantity():
    with pytest.raises(UnitNeedsSize):
        to_base(Decimal(3), Measure("bao", "mass", None))
