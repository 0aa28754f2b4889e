"""Units are exact integers; certificates and sectors are named once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from vn_text import fold

from linkage.reference.files import (
    read_certification_satisfies,
    read_certifications,
    read_sectors,
    read_units,
)

EXACT = {
    "g": 1, "kg": 1000, "yến": 10_000, "tạ": 100_000, "tấn": 1_000_000, "ml": 1, "lít": 1000,
    "quả": 1, "con": 1, "cây": 1, "chục": 10, "vạn": 10_000,
}  # fmt: skip


@pytest.mark.parametrize(("word", "size"), EXACT.items())
def test_a_unit_has_its_exact_size(word: str, size: int) -> None:
    (unit,) = [row for row in read_units() if word in (row.name_vi, *row.synonyms)]
    assert unit.base_units == size
    assert not unit.sized


def test_a_sack_needs_a_size() -> None:
    (unit,) = [row for row in read_units() if row.name_vi == "bao"]
    assert unit.base_units is None
    assert unit.sized


def test_a_unit_is_a_positive_integer_or_sized_never_both() -> None:
    for row in read_units():
        assert row.sized == (row.base_units is None), row
        assert row.sized or (isinstance(row.base_units, int) and row.base_units > 0), row
        assert row.dimension in {"mass", "volume", "count"}, row


def test_mass_units_step_by_ten_from_kilogram_to_tonne() -> None:
    size = {row.code: row.base_units for row in read_units()}
    steps = [size[code] for code in ("kg", "yen", "ta", "tan")]
    assert steps == [1000 * 10**power for power in range(4)]


@pytest.mark.parametrize("word", ["VietGAP", "GlobalGAP", "HACCP", "ISO 22000", "Hữu cơ", "ASC",
                                  "BAP", "FSC", "Đủ điều kiện ATTP", "Cam kết ATTP"])  # fmt: skip
def test_the_usual_certificates_are_there(word: str) -> None:
    found = [
        row
        for row in read_certifications()
        if fold(word) in {fold(name) for name in (row.name_vi, *row.synonyms)}
    ]
    assert len(found) == 1


def test_ocop_is_a_family_with_three_levels() -> None:
    family = {row.code: row.level for row in read_certifications() if row.family == "OCOP"}
    assert family == {"OCOP-3": 3, "OCOP-4": 4, "OCOP-5": 5}


def test_no_certificate_stands_for_another_yet() -> None:
    assert read_certification_satisfies() == []


@pytest.mark.parametrize("read", [read_units, read_certifications, read_sectors])
def test_no_word_names_two_rows(read: Callable[[], list[Any]]) -> None:
    owners: dict[str, set[str]] = {}
    for row in read():
        for word in (row.name_vi, *row.synonyms):
            owners.setdefault(fold(word), set()).add(row.code)
    assert {word: codes for word, codes in owners.items() if len(codes) > 1} == {}


def test_four_sectors_are_agricultural() -> None:
    agricultural = [row.code for row in read_sectors() if row.agricultural]
    assert agricultural == ["agriculture", "forestry", "fishery", "salt"]


@pytest.mark.parametrize(
    "word",
    ["Nông nghiệp", "Thủy sản", "Lâm nghiệp", "Diêm nghiệp", "Môi trường", "Vận tải",
     "Thương mại - dịch vụ", "Tiểu thủ công nghiệp", "Xây dựng"],
)  # fmt: skip
def test_every_sector_word_of_the_workbook_is_known(word: str) -> None:
    assert word in {row.name_vi for row in read_sectors()}
