"""A territory by any of its names."""

from __future__ import annotations

import pytest

from linkage.coverage.territory import (
    EVERYWHERE,
    CommuneRow,
    UnknownTerritory,
    find,
    named_territories,
)

NAMED = named_territories(
    [
        CommuneRow("11824", "Hải Phòng", "Huyện Vĩnh Bảo"),
        CommuneRow("11825", "Hải Phòng", "Huyện Vĩnh Bảo"),
        CommuneRow("11557", "Hải Phòng", "Thành phố Thủy Nguyên"),
        CommuneRow("10507", "Hải Dương", "Thành phố Hải Dương"),
        CommuneRow("11948", "", ""),
    ]
)


def test_none_given_means_the_whole_register() -> None:
    assert find(None, NAMED) == find("  ", NAMED) == EVERYWHERE


def test_bach_long_vi_is_hai_phongs() -> None:
    assert find("hai-phong-old", NAMED).communes == {"11824", "11825", "11557", "11948"}
    assert find("hai-duong-old", NAMED).communes == {"10507"}


@pytest.mark.parametrize(
    "words", ["huyen-vinh-bao", "Huyện Vĩnh Bảo", "HUYEN VINH BAO", "Vĩnh Bảo", "vinh-bao"]
)
def test_a_former_district_is_found_by_name_and_by_slug(words: str) -> None:
    found = find(words, NAMED)
    assert (found.key, found.communes) == ("huyen-vinh-bao", {"11824", "11825"})


def test_a_district_is_found_under_the_kind_it_had_earlier() -> None:
    assert find("huyện Thủy Nguyên", NAMED).key == "thanh-pho-thuy-nguyen"


def test_a_commune_is_found_by_its_code() -> None:
    assert find("10507", NAMED).communes == {"10507"}


@pytest.mark.parametrize("words", ["ha-noi", "99999", "huyen", "-", "old"])
def test_an_unknown_territory_is_refused(words: str) -> None:
    with pytest.raises(UnknownTerritory):
        find(words, NAMED)
