"""Whatever an import's page asks for can be said on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from linkage.intake import queries, services
from linkage.intake.models import ImportRow
from linkage.jobs.models import Job
from linkage.registry.models import Organisation
from tests.intake.workbooks import CODES, applied, coop, firm, link, workbook
from tests.web.imports.steps import NOW, address_of, form_of, page, shown, worked
from web.jobwords import page_of

pytestmark = pytest.mark.django_db


def test_a_formula_without_a_value_can_be_said_to_be_empty(staff: Client, book: Path) -> None:
    workbook(book, [coop(members=3)])
    loaded = load_workbook(book)
    loaded["HTX"].cell(6, 12).value = "=A1+1"
    loaded.save(book)
    batch = shown(book)
    row = ImportRow.objects.get(batch=batch)
    body = staff.get(address_of(row)).content.decode()
    assert "Ô L6 có công thức" in body
    staff.post(address_of(row), form_of(row) | {"members-empty": "on"})
    worked()
    assert ImportRow.objects.get(batch=batch).overrides == {"members": ""}
    assert queries.get(batch.pk).report["refused"] == []


def test_a_second_contract_is_given_its_own_number_on_its_row(staff: Client, book: Path) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(), link(ends="30/06/2027")]))
    pair: dict[str, Any] = queries.get(batch.pk).report["likely_duplicates"][0]
    keys = {"first_key": pair["first_key"], "second_key": pair["second_key"]}
    staff.post(f"/imports/{batch.pk}/decide/", keys | {"verdict": "different"})
    staff.post(f"/imports/{batch.pk}/preview/")
    worked()
    body = page(staff, batch)
    assert "Nhập số hợp đồng riêng" in body and "Hợp đồng cần có số riêng" in body
    # The report knows of the decision by now, and says nothing else.
    assert "mới hơn báo cáo" not in body
    row = ImportRow.objects.get(batch=batch)
    form = staff.get(address_of(row)).content.decode()
    assert "Vì sao bị từ chối" not in form
    beside = form[form.index('id="id_contract_number_reason"') :][:200]
    assert "cần có số riêng" in beside
    staff.post(address_of(row), form_of(row) | {"contract_number": "02/HĐ"})
    worked()
    report = queries.get(batch.pk).report
    assert (report["linkages_accepted"], report["likely_duplicates"]) == (2, [])


def test_a_refused_undoing_names_what_is_in_its_way(book: Path) -> None:
    report = applied(workbook(book, [coop(code=CODES[0])]))
    Organisation.objects.filter(tax_code=CODES[0]).update(members=7)
    with pytest.raises(services.UndoConflict, match="HTX Một"):
        services.undo_batch(batch_id=report["batch"], now=NOW)


def test_a_refused_undoing_offers_no_other_try() -> None:
    job = Job(pk=1, kind="intake.undo", state="failed", error_code="undo_conflict", created_at=NOW)
    assert not page_of(job, worker_alive=True, may_steer=True).may_retry
    job.error_code = "unexpected_error"
    assert page_of(job, worker_alive=True, may_steer=True).may_retry
