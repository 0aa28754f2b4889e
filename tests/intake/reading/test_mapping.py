"""What the clerk says in a mapping beats what is recognised, and is checked word by word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from linkage.intake.reading.mapping import Mapping, MappingInvalid, parse_mapping, read_mapping
from linkage.intake.reading.records import read_records
from tests.intake.reading.conftest import (
    COOPERATIVE_HEADERS,
    LINKAGE_HEADERS,
    Write,
    cooperative,
    linkage,
)


def test_an_unknown_header_takes_the_field_that_is_said(write: Write) -> None:
    headers = ["Danh xưng" if h == "Tên đơn vị" else h for h in COOPERATIVE_HEADERS]
    path = write({"HTX": [headers, cooperative(1)]})
    (record,) = read_records(path, Mapping(columns={"Danh xưng": "name"})).records
    assert record.cells["name"].value == "HTX Minh họa 1"


@pytest.mark.parametrize("said", ["name", "Tên đơn vị", "Tên HTX"])
@pytest.mark.parametrize("header", ["Danh xưng", "HTX!Danh xưng", "  DANH  XUNG "])
def test_columns_are_named_by_field_or_header_and_sheet(
    write: Write, header: str, said: str
) -> None:
    headers = ["Danh xưng" if h == "Tên đơn vị" else h for h in COOPERATIVE_HEADERS]
    path = write({"HTX": [headers, cooperative(1)]})
    (record,) = read_records(path, Mapping(columns={header: said})).records
    assert record.cells["name"].value == "HTX Minh họa 1"


def test_what_is_said_beats_what_is_recognised(write: Write) -> None:
    headers = [*COOPERATIVE_HEADERS, "Mã số mới"]
    path = write({"HTX": [headers, [*cooperative(1), "0200000077"]]})
    read = read_records(path, Mapping(columns={"Mã số mới": "tax_code"}))
    assert read.records[0].cells["tax_code"].value == "0200000077"
    assert [c.header for c in read.unmapped_columns] == ["Mã số thuế"]


def test_a_column_can_be_ignored(write: Write) -> None:
    path = write({"HTX": [COOPERATIVE_HEADERS, cooperative(1)]})
    read = read_records(path, Mapping(columns={"Mã số thuế": "ignore"}))
    assert "tax_code" not in read.records[0].cells
    assert [c.header for c in read.unmapped_columns] == ["Mã số thuế"]


def test_a_sheet_can_be_ignored(write: Write) -> None:
    path = write({"Cũ": [["Tên HTX", "MST", "Trạng thái"]], "LK": [LINKAGE_HEADERS, linkage(1)]})
    read = read_records(path, Mapping(sheets={"Cũ": "ignore"}))
    assert read.ignored_sheets == ("Cũ",)
    assert [record.kind.value for record in read.records] == ["linkages"]


def test_a_sheet_s_kind_can_be_said(write: Write) -> None:
    path = write({"Sheet1": [["STT", "Tên đơn vị", "MST", "Tình trạng"], [1, "Cty B", "1", "x"]]})
    read = read_records(path, Mapping(sheets={"Sheet1": "enterprises"}))
    assert [record.kind.value for record in read.records] == ["enterprises"]


def test_an_entry_that_meets_no_column_is_announced(write: Write) -> None:
    path = write({"HTX": [COOPERATIVE_HEADERS, cooperative(1)]})
    read = read_records(
        path,
        Mapping(
            columns={"Không có": "name"}, decimal={"Diện tích": "point"}, sheets={"Nháp": "ignore"}
        ),
    )
    assert [(w.code, w.header) for w in read.table_warnings] == [
        ("mapping_unused", "Nháp"),
        ("mapping_unused", "Không có"),
        ("mapping_unused", "Diện tích"),
    ]


def test_ways_of_writing_are_found_by_header() -> None:
    said = Mapping(date_order={"Ngày ký": "month_first"}, decimal={"LK!Sản lượng": "point"})
    assert said.date_order_of("LK", "NGÀY  KÝ") == "month_first"
    assert said.date_order_of("LK", "Từ ngày") is None
    assert said.decimal_of("LK", "Sản lượng") == "point"
    assert said.decimal_of("HTX", "Sản lượng") is None


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "$"),
        ({"colums": {}}, "colums"),
        ({"columns": []}, "columns"),
        ({"columns": {"A": 1}}, "columns.A"),
        ({"columns": {"A": "no_such_field"}}, "columns.A"),
        ({"sheets": {"HTX": "linkage"}}, "sheets.HTX"),
        ({"date_order": {"A": "mdy"}}, "date_order.A"),
        ({"decimal": {"A": "."}}, "decimal.A"),
    ],
)
def test_a_wrong_entry_is_named(data: Any, where: str) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        parse_mapping(data)
    assert refusal.value.values["where"] == where


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, '{"columns": NaN}', "\ud800"])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mapping.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(MappingInvalid):
        read_mapping(path)


def test_a_mapping_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps({"columns": {"Danh xưng": "name"}}), encoding="utf-8-sig")
    assert read_mapping(path) == Mapping(columns={"Danh xưng": "name"})


def test_a_wrong_entry_is_told_in_the_readers_language() -> None:
    with translation.override("vi"), pytest.raises(MappingInvalid) as refusal:
        parse_mapping({"decimal": {"A": "."}})
    with translation.override("vi"):
        said = str(refusal.value)
    assert "“.” không thuộc các giá trị được nhận: comma, point" in said
