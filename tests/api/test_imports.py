"""Bringing a workbook in at the REST door: the file is kept, the work is a job's."""

from __future__ import annotations

import io
import json

import pytest

from linkage import files
from linkage.catalogue.models import Sector
from linkage.intake.models import ImportBatch, PairDecision
from linkage.jobs.models import Job
from linkage.registry.models import Role, SectorFact
from tests.api.conftest import workbook

LIST = "/api/v1/imports"
JSON = "application/json"
# The first version of what the world has.
SEEN = {"If-Match": '"1"'}
FORM = {"came_from": "Chi cục Phát triển nông thôn", "legal_basis": "KH 215/KH-UBND"}


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def test_a_workbook_is_kept_and_a_preview_waits(world, staff):
    response = staff.post(LIST, {**FORM, "file": workbook()})
    assert response.status_code == 201
    found = response.json()
    batch = ImportBatch.objects.latest("pk")
    assert response["Location"] == f"{LIST}/{batch.pk}"
    assert (found["batch"]["state"], found["job"]["kind"]) == ("uploaded", "intake.preview")
    assert Job.objects.latest("pk").args == {"batch_id": batch.pk}
    assert (batch.came_from, batch.legal_basis) == tuple(FORM.values())
    assert files.path_of(batch.stored_as).exists()


def test_the_stored_path_is_told_to_nobody(world, staff):
    assert "stored_as" not in staff.get(f"{LIST}/{world.batch.pk}").json()


@pytest.mark.parametrize(
    ("file", "status"),
    [
        (lambda: named(b"", "so.xlsx"), {415, 422}),
        (lambda: named(b"a,b\n1,2\n", "so.xlsx"), {415, 422}),
        (lambda: named(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "so.xls"), {415, 422}),
        (lambda: named(workbook().read()[:200], "so.xlsx"), {415, 422}),
    ],
    ids=["empty", "csv", "xls", "cut off"],
)
def test_what_is_no_workbook_is_refused_and_not_kept(file, status, world, staff):
    response = staff.post(LIST, {**FORM, "file": file()})
    assert response.status_code in status
    assert ImportBatch.objects.count() == 1
    assert list(files.lying(files.WORKBOOKS)) == []


@pytest.mark.parametrize("name", ["../../etc/passwd.xlsx", "a\x00b.xlsx", "a\r\nb.xlsx", "x" * 300])
def test_a_files_own_name_is_never_a_path(name, world, staff):
    response = staff.post(LIST, {**FORM, "file": named(workbook().read(), name)})
    assert response.status_code in (201, 400)
    assert all(one.stored_as.count(".") == 1 for one in files.lying(files.WORKBOOKS))


@pytest.mark.parametrize("missing", ["came_from", "legal_basis", "file"])
def test_a_file_comes_with_where_it_is_from_and_why_it_may_be_held(missing, world, staff):
    form = {**FORM, "file": workbook()}
    del form[missing]
    response = staff.post(LIST, form)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == missing


@pytest.mark.parametrize("mapping", ["{", "[]", '{"columns": {"A": "no such field"}}'])
def test_a_mapping_that_cannot_be_is_refused(mapping, world, staff):
    response = staff.post(LIST, {**FORM, "file": workbook(), "mapping": mapping})
    assert response.status_code == 400
    assert ImportBatch.objects.count() == 1


def test_a_mapping_comes_with_the_file(world, staff):
    mapping = json.dumps({"columns": {"Ghi chú": "ignore"}})
    response = staff.post(LIST, {**FORM, "file": workbook(), "mapping": mapping})
    assert response.status_code in (201, 400), response.content


@pytest.mark.parametrize(
    ("act", "state", "code"),
    [
        ("apply", "applied", "batch_not_applicable"),
        ("apply", "undone", "preview_outdated"),
        ("apply", "uploaded", "preview_outdated"),
        ("apply", "failed", "preview_outdated"),
        ("undo", "previewed", "batch_not_applied"),
        ("undo", "undone", "batch_not_applied"),
    ],
)
def test_a_batch_that_is_past_it_is_told_at_once(act, state, code, world, staff):
    ImportBatch.objects.update(state=state)
    response = staff.post(f"{LIST}/{world.batch.pk}/{act}", {}, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (409, code)
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("act", "state"), [("apply", "previewed"), ("undo", "applied")])
def test_applying_and_undoing_are_jobs(act, state, world, staff):
    ImportBatch.objects.update(state=state)
    response = staff.post(f"{LIST}/{world.batch.pk}/{act}", b"", content_type=JSON)
    assert (response.status_code, response.json()["kind"]) == (202, f"intake.{act}")
    assert ImportBatch.objects.get().state == state


