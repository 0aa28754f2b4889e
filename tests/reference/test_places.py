"""Places: today's units, those of mid-2025, and the names before them."""

from __future__ import annotations

from collections import Counter

import pytest

from linkage.reference.files import (
    read_communes,
    read_earlier_places,
    read_former_communes,
)


def units_today(name: str, district: str, province: str) -> set[str]:
    """Follow a name as people wrote it through the files to the codes of today."""
    for row in read_earlier_places():
        here = (row.name, row.former_district, row.former_province)
        if row.kind_of_place == "commune" and here == (name, district, province):
            name, district = row.becomes_name, row.becomes_district
            break
    else:
        for row in read_earlier_places():
            if row.kind_of_place == "district" and row.name == district:
                district = row.becomes_name
                break
    return {
        row.commune_code
        for row in read_former_communes()
        if (row.former_commune, row.former_district, row.former_province)
        == (name, district, province)
    }


def test_there_are_114_units_today_with_distinct_codes_and_names() -> None:
    rows = read_communes()
    assert len(rows) == 114
    assert len({row.code for row in rows}) == 114
    assert len({row.name for row in rows}) == 114
    assert Counter(row.kind for row in rows) == {"Xã": 67, "Phường": 45, "Đặc khu": 2}


def test_every_centre_point_lies_in_or_off_hai_phong() -> None:
    for row in read_communes():
        assert 20.0 < row.latitude < 21.3, row
        assert 106.0 < row.longitude < 107.9, row


def test_374_communes_of_mid_2025_stand_in_453_rows() -> None:
    rows = read_former_communes()
    assert len(rows) == 453
    places = {(row.former_province, row.former_district, row.former_commune) for row in rows}
    assert len(places) == 374
    assert {row.former_province for row in rows} == {"Hải Phòng", "Hải Dương"}


def test_every_commune_of_mid_2025_leads_to_a_unit_of_today() -> None:
    codes = {row.code for row in read_communes()}
    assert {row.commune_code for row in read_former_communes()} <= codes


def test_a_whole_commune_has_one_row_and_a_split_one_says_where_most_of_it_went() -> None:
    parts: dict[tuple[str, ...], list[str]] = {}
    for row in read_former_communes():
        place = (row.former_province, row.former_district, row.former_commune)
        parts.setdefault(place, []).append(row.part)
    for place, found in parts.items():
        if "whole" in found:
            assert found == ["whole"], place
        else:
            assert len(found) > 1, place
            assert found.count("split, most of it") == 1, place


def test_xa_lap_le_huyen_thuy_nguyen_finds_its_place() -> None:
    assert units_today("Xã Lập Lễ", "Huyện Thủy Nguyên", "Hải Phòng") == {"11542"}


@pytest.mark.parametrize(
    ("name", "district", "province", "today"),
    [
        ("Xã Trấn Dương", "Huyện Vĩnh Bảo", "Hải Phòng", {"Xã Nguyễn Bỉnh Khiêm"}),
        ("Xã Minh Hòa", "Huyện Kinh Môn", "Hải Dương", {"Phường Nguyễn Đại Năng"}),
        ("Xã Đông Kỳ", "Huyện Tứ Kỳ", "Hải Dương", {"Xã Chí Minh"}),
        ("Xã Hợp Đức", "Huyện Thanh Hà", "Hải Dương", {"Xã Hà Đông"}),
        ("Xã Đại Bản", "Huyện An Dương", "Hải Phòng", {"Phường Hồng An", "Phường An Phong"}),
    ],
)
def test_older_names_lead_to_the_units_of_today(
    name: str, district: str, province: str, today: set[str]
) -> None:
    names = {row.code: row.name for row in read_communes()}
    assert {names[code] for code in units_today(name, district, province)} == today


def test_an_earlier_place_ends_at_a_place_of_mid_2025_and_hides_none() -> None:
    known = {
        (row.former_province, row.former_district, row.former_commune)
        for row in read_former_communes()
    }
    districts = {place[:2] for place in known}
    for row in read_earlier_places():
        assert (row.former_province, row.becomes_district) in districts, row
        if row.kind_of_place == "commune":
            end = (row.former_province, row.becomes_district, row.becomes_name)
            assert end in known, row
            assert (row.former_province, row.former_district, row.name) not in known, row


def test_an_earlier_name_is_listed_once_and_ends_before_the_units_of_today() -> None:
    rows = read_earlier_places()
    keys = Counter((row.name, row.former_district, row.former_province) for row in rows)
    assert max(keys.values()) == 1
    assert all(row.valid_until.isoformat() <= "2025-06-30" for row in rows)


@pytest.mark.parametrize(
    ("old", "new", "last_day"),
    [
        ("Huyện Thủy Nguyên", "Thành phố Thủy Nguyên", "2024-12-31"),
        ("Huyện An Dương", "Quận An Dương", "2024-12-31"),
        ("Huyện Kinh Môn", "Thị xã Kinh Môn", "2019-10-31"),
        ("Thị xã Chí Linh", "Thành phố Chí Linh", "2019-02-28"),
    ],
)
def test_districts_that_changed_name(old: str, new: str, last_day: str) -> None:
    (row,) = [
        row for row in read_earlier_places() if row.kind_of_place == "district" and row.name == old
    ]
    assert (row.becomes_name, row.valid_until.isoformat()) == (new, last_day)
    assert "Resolution" in row.source


@pytest.mark.parametrize(
    ("name", "district"),
    [
        ("Xã Đoàn Lập", "Huyện Tiên Lãng"),
        ("Xã Lập Lễ", "Huyện Thủy Nguyên"),
        ("Xã Trấn Dương", "Huyện Vĩnh Bảo"),
        ("Xã Quang Trung", "Huyện An Lão"),
        ("Xã Đại Hợp", "Huyện Kiến Thụy"),
    ],
)
def test_every_older_place_of_the_workbook_leads_somewhere(name: str, district: str) -> None:
    assert len(units_today(name, district, "Hải Phòng")) >= 1


def test_the_workbooks_places_of_today_are_units() -> None:
    names = {row.name for row in read_communes()}
    assert names >= {
        "Phường Thủy Nguyên", "Xã Nguyễn Bỉnh Khiêm", "Phường Đồ Sơn", "Xã Tiên Lãng",
        "Xã Thanh Hà", "Xã Vĩnh Bảo", "Xã An Lão", "Phường Chí Linh", "Phường Kinh Môn",
        "Xã Kiến Thụy", "Đặc khu Cát Hải", "Xã Ninh Giang",
    }  # fmt: skip


def test_a_commune_that_became_a_ward_and_was_merged_is_followed_through_both_steps() -> None:
    (row,) = [
        row
        for row in read_earlier_places()
        if (row.name, row.former_district) == ("Xã Hoành Sơn", "Huyện Kinh Môn")
    ]
    assert (row.becomes_name, row.becomes_district) == ("Phường Duy Tân", "Thị xã Kinh Môn")


def test_a_name_of_nowhere_leads_nowhere() -> None:
    assert units_today("Xã Không Có", "Huyện Thủy Nguyên", "Hải Phòng") == set()
    assert units_today("Xã Lập Lễ", "Huyện An Lão", "Hải Phòng") == set()
