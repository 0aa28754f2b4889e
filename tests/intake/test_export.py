"""The workbook that comes back is the office's own, changes nothing, and gives the same figures."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from linkage.agreements.models import Linkage
from linkage.intake.export import export_register
from linkage.registry.access import OPERATOR
from linkage.registry.models import CommuneFact, KindFact, Organisation, StatusFact
from linkage.registry.services import set_kind, set_status
from tests.intake.test_sample import TRUTH, command, figures
from tests.intake.workbooks import (
    CODES,
    NOW,
    SAMPLE,
    applied,
    coop,
    firm,
    link,
    workbook,
)

pytestmark = pytest.mark.usefixtures("reference")


def empty_register() -> None:
    Linkage.objects.all().delete()
    Organisation.objects.all().delete()


def assert_changes_nothing(path: Path) -> None:
    report = command("import_register", str(path))
    assert report["created"] == report["updated"] == {"organisations": 0, "linkages": 0}
    assert report["refused"] == report["not_in_file"] == report["conflicts"] == []
    assert report["duplicates"] == report["likely_duplicates"] == []


def test_the_form_is_the_offices_own(tmp_path: Path) -> None:
    applied(SAMPLE)
    export_register(tmp_path / "back.xlsx")
    ours, theirs = load_workbook(tmp_path / "back.xlsx"), load_workbook(SAMPLE)
    assert ours.sheetnames == theirs.sheetnames
    for name in ours.sheetnames:
        headers = [[cell.value for cell in book[name][5]] for book in (ours, theirs)]
        assert headers[0] == headers[1]
        assert ours[name]["A1"].value == theirs[name]["A1"].value
    assert [row[0].value for row in ours["Liên kết"].iter_rows(min_row=6)] == list(range(1, 564))


def test_changes_survive_the_way_through_a_workbook_into_an_empty_register(tmp_path: Path) -> None:
    applied(SAMPLE)
    stopped, resumed, turned = Organisation.objects.filter(
        kind_facts__kind="cooperative", status_facts__status="active"
    ).order_by("id")[:3]
    for organisation, status, day in (
        (stopped, "stopped", date(2023, 6, 1)),
        (resumed, "suspended", date(2022, 6, 1)),
        (resumed, "active", date(2024, 1, 1)),
    ):
        organisation.refresh_from_db()
        set_status(
            actor=OPERATOR,
            organisation_id=organisation.pk,
            version=organisation.version,
            status=status,
            since=day,
            now=NOW,
        )
    set_kind(
        actor=OPERATOR,
        organisation_id=turned.pk,
        version=turned.version,
        kind="union",
        since=date(2025, 1, 1),
        now=NOW,
    )
    Linkage.objects.filter(pk=Linkage.objects.earliest("id").pk).update(
        terminated_on=date(2023, 1, 1), state="terminated"
    )
    changed = figures()
    assert changed != TRUTH

    path = tmp_path / "back.xlsx"
    export_register(path)
    assert_changes_nothing(path)
    empty_register()
    report = command("import_register", str(path), "--apply")
    assert report["refused"] == []
    assert Organisation.objects.count() == 818
    assert figures() == changed
    assert_changes_nothing(path)
    export_register(tmp_path / "again.xlsx")
    assert_changes_nothing(tmp_path / "again.xlsx")


def test_doubtful_rows_come_back_as_they_were(book: Path, tmp_path: Path) -> None:
    coops = [
        coop(code=CODES[0]),
        coop("HTX Không Ngày", founded=None, phone="gọi bác Ba"),
        coop("HTX Dừng", status="Ngừng hoạt động"),
        coop("HTX Lạ", status="tốt", sector="Phép thuật", commune="Xã Trên Trời", main="vàng mười"),
        coop("HTX Lại Làm", changed="1/2/2020"),
    ]
    links = [
        link(mark="x"),
        link(number="2", checked="1/2/2025"),
        link(number="3", product="vàng mười", form="lạ"),
        link(number="4", unit="bao 50 kg"),
    ]
    applied(workbook(book, coops, [firm(), firm("Hộ Ba", None)], links))
    path = tmp_path / "back.xlsx"
    export_register(path)
    assert_changes_nothing(path)
    before = sorted(
        Linkage.objects.values_list("contract_number", "quantity", "checked_as_written")
    )
    statuses = sorted(
        map(str, StatusFact.objects.values_list("organisation__name", "since", "status"))
    )
    empty_register()
    applied(path)
    assert before == sorted(
        Linkage.objects.values_list("contract_number", "quantity", "checked_as_written")
    )
    assert statuses == sorted(
        map(str, StatusFact.objects.values_list("organisation__name", "since", "status"))
    )


@pytest.mark.parametrize("start", list("=+-@＝＋－＠"))
def test_text_is_never_a_formula(book: Path, tmp_path: Path, start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    applied(workbook(book, [coop(name, code=CODES[0])]))
    path = tmp_path / "back.xlsx"
    export_register(path)
    cell = load_workbook(path)["HTX"]["B6"]
    assert (cell.value, cell.data_type) == (name, "s")
    assert_changes_nothing(path)


def test_only_counting_linkages_and_unmerged_organisations_are_exported(
    book: Path, tmp_path: Path
) -> None:
    applied(workbook(book, [coop(), coop("HTX Gộp")], [firm()], [link(), link(number="02/HĐ")]))
    Linkage.objects.filter(contract_number="02/HĐ").update(state="proposed")
    kept = Organisation.objects.get(name="HTX Một")
    Organisation.objects.filter(name="HTX Gộp").update(merged_into=kept)
    counts = export_register(tmp_path / "back.xlsx")
    assert counts == {"HTX": 1, "Doanh nghiệp": 1, "Liên kết": 1}


def test_the_product_of_what_was_agreed_here_comes_back_too(book: Path, tmp_path: Path) -> None:
    applied(workbook(book, [coop()], [firm()], [link()]))
    Linkage.objects.update(product_as_written="", commodity="winter-melon")
    path = tmp_path / "back.xlsx"
    export_register(path)
    assert "Bí xanh" in [cell.value for cell in load_workbook(path)["Liên kết"][6]]
    assert_changes_nothing(path)
    empty_register()
    applied(path)
    assert Linkage.objects.get().commodity_id == "winter-melon"


@pytest.mark.parametrize("step", [-1, 1])
def test_of_two_alike_the_registers_own_is_the_workbooks(book: Path, step: int) -> None:
    """A merge of organisations can leave a contract twice: as read here and as a member told it."""
    applied(workbook(book, [coop()], [firm()], [link(number="02/HĐ")]))
    own = Linkage.objects.get()
    declared = Linkage.objects.create(
        pk=own.pk + step, seller=own.seller, buyer=own.buyer, starts=own.starts, ends=own.ends,
        contract_number="02/ hđ", state="in_force", origin="declared",
    )  # fmt: skip
    seen = link(number="02/HĐ", mark="x", checked="01/03/2024")
    assert applied(workbook(book, [coop()], [firm()], [seen]))["updated"]["linkages"] == 1
    verified = dict(Linkage.objects.values_list("pk", "verified_on"))
    assert verified == {own.pk: date(2024, 3, 1), declared.pk: None}


def test_an_enterprise_that_became_something_else_keeps_its_history(
    book: Path, tmp_path: Path
) -> None:
    applied(workbook(book, [], [firm()]))
    one = Organisation.objects.get()
    KindFact.objects.create(organisation=one, kind="cooperative", since=date(2024, 1, 1))
    StatusFact.objects.create(organisation=one, status="dissolved", since=date(2025, 1, 1))
    moved = CommuneFact.objects.get()
    CommuneFact.objects.create(
        organisation=one,
        commune_id=moved.commune_id,
        since=date(2024, 5, 1),
        as_written="Xã An Lão",
    )
    path = tmp_path / "back.xlsx"
    export_register(path)
    assert_changes_nothing(path)
    empty_register()
    applied(path)
    assert list(KindFact.objects.order_by("since").values_list("kind", flat=True)) in (
        ["enterprise", "cooperative"],
        ["cooperative", "enterprise"],
    )
    assert KindFact.objects.get(kind="cooperative").since == date(2024, 1, 1)
    assert CommuneFact.objects.count() == 2


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export_register", str(tmp_path / "back.xlsx"), stdout=out)
    assert "HTX 0" in out.getvalue()
