"""Written places and the commune of today that they mean."""

from __future__ import annotations

import unicodedata

import pytest

from linkage.registry.models import Commune, EarlierPlace, FormerCommune
from linkage.registry.places import CommuneRow, EarlierRow, FormerRow, PlaceIndex

HP, HD = "Hải Phòng", "Hải Dương"
THUY_NGUYEN = "Thành phố Thủy Nguyên"

INDEX = PlaceIndex(
    [
        CommuneRow("1", "Phường Thủy Nguyên", HP, THUY_NGUYEN),
        CommuneRow("2", "Xã An Lão", HP, "Huyện An Lão"),
        CommuneRow("3", "Phường Đồ Sơn", HP, "Quận Đồ Sơn"),
        CommuneRow("4", "Xã Kẻ Sặt", HD, "Huyện Bình Giang"),
        CommuneRow("5", "Đặc khu Cát Hải", HP, "Huyện Cát Hải"),
        CommuneRow("6", "Phường Hòa Bình", HP, THUY_NGUYEN),
        CommuneRow("7", "Xã Vĩnh Hòa", HP, "Huyện Vĩnh Bảo"),
        CommuneRow("8", "Phường Tân Hưng", HD, "Thành phố Hải Dương"),
        CommuneRow("9", "Đặc khu Bạch Long Vĩ", "", ""),
        CommuneRow("10", "Phường Nam Triệu", HP, THUY_NGUYEN),
        CommuneRow("11", "Xã Quyết Thắng", HP, "Huyện Tiên Lãng"),
    ],
    [
        FormerRow("Phường Lập Lễ", THUY_NGUYEN, HP, "10", "whole"),
        FormerRow("Thị trấn An Lão", "Huyện An Lão", HP, "2", "whole"),
        FormerRow("Thị trấn Kẻ Sặt", "Huyện Bình Giang", HD, "4", "whole"),
        FormerRow("Thị trấn Cát Bà", "Huyện Cát Hải", HP, "5", "whole"),
        FormerRow("Xã Phù Long", "Huyện Cát Hải", HP, "5", "whole"),
        FormerRow("Phường Dương Quan", THUY_NGUYEN, HP, "1", "main"),
        FormerRow("Phường Dương Quan", THUY_NGUYEN, HP, "6", "split"),
        FormerRow("Xã Tân Trào", "Huyện Kiến Thụy", HP, "2", "whole"),
        FormerRow("Xã Tân Trào", "Huyện Thanh Miện", HD, "4", "whole"),
        FormerRow("Xã Quyết Thắng", "Thành phố Hải Dương", HD, "8", "whole"),
        FormerRow("Xã Đoàn Lập", "Huyện Tiên Lãng", HP, "11", "whole"),
        FormerRow("Phường Bến", "Thành phố Hải Dương", HD, "8", "split"),
        FormerRow("Phường Bến", "Thành phố Hải Dương", HD, "4", "split"),
    ],
    [
        EarlierRow("district", "Huyện Thủy Nguyên", "", THUY_NGUYEN, ""),
        EarlierRow("commune", "Xã Lập Lễ", "Huyện Thủy Nguyên", "Phường Lập Lễ", THUY_NGUYEN),
        EarlierRow("commune", "Xã Phả Lễ", "Huyện Thủy Nguyên", "Phường Lập Lễ", THUY_NGUYEN),
    ],
)


