"""What an import overwrites is shown before, and stands in the history of what it is of."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linkage.intake import services
from linkage.intake.masking import masked_report
from linkage.intake.reading.mapping import Mapping
from linkage.jobs.models import Event
from linkage.registry.models import Organisation
from tests.intake.workbooks import CODES, NOW, applied, coop, firm, link, previewed, workbook

pytestmark = pytest.mark.usefixtures("reference")


def changed(report: dict[str, Any]) -> set[tuple[str, str, str | None, str | None]]:
    return {(one["name"], one["field"], one["before"], one["after"]) for one in report["changes"]}


def of(subject: str, id_: int) -> list[tuple[str, Any]]:
    events = Event.objects.filter(subject_kind=subject, subject_id=str(id_)).order_by("pk")
    return [(event.kind, event.data) for event in events]


def test_old_and_new_of_every_field_are_shown_and_kept_in_its_history(book: Path) -> None:
    first = applied(workbook(book, [coop(code=CODES[0])], [firm()], [link()]))
    assert first["changes"] == []
    one = Organisation.objects.get(tax_code=CODES[0])
    assert of("organisation", one.pk) == [("imported", {"batch": first["batch"]})]

    other = coop("HTX Khác", code=CODES[0], founded=date(2011, 1, 2), commune="Xã An Lão")
    workbook(book, [other], [firm()], [link(seller="HTX Khác", ends="30/06/2027")])
    report = previewed(book)
    assert changed(report) == {
        ("HTX Một", "Tên đơn vị", "HTX Một", "HTX Khác"),
        ("HTX Một", "Ngày thành lập", "2015-05-20", "2011-01-02"),
        ("HTX Một", "Xã/phường", "Xã Vĩnh Bảo", "Xã An Lão"),
        ("01/HĐ", "Hiệu lực đến", "2026-12-31", "2027-06-30"),
    }
    second = applied(book)
    kind, data = of("organisation", one.pk)[-1]
    assert (kind, data["batch"], data["after"]["name"]) == (
        "import_changed",
        second["batch"],
        "HTX Khác",
    )
    services.undo_batch(batch_id=second["batch"], now=NOW)
    assert of("organisation", one.pk)[-1] == ("import_undone", {"batch": second["batch"]})


def test_a_telephone_number_is_masked_in_the_report_and_not_in_the_history(book: Path) -> None:
    applied(workbook(book, [coop(code=CODES[0], phone="0912345678")]))
    report = applied(workbook(book, [coop(code=CODES[0], phone="0987654321")]))
    assert [one["after"] for one in report["changes"]] == ["+84987654321"]
    seen = masked_report(report, Mapping(), contacts=False, personal_codes=False)
    assert [one["after"] for one in seen["changes"]] == ["•••"]
    assert "987654321" not in str(list(Event.objects.values_list("data", flat=True)))
