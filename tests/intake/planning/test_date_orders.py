"""One column that is month first puts the other ambiguous columns of its table in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.intake.workbooks import coop, firm, link, previewed, workbook

pytestmark = pytest.mark.usefixtures("reference")


def asked(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (one["sheet"], one["field"])
        for one in report["warnings"]
        if one["code"] == "column_date_order"
    }


def test_beside_a_month_first_column_an_ambiguous_one_is_asked_about(book: Path) -> None:
    workbook(book, [coop(founded="12/25/2015"), coop("HTX Hai", changed="09/10/2024")])
    assert asked(previewed(book)) == {
        ("HTX", "Ngày thành lập"),
        ("HTX", "Ngày thay đổi tình trạng"),
    }


def test_so_it_is_once_the_first_was_answered_month_first(book: Path) -> None:
    workbook(book, [coop(founded="12/25/2015"), coop("HTX Hai", changed="09/10/2024")])
    said = {"date_order": {"Ngày thành lập": "month_first"}}
    assert asked(previewed(book, mapping=said)) == {("HTX", "Ngày thay đổi tình trạng")}


def test_a_column_that_can_only_be_day_first_is_not_asked_about(book: Path) -> None:
    rows = [coop(founded="12/25/2015", changed="09/10/2024"), coop("HTX Hai", changed="25/10/2024")]
    workbook(book, rows)
    assert asked(previewed(book)) == {("HTX", "Ngày thành lập")}


def test_another_table_is_not_in_doubt_and_nothing_is_without_a_month_first_one(
    book: Path,
) -> None:
    workbook(book, [coop(founded="12/25/2015")], [firm()], [link(starts="01/02/2024")])
    assert asked(previewed(book)) == {("HTX", "Ngày thành lập")}
    workbook(book, [coop(founded="03/04/2015", changed="09/10/2024")])
    assert asked(previewed(book)) == set()


@pytest.mark.parametrize("impossible", ["31/13/2015", "45/02/2015", "13/13/2015"])
def test_what_is_no_day_in_either_order_shows_no_order(book: Path, impossible: str) -> None:
    workbook(book, [coop(founded=impossible), coop("HTX Hai", changed="09/10/2024")])
    report = previewed(book)
    assert asked(report) == set()
    assert [one["code"] for one in report["refused"]] == ["no_such_date"]