@pytest.mark.parametrize(
    ("written", "code", "how"),
    [
        ("Phường Thủy Nguyên", "1", "today"),
        ("phường thuỷ nguyên", "1", "today"),
        ("Thủy Nguyên", "1", "today"),
        ("xã  AN LÃO", "2", "today"),
        ("Xã An Lão, TP Hải Phòng", "2", "today"),
        ("Xã An Lão - Hải Phòng", "2", "today"),
        ("X.An Lão", "2", "today"),
        ("Xã An Lão, huyện An Lão", "2", "today"),
        ("Thôn 3, xã An Lão, Hải Phòng", "2", "today"),
        ("P. Đồ Sơn", "3", "today"),
        ("P Đồ Sơn, TP. HP", "3", "today"),
        ("Đặc khu Cát Hải", "5", "today"),
        ("ĐK Cát Hải", "5", "today"),
        ("Phường Hoà Bình", "6", "today"),
        ("Xã Vĩnh Hoà", "7", "today"),
        ("Đặc khu Bạch Long Vĩ", "9", "today"),
        ("TT. Kẻ Sặt, Bình Giang", "4", "former"),
        ("TT Kẻ Sặt H. Bình Giang", "4", "former"),
        ("Thị trấn Kẻ Sặt", "4", "former"),
        ("Xã Đoàn Lập, huyện Tiên Lãng", "11", "former"),
        ("Xã Đoàn Lập huyện Tiên Lãng", "11", "former"),
        ("Xã Lập Lễ, huyện Thủy Nguyên", "10", "earlier"),
        ("Xã Phả Lễ, Thủy Nguyên, Hải Phòng", "10", "earlier"),
        ("Lập Lễ, TP. Thuỷ Nguyên", "10", "former"),
        ("Phường Dương Quan, TP Thủy Nguyên", "1", "split"),
        ("Xã Tân Trào, huyện Thanh Miện", "4", "former"),
        ("Xã Tân Trào, tỉnh Hải Dương", "4", "former"),
        ("Xã Quyết Thắng", "11", "today"),
        ("Xã Quyết Thắng, tỉnh Hải Dương", "8", "former"),
        ("Xã Quyết Thắng, TP Hải Dương", "8", "former"),
        ("Huyện Cát Hải", "5", "former"),
        ("Huyện Bạch Long Vĩ", "9", "today"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_place_is_found(written, code, how, form):
    found = INDEX.resolve(unicodedata.normalize(form, written))
    assert (found.commune_code, found.how) == (code, how)


@pytest.mark.parametrize(
    ("written", "how", "candidates"),
    [
        ("Xã Tân Trào", "ambiguous", ("2", "4")),
        ("Phường Bến, TP Hải Dương", "ambiguous", ("4", "8")),
        ("Xã Ân Lão", "unknown", ()),
        ("Xã An Lao", "unknown", ()),
        ("Xã Đồ Sơn", "unknown", ("3",)),
        ("Xã An Lão, huyện Tiên Lãng", "unknown", ("2",)),
        ("Xã An Lão, tỉnh Thái Bình", "unknown", ("2",)),
        ("Huyện Thủy Nguyên", "unknown", ("1",)),
        ("TP Hải Phòng", "unknown", ()),
        (" , ", "empty", ()),
        ("", "empty", ()),
    ],
)
def test_what_is_not_sure_is_not_guessed(written, how, candidates):
    found = INDEX.resolve(written)
    assert (found.commune_code, found.how, found.candidates) == (None, how, candidates)


@pytest.mark.django_db
def test_the_index_is_loaded_in_three_queries(django_assert_num_queries):
    commune = Commune.objects.create(
        code="10", name="Phường Nam Triệu", kind="Phường", latitude=20.9, longitude=106.7,
        former_province=HP, former_district=THUY_NGUYEN, search_key="", sort_key="",
    )  # fmt: skip
    FormerCommune.objects.create(
        name="Phường Lập Lễ", former_district=THUY_NGUYEN, former_province=HP,
        commune=commune, part="whole",
    )  # fmt: skip
    EarlierPlace.objects.create(
        place_kind="commune", name="Xã Lập Lễ", district="Huyện Thủy Nguyên", province=HP,
        becomes_name="Phường Lập Lễ", becomes_district=THUY_NGUYEN, source="test",
    )  # fmt: skip
    with django_assert_num_queries(3):
        index = PlaceIndex.load()
    with django_assert_num_queries(0):
        assert index.resolve("Xã Lập Lễ, huyện Thủy Nguyên").commune_code == "10"
