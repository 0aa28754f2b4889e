"""A pasted group or a forwarded chat is a list of posts."""

from __future__ import annotations

from datetime import date

from linkage.market.quickpost import of_reading, read_many

TODAY = date(2026, 11, 23)

CHAT = """Hội rau sạch
Thứ 2, 23/11/2026
10:21
Trần Văn Mẫu
Bán 3 tấn bắp cải, 5k/kg, lấy tại Gia Lộc
10:25
[Hình ảnh]
Lê Thị Mẫu 10:30
Cần mua 5 tạ cà rốt
giao sáng mai, giá 8k
[10:45, 23/11/2026] Người Mẫu: ok anh
[10:46, 23/11/2026] Người Mẫu: HTX em còn 2 tấn su hào 4k/kg
Người Mẫu đã tham gia nhóm
8h sáng mai họp hội viên
"""


def commodities(text: str) -> list[list[str | None]]:
    return [
        [draft.commodity_name for draft in reading.drafts]
        for reading in read_many(text, today=TODAY)
    ]


def test_a_forwarded_chat_gives_its_posts_without_names_and_times() -> None:
    readings = read_many(CHAT, today=TODAY)
    found = [of_reading(reading) for reading in readings]
    assert [(f["side"], f["commodity"], f["quantity_kg"]) for f in found] == [
        ("offer", "Bắp cải", 3000), ("need", "Cà rốt", 500), ("offer", "Su hào", 2000),
    ]  # fmt: skip
    assert found[1]["start"] == "2026-11-24"
    assert not [reading for reading in readings if "Mẫu" in reading.text]


def test_lines_that_are_posts_are_posts_of_their_own() -> None:
    assert commodities("Bán 2 tấn tỏi\nMua 3 tấn hành\nCần bán 5 con bò") == [
        ["Tỏi"], ["Hành"], ["Bò"],
    ]  # fmt: skip


def test_a_list_under_one_heading_is_one_post_of_several_products() -> None:
    text = "Hôm nay bên em bán:\n- Ngao 2 tấn 15k/kg\n- Hàu 500kg 20k/kg\nLH 0912345678"
    assert commodities(text) == [["Ngao", "Hàu"]]


def test_a_post_over_several_lines_is_one() -> None:
    text = "Cần bán bí xanh\nSL: 3 tấn\nGiá: 6k/kg\nLấy tại An Lão"
    (found,) = [of_reading(reading) for reading in read_many(text, today=TODAY)]
    assert (found["quantity_kg"], found["price_vnd_per_kg"]) == (3000, 6000)
    assert found["place"] == "An Lão"


def test_what_holds_no_post_gives_none() -> None:
    assert read_many("Chào cả nhà\n\nok anh\n", today=TODAY) == []
    assert read_many("", today=TODAY) == []
