"""What an import shows of people: codes and contacts as the rights say, each reading with its line.

A row of the file has a person's code and a telephone; city staff bring it in and read codes masked.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linkage.intake import asking, opening, queries, review, services
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Event
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, Role, RoleGrant, User
from tests.intake.workbooks import NOW, coop, firm, link, uploaded, workbook

pytestmark = pytest.mark.usefixtures("reference")
CODE, PHONE, OTHER = "031085000123", "0912345678", "031085000999"
MASKED = "•••123"
STAFF, VERIFIER, ADMINISTRATOR, AUDITOR = (
    Actor(None, frozenset({role}))
    for role in (Role.CITY_STAFF, Role.VERIFIER, Role.ADMINISTRATOR, Role.AUDITOR)
)
BOTH = [("import_batch", ["contacts", "personal_tax_code"])]
CONTACTS, CODES = [("import_batch", ["contacts"])], [("import_batch", ["personal_tax_code"])]


@pytest.fixture
def batch(book: Path) -> ImportBatch:
    """One row that is corrected, one that is refused: each with a code and a telephone."""
    told = {"code": "031 085 000 123", "phone": "0912.345.678", "head": "  Bà   Bí "}
    rows = [coop("HTX Một", **told), coop("HTX Hai", **told, founded="không rõ")]
    made = uploaded(workbook(book, coops=rows))
    services.preview(batch_id=made.pk, now=NOW)
    return queries.get(made.pk)


@pytest.fixture
def staff_client(db: None) -> Client:
    user = User.objects.create_user("can-bo", full_name="Cán Bộ")
    RoleGrant.objects.create(user=user, role=Role.CITY_STAFF, starts=date(2020, 1, 1))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def lines() -> list[tuple[str, list[str]]]:
    found = Event.objects.filter(subject_kind="reading").order_by("pk")
    return [(event.data["of"], event.data["what"]) for event in found]


def text_of(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False, default=str)


def holds(text: str) -> tuple[bool, bool]:
    """Whether the code stands in it whole, and whether the telephone does."""
    bare = text.replace(" ", "").replace(".", "")
    return CODE in bare, PHONE[1:] in bare


@pytest.mark.parametrize(
    ("actor", "seen", "noted"),
    [
        (STAFF, (False, True), CONTACTS),
        (VERIFIER, (True, True), BOTH),
        (ADMINISTRATOR, (True, True), BOTH),
        (AUDITOR, (False, False), []),
    ],
    ids=["staff", "verifier", "administrator", "auditor"],
)
def test_a_report_shows_what_the_rights_let_and_its_reading_is_noted(batch, actor, seen, noted):
    report = opening.open_report(batch=batch, actor=actor, now=NOW)
    assert (holds(text_of(report)), lines()) == (seen, noted)


def test_a_report_without_people_leaves_no_line(book):
    made = uploaded(workbook(book, coops=[coop()]))
    services.preview(batch_id=made.pk, now=NOW)
    opening.open_report(batch=queries.get(made.pk), actor=ADMINISTRATOR, now=NOW)
    assert lines() == []


@pytest.mark.parametrize(
    ("actor", "seen", "noted"),
    [(STAFF, (False, True), CONTACTS), (ADMINISTRATOR, (True, True), BOTH)],
    ids=["staff", "administrator"],
)
def test_rows_for_a_program_are_masked_alike(batch, actor, seen, noted):
    shown = asking.shown(batch.pk, actor=actor, now=NOW)
    cells = [(row.raw, row.overrides) for row in shown["rows"]]
    assert (holds(text_of(cells)), lines()) == (seen, noted)


def test_the_page_of_a_row_shows_staff_no_code_and_leaves_its_line(batch, staff_client):
    row = batch.rows.get()
    page = staff_client.get(f"/imports/{batch.pk}/row/?sheet={row.sheet}&row={row.row}")
    assert page.status_code == 200
    assert (holds(page.content.decode()), MASKED in page.content.decode()) == ((False, True), True)
    assert lines() == CONTACTS


def test_the_page_of_the_import_leaves_its_line_too(batch, staff_client):
    page = staff_client.get(f"/imports/{batch.pk}/")
    assert (holds(page.content.decode()), lines()) == ((False, True), CONTACTS)


def corrected(batch: ImportBatch, **overrides: str) -> dict[str, str]:
    row = batch.rows.get()
    version = queries.get(batch.pk).version
    place = {"batch_id": batch.pk, "version": version, "sheet": row.sheet, "row": row.row}
    services.correct_row(actor=STAFF, **place, overrides=overrides, now=NOW)
    said: dict[str, str] = batch.rows.get().overrides
    return said


def test_a_code_that_comes_back_hidden_stays_what_the_file_has(batch):
    said = corrected(batch, tax_code=MASKED, founded_on="1/2/2020")
    assert said == {"tax_code": "031 085 000 123", "founded_on": "1/2/2020"}


def test_a_code_that_was_corrected_and_comes_back_hidden_stays_the_corrected_one(batch):
    corrected(batch, tax_code=OTHER)
    said = corrected(batch, tax_code="•••999", founded_on="1/2/2020")
    assert said == {"tax_code": OTHER, "founded_on": "1/2/2020"}


def test_a_half_hidden_code_that_is_none_of_the_rows_is_refused(batch):
    with pytest.raises(services.CodeIsHidden):
        corrected(batch, tax_code="•••124")
    assert batch.rows.get().overrides == {}


def test_the_missing_party_is_created_with_the_code_that_stood_masked(book, staff_client):
    refused = link(buyer="Hộ bà Bí", buyer_code=CODE)
    made = uploaded(workbook(book, [coop()], [firm()], [refused]))
    services.preview(batch_id=made.pk, now=timezone.now())
    row = made.rows.get()
    assert review.missing_party(made.pk, row.sheet, row.row)["tax_code"] == CODE
    address = f"/organisations/add/?batch={made.pk}&sheet={row.sheet}&row={row.row}"
    page = staff_client.get(address).content.decode()
    assert (CODE in page, MASKED in page) == (False, True)
    said = {"name": "Hộ bà Bí", "kind": "household_business", "tax_code": MASKED}
    assert staff_client.post(address, said).status_code == 302
    assert Organisation.objects.get(name="Hộ bà Bí").tax_code == CODE
