"""How a share stands to its target. Pure integers: no rounding can make a figure reach a target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REACHED, BELOW, NO_DATA = "reached", "below", "no_data"


@dataclass(frozen=True, slots=True)
class Bound:
    """A share as two integers, `den` positive."""

    num: int
    den: int


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What a programme wants of an indicator from a day on; `minimum` is what has to be reached."""

    programme: str
    comparison: str
    minimum: Bound
    maximum: Bound | None
    from_date: date
    # Of a reported line: whether the value by hand or the sum of returns is official.
    official: str = "manual"


@dataclass(frozen=True, slots=True)
class Standing:
    """A share beside its target; without a target `status` and `missing` are None."""

    target: TargetRow | None
    status: str | None
    # How many more have to be linked, as things stand; at least 0.
    missing: int | None


def standing(
    *, numerator: int, denominator: int, target: TargetRow | None, known: bool = True
) -> Standing:
    """Compare as integers: reached if numerator / denominator >= the target's minimum.

    Of what is not known (`known` false) nobody says how many are missing.

    >>> of = TargetRow("P", "at_least", Bound(60, 100), None, date(2021, 9, 21))
    >>> standing(numerator=149, denominator=475, target=of).missing
    136
    >>> standing(numerator=5996, denominator=10000, target=of).status
    'below'
    """
    if not known:
        return Standing(target, NO_DATA, None)
    missing = None
    if target is not None:
        missing = max(0, needed(target, denominator) - numerator)
    if denominator == 0:
        return Standing(target, NO_DATA, missing)
    if target is None:
        return Standing(None, None, None)
    return Standing(target, BELOW if missing else REACHED, missing)


def needed(target: TargetRow, denominator: int) -> int:
    """The least numerator that reaches the target; "over" means more than the bound itself."""
    wanted = target.minimum.num * denominator
    if target.comparison == "over" and denominator > 0:
        return wanted // target.minimum.den + 1
    return -(-wanted // target.minimum.den)


def percent_tenths(numerator: int, denominator: int) -> int:
    """Tenths of a percent, always rounded down: 59.96% is 599, so no share looks like its target.

    >>> percent_tenths(5996, 10000)
    599
    """
    return numerator * 1000 // denominator if denominator else 0


def in_force_on(targets: list[TargetRow], day: date) -> TargetRow | None:
    """The last target set on or before `day`; before the first one, the earliest."""
    ordered = sorted(targets, key=lambda row: (row.from_date, row.programme))
    begun = [row for row in ordered if row.from_date <= day]
    if begun:
        return begun[-1]
    return ordered[0] if ordered else None
