"""What becomes what and at which yield, when things are harvested, and the OCOP products."""

from __future__ import annotations

from fractions import Fraction
from graphlib import TopologicalSorter

import pytest
from vn_text import fold

from linkage.reference.files import (
    CommodityRow,
    TransformationRow,
    read_commodities,
    read_harvests,
    read_ocop_products,
    read_transformations,
)


def commodities() -> dict[str, CommodityRow]:
    return {row.code: row for row in read_commodities()}


def yield_of(row: TransformationRow) -> Fraction | None:
    if row.yield_num is None or row.yield_den is None:
        return None
    return Fraction(row.yield_num, row.yield_den)


def test_there_are_at_least_25_transformations_between_known_commodities() -> None:
    rows = read_transformations()
    pairs = {(row.from_commodity, row.to_commodity) for row in rows}
    assert len(pairs) == len(rows) >= 25
    assert {code for pair in pairs for code in pair} <= set(commodities())


def test_a_yield_is_above_0_and_at_most_1_or_the_note_says_why_there_is_none() -> None:
    for row in read_transformations():
        share = yield_of(row)
        assert row.note if share is None else 0 < share <= 1, row


@pytest.mark.parametrize(
    ("made_from", "made", "share"),
    [
        ("paddy", "rice", Fraction(68, 100)),
        ("pig", "pork", Fraction(66, 100)),
        ("peanut", "peanut-oil", Fraction(75, 100) * Fraction(44, 100)),
        ("shrimps", "frozen-shrimp", Fraction(60, 100)),
        ("soybean", "tofu", None),
        ("anchovy", "fish-sauce", None),
    ],
)
def test_the_yield_is_the_sources_own(made_from: str, made: str, share: Fraction | None) -> None:
    (row,) = [
        row
        for row in read_transformations()
        if (row.from_commodity, row.to_commodity) == (made_from, made)
    ]
    assert yield_of(row) == share


def test_nothing_becomes_itself_by_any_way_round() -> None:
    ways: dict[str, set[str]] = {}
    for row in read_transformations():
        ways.setdefault(row.from_commodity, set()).add(row.to_commodity)
    TopologicalSorter(ways).prepare()


def test_what_comes_out_is_processed_or_a_by_product() -> None:
    stages = {code: row.stage for code, row in commodities().items()}
    for row in read_transformations():
        assert row.stage in {"first_processing", "processing"}, row
        made = row.to_commodity
        assert made == "rice-bran" or stages[made] in {"first_processing", "processing"}, row


def test_only_what_is_produced_is_harvested_and_in_months_of_the_year() -> None:
    stages = {code: row.stage for code, row in commodities().items()}
    rows = read_harvests()
    assert len({row.commodity for row in rows}) == len(rows)
    for row in rows:
        assert stages[row.commodity] == "production", row
        assert row.months and set(row.months) <= set(range(1, 13)), row
        assert row.season, row


def test_a_winter_season_runs_over_the_turn_of_the_year() -> None:
    months = {row.commodity: row.months for row in read_harvests()}
    assert months["cabbage"] == (11, 12, 1, 2, 3)
    assert months["litchi-thieu"] == (6,)


def test_an_ocop_product_has_3_to_5_stars_and_a_known_commodity_or_none() -> None:
    for row in read_ocop_products():
        assert row.stars in {3, 4, 5}, row
        assert row.commodity is None or row.commodity in commodities(), row


def test_a_holder_is_an_organisation_or_nobody() -> None:
    words = ("hop tac xa", "cong ty", "cooperative", "company")
    for row in read_ocop_products():
        assert not row.holder or any(word in fold(row.holder) for word in words), row
    (carrot,) = [row for row in read_ocop_products() if row.name == "Cà rốt tươi Nhân Huệ"]
    assert carrot.holder == "Hợp tác xã dịch vụ nông nghiệp xã Nhân Huệ"
    (mushroom,) = [row for row in read_ocop_products() if row.name == "Nấm sò tươi"]
    assert mushroom.holder == ""
