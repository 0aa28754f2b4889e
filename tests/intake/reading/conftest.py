"""Workbooks made on the spot: no binary file but the sample register is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

SAMPLE = Path(__file__).parents[3] / "linkage/intake/sample/so_theo_doi_htx.xlsx"

COOPERATIVE_HEADERS = [
    "STT", "Tên đơn vị", "Loại hình", "Lĩnh vực", "Mã số thuế", "Xã/phường", "Ngày thành lập",
    "Tình trạng", "Ngày thay đổi tình trạng",
]  # fmt: skip
LINKAGE_HEADERS = [
    "STT", "Bên bán", "MST bên bán", "Bên mua", "MST bên mua", "Sản phẩm", "Số hợp đồng",
    "Hiệu lực từ", "Hiệu lực đến", "Ngày chấm dứt", "Đã kiểm tra", "Ngày kiểm tra",
]  # fmt: skip


def cooperative(number: int, name: str | None = None, **changes: Any) -> list[Any]:
    """A row under COOPERATIVE_HEADERS."""
    row = {
        "stt": number,
        "name": name or f"HTX Minh họa {number}",
        "kind": "HTX",
        "sector": "Nông nghiệp",
        "tax_code": f"02000000{number:02d}",
        "commune": "Xã Vĩnh Bảo",
        "founded_on": "01/02/2015",
        "status": "Đang hoạt động",
        "status_on": None,
    }
    return list((row | changes).values())


def linkage(number: int, **changes: Any) -> list[Any]:
    """A row under LINKAGE_HEADERS."""
    row = {
        "stt": number,
        "seller": f"HTX Minh họa {number}",
        "seller_tax_code": f"02000000{number:02d}",
        "buyer": "Công ty Minh họa",
        "buyer_tax_code": "0200000099",
        "product": "Cà chua",
        "contract_number": f"{number:03d}/HĐ",
        "starts": "01/01/2024",
        "ends": "31/12/2026",
        "terminated_on": None,
        "verified_mark": "x",
        "verified_on": "02/03/2024",
    }
    return list((row | changes).values())


Sheets = dict[str, list[list[Any]]]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write sheets of rows as a workbook; `then` may change it before it is saved."""

    def write(sheets: Sheets, then: Callable[[Workbook], None] | None = None) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if then is not None:
            then(book)
        path = tmp_path / "so.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def register(write: Write) -> Path:
    """A small sound register of one sheet."""
    return write({"HTX": [COOPERATIVE_HEADERS, cooperative(1), cooperative(2)]})


def repack(path: Path, change: Callable[[str, bytes], bytes] | None = None, **added: bytes) -> Path:
    """The same zip with parts changed, or added under names with "__" for "/" and "_dot_"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(name, content) if change else content)
        for name, content in added.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    path.write_bytes(packed.getvalue())
    return path
