"""Registers of other clerks, each with habits of its own, give the same kind of records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from linkage.intake.reading.headers import TableKind
from linkage.intake.reading.layout import MissingColumn, NoTable
from linkage.intake.reading.records import RegisterFile, read_records
from tests.intake.reading.conftest import (
    COOPERATIVE_HEADERS,
    LINKAGE_HEADERS,
    Write,
    cooperative,
    linkage,
)


def _values(read: RegisterFile, kind: str, *fields: str) -> list[tuple[Any, ...]]:
    return [
        tuple(r.cells[f].value if f in r.cells else None for f in fields)
        for r in read.records
        if r.kind == kind
    ]


def _skipped(read: RegisterFile) -> list[tuple[int, str]]:
    return [(s.row, s.why) for s in read.skipped]


def test_a_district_office_with_sections_index_row_and_signatures(write: Write) -> None:
    rows = [
        ["UBND HUYỆN MINH HỌA", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["PHÒNG NÔNG NGHIỆP", None, None, None, "Độc lập - Tự do - Hạnh phúc"],
        [],
        ["BIỂU TỔNG HỢP HTX, TỔ HỢP TÁC NĂM 2025"],
        ["(Kèm theo Báo cáo số 12/BC-PNN ngày 05 tháng 01 năm 2026)"],
        [
            "TT",
            "TÊN HTX/THT",
            "Loại  hình",
            "Ngành nghề\nhoạt động",
            "MST",
            "Địa bàn",
            "Ngày,\ntháng, năm thành lập",
            "Trạng thái",
            "SĐT",
            "Giám đốc",
            "Số TV (người)",
            "Ghi chú",
        ],
        ["A", "B", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        ["I", "Huyện Vĩnh Bảo"],
        [
            1,
            "HTX A",
            "HTX",
            "Nông nghiệp",
            200000001,
            "Xã X",
            "1/2/2015",
            "Hoạt động",
            "0912",
            "Ông A",
            12,
        ],
        [
            2,
            "Tổ hợp tác B",
            "THT",
            "Thủy sản",
            None,
            "Xã Y",
            datetime(2016, 1, 2),
            "Giải thể",
            None,
            None,
            9,
        ],
        [None, "Cộng I", None, None, None, None, None, None, None, None, 21],
        ["II", "Huyện Tiên Lãng", None, None, None, None, None, None, None, None, 7],
        [3, "Tổng công ty C", "HTX", "Vận tải", None, "Xã Z", "2017", "Hoạt động", None, None, 7],
        [4, "HTX chỉ có tên"],
        ["TỔNG CỘNG (I+II)", None, None, None, None, None, None, None, None, None, 28],
        [],
        ["Ghi chú: số liệu minh họa, không có thật."],
        [None, None, None, None, None, None, "Minh họa, ngày 31 tháng 12 năm 2025"],
        [None, "Người lập biểu", None, None, None, None, "TM. ỦY BAN NHÂN DÂN"],
        [None, "(Ký, ghi rõ họ tên)", None, None, None, None, "KT. CHỦ TỊCH"],
        [None, "Người Minh Họa", None, None, None, None, "Ông Minh Họa"],
    ]

    def merge(book: Any) -> None:
        for cells in ("A1:C1", "E1:L1", "A4:L4", "A5:L5", "B8:L8", "A17:L17", "G18:L18"):
            book["Biểu 1"].merge_cells(cells)

    read = read_records(write({"Biểu 1": rows}, merge))

    assert _values(read, "cooperatives", "stt", "name", "kind", "sector", "members") == [
        (1, "HTX A", "HTX", "Nông nghiệp", 12),
        (2, "Tổ hợp tác B", "THT", "Thủy sản", 9),
        (3, "Tổng công ty C", "HTX", "Vận tải", 7),
        (4, "HTX chỉ có tên", None, None, None),
    ]
    assert all(record.problem is None for record in read.records)
    assert _skipped(read) == [
        (7, "index_row"),
        (8, "section_row"),
        (11, "totals_row"),
        (12, "section_row"),
        (15, "totals_row"),
        (17, "footnote"),
        (18, "signature"),
        (19, "signature"),
        (20, "signature"),
        (21, "signature"),
    ]
    assert [(c.sheet, c.header) for c in read.unmapped_columns] == [("Biểu 1", "Ghi chú")]
    assert {(w.code, w.header) for w in read.table_warnings} == {
        ("column_missing", "Ngày thay đổi tình trạng")
    }


def test_grouped_headers_of_two_rows_with_merged_groups(write: Write) -> None:
    rows = [
        ["THEO DÕI HỢP ĐỒNG"],
        [
            "STT",
            "Bên bán",
            None,
            None,
            "Bên mua",
            None,
            "Hợp đồng",
            None,
            "Hiệu lực",
            None,
            "Sản lượng (tấn)",
            "Kiểm tra",
            None,
        ],
        [
            None,
            "Tên",
            "MST",
            "Điện thoại",
            "Tên",
            "MST",
            "Số",
            "Sản phẩm",
            "Từ ngày",
            "Đến ngày",
            None,
            "Đã kiểm tra",
            "Ngày",
        ],
        [
            1,
            "HTX A",
            "0200000001",
            "09",
            "Cty B",
            "0200000002",
            "01/HĐ",
            "Ổi",
            "1/1/24",
            "1/1/25",
            5,
            "x",
            "2/2/24",
        ],
    ]

    def merge(book: Any) -> None:
        for cells in ("A1:M1", "A2:A3", "B2:D2", "E2:F2", "G2:H2", "I2:J2", "K2:K3", "L2:M2"):
            book["HĐ"].merge_cells(cells)

    read = read_records(write({"HĐ": rows}, merge))

    (record,) = read.records
    assert record.kind is TableKind.LINKAGES
    assert {name: cell.value for name, cell in record.cells.items()} == {
        "stt": 1,
        "seller": "HTX A",
        "seller_tax_code": "0200000001",
        "buyer": "Cty B",
        "buyer_tax_code": "0200000002",
        "contract_number": "01/HĐ",
        "product": "Ổi",
        "starts": "1/1/24",
        "ends": "1/1/25",
        "quantity": 5,
        "unit": "tấn",
        "verified_mark": "x",
        "verified_on": "2/2/24",
    }
    assert [c.header for c in read.unmapped_columns] == ["Bên bán - Điện thoại"]
    assert record.cells["buyer_tax_code"].header == "Bên mua - MST"


def test_grouped_headers_without_any_merging(write: Write) -> None:
    rows = [
        ["TT", "Bên cung ứng", None, "Đơn vị thu mua", None, "Mặt hàng", "Thời hạn", None, "Số HĐ"],
        [None, "Tên đơn vị", "Mã số thuế", "Tên đơn vị", "Mã số thuế", None, "Từ", "Đến", None],
        [1, "HTX A", "1", "Cty B", "2", "Ổi", "1/1/24", "1/1/25", "01"],
    ]
    read = read_records(write({"Sheet1": rows}))
    wanted = ("seller", "seller_tax_code", "buyer", "buyer_tax_code", "starts", "ends")
    assert _values(read, "linkages", *wanted, "contract_number") == [
        ("HTX A", "1", "Cty B", "2", "1/1/24", "1/1/25", "01")
    ]


def test_a_tax_code_without_a_name_belongs_to_the_party_before_it(write: Write) -> None:
    headers = [
        "STT",
        "Bên mua",
        "MST",
        "Bên bán",
        "Mã số thuế",
        "Số HĐ",
        "Từ ngày",
        "Đến ngày",
    ]
    read = read_records(
        write({"x": [headers, [1, "Cty B", "2", "HTX A", "1", "01", "1/1/24", None]]})
    )
    assert _values(read, "linkages", "seller", "seller_tax_code", "buyer", "buyer_tax_code") == [
        ("HTX A", "1", "Cty B", "2")
    ]


def test_a_cooperative_beside_a_named_buyer_is_the_seller(write: Write) -> None:
    headers = [
        "TT",
        "Tên HTX",
        "Doanh nghiệp tiêu thụ",
        "Nông sản",
        "HĐ số",
        "Ngày hiệu lực",
        "Ngày hết hạn",
    ]
    read = read_records(write({"LK": [headers, [1, "HTX A", "Cty B", "Ổi", "01", "1/1/24", None]]}))
    assert _values(read, "linkages", "seller", "buyer") == [("HTX A", "Cty B")]
    assert ("column_assumed", "Tên HTX") in [(w.code, w.header) for w in read.table_warnings]


def test_tax_codes_that_name_a_kind_belong_to_the_party_of_that_kind(write: Write) -> None:
    headers = ["STT", "HTX", "DN thu mua", "MST HTX", "MST DN", "Số HĐ", "Từ ngày", "Đến ngày"]
    read = read_records(write({"x": [headers, [1, "HTX A", "Cty B", "1", "2", "01", "a", "b"]]}))
    assert _values(read, "linkages", "seller", "seller_tax_code", "buyer", "buyer_tax_code") == [
        ("HTX A", "1", "Cty B", "2")
    ]


def test_two_tax_codes_behind_one_party_are_nobody_s(write: Write) -> None:
    headers = ["STT", "Bên bán", "Bên mua", "MST", "MST", "Số HĐ", "Từ ngày", "Đến ngày"]
    read = read_records(write({"x": [headers, [1, "HTX A", "Cty B", "1", "2", "01", "a", "b"]]}))
    assert _values(read, "linkages", "seller_tax_code", "buyer_tax_code") == [(None, None)]
    assert [column.header for column in read.unmapped_columns] == ["MST", "MST"]


def test_two_parties_of_which_none_is_said_to_sell_are_not_guessed(write: Write) -> None:
    headers = ["STT", "HTX", "Doanh nghiệp liên kết", "Số HĐ", "Từ ngày", "Đến ngày"]
    with pytest.raises(MissingColumn) as refusal:
        read_records(write({"x": [headers, [1, "HTX A", "Cty B", "01", "a", "b"]]}))
    assert refusal.value.values["header"] == "Bên bán”, “Bên mua"


def test_sides_a_and_b_count_only_where_the_sheet_says_which_sells(write: Write) -> None:
    headers = ["STT", "Bên A", "MST bên A", "Bên B", "Số HĐ", "Từ ngày", "Đến ngày"]
    row = [1, "Cty B", "2", "HTX A", "01", "1/1/24", None]
    said = [["DANH SÁCH HỢP ĐỒNG"], ["(Bên A: bên mua; bên B: bên bán)"], headers, row]
    read = read_records(write({"x": said}))
    assert _values(read, "linkages", "seller", "buyer", "buyer_tax_code") == [
        ("HTX A", "Cty B", "2")
    ]
    with pytest.raises(MissingColumn):
        read_records(write({"x": [["DANH SÁCH HỢP ĐỒNG"], headers, row]}))


def test_a_sheet_for_each_kind_without_a_column_of_kinds(write: Write) -> None:
    headers = [h for h in COOPERATIVE_HEADERS if h != "Loại hình"]

    def row(number: int) -> list[Any]:
        return cooperative(number)[:2] + cooperative(number)[3:]

    sheets = {
        "HTX": [["DANH SÁCH HỢP TÁC XÃ"], headers, row(1)],
        "Tổ hợp tác": [["Danh sách THT"], headers, row(2)],
        "LH": [["DANH SÁCH LIÊN HIỆP HỢP TÁC XÃ"], headers, row(3)],
    }
    read = read_records(write(sheets))
    assert _values(read, "cooperatives", "stt", "kind") == [
        (1, "HTX"),
        (2, "THT"),
        (3, "Liên hiệp HTX"),
    ]
    assert [(w.sheet, w.code) for w in read.table_warnings] == [
        (sheet, "kind_from_title") for sheet in sheets
    ]


def test_a_missing_kind_is_never_guessed_from_a_title_of_several(write: Write) -> None:
    headers = [h for h in COOPERATIVE_HEADERS if h != "Loại hình"]
    path = write({"HTX": [["SỔ THEO DÕI HTX, TỔ HỢP TÁC"], headers, cooperative(1)[1:]]})
    with pytest.raises(MissingColumn) as refusal:
        read_records(path)
    assert refusal.value.values == {"sheet": "HTX", "header": "Loại hình"}


def test_several_tables_on_one_sheet_with_their_titles(write: Write) -> None:
    rows = [
        ["I. DANH SÁCH HỢP TÁC XÃ"],
        COOPERATIVE_HEADERS,
        cooperative(1),
        cooperative(2),
        [],
        ["II. DANH SÁCH DOANH NGHIỆP"],
        ["STT", "Tên đơn vị", "MST", "Địa chỉ"],
        [1, "Cty B", "0200000003", "Xã X"],
        [],
        ["III. DANH SÁCH LIÊN KẾT"],
        LINKAGE_HEADERS,
        linkage(1),
    ]
    read = read_records(write({"Tổng hợp": rows}))
    assert [record.kind.value for record in read.records] == [
        "cooperatives",
        "cooperatives",
        "enterprises",
        "linkages",
    ]
    assert {why for _, why in _skipped(read)} == {"section_row"}


def test_headers_that_come_again_at_each_page(write: Write) -> None:
    rows = [
        COOPERATIVE_HEADERS,
        cooperative(1),
        [],
        COOPERATIVE_HEADERS,
        [str(n) for n in range(1, 10)],
        cooperative(2),
    ]
    read = read_records(write({"Sheet2": rows}))
    assert [r.row for r in read.records] == [2, 6]
    assert _skipped(read) == [(4, "repeated_header"), (5, "index_row")]


def test_rows_of_short_marks_are_data_unless_they_count_the_columns(write: Write) -> None:
    headers = ["STT", "HTX bán", "DN mua", "Số HĐ", "Từ ngày", "Đến ngày", "SL (tạ)", 2025]
    read = read_records(write({"LK": [headers, [1, "A", "B", "01", "a", "b", 5]]}))
    assert _values(read, "linkages", "seller", "buyer", "unit") == [("A", "B", "tạ")]
    assert _skipped(read) == []


def test_a_column_written_twice_must_say_the_same(write: Write) -> None:
    headers = [*COOPERATIVE_HEADERS, "Mã số thuế"]
    rows = [
        headers,
        [*cooperative(1), "0200000001"],
        [*cooperative(2, tax_code=None), "0200000002"],
        [*cooperative(3), "0299999999"],
    ]
    same, filled, other = read_records(write({"HTX": rows})).records
    assert same.problem is None
    assert filled.cells["tax_code"].value == "0200000002"
    assert other.problem is not None
    assert (other.problem.code, other.problem.ref) == ("conflicting_columns", "J4")


def test_moved_and_extra_columns_are_found_by_name(write: Write) -> None:
    headers = [None, "Ghi chú", *reversed(COOPERATIVE_HEADERS), "Dân tộc"]
    row = [None, "x", *reversed(cooperative(1)), "y", "không tiêu đề"]
    read = read_records(write({"a": [[], headers, row]}))
    assert _values(read, "cooperatives", "stt", "name", "tax_code") == [
        (1, "HTX Minh họa 1", "0200000001")
    ]
    assert [c.header for c in read.unmapped_columns] == ["Ghi chú", "Dân tộc", "(M)"]


def test_enterprises_are_known_by_their_title(write: Write) -> None:
    headers = ["TT", "Tên đơn vị", "Mã số", "Địa chỉ trụ sở", "Khâu tham gia"]
    rows = [
        ["CÁC CÔNG TY LIÊN KẾT VỚI HTX"],
        headers,
        ["01", "Cty B", "0200000003", "X", "Thu mua"],
    ]
    read = read_records(write({"Sheet3": rows}))
    assert _values(read, "enterprises", "name", "tax_code", "role") == [
        ("Cty B", "0200000003", "Thu mua")
    ]
    assert [(w.code, w.header) for w in read.table_warnings] == [
        ("column_assumed", "Mã số"),
        ("column_assumed", "Địa chỉ trụ sở"),
    ]


@pytest.mark.parametrize("field", ["Tên đơn vị", "Lĩnh vực", "Ngày thành lập", "Tình trạng"])
def test_a_required_column_that_is_missing_is_named(write: Write, field: str) -> None:
    place = COOPERATIVE_HEADERS.index(field)
    row = cooperative(1)
    row.pop(place)
    headers = [h for h in COOPERATIVE_HEADERS if h != field]
    with pytest.raises(MissingColumn) as refusal:
        read_records(write({"Sổ": [headers, row]}))
    assert refusal.value.values == {"sheet": "Sổ", "header": field}


@pytest.mark.parametrize(
    "field", ["Bên bán", "Bên mua", "Số hợp đồng", "Hiệu lực từ", "Hiệu lực đến"]
)
def test_linkages_need_parties_contract_and_both_days(write: Write, field: str) -> None:
    place = LINKAGE_HEADERS.index(field)
    headers = [h for h in LINKAGE_HEADERS if h != field]
    row = linkage(1)
    row.pop(place)
    with pytest.raises(MissingColumn) as refusal:
        read_records(write({"LK": [headers, row]}))
    assert field in refusal.value.values["header"]


def test_sheets_without_a_table_are_listed_and_left_aside(write: Write) -> None:
    sheets = {
        "Ghi chú": [["Số liệu minh họa"], ["Cập nhật hằng quý"]],
        "Danh mục": [["Mã", "Tên"], ["01", "Nông nghiệp"]],
        "Tổng hợp theo xã": [["STT", "Xã/phường", "Số HTX", "Số thành viên"], [1, "Xã X", 3, 90]],
        "HTX": [COOPERATIVE_HEADERS, cooperative(1)],
        "Trống": [],
    }
    read = read_records(write(sheets))
    assert len(read.records) == 1
    assert read.ignored_sheets == ("Ghi chú", "Danh mục", "Tổng hợp theo xã", "Trống")


def test_a_workbook_without_any_table_is_refused(write: Write) -> None:
    with pytest.raises(NoTable):
        read_records(write({"Sheet1": [["Xin chào"], [1, 2, 3]]}))


@pytest.mark.parametrize(
    "label",
    ["Tổng cộng", "TỔNG CỘNG:", "Cộng", "Tổng số", "Tổng", "Cộng dồn", "Tổng số HTX", "Tong cong",
     "Cộng (I+II)", "Tổng cộng toàn thành phố"],
)  # fmt: skip
def test_totals_are_skipped_with_or_without_figures(write: Write, label: str) -> None:
    blank = [None] * 8
    rows = [
        COOPERATIVE_HEADERS,
        cooperative(1),
        [None, label, *blank[2:], 5],
        [label],
    ]
    read = read_records(write({"HTX": rows}))
    assert _skipped(read) == [(3, "totals_row"), (4, "totals_row")]


@pytest.mark.parametrize(
    "name",
    ["Tổng công ty Minh họa", "TONG CONG TY MINH HOA", "HTX Tổng hợp", "Cộng Hòa", "Cộng Hiền"],
)
@pytest.mark.parametrize("number", [1, None])
def test_a_name_that_looks_like_a_total_is_data(
    write: Write, name: str, number: int | None
) -> None:
    rows = [COOPERATIVE_HEADERS, cooperative(1, name, stt=number), [number, name]]
    assert len(read_records(write({"HTX": rows})).records) == 2
