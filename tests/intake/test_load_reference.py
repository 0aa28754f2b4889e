"""Loading the reference files: complete, idempotent, and kind to what staff added."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.catalogue.models import (
    Commodity,
    CommoditySynonym,
    LinkageForm,
    OcopProduct,
    Transformation,
    Unit,
)
from linkage.catalogue.queries import (
    CommodityIndex,
    FormIndex,
    SectorIndex,
    UnitIndex,
    harvest_months,
    ocop_products,
    transformations,
)
from linkage.coverage.models import Indicator, Programme, Target
from linkage.intake.reference import load_reference
from linkage.reference import files
from linkage.registry.models import Commune, FormerCommune
from linkage.registry.places import PlaceIndex

pytestmark = pytest.mark.django_db


def test_the_first_run_creates_and_the_second_changes_nothing():
    first = load_reference()
    second = load_reference()
    assert all(loaded.created and not loaded.changed for loaded in first)
    assert [(loaded.created, loaded.changed) for loaded in second] == [(0, 0)] * len(first)
    assert [loaded.left for loaded in second] == [loaded.created for loaded in first]


def test_a_changed_row_is_brought_back():
    load_reference()
    Unit.objects.filter(code="kg").update(base_units=999)
    changed = {loaded.file: loaded.changed for loaded in load_reference() if loaded.changed}
    assert changed == {"units.csv": 1}
    assert Unit.objects.get(code="kg").base_units == 1000


def test_what_staff_added_is_kept():
    load_reference()
    programme = Programme.objects.create(
        code="2026-2030", name_vi="Chương trình mới", name_en="New", starts=date(2026, 1, 1),
        ends=date(2030, 12, 31), source="test",
    )  # fmt: skip
    Target.objects.create(
        programme=programme, indicator_id="LINK-ALL", comparison="at_least", min_num=75,
        min_den=100, from_date=date(2026, 1, 1), source="test",
    )  # fmt: skip
    load_reference()
    assert Target.objects.filter(programme=programme).count() == 1


def test_the_second_run_costs_a_bounded_number_of_queries():
    load_reference()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_reference()
    # One reading query a table, the programmes' ids, the savepoint's two.
    assert len(queries) <= 15 + 1 + 2


def test_every_unit_of_today_and_before_is_there():
    load_reference()
    assert Commune.objects.count() == 114
    formers = FormerCommune.objects.values("name", "former_district", "former_province")
    assert formers.distinct().count() == 374


def test_the_tree_has_four_levels_and_seven_forms():
    load_reference()
    assert set(Commodity.objects.values_list("level", flat=True)) == {1, 2, 3, 4}
    assert Commodity.objects.count() >= 80
    assert LinkageForm.objects.count() == 7
    assert CommoditySynonym.objects.count() > 100


def test_what_becomes_what_and_when_is_there():
    load_reference()
    rice = Transformation.objects.get(from_commodity_id="paddy", to_commodity_id="rice")
    assert (rice.yield_num, rice.yield_den, rice.stage) == (68, 100, "first_processing")
    ocop = files.read_ocop_products()
    assert OcopProduct.objects.count() == len(ocop)
    named = {row.commodity for row in ocop if row.commodity}
    found = [len(rows) for rows in (transformations(), harvest_months(), ocop_products(named))]
    assert found == [
        len(files.read_transformations()),
        len(files.read_harvests()),
        len([row for row in ocop if row.commodity]),
    ]
    assert harvest_months()["cabbage"] == (1, 2, 3, 11, 12)


def test_every_line_of_the_plan_has_a_target():
    load_reference()
    assert Target.objects.count() == Indicator.objects.count() == 20
    link_all = Target.objects.get(indicator_id="LINK-ALL")
    assert (link_all.min_num, link_all.min_den, link_all.max_num, link_all.max_den) == (
        60, 100, 70, 100,
    )  # fmt: skip
    weak = Target.objects.get(indicator_id="RATED-WEAK")
    assert (weak.comparison, weak.min_num, weak.max_num) == ("exactly", 0, 0)
    active = Target.objects.get(indicator_id="HTX-ACTIVE")
    assert (active.comparison, active.min_num, active.min_den) == ("over", 400, 1)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Xã Lập Lễ, huyện Thủy Nguyên", "Phường Nam Triệu"),
        ("Phường Thủy Nguyên", "Phường Thủy Nguyên"),
        ("xã  AN LÃO", "Xã An Lão"),
        ("TT. Kẻ Sặt, Bình Giang", "Xã Kẻ Sặt"),
        ("Đặc khu Cát Hải", "Đặc khu Cát Hải"),
        ("Huyện Bạch Long Vĩ", "Đặc khu Bạch Long Vĩ"),
        ("Xã Đoàn Lập, huyện Tiên Lãng", "Xã Tân Minh"),
    ],
)
def test_a_written_place_is_found_in_the_reference_data(written, name):
    load_reference()
    code = PlaceIndex.load().resolve(written).commune_code
    assert Commune.objects.get(code=code).name == name


def test_words_are_found_in_the_reference_data():
    load_reference()
    commodities, units = CommodityIndex.load(), UnitIndex.load()
    assert commodities.find("heo") == commodities.find("Lợn") is not None
    assert units.find("tấn").base_units == 1_000_000
    assert units.find("bao 50 kg").base_units == 50_000
    assert SectorIndex.load().find("thuỷ sản") == "fishery"
    assert FormIndex.load().find("Điều 4 khoản 5") == 5


def test_the_command_says_what_it_did():
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert "communes.csv: thêm 114, sửa 0, giữ nguyên 0" in out.getvalue()
