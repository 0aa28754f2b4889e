"""The commodity tree and the words that lead into it."""

from __future__ import annotations

from collections import Counter

import pytest
from vn_text import fold

from linkage.reference.files import CommodityRow, read_commodities

# The distinct product words of the office's workbook: the main products and the linkages'.
WORKBOOK = [
    "Vải thiều", "Mật ong", "Nước mắm", "Thuốc lào", "Ngao", "Lúa nếp", "Ổi", "Cà chua", "Ớt",
    "Dưa hấu", "Trứng gà", "Lợn", "Tôm thẻ chân trắng", "Gạo", "Cá vược", "Gà", "Rau cải", "Tỏi",
    "Su hào", "Cà rốt", "Hành", "Bắp cải", "Chuối", "Hoa đào", "Khoai tây", "cà chua",
    "khoai tây", "lúa nếp", "mật ong", "cà-rốt", "ngao", "gạo tẻ", "rau cải", "ổi", "dưa hấu",
    "su hào", "tỏi", "trứng gà", "gà", "thuốc lào", "tôm thẻ", "chuối", "ớt", "Heo hơi",
    "hoa đào", "vải", "cá vược", "hành", "nước mắm", "bắp cải",
]  # fmt: skip

USUAL = {
    "lợn hơi": "Lợn", "lợn thịt": "Lợn", "heo": "Lợn", "Heo hơi": "Lợn", "đậu phộng": "Lạc",
    "đậu phụng": "Lạc", "bắp": "Ngô", "bí đao": "Bí xanh", "mướp": "Mướp", "cà tím": "Cà tím",
    "lươn": "Lươn", "cá giống": "Cá giống", "cá rô phi": "Cá rô phi", "ngô ngọt": "Ngô ngọt",
    "trứng vịt": "Trứng vịt", "mắm tôm": "Mắm tôm", "rươi": "Rươi", "cáy": "Cáy", "hàu": "Hàu",
    "cua biển": "Cua biển", "ghẹ": "Ghẹ", "cá mú": "Cá song", "cá chẽm": "Cá vược",
    "rau muống": "Rau muống", "cải bắp": "Bắp cải", "hành lá": "Hành lá", "hành tím": "Hành củ",
    "na": "Na", "cam": "Cam", "quýt": "Quýt", "bưởi": "Bưởi", "dưa leo": "Dưa chuột",
    "dưa lê": "Dưa lê", "quất": "Quất cảnh", "muối": "Muối", "phân bón": "Phân bón",
    "phân bón NPK": "Phân NPK", "phân bón hữu cơ": "Phân hữu cơ", "phân bón lân": "Phân lân",
    "thức ăn gia súc": "Thức ăn chăn nuôi", "lúa giống": "Giống lúa", "thóc": "Lúa",
    "nghêu": "Ngao", "tôm thẻ": "Tôm thẻ chân trắng", "gạo tẻ": "Gạo", "vải": "Vải",
}  # fmt: skip

GRADES_SIZES_PLACES = [
    "loai 1", "loai 2", "loai i", "loai a", "hang 1", "cao cap", "dac biet", "xuat khau", "to",
    "nho", "lon", "vua", "hai phong", "hai duong", "thanh ha", "vinh bao", "tien lang", "cat ba",
    "kien thuy", "chi linh", "kinh mon", "do son", "viet nam",
]  # fmt: skip


def words(row: CommodityRow) -> set[str]:
    return {fold(row.name_vi), *(fold(word) for word in row.synonyms)}


def resolve(text: str) -> list[str]:
    """Names of the commodities which a word means, marks kept, case and signs aside."""

    def plain(word: str) -> str:
        return " ".join(word.casefold().replace("-", " ").split())

    return [
        row.name_vi
        for row in read_commodities()
        if plain(text) in {plain(row.name_vi), *(plain(word) for word in row.synonyms)}
    ]


def leaves() -> list[CommodityRow]:
    rows = read_commodities()
    parents = {row.parent_code for row in rows}
    return [row for row in rows if row.code not in parents]


@pytest.mark.parametrize("word", WORKBOOK)
def test_every_product_word_of_the_workbook_means_one_commodity(word: str) -> None:
    assert len(resolve(word)) == 1
    assert len([row for row in read_commodities() if fold(word) in words(row)]) == 1


@pytest.mark.parametrize(("word", "name"), sorted(USUAL.items()))
def test_usual_wordings_mean_what_the_trade_means(word: str, name: str) -> None:
    assert resolve(word) == [name]


def test_the_tree_has_four_levels_and_at_least_160_leaves() -> None:
    rows = read_commodities()
    assert {row.level for row in rows} == {1, 2, 3, 4}
    assert len(leaves()) >= 160
    assert len([row for row in rows if row.level == 1]) == 7


def test_every_parent_exists_one_level_above() -> None:
    level = {row.code: row.level for row in read_commodities()}
    for row in read_commodities():
        if row.parent_code is None:
            assert row.level == 1, row
        else:
            assert level[row.parent_code] == row.level - 1, row


def test_codes_are_distinct() -> None:
    codes = Counter(row.code for row in read_commodities())
    assert max(codes.values()) == 1


def test_leaf_names_are_distinct_with_marks_off() -> None:
    names = Counter(fold(row.name_vi) for row in leaves())
    assert [name for name, count in names.items() if count > 1] == []


def test_no_word_names_two_commodities_even_with_marks_off() -> None:
    owners: dict[str, set[str]] = {}
    for row in read_commodities():
        for word in words(row):
            owners.setdefault(word, set()).add(row.code)
    assert {word: codes for word, codes in owners.items() if len(codes) > 1} == {}


def test_no_leaf_is_a_sibling_with_a_grade_a_size_or_a_place_added() -> None:
    by_parent: dict[str | None, list[CommodityRow]] = {}
    for row in read_commodities():
        by_parent.setdefault(row.parent_code, []).append(row)
    for siblings in by_parent.values():
        names = {fold(row.name_vi) for row in siblings}
        for name in names:
            for added in GRADES_SIZES_PLACES:
                assert not (name.endswith(" " + added) and name[: -len(added) - 1] in names), name


@pytest.mark.parametrize(
    ("name", "dimension"),
    [
        ("Trứng vịt", "count"),
        ("Cá giống", "count"),
        ("Hoa đào", "count"),
        ("Mắm tôm", "volume"),
        ("Nước mắm", "volume"),
        ("Lươn", "mass"),
        ("Lợn", "mass"),
    ],
)
def test_the_base_unit_is_the_one_the_trade_counts_in(name: str, dimension: str) -> None:
    (row,) = [row for row in read_commodities() if row.name_vi == name]
    assert row.dimension == dimension


def test_every_row_is_whole() -> None:
    for row in read_commodities():
        assert row.name_vi and row.name_en and row.source, row
        assert row.dimension in {"mass", "volume", "count"}, row
        assert row.stage in {"inputs", "production", "first_processing", "processing"}, row


def test_stages_follow_the_chain() -> None:
    stage = {row.name_vi: row.stage for row in read_commodities()}
    assert stage["Giống lúa"] == "inputs"
    assert stage["Lúa"] == "production"
    assert stage["Gạo"] == "first_processing"
    assert stage["Bột gạo"] == "processing"
