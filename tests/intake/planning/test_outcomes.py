"""What the import says is what it does: each warning is true of what the register holds after."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from linkage.agreements.models import Linkage
from linkage.registry.models import KindFact, Organisation
from tests.intake.workbooks import (
    CODES,
    NOW,
    applied,
    codes,
    coop,
    decide,
    firm,
    link,
    previewed,
    workbook,
)

pytestmark = pytest.mark.usefixtures("reference")
TOMORROW = NOW.date() + timedelta(days=1)


def said(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["value"]) for one in report["warnings"]]


# --- Organisations ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("known", "blank", "code", "value"),
    [
        ({}, {"founded": None}, "founding_kept", "2015-05-20"),
        (
            {"status": "Giải thể", "changed": "1/6/2024"},
            {"status": "Giải thể", "changed": None},
            "end_date_kept",
            "2024-06-01",
        ),
        ({}, {"status": "tốt lắm"}, "status_kept", "Đang hoạt động"),
        ({}, {"status": None}, "status_kept", "Đang hoạt động"),
        ({}, {"sector": "Phép thuật"}, "sector_kept", "Phép thuật"),
        ({}, {"commune": "Xã Trên Trời"}, "place_kept", "Xã Trên Trời"),
    ],
)
def test_what_the_register_knows_already_is_not_to_be_settled(
    book: Path, known: dict, blank: dict, code: str, value: str
) -> None:
    applied(workbook(book, [coop(code=CODES[0], **known)]))
    before = Organisation.objects.get()
    report = applied(workbook(book, [coop(code=CODES[0], **known | blank)]))
    assert said(report) == [(code, value)]
    assert "làm rõ" not in report["warnings"][0]["message"]
    assert Organisation.objects.get().founded_on == before.founded_on


def test_a_sentence_about_nothing_quotes_nothing(book: Path) -> None:
    report = previewed(workbook(book, [coop(status=None, sector=None, commune=None)]))
    assert codes(report) == ["status_unknown", "sector_unresolved", "place_unresolved"]
    assert not [one for one in report["warnings"] if "“”" in one["message"]]


def test_a_blank_that_another_row_of_the_file_fills_is_not_to_be_settled(book: Path) -> None:
    rows = [coop(code=CODES[0], founded=None), coop(code=CODES[0])]
    report = applied(workbook(book, rows))
    assert said(report) == [("founding_kept", "2015-05-20")]
    assert Organisation.objects.get().founded_on == date(2015, 5, 20)


def test_active_again_is_whole_where_the_register_knows_the_stop(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0], status="Tạm ngừng", changed="1/6/2024")]))
    report = applied(workbook(book, [coop(code=CODES[0], changed="1/6/2025")]))
    assert codes(report) == []
    assert Organisation.objects.get().status_facts.count() == 3


def test_of_a_row_that_is_refused_or_held_back_no_result_is_told(book: Path) -> None:
    rows = [
        coop("HTX Sai", status="tốt", code="0200000001"),
        coop(code=CODES[0]),
        coop("HTX Khác Tên", code=CODES[0], founded=None, commune="Xã Trên Trời"),
    ]
    refused = [link(mark="x", buyer="Lạ", buyer_code=None), link(mark="x", terminated="31/2/2025")]
    report = previewed(workbook(book, rows, [firm()], refused))
    assert codes(report, "refused") == ["tax_code_invalid", "party_unknown", "no_such_date"]
    assert codes(report) == []


def test_same_says_what_the_first_row_wins_over(book: Path) -> None:
    path = workbook(book, [coop(code=CODES[0]), coop("HTX Hai", code=CODES[0], founded="1/1/2020")])
    decide(previewed(path), "same")
    report = applied(path)
    assert [(one["code"], one["field"]) for one in report["warnings"]] == [
        ("duplicate_differs", "Tên đơn vị"),
        ("duplicate_differs", "Ngày thành lập"),
    ]
    assert Organisation.objects.get().founded_on == date(2015, 5, 20)


# --- Linkages -----------------------------------------------------------------------------------
PARTIES = ([coop()], [firm()])


@pytest.mark.parametrize(
    "cells", [{"mark": "x"}, {"checked": "1/3/2025"}, {"mark": "xem lại", "checked": "1/3/2025"}]
)
def test_a_verification_that_is_known_stays_and_that_is_what_is_said(
    book: Path, cells: dict
) -> None:
    applied(workbook(book, *PARTIES, [link(mark="x", checked="14/05/2024")]))
    report = applied(workbook(book, *PARTIES, [link(**cells)]))
    assert said(report) == [("verification_kept", "2024-05-14")]
    assert "14/05/2024" in report["warnings"][0]["message"]
    assert Linkage.objects.get().verified_on == date(2024, 5, 14)


def test_a_verification_in_another_row_of_the_contract_counts(book: Path) -> None:
    rows = [link(mark="x"), link(mark="x", checked="14/05/2024")]
    report = applied(workbook(book, *PARTIES, rows))
    assert said(report) == [("verification_kept", "2024-05-14")]
    assert Linkage.objects.get().verified_on == date(2024, 5, 14)


def test_without_a_known_verification_it_is_not_verified(book: Path) -> None:
    report = applied(workbook(book, *PARTIES, [link(mark="x")]))
    assert codes(report) == ["checked_without_date"]
    assert Linkage.objects.get().verified_on is None


def test_a_termination_that_the_register_overrules_is_not_told(book: Path) -> None:
    applied(workbook(book, *PARTIES, [link()]))
    Linkage.objects.update(hand_edited=["terminated_on"])
    report = applied(workbook(book, *PARTIES, [link(terminated="1/1/2024")]))
    assert codes(report) == []
    assert [one["field"] for one in report["conflicts"]] == ["Ngày chấm dứt"]


# --- Days to come -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"mark": "x", "checked": TOMORROW}, "verified_in_future"),
        ({"starts": TOMORROW, "ends": None}, "starts_in_future"),
    ],
)
def test_a_day_to_come_in_a_linkage_is_told(book: Path, cells: dict, code: str) -> None:
    report = applied(workbook(book, *PARTIES, [link(**cells)]))
    assert said(report) == [(code, TOMORROW.isoformat())]
    assert f"{TOMORROW:%d/%m/%Y}" in report["warnings"][0]["message"]
    assert report["linkages_accepted"] == 1
    assert said(previewed(book)) == said(report)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"founded": TOMORROW}, "founded_in_future"),
        ({"status": "Giải thể", "changed": TOMORROW}, "status_in_future"),
    ],
)
def test_a_day_to_come_of_an_organisation_is_told(book: Path, cells: dict, code: str) -> None:
    report = applied(workbook(book, [coop(**cells)]))
    assert said(report) == [(code, TOMORROW.isoformat())]


def test_today_is_no_day_to_come(book: Path) -> None:
    today = NOW.date()
    report = applied(
        workbook(book, [coop(founded=today)], [firm()], [link(mark="x", checked=today)])
    )
    assert codes(report) == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("HTX", ["founding_blank"]),
        ("Tổ hợp tác", ["founding_blank"]),
        ("Liên hiệp HTX", ["founding_blank"]),
        ("Doanh nghiệp", []),
        ("Hộ kinh doanh", []),
    ],
)
def test_only_who_a_figure_counts_needs_a_founding_day(
    book: Path, kind: str, told: list[str]
) -> None:
    rows = [coop("Đơn vị Một", kind=kind, founded=None)]
    assert codes(previewed(workbook(book, rows))) == told


def test_of_an_enterprise_nothing_is_to_be_settled_in_whatever_sheet_it_stands(book: Path) -> None:
    bare = coop("Công ty Ba", kind="Doanh nghiệp", founded=None, sector=None, commune=None)
    assert codes(previewed(workbook(book, [bare]))) == []


def test_who_is_an_enterprise_by_a_persons_word_needs_no_founding_day(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0], founded=None)]))
    Organisation.objects.update(hand_edited=["kind"])
    KindFact.objects.update(kind="enterprise")
    report = previewed(workbook(book, [coop(code=CODES[0], founded=None)]))
    assert "founding_blank" not in codes(report)


def test_an_enterprise_is_not_told_that_its_known_founding_day_stays(book: Path) -> None:
    applied(workbook(book, [], [firm()]))
    Organisation.objects.update(founded_on=date(2001, 2, 3))
    assert said(previewed(workbook(book, [], [firm()]))) == []


# --- A termination outside the contract's term ----------------------------------------------------
def test_a_termination_after_the_end_is_told_and_the_linkage_counts_to_its_end(book: Path) -> None:
    report = applied(workbook(book, *PARTIES, [link(ends="31/12/2025", terminated="1/6/2026")]))
    assert said(report) == [("terminated_after_ends", "2026-06-01")]
    message = report["warnings"][0]["message"]
    assert message.startswith("Ngày chấm dứt 01/06/2026 muộn hơn ngày hết hạn của hợp đồng")
    assert report["linkages_accepted"] == 1


def test_a_termination_on_the_last_day_or_of_a_contract_without_end_is_none_to_tell(
    book: Path,
) -> None:
    on_it = link(ends="31/12/2025", terminated="31/12/2025")
    endless = link(number="2", ends=None, terminated="1/6/2026")
    assert said(previewed(workbook(book, *PARTIES, [on_it, endless]))) == []


def test_an_end_that_the_register_keeps_from_earlier_is_no_matter_of_the_row(book: Path) -> None:
    applied(workbook(book, *PARTIES, [link(ends="31/12/2027")]))
    Linkage.objects.update(hand_edited=["ends"])
    row = link(ends="31/12/2025", terminated="1/6/2026")
    assert "terminated_after_ends" not in codes(previewed(workbook(book, *PARTIES, [row])))


def test_a_termination_to_come_is_told(book: Path) -> None:
    row = link(ends="31/12/2027", terminated=TOMORROW)
    report = previewed(workbook(book, *PARTIES, [row]))
    assert said(report) == [("terminated_in_future", TOMORROW.isoformat())]
