"""Words of a register and what they name in the catalogue."""

from __future__ import annotations

import unicodedata

import pytest

from linkage.catalogue.models import Commodity, CommoditySynonym, LinkageForm, Sector, Unit
from linkage.catalogue.queries import CommodityIndex, FormIndex, SectorIndex, UnitIndex, unit
from linkage.catalogue.units import Measure
from linkage.errors import ValueUnknown

COMMODITIES = CommodityIndex(
    [("Cà rốt", "carrot"), ("Vải thiều", "lychee"), ("Lợn", "pig"), ("Thủy sản", "fish")],
    [("heo", "pig"), ("quả vải", "lychee"), ("củ", "carrot"), ("củ", "fish"), ("pig", "pig")],
)
UNITS = UnitIndex(
    [
        (Measure("kg", "mass", 1000), ("ki-lô-gam", "kg", "ký", "cân")),
        (Measure("tan", "mass", 1_000_000), ("tấn", "t")),
        (Measure("ml", "volume", 1), ("mi-li-lít", "ml")),
        (Measure("bao", "mass", None), ("bao", "bao tải")),
        (Measure("can", "volume", None), ("can",)),
    ]
)
FORMS = FormIndex([(number, f"Liên kết {number}", "") for number in range(1, 8)])


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("cà  RỐT", "carrot"),
        ("Cà-rốt", "carrot"),
        (unicodedata.normalize("NFD", "vải thiều"), "lychee"),
        ("Heo", "pig"),
        ("Thuỷ sản", "fish"),
    ],
)
def test_a_commodity_is_found_by_name_or_synonym(word, code):
    assert COMMODITIES.find(word) == code


@pytest.mark.parametrize("word", ["ca rot", "Lơn", "củ", ""])
def test_a_word_without_its_marks_or_of_two_things_names_nothing(word):
    assert COMMODITIES.find(word) is None


@pytest.mark.parametrize(
    ("word", "base"), [("Tấn", 1_000_000), ("KG", 1000), ("kg.", 1000), ("cân", 1000)]
)
def test_a_unit_is_found(word, base):
    assert UNITS.find(word).base_units == base


@pytest.mark.parametrize(
    ("word", "measure"),
    [
        ("bao 50 kg", Measure("bao", "mass", 50_000)),
        ("Bao 50kg", Measure("bao", "mass", 50_000)),
        ("bao (25,5 kg)", Measure("bao", "mass", 25_500)),
        ("bao tải/1.000 kg", Measure("bao", "mass", 1_000_000)),
        ("can 500 ml", Measure("can", "volume", 500)),
        ("bao", Measure("bao", "mass", None)),
    ],
)
def test_a_sized_unit_is_read_with_its_size(word, measure):
    assert UNITS.find(word) == measure


@pytest.mark.parametrize(
    "word", ["bao 0 kg", "bao 1,23456 kg", "kg 50 kg", "bao 50 bao", "bao 5.5 kg", "xe"]
)
def test_a_size_that_cannot_be_names_nothing(word):
    assert UNITS.find(word) is None


@pytest.mark.parametrize(
    "written",
    ["Hình thức 5", "5", "HT5", "ht 5", "Điều 4 khoản 5", "khoản 5 Điều 4", "K5 Đ4",
     "hình thức số 5", "HÌNH  THỨC 5.", "Liên kết 5", unicodedata.normalize("NFD", "Hình thức 5")],
)  # fmt: skip
def test_a_form_is_found_by_its_number(written):
    assert FORMS.find(written) == 5


@pytest.mark.parametrize("written", ["", "8", "Hình thức 0", "55", "khoản", "5 tấn"])
def test_what_is_no_form_names_nothing(written):
    assert FORMS.find(written) is None


@pytest.mark.django_db
def test_the_indexes_load_in_a_bounded_number_of_queries(django_assert_num_queries):
    pig = Commodity.objects.create(
        code="pig", level=1, name_vi="Lợn", name_en="Pig", dimension="mass", stage="production",
        search_key="lon", sort_key="x", source="test",
    )  # fmt: skip
    CommoditySynonym.objects.create(commodity=pig, name="heo", key="heo")
    Sector.objects.create(
        code="salt", name_vi="Diêm nghiệp", name_en="Salt", synonyms=["làm muối"],
        agricultural=True, source="test",
    )  # fmt: skip
    Unit.objects.create(
        code="kg", name_vi="ki-lô-gam", name_en="kilogram", synonyms=["ký"], dimension="mass",
        base_units=1000, source="test",
    )  # fmt: skip
    LinkageForm.objects.create(
        number=5, article="Art. 4(5)", name_vi="Liên kết", name_en="", stages=[], source="test"
    )
    with django_assert_num_queries(5):
        found = (
            CommodityIndex.load().find("HEO"),
            SectorIndex.load().find("Làm muối"),
            UnitIndex.load().find("ký"),
            FormIndex.load().find("HT5"),
        )
    assert found == ("pig", "salt", Measure("kg", "mass", 1000), 5)


@pytest.mark.django_db
def test_a_unit_is_found_by_its_code_alone():
    kilo = Unit.objects.create(code="kg", dimension="mass", base_units=1000, name_vi="ki-lô-gam")
    assert unit("kg", field="unit") == kilo
    for other in ("ki-lô-gam", "KG", ""):
        with pytest.raises(ValueUnknown) as refusal:
            unit(other, field="price_unit")
        assert refusal.value.values == {"field": "price_unit"}
