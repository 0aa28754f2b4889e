"""A column of years alone is answered once: a day of each, or none; nothing is guessed before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linkage.intake import queries, services
from linkage.intake.models import ImportBatch
from linkage.intake.planning import days
from linkage.intake.planning.corrections import RULES
from linkage.intake.questions import DAY_OF_PERIOD, has_unread_columns, questions_of
from linkage.intake.reading.mapping import MappingInvalid
from linkage.intake.telling import in_words
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
from tests.intake.test_unknown_headers import answered, renamed
from tests.intake.workbooks import (
    CODES,
    NOW,
    applied,
    codes,
    coop,
    firm,
    link,
    previewed,
    uploaded,
    workbook,
)

pytestmark = pytest.mark.usefixtures("reference")
YEARS = [
    coop(code=CODES[0], founded=2011),
    coop("HTX Hai", founded="năm 2012"),
    coop("HTX Ba", founded="5/2013"),
    coop("HTX Tư", founded=date(2014, 4, 4)),
]


def years(path: Path) -> Path:
    return renamed(workbook(path, YEARS), "HTX", {"Ngày thành lập": "Năm thành lập"})


def looked_at(path: Path) -> ImportBatch:
    batch = uploaded(path)
    services.preview(batch_id=batch.pk, now=NOW)
    return queries.get(batch.pk)


def founded() -> dict[str, date | None]:
    return dict(Organisation.objects.values_list("name", "founded_on"))


def test_unanswered_the_rows_are_refused_and_the_column_is_asked_about_once(book: Path) -> None:
    batch = looked_at(years(book))
    refused = batch.report["refused"]
    assert codes(batch.report, "refused") == ["no_such_date"] * 3
    assert refused[0]["message"] == "“2011” chỉ nêu năm hoặc tháng, không nêu ngày."
    (asked,) = [one for one in questions_of(batch) if one.section == DAY_OF_PERIOD]
    assert (asked.header, asked.example, asked.is_open) == ("Năm thành lập", "2011", True)
    # Nothing of it is read in two ways: what is good can be taken in.
    assert not has_unread_columns(batch.report)
    assert "Năm thành lập: “2011” không nêu ngày" in in_words(batch.report)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("first_day", [date(2011, 1, 1), date(2012, 1, 1), date(2013, 5, 1)]),
        ("last_day", [date(2011, 12, 31), date(2012, 12, 31), date(2013, 5, 31)]),
        ("unknown", [None, None, None]),
    ],
)
def test_one_answer_reads_the_whole_column(book: Path, said: str, days: list[date | None]) -> None:
    batch = looked_at(years(book))
    report = answered(batch, DAY_OF_PERIOD, **{"Năm thành lập": said})
    assert report["refused"] == []
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert founded() == {
        **dict(zip(["HTX Một", "HTX Hai", "HTX Ba"], days, strict=True)),
        "HTX Tư": date(2014, 4, 4),
    }
    # A row that was left open is to be settled, and that is said of it.
    assert codes(report).count("founding_blank") == (3 if said == "unknown" else 0)


@pytest.mark.parametrize("said", ["first_day", "last_day", "unknown"])
def test_each_value_so_read_is_a_correction_that_its_rule_gives_again(
    book: Path, said: str
) -> None:
    report = answered(looked_at(years(book)), DAY_OF_PERIOD, **{"Năm thành lập": said})
    made = [one for one in report["corrections"] if one["field"] == "Năm thành lập"]
    assert [one["before"] for one in made] == [2011, "năm 2012", "5/2013"]
    for one in made:
        assert one["proof"] == "answer of the clerk"
        assert RULES[one["rule"]](one["before"]) == one["after"]


def test_by_the_command_line_it_is_a_section_of_the_mapping(book: Path) -> None:
    mapping = {"day_of_period": {"HTX!Năm thành lập": "first_day"}}
    assert applied(years(book), mapping=mapping)["refused"] == []
    assert founded()["HTX Một"] == date(2011, 1, 1)
    with pytest.raises(MappingInvalid):
        uploaded(book, mapping={"day_of_period": {"Năm thành lập": "middle"}})


def test_an_answer_for_a_column_that_is_not_there_is_told(book: Path) -> None:
    report = previewed(workbook(book, [coop()]), mapping={"day_of_period": {"Năm TL": "unknown"}})
    assert "mapping_unused" in codes(report)


def test_a_contract_needs_its_days_so_none_is_no_answer_for_it(book: Path) -> None:
    path = workbook(book, [coop()], [firm()], [link(starts=2024, ends="12/2025")])
    last = {"Hiệu lực từ": "first_day", "Hiệu lực đến": "last_day"}
    assert previewed(path, mapping={"day_of_period": last})["linkages_accepted"] == 1
    none = dict.fromkeys(last, "unknown")
    report = previewed(path, mapping={"day_of_period": none})
    assert codes(report, "refused") == ["no_such_date"]


def test_who_corrects_a_row_by_hand_writes_a_day(book: Path) -> None:
    batch = looked_at(workbook(book, [coop(founded="hôm qua")]))
    services.correct_row(
        actor=OPERATOR, batch_id=batch.pk, version=batch.version, sheet="HTX", row=6,
        overrides={"founded_on": "2011"}, now=NOW,
    )  # fmt: skip
    report = services.preview(batch_id=batch.pk, now=NOW)
    assert codes(report, "refused") == ["no_such_date"]
    assert "column_day_of_period" not in codes(report)


@pytest.mark.parametrize("written", [2011, 2011.0, "2011", "7/2018", "2018-07", "tháng 7 năm 2018"])
def test_what_names_no_day_is_told_from_what_is_none(written: Any) -> None:
    assert days.read_date(written).problem == "day_missing"
    assert days.read_date(written, period="first_day").value is not None


def test_a_year_typed_into_a_cell_of_days_is_no_day_of_1905(book: Path) -> None:
    # What Excel holds, and openpyxl gives, of 2011 in a cell that is formatted as a day.
    path = workbook(book, [coop(code=CODES[0], founded=date(1905, 7, 3))])
    report = previewed(path)
    assert report["refused"][0]["message"] == "“2011” chỉ nêu năm hoặc tháng, không nêu ngày."
    report = applied(path, mapping={"day_of_period": {"Ngày thành lập": "first_day"}})
    (made,) = [one for one in report["corrections"] if one["field"] == "Ngày thành lập"]
    assert (made["before"], made["after"]) == (2011, "2011-01-01")
    assert founded() == {"HTX Một": date(2011, 1, 1)}
    assert days.read_date("03/07/1905").value == date(1905, 7, 3)


@pytest.mark.parametrize("written", [1899, 2200, "13/2018", "0/2018", 12.2018, "0000", True])
def test_what_is_neither_a_day_nor_a_period_stays_refused(written: Any) -> None:
    assert days.read_date(written, period="first_day").problem == "no_such_date"
