"""What an import does not take from a file is on its page, with the reason in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from linkage.intake.masking import masked_report
from linkage.intake.reading.mapping import Mapping
from tests.intake.workbooks import coop, workbook
from tests.web.imports.steps import page, shown

pytestmark = pytest.mark.django_db


def with_rest(path: Path) -> Path:
    """A workbook with a line of totals, a line of signatures, an unknown column and sheet."""
    workbook(path, [coop(), coop("HTX Hai", commune="Xã An Lão")])
    loaded = load_workbook(path)
    sheet = loaded["HTX"]
    last = sheet.max_row
    sheet.cell(5, sheet.max_column + 1, "Mã hồ sơ")
    sheet.cell(last + 1, 2, "Tổng cộng")
    sheet.cell(last + 1, 12, 40)
    sheet.cell(last + 2, 2, "Người lập biểu: Nguyễn Văn Kín")
    loaded.create_sheet("Ghi nhớ").append(["một", "hai"])
    loaded.save(path)
    return path


def test_rows_sheets_and_columns_left_out_are_shown_with_the_reason(
    staff: Client, book: Path
) -> None:
    body = page(staff, shown(with_rest(book)))
    left_out = body[body.index('id="left-out"') :]
    for said in ("Giống dòng cộng", "Tổng cộng | 40", "dòng 8", "Ghi nhớ", "Mã hồ sơ"):
        assert said in left_out
    assert "Số dòng bỏ qua vì không phải dữ liệu" in body


def test_who_may_read_no_contacts_sees_no_name_of_a_signature() -> None:
    rows = [
        {"sheet": "HTX", "row": 9, "why": "signature", "text": "Nguyễn Văn Kín"},
        {"sheet": "HTX", "row": 8, "why": "totals_row", "text": "Tổng 40 | 031 085 000123"},
    ]
    seen = masked_report({"skipped": rows}, Mapping(), contacts=False, personal_codes=False)
    assert [one["text"] for one in seen["skipped"]] == ["•••", "Tổng 40 | •••"]
