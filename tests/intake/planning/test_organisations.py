"""Rows of organisations: accepted, to be settled, refused, merged, held back, decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from linkage.registry.access import actor_of
from linkage.registry.models import Membership, Organisation, StatusFact, User
from tests.intake.workbooks import (
    CODES,
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


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"Tên đơn vị": None}, "missing_field", "Tên đơn vị"),
        ({"Loại hình": None}, "missing_field", "Loại hình"),
        ({"Loại hình": "Trang trại"}, "unknown_kind", "Loại hình"),
        ({"Ngày thành lập": "31/02/2020"}, "no_such_date", "Ngày thành lập"),
        ({"Ngày thành lập": 2019}, "no_such_date", "Ngày thành lập"),
        ({"Mã số thuế": "0200000001"}, "tax_code_invalid", "Mã số thuế"),
        ({"Loại hình": "Trang trại", "Mã số thuế": "1"}, "unknown_kind", "Loại hình"),
        ({"Tên đơn vị": "HTX " + "dài " * 100}, "too_long", "Tên đơn vị"),
    ],
)
def test_a_row_is_refused_for_the_first_reason(
    book: Path, cells: dict, code: str, field: str
) -> None:
    report = previewed(workbook(book, [coop("HTX Khác"), coop() | cells]))
    (refused,) = report["refused"]
    assert (refused["row"], refused["stt"], refused["code"], refused["field"]) == (
        7,
        2,
        code,
        field,
    )
    assert report["organisations"]["HTX"] == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"founded": None}, "founding_blank"),
        ({"status": "Giải thể"}, "end_without_date"),
        ({"status": "tốt"}, "status_unknown"),
        ({"status": None}, "status_unknown"),
        ({"changed": "01/02/2020"}, "resumed_without_stop_date"),
        ({"sector": "Phép thuật"}, "sector_unresolved"),
        ({"commune": "Xã Trên Trời"}, "place_unresolved"),
        ({"main": "vàng mười"}, "commodity_unresolved"),
        ({"members": "đông lắm"}, "number_unreadable"),
        ({"kind": "THT"}, "name_says_other_kind"),
    ],
)
def test_what_is_doubtful_is_accepted_with_a_warning(book: Path, cells: dict, code: str) -> None:
    report = applied(workbook(book, [coop(**cells)]))
    assert codes(report) == [code]
    assert report["refused"] == []
    assert Organisation.objects.count() == 1


def test_the_facts_are_stored_as_the_rule_reads_them(book: Path) -> None:
    applied(workbook(book, [coop(status="NGỪNG HOẠT ĐỘNG", changed="18/2/2025")]))
    facts = StatusFact.objects.order_by("since").values_list("since", "status")
    assert set(facts) == {(None, "active"), (date(2025, 2, 18), "stopped")}


def test_a_certain_duplicate_merges_and_its_blanks_are_filled(book: Path) -> None:
    rows = [
        coop(code=CODES[0], head="Vũ Đình Hoa"),
        coop("HTX  MỘT", code=int(CODES[0]), members=230, head="Lê Văn Lan"),
    ]
    report = applied(workbook(book, rows))
    assert report["organisations"]["HTX"] == 1
    assert [(d["row"], d["same_as_row"]) for d in report["duplicates"]] == [(7, 6)]
    assert codes(report) == ["duplicate_differs"]
    one = Organisation.objects.get()
    assert (one.members, one.contacts.get().name) == (230, "Vũ Đình Hoa")


@pytest.mark.parametrize(
    "cells",
    [
        {"founded": "21/5/2015"},
        {"status": "Giải thể", "changed": "1/1/2020"},
        {"kind": "THT"},
        {"sector": "Vận tải"},
        {"commune": "Xã An Lão"},
    ],
)
def test_a_conflicting_fact_under_one_tax_code_waits_for_a_person(book: Path, cells: dict) -> None:
    rows = [coop(code=CODES[0]), coop(code=CODES[0], **cells)]
    report = applied(workbook(book, rows))
    (pair,) = report["likely_duplicates"]
    assert (pair["row"], pair["same_as_row"], pair["held"]) == (7, 6, True)
    assert report["duplicates"] == []
    assert Organisation.objects.count() == 1


def test_one_tax_code_under_two_names_waits_and_same_is_remembered(book: Path) -> None:
    path = workbook(book, [coop(code=CODES[0]), coop("HTX Hai", code=CODES[0])])
    decide(previewed(path), "same")
    report = applied(path)
    assert Organisation.objects.get().name == "HTX Một"
    assert [pair["decision"] for pair in report["likely_duplicates"]] == ["same"]
    assert applied(path)["unchanged"]["organisations"] == 1


def test_different_is_remembered_and_the_second_has_no_tax_code(book: Path) -> None:
    path = workbook(book, [coop(code=CODES[0]), coop("HTX Hai", code=CODES[0])])
    decide(previewed(path), "different")
    report = applied(path)
    assert codes(report) == ["tax_code_used_by_other"]
    assert set(Organisation.objects.values_list("name", "tax_code")) == {
        ("HTX Một", CODES[0]),
        ("HTX Hai", None),
    }
    assert applied(path)["unchanged"]["organisations"] == 2


def test_two_rows_of_one_name_kind_and_commune_without_code_wait(book: Path) -> None:
    path = workbook(book, [coop(), coop()])
    report = previewed(path)
    assert [pair["held"] for pair in report["likely_duplicates"]] == [True]
    assert report["organisations"]["HTX"] == 1
    decide(report, "different")
    assert applied(path)["created"]["organisations"] == 2
    assert applied(path)["unchanged"]["organisations"] == 2


def test_a_twin_without_code_is_accepted_and_listed_until_decided(book: Path) -> None:
    path = workbook(book, [coop(code=CODES[0]), coop()])
    report = applied(path)
    assert [(p["why"], p["held"]) for p in report["likely_duplicates"]] == [("name", False)]
    assert Organisation.objects.filter(merged_into=None).count() == 2
    decide(previewed(path), "same")
    report = applied(path)
    assert report["organisations"]["HTX"] == 1
    assert Organisation.objects.filter(merged_into=None).count() == 1
    assert applied(path)["unchanged"]["organisations"] == 1


def test_no_import_merges_away_whom_people_act_for(book: Path) -> None:
    path = workbook(book, [coop(code=CODES[0]), coop()])
    applied(path)
    twin = Organisation.objects.get(tax_code=None)
    lan = User.objects.create_user("lan")
    Membership.objects.create(user=lan, organisation=twin, role="admin", starts=date(2025, 1, 1))
    decide(previewed(path), "same")
    applied(path)
    assert actor_of(lan, date(2026, 1, 1)).memberships == {twin.pk: "admin"}
    assert Organisation.objects.get(pk=twin.pk).merged_into is None


def test_very_alike_names_under_one_phone_are_listed(book: Path) -> None:
    rows = [
        coop("HTX Dịch vụ nông nghiệp Tân Trào", code=CODES[0], phone="0976604557"),
        coop("HTX DVu nông nghiệp Tân Trào", code=CODES[2], phone=976604557),
        coop("HTX Vận tải Kiến Quốc", code=CODES[3], phone=976604557),
    ]
    report = previewed(workbook(book, rows))
    assert [(p["row"], p["why"]) for p in report["likely_duplicates"]] == [(7, "phone")]
    assert report["organisations"]["HTX"] == 3


def test_a_newer_file_updates_what_it_says_and_keeps_the_rest(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0], members=10, head="Lê Văn Lan"), coop("HTX Cũ")]))
    newer = workbook(
        book,
        [coop("HTX Một Mới", code=CODES[0], members=12, status="Giải thể", changed="1/3/2026")],
    )
    report = applied(newer)
    assert report["updated"]["organisations"] == 1
    assert [one["name"] for one in report["not_in_file"]] == ["HTX Cũ"]
    one = Organisation.objects.get(tax_code=CODES[0])
    assert (one.name, one.members, one.contacts.get().name) == ("HTX Một Mới", 12, "Lê Văn Lan")
    assert one.status_facts.count() == 2


def test_a_field_edited_by_hand_wins_and_is_listed(book: Path) -> None:
    path = workbook(book, [coop(code=CODES[0], members=10)])
    applied(path)
    Organisation.objects.update(members=99, hand_edited=["members"])
    report = applied(path)
    assert [(c["field"], c["ours"], c["file"]) for c in report["conflicts"]] == [
        ("Số thành viên", "99", "10")
    ]
    assert Organisation.objects.get().members == 99


def test_whoever_was_renamed_by_hand_is_still_found_by_the_old_workbook(book: Path) -> None:
    path = workbook(book, [coop()])
    applied(path)
    Organisation.objects.update(name="HTX Tên Mới", name_key="htx tên mới", hand_edited=["name"])
    report = applied(path)
    assert (report["created"]["organisations"], len(report["conflicts"])) == (0, 1)


def test_an_enterprise_needs_no_kind_status_or_founding_day(book: Path) -> None:
    report = applied(workbook(book, [coop()], [firm()], [link()]))
    assert codes(report) == []
    assert report["organisations"]["Doanh nghiệp"] == 1
