"""However a sheet is laid out and its headers are worded, the records are the same."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from linkage.intake.reading.headers import FIELDS, TableKind
from linkage.intake.reading.records import read_records
from linkage.text import search_key
from tests.examples import examples

# Wordings of clerks, written here by hand and not taken from the program's own list.
WORDINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "cooperatives": {
        "stt": ("STT", "TT", "Số TT", "Số thứ tự"),
        "name": (
            "Tên đơn vị",
            "Tên HTX",
            "Tên HTX/THT",
            "Tên hợp tác xã, tổ hợp tác",
            "Tên tổ chức",
        ),
        "kind": ("Loại hình", "Loại hình HTX", "Loại hình tổ chức"),
        "sector": ("Lĩnh vực", "Ngành nghề", "Lĩnh vực hoạt động", "Ngành nghề kinh doanh"),
        "tax_code": ("Mã số thuế", "MST", "Mã số DN", "Mã số thuế (nếu có)", "MST HTX"),
        "commune": ("Xã/phường", "Địa bàn", "Đơn vị hành chính", "Địa chỉ (xã, phường)", "Xã"),
        "founded_on": ("Ngày thành lập", "Ngày, tháng, năm thành lập", "Thời gian thành lập"),
        "status": ("Tình trạng", "Trạng thái", "Tình trạng hoạt động", "Hiện trạng hoạt động"),
        "status_on": ("Ngày thay đổi tình trạng", "Ngày thay đổi", "Ngày thay đổi trạng thái"),
        "representative": (
            "Người đại diện",
            "Giám đốc",
            "Người đại diện theo pháp luật",
            "Chủ nhiệm",
        ),
        "phone": ("Điện thoại", "SĐT", "Số điện thoại", "ĐT liên hệ", "Di động"),
        "members": ("Số thành viên", "Số TV", "Tổng số thành viên (người)"),
        "product": ("Sản phẩm chính", "Sản phẩm chủ lực", "Mặt hàng", "Nông sản"),
    },
    "linkages": {
        "stt": ("STT", "TT", "Thứ tự"),
        "seller": ("Bên bán", "Bên cung cấp", "Người bán", "Đơn vị bán", "Tên bên bán"),
        "seller_tax_code": ("MST bên bán", "Mã số thuế của bên bán", "Bên bán (MST)"),
        "buyer": ("Bên mua", "Bên thu mua", "Đơn vị mua", "Bên tiêu thụ", "Tên đơn vị thu mua"),
        "buyer_tax_code": ("MST bên mua", "Mã số thuế bên mua", "MST đơn vị thu mua"),
        "product": ("Sản phẩm", "Mặt hàng", "Nông sản", "Sản phẩm liên kết"),
        "form": ("Hình thức liên kết", "Hình thức"),
        "contract_number": ("Số hợp đồng", "Số HĐ", "HĐ số", "Số HĐ (nếu có)"),
        "starts": ("Hiệu lực từ", "Từ ngày", "Ngày bắt đầu", "Ngày hiệu lực"),
        "ends": ("Hiệu lực đến", "Đến ngày", "Ngày hết hạn", "Ngày kết thúc"),
        "terminated_on": ("Ngày chấm dứt", "Ngày thanh lý", "Ngày thanh lý / chấm dứt"),
        "quantity": ("Sản lượng", "Khối lượng", "Số lượng"),
        "unit": ("ĐVT", "Đơn vị tính"),
        "verified_mark": ("Đã kiểm tra", "Xác minh", "Đã xác minh"),
        "verified_on": ("Ngày kiểm tra", "Ngày xác minh"),
    },
}
EXTRA = ("Ghi chú", "Dân tộc", "Doanh thu", "Mã hồ sơ", "Diện tích", "Tổng vốn")
TITLES = (
    "ỦY BAN NHÂN DÂN", "SỔ THEO DÕI", "(Số liệu minh họa)", "Biểu số 3a", "Năm 2025",
    "Kèm theo Công văn số 12 ngày 3 tháng 4 năm 2025",
)  # fmt: skip


def _without_marks(text: str) -> str:
    return search_key(text) if "(" not in text and "/" not in text else text


DRESSES = (
    str,
    str.upper,
    str.lower,
    _without_marks,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "\n"),
    lambda text: f"  {text.replace(' ', '  ')} ",
    lambda text: f"{text} (*)",
    lambda text: f"{text}:",
    lambda text: text.replace(" ", "\u00a0"),
)


@st.composite
def laid_out(draw: st.DrawFn) -> tuple[str, list[list[Any]], list[dict[str, Any]], int]:
    """A kind of table, a sheet of it in any shape, its records, how many columns are not ours."""
    kind = draw(st.sampled_from(sorted(WORDINGS)))
    fields = draw(st.permutations(sorted(WORDINGS[kind])))
    extras = draw(st.lists(st.sampled_from(EXTRA), unique=True, max_size=3))
    columns: list[str] = draw(st.permutations([*fields, *extras]))
    header = [
        draw(st.sampled_from(DRESSES))(
            draw(st.sampled_from(WORDINGS[kind][name])) if name in WORDINGS[kind] else name
        )
        for name in columns
    ]
    left = draw(st.integers(0, 3))
    truth: list[dict[str, Any]] = []
    sheet: list[list[Any]] = [
        [title] if title else []
        for title in draw(st.lists(st.sampled_from([*TITLES, ""]), max_size=8))
    ]
    sheet.append([None] * left + header)
    for number in range(1, draw(st.integers(1, 6)) + 1):
        row = {name: f"{name} {number}" for name in columns} | {"stt": number}
        for name in draw(st.lists(st.sampled_from(fields), max_size=3)):
            if name not in ("stt", "name", "seller", "buyer"):
                row[name] = None
        truth.append(
            {n: v for n, v in row.items() if n in FIELDS[TableKind(kind)] and v is not None}
        )
        sheet.append([None] * left + [row[name] for name in columns])
        if draw(st.booleans()):
            sheet.append([])
    return kind, sheet, truth, len(extras)


@settings(max_examples=examples(75), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(laid_out())
def test_any_shape_gives_the_same_records(
    case: tuple[str, list[list[Any]], list[dict[str, Any]], int],
) -> None:
    kind, rows, truth, extras = case
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.xlsx"
        book.save(path)
        read = read_records(path)
    assert {record.kind.value for record in read.records} == {kind}
    assert [{n: c.value for n, c in r.cells.items()} for r in read.records] == truth
    assert all(record.problem is None for record in read.records)
    assert len(read.unmapped_columns) == extras
