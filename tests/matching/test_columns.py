"""Columns that cannot be are refused, by name."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from linkage.matching import (
    WEIGHTS,
    AskedCertificates,
    CertificateTable,
    ColumnsInvalid,
    HeldCertificates,
    TreeColumns,
    Weights,
    best_offers,
)
from linkage.matching.columns import MAX_TOTAL, PostColumns
from tests.matching.posts import columns, ints, need, offer


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quantity", -1),
        ("quantity", MAX_TOTAL + 1),
        ("price_limit", -2),
        ("commodity", -1),
        ("measure", 3),
        ("period_days", 2),
        ("starts", 0),
        ("ends", 1),
        ("latitude", 90.5),
        ("longitude", np.nan),
        ("max_distance_m", -5),
        ("kept", -1),
    ],
)
def test_a_value_that_cannot_be_names_its_column(name: str, value: Any) -> None:
    offers = columns([offer(1), offer(2)], [])[0]
    column = getattr(offers, name).copy()
    column[1] = value
    with pytest.raises(ColumnsInvalid, match=f"column {name}"):
        replace(offers, **{name: column})


def test_a_rate_is_bounded_by_its_total() -> None:
    """Over 21 days so much a day is too much, so much a month is not."""
    quantity = MAX_TOTAL // 20
    with pytest.raises(ColumnsInvalid, match="quantity"):
        columns([offer(quantity=quantity, per="day")], [])
    assert len(columns([offer(quantity=quantity, per="month")], [])[0]) == 1


def test_the_largest_quantities_are_still_exact() -> None:
    pair = columns([offer(quantity=MAX_TOTAL - 1)], [need(quantity=MAX_TOTAL)])
    assert best_offers(*pair, top=1)[0].factors["quantity"] == 9_999


def test_a_need_wants_something() -> None:
    with pytest.raises(ColumnsInvalid, match="quantity"):
        columns([], [need(quantity=0)])


def test_columns_have_one_length_and_the_stated_type() -> None:
    offers = columns([offer(1), offer(2)], [])[0]
    with pytest.raises(ColumnsInvalid, match="column kept"):
        replace(offers, kept=offers.kept[:1])
    with pytest.raises(ColumnsInvalid, match="column quantity"):
        replace(offers, quantity=offers.quantity.astype(np.float64))
    with pytest.raises(ColumnsInvalid, match="column id"):
        replace(offers, id=ints([4, 4]))


def test_certificates_point_at_rows_and_at_the_table() -> None:
    offers, needs, tree, _ = columns([offer()], [need()])
    with pytest.raises(ColumnsInvalid, match="certificates"):
        replace(offers, certificates=HeldCertificates(ints([1]), ints([0]), ints([9])))
    asked = replace(needs, certificates=AskedCertificates(ints([0]), ints([3])))
    with pytest.raises(ColumnsInvalid, match="certificates"):
        best_offers(offers, asked, tree, CertificateTable.of_pairs(3), top=1)


def test_a_commodity_is_in_the_tree() -> None:
    offers, needs, _, table = columns([offer(commodity=2)], [need()])
    with pytest.raises(ColumnsInvalid, match="commodity"):
        best_offers(offers, needs, TreeColumns.of_parents([-1, 0]), table, top=1)


@pytest.mark.parametrize("parents", [[1, 0], [-1, 7], [0]])
def test_a_tree_has_its_parents_and_no_ring(parents: list[int]) -> None:
    with pytest.raises(ColumnsInvalid):
        TreeColumns.of_parents(parents)


def test_at_least_one_is_asked_for() -> None:
    with pytest.raises(ValueError, match="top"):
        best_offers(*columns([offer()], [need()]), top=0)


def test_the_others_keep_their_proportions_whatever_the_preference() -> None:
    """As near as whole numbers come, and never so that of two the lesser counts more."""
    others = WEIGHTS.as_tuple()[:-1]
    for preference in (*range(0, 10_001, 7), 9_999, 10_000):
        *parts, last = WEIGHTS.preferring(preference).as_tuple()
        exact = [Fraction(own * (10_000 - preference), 8_000) for own in others]
        assert sum(parts) + last == 10_000 and last == preference
        assert all(abs(part - own) < 1 for part, own in zip(parts, exact, strict=True))
    assert WEIGHTS.preferring(1_500).as_tuple() == (
        *(2_125, 1_594, 1_594, 1_063, 531, 531, 1_062, 1_500),
    )
    assert WEIGHTS.preferring(2_000) is WEIGHTS
    assert WEIGHTS.preferring(1_500).version == "1-p1500"
    for wrong in (-1, 10_001):
        with pytest.raises(ValueError, match="10,000"):
            WEIGHTS.preferring(wrong)
    with pytest.raises(ValueError, match="all there is"):
        WEIGHTS.preferring(10_000).preferring(0)


def test_weights_sum_to_the_whole() -> None:
    with pytest.raises(ValueError, match="10,000"):
        Weights("x", 2_000, 1_500, 1_500, 1_000, 500, 500, 1_000, 1_999)
    with pytest.raises(ValueError, match="10,000"):
        Weights("x", -1, 3_501, 1_500, 1_000, 500, 500, 1_000, 2_000)


def test_nothing_meets_nothing() -> None:
    for offers, needs in (([], []), ([offer()], []), ([], [need()])):
        assert len(best_offers(*columns(offers, needs), top=3)) == 0


def test_ten_million_rows_are_refused_before_any_work() -> None:
    """The columns are one value seen ten million times: whoever looks at them would take long."""
    rows = 10_000_000
    offers = columns([offer()], [])[0]
    wide = {
        field.name: np.broadcast_to(getattr(offers, field.name), rows)
        for field in fields(PostColumns)
    }
    with pytest.raises(ColumnsInvalid, match="10000000 rows: a call takes at most 5000000"):
        replace(offers, **wide)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_no_place(value: float) -> None:
    offers = columns([offer()], [])[0]
    with pytest.raises(ColumnsInvalid, match="latitude"):
        replace(offers, latitude=np.array([value]))