def test_a_corrected_row_is_looked_at_again(world, staff):
    body = {"overrides": {"contract_number": "HD-9", "ends": None}}
    address = f"{LIST}/{world.batch.pk}/rows/{world.row.pk}"
    response = staff.patch(address, body, content_type=JSON, headers=SEEN)
    assert response.status_code == 202
    assert response.json()["job"]["kind"] == "intake.preview"
    world.row.refresh_from_db()
    assert world.row.overrides == {"contract_number": "HD-9", "ends": ""}


def test_a_row_of_another_batch_is_absent(world, staff):
    address = f"{LIST}/{world.batch.pk + 1}/rows/{world.row.pk}"
    body = {"overrides": {"contract_number": "HD-9"}}
    assert staff.patch(address, body, content_type=JSON, headers=SEEN).status_code == 404


def test_of_two_who_settle_from_one_reading_the_second_is_told(world, staff):
    address = f"{LIST}/{world.batch.pk}"
    seen = {"If-Match": staff.get(address)["ETag"]}
    first = {"mapping": {"columns": {"A": "ignore"}}}
    answered = staff.patch(address, first, content_type=JSON, headers=seen)
    assert (answered.status_code, answered["ETag"]) == (202, '"2"')
    for late, body in (
        (address, {"mapping": {"columns": {}}}),
        (f"{address}/rows/{world.row.pk}", {"overrides": {"contract_number": "HD-9"}}),
    ):
        refused = staff.patch(late, body, content_type=JSON, headers=seen)
        assert (refused.status_code, refused.json()["code"]) == (412, "stale_version")
        assert staff.patch(late, body, content_type=JSON).status_code == 428
    assert ImportBatch.objects.get().mapping["columns"] == {"A": "ignore"}


def test_what_cannot_be_previewed_again_is_not_settled_either(world, staff):
    for model in (SectorFact, Sector):
        model.objects.all().delete()
    address = f"{LIST}/{world.batch.pk}"
    row = f"{address}/rows/{world.row.pk}"
    for refused in (
        staff.patch(address, {"mapping": {"columns": {"A": "ignore"}}}, JSON, headers=SEEN),
        staff.patch(row, {"overrides": {"contract_number": "HD-9"}}, JSON, headers=SEEN),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "reference_missing")
    world.row.refresh_from_db()
    assert world.row.overrides == {}
    assert ImportBatch.objects.get().version == world.batch.version


def test_a_decision_about_an_import_that_was_applied_is_not_remembered(world, staff):
    ImportBatch.objects.update(state="applied")
    body = {"first_key": "b", "second_key": "a", "verdict": "same"}
    response = staff.post(f"{LIST}/{world.batch.pk}/decisions", body, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (409, "batch_not_applicable")
    assert not PairDecision.objects.exists()


def test_a_decision_is_remembered(world, staff):
    body = {"first_key": "b", "second_key": "a", "verdict": "same"}
    address = f"{LIST}/{world.batch.pk}/decisions"
    assert staff.post(address, body, content_type=JSON).status_code == 201
    staff.post(address, {**body, "verdict": "different"}, content_type=JSON)
    assert [d.verdict for d in PairDecision.objects.all()] == ["different"]


def test_the_rows_of_people_are_for_those_who_correct_them(world, client_of):
    address = f"{LIST}/{world.batch.pk}"
    assert client_of(Role.AUDITOR).get(address).json()["rows"] is None
    assert len(client_of(Role.CITY_STAFF).get(address).json()["rows"]) == 1


def test_why_a_file_could_not_be_read_is_told_and_its_headers_to_clerks(world, client_of):
    told = {"code": "missing_column", "message": "Thiếu cột."}
    ImportBatch.objects.update(failure={**told, "unmapped_columns": [{"header": "Ông Nam"}]})
    address = f"{LIST}/{world.batch.pk}"
    assert client_of(Role.AUDITOR).get(address).json()["failure"] == told
    assert "unmapped_columns" in client_of(Role.CITY_STAFF).get(address).json()["failure"]


def test_a_column_that_reads_in_two_ways_holds_the_file_up(world, staff):
    ImportBatch.objects.update(
        state="previewed", report={"warnings": [{"code": "column_date_order"}]}
    )
    response = staff.post(f"{LIST}/{world.batch.pk}/apply", {}, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (409, "columns_unanswered")


def test_the_report_is_the_commands(world, staff):
    ImportBatch.objects.update(report={"refused": [{"row": 571}]})
    found = staff.get(f"{LIST}/{world.batch.pk}/report").json()
    assert found == {"refused": [{"row": 571}]}


def test_a_file_over_the_limit_is_refused_before_it_is_read(staff):
    response = staff.post(
        LIST, {**FORM, "file": workbook()}, headers={"content-length": "1000000000"}
    )
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
