"""Rule by rule: what a careful reader reads, and where it is not sure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linkage.market.quickpost import Reading, of_reading, read

TODAY = date(2026, 11, 23)  # a Monday


def fields(text: str, today: date = TODAY) -> dict[str, Any]:
    return of_reading(read(text, today=today))


def field(text: str, name: str, today: date = TODAY) -> Any:
    return fields(text, today)[name]


def marked(reading: Reading, name: str, number: int = 0) -> list[str]:
    return [reading.text[a:b] for a, b in reading.drafts[number].spans.get(name, ())]


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("quantity_kg", {
            "Bán 1.200 kg tỏi": 1200, "Bán 12,5 tạ tỏi": 1250, "Bán 1.5 tấn tỏi": 1500,
            "Bán 1,200 kg tỏi": 1200, "Bán 1,125 tấn tỏi": None, "Bán 2 tấn rưỡi tỏi": 2500,
            "Bán 2t3 tỏi": 2300, "Bán 2t tỏi": 2000, "Bán 2 tấn 3 tạ tỏi": 2300,
            "Bán hai ba tạ tỏi": 300, "Bán nửa tấn tỏi": 500, "Bán 1/2 tấn tỏi": 500,
            "Bán 5 yến tỏi": 50, "Bán 30 cân tỏi": 30, "Bán 30 kí tỏi": 30, "ban 30 can toi": 30,
            "Bán vài tạ tỏi": None, "Bán 20 bao tỏi 25kg": 500, "Bán 20 bao tỏi": None,
            "Bán 5 ha tỏi, 8 tấn/ha": 40000, "Bán 5 ha tỏi, 3 tạ/sào": None,
            "Bán 2 mẫu tỏi, 3 tạ/sào": 6000, "Bán tôm sú 30 con/kg": None,
            "Bán tôm sú 30 con/kg, 2 tạ": 200, "Bán tỏi, mỗi lần 5 tạ": None,
            "Bán 300 g tỏi": 0.3, "Bán 2.000.000 kg muối": 2000000,
        }),
        ("quantity_count", {
            "Bán 4 vạn cá giống": 40000, "Bán vạn rưỡi cá giống": 15000,
            "Bán 1 vạn rưỡi cá giống": 15000, "Bán 5k quả trứng vịt": 5000,
            "Bán 20 chục trứng gà": 200, "Bán 1 triệu con tôm giống": 1000000,
            "Bán 50 thùng trứng gà, 300 quả/thùng": 15000, "Bán 30 con dê": 30,
        }),
        ("price_vnd_per_kg", {
            "Bán 3 tạ tỏi 85k/kg": 85000, "Bán 3 tạ tỏi 85.000đ/kg": 85000,
            "Bán 3 tạ tỏi 8tr5/tạ": 85000, "Bán 3 tạ tỏi 8 triệu rưỡi một tạ": 85000,
            "Bán 3 tạ tỏi, giá 85 nghìn": 85000, "Bán 3 tạ tỏi, giá 8tr5": 85000,
            "Bán 3 tạ tỏi 80-85k/kg": None, "Bán 3 tạ tỏi giá 25 triệu cả lô": None,
            "Bán 3 tạ tỏi giá 85": None, "Bán 10kg gạo 250k": None,
            "Bán 3 tạ tỏi giá thỏa thuận": None, "Bán 3 tạ tỏi 170k/2kg": 85000,
            "Bán 20 bao gạo 25kg, 400k/bao": 16000, "Bán lợn 40 con giá 62k": 62000,
            "Bán 200 con gà giá 110k": None, "Mua 50 tấn lúa giá 7tr": 7000,
            "Bán 12.500đ/kg su hào 2 tạ": 12500, "Bán 2 tạ su hào, 6 nghìn rưỡi": 6500,
        }),
        ("quantity_kg", {
            "Cần hai chục cân tỏi": 20, "Bán hai ba chục cân tỏi": 30, "Bán vài chục cân tỏi": None,
            "Bán tấn rưỡi tỏi": 1500, "Bán mấy tấn rưỡi tỏi": None, "ban ta ruoi toi": 150,
            "Bán 5 tấn rưỡi đến 6 tấn tỏi": 6000, "Bán 4 500 kg tỏi": None,
            "Xe 5 tấn vào được, bán tỏi": None, "Bán tỏi, xe tải nhỏ 2,5 tấn": None,
            "Xưởng công suất 5 tấn/ngày mua tỏi": None, "Xả kho 2 tấn tỏi": 2000,
            "Còn 40 bao tỏi, bao 50kg": 2000, "Còn 40 thùng tỏi, bao 50kg": None,
            "Tỏi bao 10kg, còn 100 bao": 1000, "Tỏi bao 10kg và bao 25kg, còn 100 bao": None,
            "Bán gạo ST25 bao 10kg": None, "Vườn 300 gốc na, bán 2 tạ": 200,
            "Trại có 80 con lợn, mỗi con tầm 100kg, cần bán": None,
            "Bán cá thu 1 nắng 50kg": 50, "ban 2 tan ruoi toi": 2500, "mua 5 ta ruoi": 500,
        }),
        ("quantity_litre", {
            "Cần 100 chai nước mắm Cát Hải loại 1 lít": 100, "Bán mật ong chai 1 lít": None,
            "Bán mật ong 600ml 150k/chai": None, "can 20 lit mat ong": 20,
        }),
        ("quantity_count", {
            "Bán vài vạn rưỡi cá giống": None, "Cần nửa vạn cá giống": 5000,
            "Cần 2-3 vạn cá giống": 30000, "Cần trăm rưỡi con gà": 150,
            "Vườn na 300 gốc, cần bán": None, "Vườn 300 gốc đào cần bán": 300,
            "Trại nuôi 300 con lợn, cần xuất 100 con": 100, "Trại nuôi 300 con lợn, cần bán": 300,
            "Bếp 800 suất, tổ 25 hộ, 50 xã viên cần mua gà": None,
        }),
        ("quantity_min", {"Cần 2-3 vạn cá giống": 20000, "Bán hai ba chục cân tỏi": 20}),
        ("price_vnd_per_kg", {
            "Bán su su giá 4 500đ/kg": 4500, "Bán su su, loại 2 500đ/kg": 500,
            "Bán su su giá 4 500/kg": 4500, "Bán su su giá 1,5 700đ/kg": None,
            "Bán 3 tạ tỏi, giảm 500đ/kg": None,
            "Cần mua 5 tấn dứa, cọc trước 10 triệu": None, "Bán lãi 2k/kg 3 tạ tỏi": None,
            "ban 2 ta su hao, gia 6 nghin ruoi": 6500,
        }),
        ("per", {
            "Bán 2 tấn tỏi/tháng": "month", "Bán 2 tấn/tháng tỏi": "month",
            "Bán tỏi 2 tấn mỗi tuần": "week", "Bán tỏi mỗi ngày 2 tạ": "day",
            "Bán tỏi ngày 2 tạ": "day", "Bán tỏi 2 tạ một ngày": "day",
            "Bán tỏi 20 tấn/năm": "year", "Bán tỏi 20 tấn": None,
            "Bán ngay 2 tạ tỏi": None,
        }),
        ("side", {
            "Cần bán 3 tạ tỏi": "offer", "Cần mua 3 tạ tỏi": "need", "Ai có 3 tạ tỏi": "need",
            "Ai cần 3 tạ tỏi": "offer", "Cần đầu ra 3 tạ tỏi": "offer", "3 tạ tỏi": None,
            "Nhờ bao tiêu giúp 3 tạ tỏi": "offer", "Công ty bao tiêu 3 tạ tỏi": "need",
            "Bạn nào cần mua 3 tạ tỏi": "offer", "Các bạn có 3 tạ tỏi không": "offer",
            "Thu mua 3 tạ tỏi": "need", "Giải cứu 3 tạ tỏi": "offer",
            "Vụ mùa này được 3 tấn lúa": None, "Mai họp bàn bán 3 tạ tỏi": None,
            "Tập huấn bán hàng online cho HTX tỏi": None, "Đã bán hết 3 tạ tỏi": None,
            "Em bán hết 1.500 kg tỏi rồi ạ": None, "Bán hết 3 tạ na chín rồi": "offer",
            "Cần bán hết 3 tạ tỏi": "offer", "Nhà em ra được 3 tạ tỏi": "offer",
            "Mỗi tuần xuất 3 tạ tỏi": "offer", "Công ty xuất khẩu 3 tạ tỏi": None,
            "Tỏi nhổ mới 3 tạ 85k/kg": "offer", "3 tạ tỏi 85k/kg 👉 vườn Cẩm Văn": "offer",
            "Lợn nhà em chết 10 con": None, "Tìm mối giao 3 tạ tỏi mỗi ngày": "need",
            "Em có 3 tạ tỏi mỗi ngày, tìm mối giao": "offer", "Tìm mối lấy 3 tạ tỏi": "offer",
            "Em có 3 quán cơm, tìm mối giao 3 tạ tỏi": "need", "Tìm mối lấy hàng tỏi": "need",
            "Cửa hàng cần đối tác cung ứng 3 tạ tỏi": "need",
            "Cần đối tác tiêu thụ 3 tạ tỏi": "offer", "Tìm HTX liên kết 3 tạ tỏi": "need",
            "HTX tìm công ty liên kết bao tiêu 3 tạ tỏi": "offer",
            "Tìm vùng tỏi có VietGAP, cần 3 tạ": "need", "Sả hàng 3 tạ tỏi": "offer",
            "Ai dùng tỏi nhắn em": "offer", "ban toi 40 can, 90k 1 can": "offer",
            "toi 40 can, 90k 1 can": "offer",
        }),
        ("commodity", {
            "Bán 3 tạ tỏi": "Tỏi", "ban 3 ta toi": "Tỏi", "toi ban 3 ta ngo": "Ngô",
            "Bán 3 tạ khổ qua": "Mướp đắng", "Bán 3 tạ cà chuaa": "Cà chua",
            "Bán 3 tạ bi xnah": "Bí xanh", "Bán 3 tạ cá tra": "Cá", "Bán 3 tạ bơ": None,
            "Bán 3 tạ cachua": "Cà chua", "Bán 300 gà giống": "Gà giống",
            "Bán 3 vạn tôm sú giống": "Tôm giống", "Chị Na bán 3 tạ ngô": "Ngô",
            "BÁN 3 TẠ CÀ TÍM": "Cà tím",
            "Sả hàng 3 tạ ổi": "Ổi", "Bán sả hàng đẹp 3 tạ": "Sả", "Cần mua 3 tạ sả": "Sả",
            "ban 3 ta cay": "Cáy", "ban 200 cay dao, 400k/cay": "Hoa đào",
            "mua 2 tan ruoi bap cai": "Bắp cải", "mua 2 tan ruoi": "Rươi",
            "Bán na, cây 7 năm tuổi": "Na",
        }),
        ("place", {
            "Bán 3 tạ tỏi tại An Lão": "An Lão", "ban 3 ta toi o an lao": "An Lão",
            "Bán 3 tạ tỏi xã Tân Trào, huyện Kiến Thụy": "Tân Trào",
            "Mua 3 tạ tỏi Kinh Môn": None, "Bán 3 tạ tỏi Kinh Môn": "Kinh Môn",
            "Mua 3 tạ tỏi giao chợ Sắt": "chợ Sắt", "HTX Quyết Thắng bán 3 tạ tỏi": None,
            "Bán 3 tạ tỏi ở Thủy Nguyên": "Thủy Nguyên", "Bán 3 tạ tỏi": None,
            "Mua 3 tạ tỏi giao Hà Nội": "Hà Nội", "Bán 3 tạ ngô, ngõ nhà em": None,
            "Mua 3 tạ tỏi địa bàn Đức Chính": "Đức Chính",
            "ban 3 ta toi o cam giang": "Cẩm Giàng", "Bán 3 tạ tỏi ở Cẩm Giang": "Cẩm Giang",
        }),
        ("certs", {
            "Bán 3 tạ tỏi VietGAP": ["VietGAP"], "Bán 3 tạ tỏi chưa có VietGAP": [],
            "Bán 3 tạ tỏi ocop 4 sao": ["OCOP 4 sao"], "Bán 3 tạ phân hữu cơ": [],
            "Bán 3 tạ gạo hữu cơ, ISO 22000": ["Hữu cơ", "ISO 22000"],
            "Bán 3 tạ tỏi theo hướng VietGAP": [], "Bán 3 tạ tỏi đảm bảo ATTP": [],
        }),
        ("words", {
            "Bán 3 tạ tỏi loại 1": ["loại 1"], "Bán 3 tạ tôm sú 30 con/kg": ["30 con/kg"],
            "Bán 40 con lợn 100-110kg/con": ["100-110kg/con"],
        }),
    ],
)  # fmt: skip
def test_readings(name: str, cases: dict[str, Any]) -> None:
    assert {text: field(text, name) for text in cases} == cases


def window(words: str, today: date = TODAY) -> tuple[str | None, str | None]:
    found = fields(f"Bán 3 tạ tỏi {words}", today)
    return found["start"], found["end"]


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("giao mai", "2026-11-24", "2026-11-24"),
        ("giao thứ 2 tới", "2026-11-30", "2026-11-30"),
        ("giao thứ 6", "2026-11-27", "2026-11-27"),
        ("giao thứ 5 tuần sau", "2026-12-03", "2026-12-03"),
        ("lấy thứ 4 hàng tuần", None, None),
        ("giao thứ 2 đến thứ 6", None, None),
        ("giao tuần sau", "2026-11-30", "2026-12-06"),
        ("giao ngày 20", "2026-12-20", "2026-12-20"),
        ("giao 20/12", "2026-12-20", "2026-12-20"),
        ("giao 20/11", "2027-11-20", "2027-11-20"),
        ("giao 20/11/2025", None, None),
        ("giao trước 20/12", None, "2026-12-20"),
        ("giao từ 20/12", "2026-12-20", None),
        ("giao sau 20/12", "2026-12-21", None),
        ("giao 1/12 đến 15/12", "2026-12-01", "2026-12-15"),
        ("giao từ 15/12 đến 10/1", "2026-12-15", "2027-01-10"),
        ("giao 15-20/12", "2026-12-15", "2026-12-20"),
        ("giao tháng 3", "2027-03-01", "2027-03-31"),
        ("giao tháng 11", "2026-11-23", "2026-11-30"),
        ("giao tháng sau", "2026-12-01", "2026-12-31"),
        ("giao tháng sáu", "2027-06-01", "2027-06-30"),
        ("giao cuối tháng 12", "2026-12-21", "2026-12-31"),
        ("giao trước tháng 3", None, "2027-02-28"),
        ("giao đến hết tháng 3", None, "2027-03-31"),
        ("giao tháng 12 đến tháng 2", "2026-12-01", "2027-02-28"),
        ("giao tháng 5 năm sau", "2027-05-01", "2027-05-31"),
        ("giao quý 1", "2027-01-01", "2027-03-31"),
        ("giao quý 2/2028", "2028-04-01", "2028-06-30"),
        ("giao năm sau", "2027-01-01", "2027-12-31"),
        ("giao tháng Giêng", "2027-02-06", "2027-03-07"),
        ("giao tháng chạp", "2027-01-08", "2027-02-05"),
        ("giao 23 tháng chạp", "2027-01-30", "2027-01-30"),
        ("giao 20/12 âm lịch", "2027-01-27", "2027-01-27"),
        ("giao rằm tháng Giêng", "2027-02-20", "2027-02-20"),
        ("giao 28 Tết", "2027-02-04", "2027-02-04"),
        ("giao trước Tết", None, "2027-02-05"),
        ("giao sau Tết", "2027-02-07", None),
        ("sau Tết, từ 20/2", "2027-02-20", None),
        ("tháng 12, 15/12 giao", "2026-12-15", "2026-12-15"),
        ("giao tháng 12, trả tiền 15/12", "2026-12-01", "2026-12-31"),
        ("giao từ nay đến Tết", "2026-11-23", "2027-02-06"),
        ("giao dịp Tết", None, "2027-02-05"),
        ("giao Tết dương lịch", "2027-01-01", "2027-01-01"),
        ("giao Trung thu", "2027-09-15", "2027-09-15"),
        ("giao trong 10 ngày tới", "2026-11-23", "2026-12-03"),
        ("thu 2 tuần nữa", "2026-12-07", None),
        ("thu hoạch vụ đông", "2026-11-23", "2027-02-28"),
        ("giá hôm nay", None, None),
        ("giao 31/4", None, None),
        ("giao tháng 13", None, None),
        ("giao 8h30", None, None),
        ("3 tháng tuổi", None, None),
    ],
)
def test_windows(words: str, starts: str | None, ends: str | None) -> None:
    assert window(words) == (starts, ends)


@pytest.mark.parametrize("words", ["sau 31/12/9999", "sau tháng 12/9999", "quý 4/9999", "năm 9999"])
def test_a_year_that_nobody_posts_for_is_no_day(words: str) -> None:
    assert window(words) == (None, None)


def test_a_day_is_the_next_one_also_over_the_end_of_a_year_and_in_leap_years() -> None:
    assert window("giao 23/11") == ("2026-11-23", "2026-11-23")
    assert window("giao 5/1", date(2026, 12, 31)) == ("2027-01-05", "2027-01-05")
    assert window("giao 29/2") == ("2028-02-29", "2028-02-29")
    assert window("giao tháng chạp", date(2027, 1, 20)) == ("2027-01-20", "2027-02-05")


def test_without_marks_in_nfd_in_capitals_and_with_emoji_it_reads_the_same() -> None:
    import unicodedata

    wanted = fields("Bán 3 tạ cà tím 11k/kg tại An Lão giao tháng 3")
    for text in (
        "ban 3 ta ca tim 11k/kg tai an lao giao thang 3",
        "BÁN 3 TẠ CÀ TÍM 11K/KG TẠI AN LÃO GIAO THÁNG 3",
        unicodedata.normalize("NFD", "Bán 3 tạ cà tím 11k/kg tại An Lão giao tháng 3"),
        "🔥 Bán 3 tạ cà tím 🍆 11k/kg ✅ tại An Lão 🚚 giao tháng 3 🎉",
        "Bán  3 tạ\u200b cà tím\t11k/kg tại An Lão giao tháng 3",
    ):
        found = fields(text)
        assert {k: v for k, v in found.items() if k != "text"} == {
            k: v for k, v in wanted.items() if k != "text"
        }, text


def test_spans_mark_what_was_understood() -> None:
    reading = read("Bên em bán 2-3 tấn bí xanh mỗi tuần, 6k, tại An Lão, VietGAP", today=TODAY)
    assert marked(reading, "side") == ["bán"]
    assert marked(reading, "quantity") == ["2-3 tấn bí xanh mỗi tuần"]
    assert marked(reading, "commodity") == ["bí xanh"]
    assert marked(reading, "price") == ["6k"]
    assert marked(reading, "place") == ["An Lão"]
    assert marked(reading, "certificates") == ["VietGAP"]


def test_land_is_marked_with_its_yield() -> None:
    reading = read("HTX trồng 12 ha ngô ngọt, ước 15 tấn/ha, cần đầu ra", today=TODAY)
    assert marked(reading, "quantity") == ["12 ha", "15 tấn/ha"]


def test_what_is_missing_is_named_largest_first() -> None:
    assert read("Cần bán tỏi", today=TODAY).drafts[0].missing == (
        "quantity", "price", "place", "start", "end",
    )  # fmt: skip
    assert read("Tỏi 3 tạ 85k/kg", today=TODAY).drafts[0].missing[0] == "place"
    assert read("Bán 3 tạ hàng", today=TODAY).drafts[0].missing[0] == "commodity"


def test_each_product_is_a_draft_with_what_the_message_says_of_all() -> None:
    reading = read("Bán 3 tạ tỏi 85k/kg và 2 tạ nghệ, giao tháng 3 tại An Lão", today=TODAY)
    garlic, turmeric = reading.drafts
    assert (garlic.commodity, turmeric.commodity) == ("garlic", "turmeric")
    assert garlic.cost is not None
    assert turmeric.cost is None
    assert turmeric.start == garlic.start == date(2027, 3, 1)
    assert turmeric.place == garlic.place
    assert marked(reading, "quantity", 1) == ["2 tạ"]


def test_what_could_be_meant_for_several_products_is_nobodys() -> None:
    found = fields("Bán 2 tấn bí xanh và 3 tấn bí đỏ, giá 5k")
    assert found["price_vnd_per_kg"] is None
    assert found["others"] == [{"commodity": "Bí đỏ", "quantity_kg": 3000}]
    found = fields("Bán 5 tạ cá thu, cá nục")
    assert (found["quantity_kg"], found["others"]) == (None, [{"commodity": "Cá nục"}])
    found = fields("Bán 2 tấn bí xanh và 3 tấn bí đỏ, đồng giá 5k")
    assert found["price_vnd_per_kg"] == 5000
    assert found["others"] == [
        {"commodity": "Bí đỏ", "quantity_kg": 3000, "price_vnd_per_kg": 5000}
    ]


def test_another_side_is_said_of_a_later_product() -> None:
    found = fields("HTX bán 5 tấn gạo nếp, cần mua 10 tấn phân đạm")
    assert found["side"] == "offer"
    assert found["others"][0]["side"] == "need"


@pytest.mark.parametrize(
    "number", ["0912345678", "0912.345.678", "+84 912 345 678", "0912 345 678"]
)
def test_telephone_numbers_are_taken_out_of_public_text(number: str) -> None:
    reading = read(f"Bán 3 tạ tỏi, LH {number} gặp chị Hoa", today=TODAY)
    assert reading.public_text == "Bán 3 tạ tỏi, gặp chị Hoa"
    assert [reading.text[a:b] for a, b in reading.phones] == [number]
    (draft,) = reading.drafts
    assert draft.cost is None
    document = of_reading(reading)
    assert number not in str(document)


def test_a_number_that_is_no_telephone_stays() -> None:
    reading = read("Bán 1.200.000 con tôm giống", today=TODAY)
    assert reading.public_text == reading.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cà chua bán 9k/kg, lấy tối thiểu 50kg", {"side": "offer", "price_vnd_per_kg": 9000}),
        ("Bán tỏi, tối thiểu 5kg, 85k/kg", {"side": "offer", "price_vnd_per_kg": 85000}),
        ("HTX cần tối thiểu 2 tấn tỏi", {"side": "need", "quantity_kg": 2000}),
        ("Chứng nhận OCOP còn hạn đến 12/2027, bán 2 tạ tỏi",
         {"side": "offer", "quantity_kg": 200}),
        ("Bán 3 tấn lạc hàng năm 2026", {"side": "offer", "quantity_kg": 3000}),
        ("Xưởng công suất 5 tấn/ngày cần 50 tấn tỏi", {"side": "need", "quantity_kg": 50000}),
        ("Bán cá trắm con 2-3kg, 5 tạ", {"side": "offer", "quantity_kg": 500}),
        ("Trại 500 con bò cần mua 10 tấn ngô", {"side": "need", "quantity_kg": 10000}),
        ("Giấy VietGAP hạn đến 12/2027, bán 2 tạ tỏi", {"side": "offer", "quantity_kg": 200}),
        ("Đơn 2 tấn tỏi 85k/kg đã giao", {"quantity_kg": 2000, "price_vnd_per_kg": 85000}),
        ("Trại 300 con gà cần bán, 70k/kg",
         {"side": "offer", "quantity_count": 300, "price_vnd_per_kg": 70000}),
        ("Tuần trước bán 3 tấn tỏi, nay còn 500kg, 80k/kg",
         {"side": "offer", "quantity_kg": 500, "price_vnd_per_kg": 80000}),
        ("Tuần trước bán 3 tấn tỏi, 80k/kg", {}),
        ("Hội thi làm bánh: mỗi đội 2kg gạo, giải nhất 2 triệu", {}),
        ("Nấu cơm cho 30 người hết 10kg gạo, 200k", {}),
        ("Nhà em ở An Lão nuôi 300 con gà", {}),
        ("Trưa nay đầm Tiên Lãng tát ao, 3 tạ tôm sú",
         {"side": "offer", "quantity_kg": 300, "start": "2026-11-23", "end": "2026-11-23"}),
        ("Quán lẩu tìm mối tôm sú 20kg/ngày", {"side": "need", "quantity_kg": 20, "per": "day"}),
        ("Bán cả lô 5 tấn tỏi 220 triệu, không bán lẻ", {"side": "offer", "quantity_kg": 5000}),
        ("Tỏi An Lão VietGAP 3 tạ, 85k/kg",
         {"side": "offer", "quantity_kg": 300, "price_vnd_per_kg": 85000}),
        ("Tỏi 3 tạ, 85k/kg được không?", {"quantity_kg": 300, "price_vnd_per_kg": 85000}),
        ("Chi phí trồng 3 tấn tỏi là 80k/kg", {"quantity_kg": 3000, "price_vnd_per_kg": 80000}),
    ],
)  # fmt: skip
def test_what_is_said_in_passing_and_what_no_verb_says(text: str, expected: dict[str, Any]) -> None:
    names = ("side", "quantity_kg", "quantity_count", "quantity_min", "per", "price_vnd_per_kg",
             "price_vnd", "start", "end")  # fmt: skip
    found = fields(text)
    assert {name: found[name] for name in names if found[name] is not None} == expected


def test_the_goods_are_those_that_the_buyer_wants_and_each_of_a_list() -> None:
    assert field("Trại 500 con bò cần mua 10 tấn ngô", "commodity") == "Ngô"
    assert field("Trại 500 con bò cần mua 10 tấn rơm", "commodity") is None
    found = fields("Có rau muống 80kg, mồng tơi 40kg, rau ngót 30kg")
    assert (found["commodity"], found["quantity_kg"]) == ("Rau muống", 80)
    assert [one["commodity"] for one in found["others"]] == ["Mồng tơi", "Rau ngót"]


def test_a_weight_beside_a_count_of_heads_is_no_quantity() -> None:
    for text, heads in (("Bán lợn con 20-30kg, 15 con", 15), ("Bán gà trống 3kg, 20 con", 20)):
        assert (field(text, "quantity_count"), field(text, "quantity_kg")) == (heads, None)
    assert field("Bán 20 con vịt và 50kg ngan", "quantity_count") == 20


def test_freight_is_no_price_and_what_was_sold_is_no_post() -> None:
    assert field("ban 3 ta toi, cuoc xe 200k", "price_vnd_per_kg") is None
    assert field("Đã bán 3 tấn tỏi, giá 85k/kg", "side") is None
    assert field("Đã bán 3 tấn tỏi, còn 2 tấn, 85k/kg", "quantity_kg") == 2000
