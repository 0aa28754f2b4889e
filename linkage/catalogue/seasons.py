"""Months of the year as one number, so that the database can check them and ask for them.

A month is one bit: January 1, February 2, March 4, to December 2048.
"""

from __future__ import annotations

from collections.abc import Iterable

MONTHS = range(1, 13)


def month_bits(months: Iterable[int]) -> int:
    """Return the months (1 to 12, in any order) as one number, from 0 for none to 4095.

    Raises: ValueError, if one is no month of the year.

    >>> month_bits([12, 1, 2])
    2051
    """
    bits = 0
    for month in months:
        if month not in MONTHS:
            raise ValueError(f"no month of the year: {month}")
        bits |= 1 << (month - 1)
    return bits


def months_of(bits: int) -> tuple[int, ...]:
    """Return the months that a number stands for, in the year's order.

    >>> months_of(2051)
    (1, 2, 12)
    """
    return tuple(month for month in MONTHS if bits & 1 << (month - 1))
