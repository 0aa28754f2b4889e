"""A share against its target, in integers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.coverage.targets import (
    Bound,
    TargetRow,
    in_force_on,
    percent_tenths,
    standing,
)


def target(
    num: int = 60, den: int = 100, comparison: str = "at_least", since: int = 2021
) -> TargetRow:
    return TargetRow("215", comparison, Bound(num, den), Bound(70, 100), date(since, 1, 1))


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 100))
def test_reached_is_an_integer_comparison(numerator: int, denominator: int, percent: int) -> None:
    found = standing(numerator=numerator, denominator=denominator, target=target(percent))
    reached = numerator * 100 >= percent * denominator
    assert found.status == ("reached" if reached else "below")
    assert (found.missing == 0) is reached


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_missing_is_the_least_number_that_reaches_the_target(
    numerator: int, denominator: int
) -> None:
    missing = standing(numerator=numerator, denominator=denominator, target=target()).missing
    assert (numerator + missing) * 100 >= 60 * denominator
    assert missing == 0 or (numerator + missing - 1) * 100 < 60 * denominator


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_a_printed_percent_never_shows_more_than_there_is(numerator: int, denominator: int) -> None:
    tenths = percent_tenths(numerator, denominator)
    assert tenths * denominator <= numerator * 1000 < (tenths + 1) * denominator


def test_fifty_nine_point_ninety_six_percent_is_below_sixty() -> None:
    assert standing(numerator=5996, denominator=10_000, target=target()).status == "below"
    assert percent_tenths(5996, 10_000) == 599


def test_over_a_bound_is_more_than_the_bound() -> None:
    over = target(50, comparison="over")
    assert standing(numerator=5, denominator=10, target=over).missing == 1
    assert standing(numerator=6, denominator=10, target=over).status == "reached"


@pytest.mark.parametrize(("wanted", "missing"), [(None, None), (target(), 0)])
def test_nobody_to_count_is_no_data(wanted: TargetRow | None, missing: int | None) -> None:
    found = standing(numerator=0, denominator=0, target=wanted)
    assert (found.status, found.missing) == ("no_data", missing)


def test_the_last_target_on_or_before_the_day_counts_else_the_earliest() -> None:
    old, new = target(since=2021), target(num=65, since=2026)
    assert in_force_on([new, old], date(2025, 12, 31)) == old
    assert in_force_on([new, old], date(2026, 1, 1)) == new
    assert in_force_on([new, old], date(2020, 1, 1)) == old
    assert in_force_on([], date(2020, 1, 1)) is None
