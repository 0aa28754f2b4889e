"""What an import's report shows of people to those who may see neither contacts nor their codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linkage.intake import queries
from linkage.intake.masking import masked_report
from linkage.intake.models import ImportBatch
from linkage.intake.reading.mapping import Mapping
from linkage.registry.access import Actor
from linkage.registry.models import Role
from tests.intake.workbooks import coop, previewed, workbook

CODE, PHONE, PERSON = "031085000123", "0912.345.678", "  Người   Đại Diện "
SECRETS = (CODE, "031 085 000 123", "345.678", "Người Đại Diện", "trăm linh hai")


def actor(role: Role) -> Actor:
    return Actor(1, frozenset({role}))


@pytest.fixture
def batch(book: Path, reference: None) -> ImportBatch:
    workbook(
        book,
        coops=[
            coop("HTX Một", code="031 085 000 123", head=PERSON, phone=PHONE),
            coop("HTX Hai", phone="số trăm linh hai"),
        ],
    )
    previewed(book)
    return ImportBatch.objects.get()


def text_of(report: Any) -> str:
    return json.dumps(report, ensure_ascii=False)


def test_an_administrator_reads_every_cell_that_was_corrected(batch: ImportBatch) -> None:
    whole = text_of(queries.report_of(batch, actor=actor(Role.ADMINISTRATOR)))
    assert [secret for secret in SECRETS if secret not in whole] == []


def test_a_clerk_reads_contacts_and_no_persons_code(batch: ImportBatch) -> None:
    shown = text_of(queries.report_of(batch, actor=actor(Role.CITY_STAFF)))
    assert [secret for secret in SECRETS if secret not in shown] == list(SECRETS[:2])


def test_an_auditor_reads_no_contact_and_no_persons_code(batch: ImportBatch) -> None:
    masked = queries.report_of(batch, actor=actor(Role.AUDITOR))
    assert [secret for secret in SECRETS if secret in text_of(masked)] == []
    assert len(masked["corrections"]) == len(batch.report["corrections"])
    assert masked["created"] == batch.report["created"]


DASHED = "0912-03-1578 (anh Nam)"


def warned(book: Path) -> dict[str, Any]:
    """The warning about a telephone whose digits stand as those of a day do."""
    batch = ImportBatch.objects.get(pk=previewed(book)["batch"])
    report = queries.report_of(batch, actor=actor(Role.AUDITOR))
    (mine,) = [one for one in report["warnings"] if one["code"] == "phone_invalid"]
    return mine


def test_a_telephone_with_dashes_is_quoted_as_it_stands_and_hidden_whole(
    book: Path, reference: None
) -> None:
    whole = previewed(workbook(book, [coop(phone=DASHED)]))["warnings"]
    assert [one["message"] for one in whole if one["code"] == "phone_invalid"] == [
        f"“{DASHED}” không phải số điện thoại hợp lệ: cần kiểm tra lại."
    ]
    masked = warned(book)
    assert masked["value"] == "•••"
    assert "anh Nam" not in text_of(masked)
    assert "1578" not in text_of(masked)
    assert masked["message"] == "“•••” không phải số điện thoại hợp lệ: cần kiểm tra lại."


def test_a_verifier_may_see_people_and_reads_all(batch: ImportBatch) -> None:
    assert queries.report_of(batch, actor=actor(Role.VERIFIER)) == batch.report


def test_a_column_is_hidden_by_what_the_mapping_says_it_is() -> None:
    report = {"corrections": [{"sheet": "A", "field": "Cột 7", "before": "x", "after": "y"}]}
    mapping = Mapping(columns={"Cột 7": "phone"})
    (hidden,) = masked_report(report, mapping, contacts=False, personal_codes=True)["corrections"]
    assert (hidden["before"], hidden["after"]) == ("•••", "•••")
    (shown,) = masked_report(report, Mapping(), contacts=False, personal_codes=True)["corrections"]
    assert (shown["before"], shown["after"]) == ("x", "y")
