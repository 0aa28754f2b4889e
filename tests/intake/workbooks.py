"""Small workbooks in the office's form, made row by row for one rule each."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from linkage.intake import services
from linkage.intake.models import ImportBatch
from linkage.registry.access import OPERATOR

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "linkage/intake/sample/so_theo_doi_htx.xlsx"
# Valid codes; each test says which organisation has which.
CODES = ("0267923658", "0241945086", "0205198368", "0266351630", "0277717365", "0229927556")
ACTIVE = "Đang hoạt động"

COOPS = (
    "STT", "Tên đơn vị", "Loại hình", "Lĩnh vực", "Mã số thuế", "Xã/phường", "Ngày thành lập",
    "Tình trạng", "Ngày thay đổi tình trạng", "Người đại diện", "Điện thoại", "Số thành viên",
    "Sản phẩm chính",
)  # fmt: skip
FIRMS = ("STT", "Tên doanh nghiệp", "Mã số thuế", "Vai trò trong chuỗi", "Xã/phường")
LINKS = (
    "STT", "Bên bán", "MST bên bán", "Bên mua", "MST bên mua", "Sản phẩm", "Hình thức liên kết",
    "Số hợp đồng", "Hiệu lực từ", "Hiệu lực đến", "Ngày chấm dứt", "Sản lượng", "ĐVT",
    "Đã kiểm tra", "Ngày kiểm tra",
)  # fmt: skip

Row = dict[str, Any]


def coop(name: str = "HTX Một", **cells: Any) -> Row:
    """A cooperative's row, whole and good unless a cell says otherwise."""
    plain = {
        "Tên đơn vị": name, "Loại hình": "HTX", "Lĩnh vực": "Nông nghiệp", "Mã số thuế": None,
        "Xã/phường": "Xã Vĩnh Bảo", "Ngày thành lập": date(2015, 5, 20), "Tình trạng": ACTIVE,
    }  # fmt: skip
    return plain | _spelled(cells)


def firm(name: str = "Công ty Hai", code: Any = CODES[1], **cells: Any) -> Row:
    """An enterprise's row."""
    plain = {"Tên doanh nghiệp": name, "Mã số thuế": code, "Xã/phường": "Xã An Lão"}
    return plain | _spelled(cells)


def link(**cells: Any) -> Row:
    """A linkage's row from HTX Một to Công ty Hai."""
    plain = {
        "Bên bán": "HTX Một", "Bên mua": "Công ty Hai", "MST bên mua": CODES[1],
        "Sản phẩm": "Cà chua", "Hình thức liên kết": "Hình thức 1", "Số hợp đồng": "01/HĐ",
        "Hiệu lực từ": "01/02/2024", "Hiệu lực đến": "31/12/2026", "Sản lượng": 10, "ĐVT": "tấn",
    }  # fmt: skip
    return plain | _spelled(cells)


_SHORT = {
    "kind": "Loại hình", "sector": "Lĩnh vực", "code": "Mã số thuế", "commune": "Xã/phường",
    "founded": "Ngày thành lập", "status": "Tình trạng", "changed": "Ngày thay đổi tình trạng",
    "head": "Người đại diện", "phone": "Điện thoại", "members": "Số thành viên",
    "main": "Sản phẩm chính", "seller": "Bên bán", "seller_code": "MST bên bán",
    "buyer": "Bên mua", "buyer_code": "MST bên mua", "product": "Sản phẩm",
    "form": "Hình thức liên kết", "number": "Số hợp đồng", "starts": "Hiệu lực từ",
    "ends": "Hiệu lực đến", "terminated": "Ngày chấm dứt", "quantity": "Sản lượng", "unit": "ĐVT",
    "mark": "Đã kiểm tra", "checked": "Ngày kiểm tra",
}  # fmt: skip


def _spelled(cells: Row) -> Row:
    return {_SHORT[name]: value for name, value in cells.items()}


def workbook(
    path: Path, coops: list[Row] = (), firms: list[Row] = (), links: list[Row] = ()
) -> Path:
    """Write the three sheets; row 6 is the first of each."""
    book = Workbook()
    book.remove(book.worksheets[0])
    tables = (("HTX", COOPS, coops), ("Doanh nghiệp", FIRMS, firms), ("Liên kết", LINKS, links))
    for title, headers, rows in tables:
        sheet = book.create_sheet(title)
        for column, header in enumerate(headers, 1):
            sheet.cell(5, column, header)
        for number, row in enumerate(rows, 1):
            for column, header in enumerate(headers, 1):
                value = number if header == "STT" else row.get(header)
                if value is not None:
                    cell = sheet.cell(5 + number, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    book.save(path)
    return path


def uploaded(path: Path, **more: Any) -> ImportBatch:
    """The workbook as a batch."""
    file = io.BytesIO(path.read_bytes())
    file.name = path.name
    return services.upload(
        actor=OPERATOR,
        file=file,
        came_from="thư số 1",
        legal_basis="Luật HTX 2023",
        now=NOW,
        **more,
    )


def previewed(path: Path, **more: Any) -> dict[str, Any]:
    """The report of a preview."""
    return services.preview(batch_id=uploaded(path, **more).pk, now=NOW)


def applied(path: Path, **more: Any) -> dict[str, Any]:
    """The report of an application."""
    return services.apply_at_once(batch_id=uploaded(path, **more).pk, now=NOW)


def codes(report: dict[str, Any], what: str = "warnings") -> list[str]:
    """The codes of a list of the report."""
    return [one["code"] for one in report[what]]


def decide(report: dict[str, Any], verdict: str) -> None:
    """What a person says of every pair of the report that looks alike."""
    for pair in report["likely_duplicates"]:
        services.decide_pair(
            actor=OPERATOR,
            batch_id=report["batch"],
            first_key=pair["first_key"],
            second_key=pair["second_key"],
            verdict=verdict,
            now=NOW,
        )
