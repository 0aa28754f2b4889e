"""What becomes what and when it is harvested, as the catalogue answers it."""

from __future__ import annotations

import pytest

from linkage.catalogue.models import Commodity, Harvest, OcopProduct, Transformation
from linkage.catalogue.queries import harvest_months, ocop_products, transformations
from linkage.catalogue.seasons import MONTHS, month_bits, months_of


def commodity(code, **values):
    return Commodity.objects.create(**{"code": code, "level": 1, "dimension": "mass", **values})


def test_months_come_back_in_the_years_order():
    assert months_of(month_bits([11, 12, 1, 2])) == (1, 2, 11, 12)
    assert months_of(month_bits(MONTHS)) == tuple(MONTHS)
    assert months_of(month_bits([])) == ()


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_month_outside_the_year_is_none(month):
    with pytest.raises(ValueError, match="no month"):
        month_bits([month])


@pytest.mark.django_db
def test_transformations_come_with_both_ends_in_one_query(django_assert_num_queries):
    paddy, rice, bran = commodity("paddy"), commodity("rice"), commodity("rice-bran")
    for made, share in ((rice, (68, 100)), (bran, (None, None))):
        Transformation.objects.create(
            from_commodity=paddy, to_commodity=made, stage="first_processing",
            yield_num=share[0], yield_den=share[1], source="a page",
        )  # fmt: skip
    with django_assert_num_queries(1):
        found = [
            (row.from_commodity.code, row.to_commodity.code, row.yield_num, row.yield_den)
            for row in transformations()
        ]
    assert found == [("paddy", "rice", 68, 100), ("paddy", "rice-bran", None, None)]


@pytest.mark.django_db
def test_a_commodity_without_a_season_is_unknown(django_assert_num_queries):
    commodity("lime")
    Harvest.objects.create(
        commodity=commodity("cabbage"), months=month_bits([11, 12, 1]), season="vụ đông"
    )
    with django_assert_num_queries(1):
        assert harvest_months() == {"cabbage": (1, 11, 12)}


@pytest.mark.django_db
def test_a_product_may_be_recognised_again_in_another_year_and_held_by_two():
    carrot = commodity("carrot")
    for holder, year in (("HTX A", 2019), ("HTX A", 2023), ("HTX B", 2023), ("HTX B", None)):
        OcopProduct.objects.create(
            name="Cà rốt", stars=3, holder=holder, year=year, commodity=carrot
        )
    assert len(ocop_products({"carrot"})) == 4
    assert ocop_products({"cabbage"}) == []
