"""Whatever stands in a sheet, it is read or refused with a reason, and no row of it is lost."""

from __future__ import annotations

import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from linkage.errors import DomainError, Unprocessable
from linkage.intake.reading.records import read_records
from tests.examples import examples
from tests.intake.reading.conftest import COOPERATIVE_HEADERS, LINKAGE_HEADERS, repack

WORDS = st.sampled_from(
    [*COOPERATIVE_HEADERS, *LINKAGE_HEADERS, "Tổng cộng", "I", "A", "(1)", "Ghi chú: x", "HTX A",
     "Người lập biểu", "Huyện Vĩnh Bảo", "=A1", "#REF!", " ", "1", "Tổng công ty X", "*", "(", "/"]
)  # fmt: skip
VALUES = st.one_of(
    st.none(), WORDS, WORDS, st.integers(-5, 3000), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.just(datetime(2020, 1, 2)), st.just(time(3, 4)), st.just(timedelta(days=2)),
    st.text("aĂ\u0301\u200b(/)-.:", max_size=5),
)  # fmt: skip
ROWS = st.lists(
    st.one_of(
        st.lists(VALUES, max_size=12),
        st.just(list(COOPERATIVE_HEADERS)),
        st.just(list(LINKAGE_HEADERS)),
    ),
    max_size=14,
)
MERGES = st.lists(st.sampled_from(["A1:C1", "B2:B4", "D3:G3", "A5:L5", "C1:D2"]), unique=True)


def _blank(row: list[Any]) -> bool:
    return all(value is None or not str(value).strip() for value in row)


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, MERGES)
def test_no_row_under_a_header_is_lost(rows: list[list[Any]], merges: list[str]) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cells in merges:
        sheet.merged_cells.add(cells)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.xlsx"
        book.save(path)
        try:
            read = read_records(path)
        except DomainError:
            return
    seen = {r.row for r in read.records} | {s.row for s in read.skipped}
    headers = {t.header_row + n for t in read.tables for n in range(len(t.header_texts))}
    first = min(headers)
    expected = {n for n, row in enumerate(rows, 1) if n > first and not _blank(row)}
    assert expected - headers == seen
    assert len(read.records) + len(read.skipped) == len(seen)


def test_two_sheets_of_one_name_are_a_broken_file(register: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return content
        start, end = content.index(b"<sheet "), content.index(b"</sheets>")
        return content[:end] + content[start:end] + content[end:]

    with pytest.raises(Unprocessable):
        read_records(repack(register, change))
