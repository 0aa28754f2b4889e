"""A second table below the first of a sheet is read under its own header, or not at all."""

from __future__ import annotations

import pytest

from linkage.intake.reading.records import read_records
from tests.intake.reading.conftest import COOPERATIVE_HEADERS, LINKAGE_HEADERS, Write, linkage

FIRST = LINKAGE_HEADERS[1:]
# The same columns, other places: the days changed theirs, few others did.
MOVED = [
    "Bên bán", "MST bên bán", "Bên mua", "MST bên mua", "Sản phẩm", "Số hợp đồng",
    "Hiệu lực đến", "Hiệu lực từ", "Ngày chấm dứt", "Đã kiểm tra", "Ngày kiểm tra",
]  # fmt: skip


def plain(number: int) -> list[object]:
    return linkage(number)[1:]


def moved(number: int) -> list[object]:
    row = dict(zip(FIRST, plain(number), strict=True))
    return [row.get(header) for header in MOVED]


@pytest.mark.parametrize("gap", [0, 2])
def test_a_second_table_in_another_order_is_read_in_its_own(write: Write, gap: int) -> None:
    rows = [FIRST, plain(1), *[[]] * gap, MOVED, moved(2), moved(3)]
    read = read_records(write({"HĐ": rows}))
    days = [(one.cells["starts"].value, one.cells["ends"].value) for one in read.records]
    assert days == [("01/01/2024", "31/12/2026")] * 3
    assert (len(read.tables), read.skipped) == (2, ())


def test_so_it_is_with_fewer_columns(write: Write) -> None:
    short = ["Số hợp đồng", "Bên mua", "Bên bán", "Đến ngày", "Từ ngày"]
    row = ["9/HĐ", "Công ty", "HTX Chín", "31/12/2026", "01/01/2024"]
    read = read_records(write({"HĐ": [FIRST, plain(1), short, row]}))
    cells = read.records[1].cells
    assert (cells["starts"].value, cells["seller"].value) == ("01/01/2024", "HTX Chín")


def test_so_it_is_beside_running_numbers(write: Write) -> None:
    rows = [LINKAGE_HEADERS, linkage(1), ["STT", *MOVED], [2, *moved(2)]]
    read = read_records(write({"HĐ": rows}))
    assert [one.cells["ends"].value for one in read.records] == ["31/12/2026"] * 2


def test_a_second_header_that_is_no_table_refuses_its_rows(write: Write) -> None:
    summary = ["Loại hình", "Lĩnh vực", "Tình trạng", "Số thành viên"]
    coop = ["HTX Một", "HTX", "Nông nghiệp", None, "Xã An Lão", "01/02/2015", "Đang hoạt động"]
    rows = [COOPERATIVE_HEADERS[1:], coop, [], summary, ["HTX", "Trồng trọt", "Ngừng", "12"]]
    read = read_records(write({"HTX": rows}))
    good, under_other = read.records
    assert (good.problem, good.cells["name"].value) == (None, "HTX Một")
    assert under_other.problem is not None
    assert (under_other.problem.code, under_other.problem.ref) == ("unread_table", "A4")
    assert (dict(under_other.cells), read.unmapped_columns) == ({}, ())


def test_a_header_that_comes_again_is_no_second_table(write: Write) -> None:
    groups = ["Bên bán", "MST bên bán", "Hợp đồng", None, None, "Bên mua"]
    below = [None, None, "Số", "Từ ngày", "Đến ngày", None]
    row = ["HTX Một", "0200000001", "1/HĐ", "01/01/2024", "31/12/2026", "Công ty"]
    once = read_records(write({"HĐ": [groups, below, row]}))
    again = read_records(write({"HĐ": [groups, below, row, groups, below, row, below, row]}))
    assert [one.problem for one in again.records] == [None] * 3
    assert len(again.tables) == len(once.tables) == 1
    assert {one.why for one in again.skipped} == {"repeated_header"}


def test_after_another_table_the_first_may_go_on(write: Write) -> None:
    rows = [FIRST, plain(1), MOVED, moved(2), FIRST, plain(3)]
    read = read_records(write({"HĐ": rows}))
    assert [one.cells["starts"].value for one in read.records] == ["01/01/2024"] * 3


def test_rows_of_text_are_rows(write: Write) -> None:
    texts = ["HTX", "0200000001", "Doanh nghiệp", "0200000099", "Nông sản", "HTX", "1/1/2024", None]
    read = read_records(write({"HĐ": [FIRST, plain(1), texts]}))
    assert [one.problem for one in read.records] == [None, None]
    assert len(read.tables) == 1
