"""Bringing a workbook in: upload, preview, ways out of a refusal, apply, undo."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from linkage.intake.models import ImportBatch, ImportRow, PairDecision
from linkage.intake.questions import questions_of
from linkage.jobs.models import Event, Job
from linkage.jobs.services import submit
from tests.web.register import sector
from web.forms.imports import control_of
from web.reports import view_of

pytestmark = pytest.mark.django_db
REPORT = {
    "organisations": {"HTX": 1532, "THT": 1},
    "linkages_accepted": 563,
    "created": {"organisations": 1533, "linkages": 563},
    "updated": {"organisations": 0, "linkages": 0},
    "unchanged": {"organisations": 0, "linkages": 0},
    "refused": [
        {
            "sheet": "Liên kết",
            "row": 571,
            "stt": 566,
            "kind": "linkage",
            "code": "party_unknown",
            "field": "Bên mua",
            "message": "“Công ty Vắng Mặt” không có trong sổ theo dõi.",
            "value": "Công ty Vắng Mặt",
        }
    ],
    "duplicates": [{"sheet": "HTX", "row": 670, "stt": None, "same_as_row": 12, "why": "tax_code"}],
    "likely_duplicates": [
        {
            "sheet": "HTX",
            "row": 20,
            "stt": 18,
            "kind": "organisation",
            "same_as_sheet": "HTX",
            "same_as_row": 30,
            "why": "phone",
            "held": True,
            "first_key": "name:a",
            "second_key": "name:b",
            "decision": None,
        }
    ],
    "corrections": [
        {
            "sheet": "HTX",
            "row": 9,
            "field": "Mã số thuế",
            "before": 205198368,
            "after": "0205198368",
            "rule": "leading_zero",
            "proof": "check digit",
        }
    ],
    "warnings": [],
    "unmapped_columns": [{"sheet": "HTX", "header": "Cột lạ"}],
    "not_in_file": [{"kind": "organisation", "id": 1, "name": "HTX Cũ"}],
    "conflicts": [
        {
            "sheet": "HTX",
            "row": 9,
            "kind": "organisation",
            "id": 1,
            "field": "Tên",
            "name": "HTX A",
            "ours": "HTX A",
            "file": "HTX B",
        }
    ],
}


@pytest.fixture(autouse=True)
def _own_media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    sector()


@pytest.fixture
def batch() -> ImportBatch:
    made = ImportBatch.objects.create(
        file_name="so.xlsx",
        stored_as="imports/x.xlsx",
        sha256="0" * 64,
        came_from="Liên minh HTX",
        legal_basis="Luật Hợp tác xã",
        state=ImportBatch.State.PREVIEWED,
        report=REPORT,
        created_at=timezone.now(),
    )
    ImportRow.objects.create(
        batch=made,
        sheet="Liên kết",
        row=571,
        kind="linkages",
        code="party_unknown",
        raw={"buyer": {"header": "Bên mua", "value": "Công ty Vắng Mặt"}},
    )
    return made


def _workbook() -> SimpleUploadedFile:
    book, held = Workbook(), BytesIO()
    book.active.append(["Tên HTX", "Mã số thuế"])
    book.save(held)
    return SimpleUploadedFile("../../so.xlsx", held.getvalue())


def _upload(client: Client, file: SimpleUploadedFile) -> object:
    posted = {"file": file, "came_from": "Sở", "legal_basis": "Luật"}
    return client.post("/imports/add/", posted)


def test_an_upload_is_previewed_by_a_job(staff: Client) -> None:
    answer = _upload(staff, _workbook())
    job, made = Job.objects.get(), ImportBatch.objects.get()
    assert (job.kind, job.args) == ("intake.preview", {"batch_id": made.pk})
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert made.file_name == "so.xlsx"


def test_a_file_that_is_no_workbook_is_an_error_at_its_field(staff: Client) -> None:
    answer = _upload(staff, SimpleUploadedFile("x.xlsx", b"<html>"))
    assert 'id="id_file_error"' in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_where_it_came_from_and_the_legal_basis_are_asked_for(staff: Client) -> None:
    answer = staff.post("/imports/add/", {"file": _workbook()})
    body = answer.content.decode()
    assert 'id="id_came_from_error"' in body
    assert 'id="id_legal_basis_error"' in body


def test_the_preview_shows_every_part_of_the_report(staff: Client, batch: ImportBatch) -> None:
    body = staff.get(f"/imports/{batch.pk}/").content.decode()
    for words in ("1.532", "STT 566", "Công ty Vắng Mặt", "205198368", "0205198368", "Cột lạ",
                  "HTX Cũ", "HTX B", "cùng số điện thoại", "Trả lại số 0 đầu"):  # fmt: skip
        assert words in body


def test_a_row_held_back_is_said_to_be_and_a_proof_is_in_words(
    staff: Client, batch: ImportBatch
) -> None:
    body = staff.get(f"/imports/{batch.pk}/").content.decode()
    assert "chưa tính và chưa ghi vào sổ cho tới khi bạn quyết định" in body
    assert "chữ số kiểm tra của mã số thuế đúng" in body
    assert "check digit" not in body


def test_an_ambiguous_side_is_chosen_from_a_list(staff: Client, batch: ImportBatch) -> None:
    one = {"name": "HTX Một", "commune": "Xã An Lão", "tax_code": "•••123", "id": None}
    choices = [
        one | {"value": "HTX!6", "sheet": "HTX", "row": 6, "founded_on": None},
        one | {"value": "HTX!7", "sheet": "HTX", "row": 7, "founded_on": "2015-05-20"},
        one | {"value": "#12", "sheet": None, "row": None, "founded_on": None, "id": 12},
    ]
    field = {"header": "buyer_is", "value": None, "choices": choices}
    row = ImportRow.objects.get()
    ImportRow.objects.update(raw=row.raw | {"buyer_is": field}, code="party_ambiguous")
    address = f"/imports/{batch.pk}/row/?sheet=Liên kết&row=571"
    body = staff.get(address).content.decode()
    assert "HTX Một; Xã An Lão; MST •••123; thành lập 20/05/2015; HTX, dòng 7" in body
    assert "HTX Một; Xã An Lão; MST •••123; số 12 trong sổ" in body
    assert "Bên mua là đơn vị nào" in body
    refused = staff.post(address, {"version": 1, "buyer": "Công ty Vắng Mặt", "buyer_is": "HTX!8"})
    assert 'id="id_buyer_is_error"' in refused.content.decode()
    staff.post(address, {"version": 1, "buyer": "Công ty Vắng Mặt", "buyer_is": "HTX!7"})
    assert ImportRow.objects.get().overrides == {"buyer_is": "HTX!7"}


def test_a_reader_sees_no_buttons_of_the_import(auditor: Client, batch: ImportBatch) -> None:
    body = auditor.get(f"/imports/{batch.pk}/").content.decode()
    assert f"/imports/{batch.pk}/apply/" not in body
    assert f"/imports/{batch.pk}/row/" not in body


@pytest.mark.parametrize(
    ("act", "state"),
    [("apply", "previewed"), ("undo", "applied"), ("preview", "undone"), ("preview", "failed")],
)
def test_previewing_applying_and_undoing_are_jobs(
    staff: Client, batch: ImportBatch, act: str, state: str
) -> None:
    ImportBatch.objects.update(state=state)
    staff.post(f"/imports/{batch.pk}/{act}/", {"version": batch.version})
    assert Job.objects.get().kind == f"intake.{act}"


@pytest.mark.parametrize(
    ("act", "state", "words"),
    [
        ("apply", "uploaded", "Hãy xem trước lại"),
        ("apply", "undone", "Hãy xem trước lại"),
        ("apply", "applied", "đã có trong sổ"),
        ("undo", "previewed", "Chỉ hoàn tác được"),
        ("preview", "applied", "đã có trong sổ"),
    ],
)
def test_what_cannot_be_done_now_is_said_on_the_imports_page(
    staff: Client, batch: ImportBatch, act: str, state: str, words: str
) -> None:
    ImportBatch.objects.update(state=state)
    answer = staff.post(f"/imports/{batch.pk}/{act}/", follow=True)
    assert answer.redirect_chain == [(f"/imports/{batch.pk}/", 302)]
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_a_preview_that_waits_is_shown_however_many_mails_were_sent_since(
    staff: Client, batch: ImportBatch
) -> None:
    staff.post(f"/imports/{batch.pk}/preview/")
    waiting = Job.objects.get()
    for number in range(60):
        submit(kind="notices.send", args={"key": str(number)}, now=timezone.now())
    body = staff.get(f"/imports/{batch.pk}/").content.decode()
    assert f"/jobs/{waiting.pk}/" in body
    assert f"/imports/{batch.pk}/apply/" not in body


def test_a_refused_row_is_corrected_and_previewed_again(staff: Client, batch: ImportBatch) -> None:
    address = f"/imports/{batch.pk}/row/?sheet=Liên kết&row=571"
    assert "Công ty Vắng Mặt" in staff.get(address).content.decode()
    staff.post(address, {"version": 1, "buyer": "Công ty Có Mặt"})
    assert ImportRow.objects.get().overrides == {"buyer": "Công ty Có Mặt"}
    assert Job.objects.get().kind == "intake.preview"


def test_a_refused_row_offers_to_create_the_missing_organisation(
    staff: Client, batch: ImportBatch
) -> None:
    body = staff.get(f"/imports/{batch.pk}/").content.decode()
    assert (
        f"/organisations/add/?name=C%C3%B4ng%20ty%20V%E1%BA%AFng%20M%E1%BA%B7t&amp;batch={batch.pk}"
        in body
    )


@pytest.mark.parametrize("query", ["", "?sheet=x&row=1", "?sheet=x&row=x", "?sheet=x&row=99999999"])
def test_a_row_that_is_not_there_is_a_404(staff: Client, batch: ImportBatch, query: str) -> None:
    assert staff.get(f"/imports/{batch.pk}/row/{query}").status_code == 404


def test_a_decision_about_two_alike_is_remembered(staff: Client, batch: ImportBatch) -> None:
    posted = {"first_key": "name:a", "second_key": "name:b", "verdict": "different"}
    staff.post(f"/imports/{batch.pk}/decide/", posted)
    assert PairDecision.objects.get().verdict == "different"


def test_a_row_saved_as_it_stands_is_told_and_the_preview_stays(
    staff: Client, batch: ImportBatch
) -> None:
    address = f"/imports/{batch.pk}/row/?sheet=Liên kết&row=571"
    answer = staff.post(address, {"version": 1, "buyer": "Công ty Vắng Mặt"})
    assert "Chưa có giá trị nào được sửa" in answer.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.version) == ("previewed", 1)
    assert not Event.objects.exists()


@pytest.mark.parametrize("state", ["applied", None])
def test_a_decision_that_nothing_can_come_of_is_not_remembered(
    staff: Client, batch: ImportBatch, state: str | None
) -> None:
    posted = {"first_key": "name:a", "second_key": "name:b", "verdict": "different"}
    number = batch.pk if state else batch.pk + 1
    ImportBatch.objects.update(state=state or batch.state)
    answer = staff.post(f"/imports/{number}/decide/", posted, follow=True)
    assert not PairDecision.objects.exists()
    if state is None:
        assert answer.status_code == 404
    else:
        assert "đã có trong sổ" in answer.content.decode()


def test_a_decision_newer_than_the_report_says_so_and_the_row_says_what_the_report_did(
    staff: Client, batch: ImportBatch
) -> None:
    posted = {"first_key": "name:a", "second_key": "name:b", "verdict": "different"}
    staff.post(f"/imports/{batch.pk}/decide/", posted)
    body = staff.get(f"/imports/{batch.pk}/").content.decode()
    assert "cho tới khi bạn quyết định" not in body
    assert "Giữ lại trong báo cáo này: chưa tính và chưa ghi vào sổ" in body
    assert "hãy xem trước lại để áp dụng" in body


def test_a_column_is_given_its_meaning(staff: Client, batch: ImportBatch) -> None:
    question = next(one for one in questions_of(batch) if one.header == "Cột lạ")
    staff.post(f"/imports/{batch.pk}/columns/", {"version": 1, control_of(question): "name"})
    batch.refresh_from_db()
    assert batch.mapping["columns"] == {"HTX!Cột lạ": "name"}
    assert Job.objects.get().kind == "intake.preview"


def test_an_empty_report_reads_as_nothing() -> None:
    shown = view_of({})
    assert (list(shown.tallies), list(shown.refused)) == ([], [])
    assert shown.duplicates.count == 0


def test_a_long_group_is_cut_and_says_how_many_there_are() -> None:
    refused = [{"code": "self_link", "row": number} for number in range(450)]
    group = view_of({"refused": refused}).refused[0]
    assert (group.count, len(group.entries), group.is_cut) == (450, 200, True)
