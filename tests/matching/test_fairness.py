"""Whom suggestions reach, each measure worked by hand; what the preference costs."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.matching import WEIGHTS, best_offers
from linkage.matching.fairness import (
    CoOps,
    Part,
    fairness,
    gini,
    preference_cost,
)
from tests.matching.posts import columns, need, offer, random_posts


def flags(text: str) -> Any:
    return np.array([letter == "x" for letter in text], dtype=bool)


def co_ops() -> CoOps:
    return CoOps(np.array([4, 2, 9, 7]), flags("x--x"), flags("xx--"), flags("xxx-"))


def test_the_measures_worked_by_hand() -> None:
    """4 is shown three times, 2 once, 9 and 7 never; 100 is no co-op."""
    found = fairness(np.array([4, 4, 2, 100, 4]), co_ops())
    assert (found.co_ops, found.nobody, found.overlooked) == (4, 2, 1)
    assert (found.most, found.least) == (3, 0)
    # Sorted 0 0 1 3: 2 (1 x 0 + 2 x 0 + 3 x 1 + 4 x 3) / (4 x 4) - 5 / 4
    assert found.gini == Fraction(30, 16) - Fraction(5, 4)
    assert found.unlinked == Part(3, 4, 2, 4) and found.unlinked.ratio == Fraction(3, 2)
    assert found.small == Part(4, 4, 2, 4)


def test_nothing_shown_and_no_co_op_are_measured_too() -> None:
    none = np.array([], dtype=np.int64)
    assert fairness(none, co_ops()).nobody == 4
    found = fairness(np.array([3]), CoOps(none, flags(""), flags(""), flags("")))
    assert (found.co_ops, found.gini, found.most, found.least) == (0, 0, 0, 0)
    assert found.unlinked.ratio is None


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        CoOps(np.array([1, 1]), flags("xx"), flags("xx"), flags("xx"))
    with pytest.raises(ValueError, match="each co-op"):
        CoOps(np.array([1, 2]), flags("x"), flags("xx"), flags("xx"))


@given(st.lists(st.integers(0, 20), max_size=8))
def test_gini_is_the_mean_difference_over_twice_the_mean(values: list[int]) -> None:
    exposure = np.array(values, dtype=np.int64)
    pairs = sum(abs(one - other) for one in values for other in values)
    total = sum(values)
    plain = Fraction(pairs, 2 * len(values) * total) if total else Fraction(0)
    assert gini(exposure) == plain
    assert gini(exposure[::-1]) == plain


def test_the_preference_is_a_setting_with_its_cost() -> None:
    """A linked firm next door scores more by all else than the unlinked co-op 50 km off."""
    offers = [offer(1), offer(2, cooperative=True, latitude=21.31)]
    asked = columns(offers, [need()])
    plain = WEIGHTS.preferring(0)
    assert sum(plain.as_tuple()) == 10_000 and plain.preference == 0
    preferred, others = best_offers(*asked, top=1), best_offers(*asked, top=1, weights=plain)
    assert (preferred.offer_id.tolist(), others.offer_id.tolist()) == ([2], [1])
    # Nearness 10,000 - 10,000 x 50,038 // 100,000 = 4,997 (of 10,000) at a weight of 1,875.
    assert preference_cost(preferred, others, plain) == 8_750 - 7_811
    with pytest.raises(ValueError, match="as many"):
        preference_cost(preferred, best_offers(*asked, top=2, weights=plain), plain)


@given(r=st.randoms(use_true_random=False))
def test_the_preference_never_gains_by_all_else(r: Random) -> None:
    asked = columns(random_posts(r, 12, held=True), random_posts(r, 8, held=False))
    plain = WEIGHTS.preferring(0)
    cost = preference_cost(
        best_offers(*asked, top=2), best_offers(*asked, top=2, weights=plain), plain
    )
    assert cost >= 0
