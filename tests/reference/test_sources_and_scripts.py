"""Every fact says where it comes from, and the making scripts notice what is wrong."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linkage.reference.files import read_sources
from linkage.reference.make import check, communes

DATA = communes.DATA


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_listed_with_its_source_and_nothing_else_is() -> None:
    listed = [row.file for row in read_sources()]
    there = sorted(path.name for path in DATA.glob("*.csv") if path.name != "SOURCES.csv")
    assert sorted(listed) == there
    for row in read_sources():
        assert row.what and row.source and row.licence and row.trust and row.made_by, row


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_every_row_has_a_source_and_a_date_or_its_file_has(path: Path) -> None:
    uniform = {row.file for row in read_sources()}
    for row in rows_of(path):
        if "source" in row:
            assert row["source"] and row["retrieved_on"], row
        else:
            assert path.name in uniform


def test_the_lists_have_no_fault() -> None:
    assert list(check.faults(DATA)) == []


def spoil(folder: Path, name: str, change: Callable[[list[dict[str, str]]], None]) -> None:
    header, rows = communes.nfc_rows(folder / name)
    change(rows)
    communes.write_rows(folder / name, header, rows)


def a_synonym_taken(rows: list[dict[str, str]]) -> None:
    rows[0]["synonyms"] = "gạo tẻ"


def an_orphan(rows: list[dict[str, str]]) -> None:
    rows[-1]["parent_code"] = "nowhere"


def no_source(rows: list[dict[str, str]]) -> None:
    rows[0]["source"] = ""


def out_of_order(rows: list[dict[str, str]]) -> None:
    rows.reverse()


def half_a_gram(rows: list[dict[str, str]]) -> None:
    next(row for row in rows if row["code"] == "g")["base_units"] = "0.5"


def leads_nowhere(rows: list[dict[str, str]]) -> None:
    rows[-1]["becomes_name"] = "Xã Không Có"


def other(column: str, value: str) -> Callable[[list[dict[str, str]]], None]:
    """Write another value into the first row."""

    def change(rows: list[dict[str, str]]) -> None:
        rows[0][column] = value

    return change


def a_line_twice(rows: list[dict[str, str]]) -> None:
    rows.insert(0, rows[0])


def a_way_back(rows: list[dict[str, str]]) -> None:
    way = next(row for row in rows if row["to_commodity"] == "rice-flour")
    rows.append({**way, "from_commodity": "rice-flour", "to_commodity": "paddy"})


def no_reason(rows: list[dict[str, str]]) -> None:
    next(row for row in rows if not row["yield_num"])["note"] = ""


def a_line_lost(rows: list[dict[str, str]]) -> None:
    rows.pop()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("commodities.csv", a_synonym_taken, "names both"),
        ("commodities.csv", an_orphan, "no parent"),
        ("certifications.csv", no_source, "no source"),
        ("units.csv", out_of_order, "not sorted"),
        ("units.csv", half_a_gram, "no positive integer"),
        ("earlier_places.csv", leads_nowhere, "no commune of mid-2025"),
        ("SOURCES.csv", a_line_lost, "not in SOURCES.csv"),
        ("transformations.csv", other("from_commodity", "nowhere"), "no commodity nowhere"),
        ("transformations.csv", other("to_commodity", "nowhere"), "no commodity nowhere"),
        ("transformations.csv", other("to_commodity", "anchovy"), "both ends are one"),
        ("transformations.csv", a_line_twice, "listed twice"),
        ("transformations.csv", other("stage", "retail"), "stage 'retail'"),
        ("transformations.csv", other("yield_num", "101"), "is not above 0 and at most 1"),
        ("transformations.csv", other("yield_num", "0"), "is not above 0 and at most 1"),
        ("transformations.csv", other("yield_den", ""), "is not above 0 and at most 1"),
        ("transformations.csv", other("yield_num", "0.4"), "is not above 0 and at most 1"),
        ("transformations.csv", no_reason, "no note why"),
        ("transformations.csv", a_way_back, "a cycle"),
        ("harvest_months.csv", other("commodity", "rice"), "not a commodity of production"),
        ("harvest_months.csv", a_line_twice, "listed twice"),
        ("harvest_months.csv", other("months", "12|13"), "months outside the year"),
        ("harvest_months.csv", other("months", ""), "months outside the year"),
        ("harvest_months.csv", other("months", "5|5"), "a month twice"),
        ("ocop_products.csv", a_line_twice, "listed twice"),
        ("ocop_products.csv", other("stars", "2"), "2 stars"),
        ("ocop_products.csv", other("commodity", "nowhere"), "no commodity nowhere"),
        ("ocop_products.csv", other("year", "19"), "year '19'"),
        ("ocop_products.csv", other("holder", "Hộ ông Văn"), "held by no organisation"),
    ],
)
def test_the_check_says_what_is_wrong(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    change: Callable[[list[dict[str, str]]], None],
    said: str,
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    assert check.main([], folder) == 0
    spoil(folder, name, change)
    assert check.main([], folder) == 1
    assert said in capsys.readouterr().out


def test_sorting_heals_a_list_out_of_order(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    spoil(folder, "units.csv", out_of_order)
    assert check.main(["--sort"], folder) == 0
    assert (folder / "units.csv").read_bytes() == (DATA / "units.csv").read_bytes()


def test_making_the_places_again_from_the_same_facts_changes_nothing(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    out.mkdir()
    for source, target, _ in (communes.TODAY, communes.FORMER):
        header, rows = communes.nfc_rows(DATA / target)
        communes.write_rows(raw / source, header, rows[::-1])
    assert communes.make(raw, out) == {"communes.csv": 114, "former_communes.csv": 453}
    for name in ("communes.csv", "former_communes.csv"):
        assert (out / name).read_bytes() == (DATA / name).read_bytes()


def test_a_missing_input_is_said_and_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert communes.main(["--raw", str(tmp_path)]) == 2
    assert "communes.csv" in capsys.readouterr().err
