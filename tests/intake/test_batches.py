"""A batch is applied once, all or nothing, backed up before, and can be undone whole."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage import files
from linkage.agreements.models import Linkage
from linkage.agreements.services import terminate_linkage, turn_the_day
from linkage.coverage.audit import audit
from linkage.errors import (
    Conflict,
    DomainError,
    NotAllowed,
    NotFound,
    StaleVersion,
    UnsupportedType,
)
from linkage.intake import queries, services
from linkage.intake.backup import dump
from linkage.intake.invariants import workbooks
from linkage.intake.models import ImportBatch, ImportChange, ImportRow, PairDecision
from linkage.intake.services.settling import NoSuchField
from linkage.jobs.context import JobCancelled, LeaseLost
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import Organisation, StatusFact
from linkage.registry.values import TextInvalid, ValueUnknown
from tests.intake.workbooks import (
    CODES,
    NOW,
    applied,
    codes,
    coop,
    firm,
    link,
    uploaded,
    workbook,
)

pytestmark = pytest.mark.usefixtures("reference")
OF_WORKBOOKS = ("workbook_rows_have_their_files", "workbook_files_have_their_rows")
STRANGER = Actor(None, frozenset())


def register(book: Path, *, members: int = 10, status: str | None = None) -> Path:
    ended = {"status": status, "changed": "1/6/2025"} if status else {}
    first = coop(code=CODES[0], members=members, head="Vũ Đình Hoa", main="Cà chua", **ended)
    return workbook(book, [first], [firm()], [link(), link(number="02/HĐ")])


def test_a_batch_remembers_where_it_came_from_and_on_what_basis(book: Path) -> None:
    batch = uploaded(register(book))
    assert (batch.came_from, batch.legal_basis) == ("thư số 1", "Luật HTX 2023")
    assert batch.file_name == "register.xlsx"
    assert len(batch.sha256) == 64


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b\r\nc.xlsx", "C:\\x\\y.xlsx", "", None])
def test_the_files_own_name_is_never_a_path(book: Path, name: str | None, settings: Any) -> None:
    class File:
        def __init__(self) -> None:
            self.name = name
            self.rest = register(book).read_bytes()

        def read(self, size: int = -1) -> bytes:
            taken, self.rest = self.rest, b""
            return taken

    batch = services.upload(actor=OPERATOR, file=File(), came_from="x", legal_basis="x", now=NOW)
    assert "/" not in batch.file_name
    assert batch.file_name.isprintable()
    assert files.path_of(batch.stored_as).is_file()


def test_a_file_that_is_no_workbook_leaves_nothing_behind(book: Path, settings: Any) -> None:
    book.write_text("STT,Tên\n1,HTX")
    with pytest.raises(UnsupportedType):
        uploaded(book)
    assert not ImportBatch.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_preview_writes_no_register(book: Path) -> None:
    before = dump()
    report = services.preview(batch_id=uploaded(register(book)).pk, now=NOW)
    assert report["created"] == {"organisations": 2, "linkages": 2}
    assert dump() == before
    assert ImportBatch.objects.get().state == "previewed"


def test_undoing_restores_the_exact_dump(book: Path) -> None:
    applied(register(book))
    before = dump()
    report = applied(register(book, members=11, status="Giải thể"))
    assert report["updated"]["organisations"] == 1
    assert dump() != before

    services.undo_batch(batch_id=report["batch"], now=NOW)
    assert dump() == before
    assert queries.get(report["batch"]).state == "undone"


A_YEAR_ON = NOW + timedelta(days=365)


def test_nights_that_end_what_a_batch_brought_leave_it_to_be_undone(book: Path) -> None:
    report = applied(register(book))
    assert set(Linkage.objects.values_list("state", flat=True)) == {"in_force"}
    assert turn_the_day(now=A_YEAR_ON).ended == 2
    assert set(Linkage.objects.values_list("state", flat=True)) == {"ended"}
    services.undo_batch(batch_id=report["batch"], now=A_YEAR_ON)
    assert not Linkage.objects.exists()


def test_what_an_undoing_brings_back_stands_where_its_days_say_by_then(book: Path) -> None:
    applied(register(book))
    later = [link(ends="31/12/2030"), link(number="02/HĐ")]
    report = applied(workbook(book, [coop()], [firm()], later))
    turn_the_day(now=A_YEAR_ON)
    services.undo_batch(batch_id=report["batch"], now=A_YEAR_ON)
    one = Linkage.objects.get(contract_number="01/HĐ")
    assert (one.ends, one.state) == (date(2026, 12, 31), "ended")


def test_the_same_workbook_a_year_later_changes_nothing(book: Path) -> None:
    applied(register(book))
    for night in (False, True):
        if night:
            turn_the_day(now=A_YEAR_ON)
        before = dump()["agreements.Linkage"]
        batch = uploaded(register(book))
        report = services.apply_at_once(batch_id=batch.pk, now=A_YEAR_ON)
        assert report["updated"] == report["created"] == {"organisations": 0, "linkages": 0}
        assert dump()["agreements.Linkage"] == before


def test_undoing_refuses_a_linkage_that_somebody_moved(book: Path) -> None:
    report = applied(register(book))
    one = Linkage.objects.get(contract_number="01/HĐ")
    terminate_linkage(
        actor=OPERATOR,
        linkage_id=one.pk,
        version=one.version,
        terminated_on=NOW.date(),
        reason="Hai bên thôi hợp tác",
        now=NOW,
    )
    with pytest.raises(services.UndoConflict, match="01/HĐ"):
        services.undo_batch(batch_id=report["batch"], now=NOW)


def test_undoing_the_first_batch_empties_the_register(book: Path) -> None:
    report = applied(register(book))
    services.undo_batch(batch_id=report["batch"], now=NOW)
    assert not any(dump().values())


def change_a_member(first: Organisation) -> None:
    Organisation.objects.filter(pk=first.pk).update(members=77)


def add_a_fact(first: Organisation) -> None:
    StatusFact.objects.create(organisation=first, status="stopped", since=date(2026, 1, 1))


def delete_a_linkage(first: Organisation) -> None:
    first.sales.first().delete()


@pytest.mark.parametrize("by_hand", [change_a_member, add_a_fact, delete_a_linkage])
def test_undoing_refuses_what_was_changed_or_used_since(book: Path, by_hand: Any) -> None:
    report = applied(register(book))
    by_hand(Organisation.objects.get(tax_code=CODES[0]))
    before = dump()
    with pytest.raises(services.UndoConflict) as refusal:
        services.undo_batch(batch_id=report["batch"], now=NOW)
    assert refusal.value.values["rows"]
    assert refusal.value.values["count"] == 1
    assert dump() == before
    assert queries.get(report["batch"]).state == "applied"


def test_undoing_reads_no_table_whole_to_learn_who_uses_its_rows(book: Path) -> None:
    report = applied(register(book))
    with CaptureQueriesContext(connection) as asked:
        services.undo_batch(batch_id=report["batch"], now=NOW)
    reads = [
        one["sql"] for one in asked if one["sql"].startswith("SELECT") and " FROM " in one["sql"]
    ]
    assert len(reads) > 30
    assert [sql for sql in reads if " IN (" not in sql and " = " not in sql] == []


def test_a_later_batch_is_undone_first(book: Path) -> None:
    first = applied(register(book))
    second = applied(register(book, members=11))
    with pytest.raises(services.UndoConflict):
        services.undo_batch(batch_id=first["batch"], now=NOW)
    services.undo_batch(batch_id=second["batch"], now=NOW)
    services.undo_batch(batch_id=first["batch"], now=NOW)
    assert not Organisation.objects.exists()


def test_a_batch_is_applied_once_and_undone_once(book: Path) -> None:
    batch = applied(register(book))["batch"]
    for again in (services.apply_batch, services.apply_at_once):
        with pytest.raises(services.BatchNotApplicable):
            again(batch_id=batch, now=NOW)
    with pytest.raises(Conflict):
        services.preview(batch_id=batch, now=NOW)
    services.undo_batch(batch_id=batch, now=NOW)
    with pytest.raises(services.BatchNotApplied):
        services.undo_batch(batch_id=batch, now=NOW)


def test_the_register_is_backed_up_before(book: Path, settings: Any) -> None:
    applied(register(book))
    before = dump()
    batch = ImportBatch.objects.get(pk=applied(register(book, members=11))["batch"])
    content = json.loads(gzip.decompress((Path(settings.BACKUP_DIR) / batch.backup).read_bytes()))
    assert content["tables"] == json.loads(json.dumps(before, default=str))


class LeaseGoneError(Exception):
    pass


def test_a_lost_lease_writes_nothing(book: Path) -> None:
    def fence() -> None:
        assert connection.in_atomic_block
        raise LeaseGoneError

    batch = uploaded(register(book))
    before = dump()
    with pytest.raises(LeaseGoneError):
        services.apply_at_once(batch_id=batch.pk, now=NOW, fence=fence)
    assert dump() == before
    assert not ImportChange.objects.exists()
    assert queries.get(batch.pk).state == "uploaded"


def test_an_import_begins_again_when_the_register_changed_meanwhile(book: Path) -> None:
    applied(register(book))
    calls = []

    def fence() -> None:
        calls.append(1)
        if len(calls) == 1:
            Organisation.objects.update(members=50, hand_edited=["members"], version=2)

    batch = uploaded(register(book, members=11))
    report = services.apply_at_once(batch_id=batch.pk, now=NOW, fence=fence)
    assert len(calls) == 2
    assert [conflict["ours"] for conflict in report["conflicts"]] == ["50"]
    assert set(Organisation.objects.values_list("members", flat=True)) == {50}


@pytest.mark.parametrize("raised", [JobCancelled, LeaseLost])
def test_a_preview_that_was_called_off_says_nothing_about_the_file(
    book: Path, raised: type[Exception]
) -> None:
    def progress(done: int, total: int) -> None:
        raise raised

    batch = uploaded(register(book))
    with pytest.raises(raised):
        services.preview(batch_id=batch.pk, now=NOW, progress=progress)
    assert queries.get(batch.pk).state == "uploaded"


def test_a_file_that_cannot_be_read_any_more_fails_its_batch(book: Path) -> None:
    batch = uploaded(register(book))
    files.path_of(batch.stored_as).write_bytes(b"PK")
    with pytest.raises(DomainError):
        services.preview(batch_id=batch.pk, now=NOW)
    assert queries.get(batch.pk).state == "failed"


def test_a_file_that_is_gone_fails_its_batch_and_says_so(book: Path) -> None:
    batch = uploaded(register(book))
    files.discard(batch.stored_as)
    with pytest.raises(DomainError):
        services.preview(batch_id=batch.pk, now=NOW)
    failed = queries.get(batch.pk)
    assert (failed.state, failed.failure["code"]) == ("failed", "workbook_lost")


def test_a_workbook_gets_its_name_once_its_row_is_committed(
    book: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = uploaded(register(book))
        assert [one.is_finished for one in files.lying(files.WORKBOOKS)] == [False]
    assert (Path(settings.MEDIA_ROOT) / batch.stored_as).is_file()


def test_a_workbook_whose_row_was_rolled_back_goes_after_a_day(book: Path) -> None:
    with transaction.atomic():
        uploaded(register(book))
        transaction.set_rollback(True)
    kept = uploaded(register(book))
    now = timezone.now()
    assert services.clear_broken_uploads(now=now) == 0
    assert services.clear_broken_uploads(now=now + timedelta(days=1, minutes=1)) == 1
    assert [one.stored_as for one in files.lying(files.WORKBOOKS)] == [kept.stored_as]


def test_the_audit_names_a_workbook_without_its_row_and_a_row_without_its_workbook(
    book: Path, settings: Any
) -> None:
    kept, lost = uploaded(register(book)), uploaded(register(book))
    checks = audit(now=timezone.now(), also=workbooks).checks
    assert all(checks[name].ok for name in OF_WORKBOOKS)
    files.finish(kept.stored_as)
    files.discard(lost.stored_as)
    (Path(settings.MEDIA_ROOT) / "imports/la.xlsx").write_bytes(b"PK")
    checks = audit(now=timezone.now() + timedelta(seconds=1), also=workbooks).checks
    assert [checks[name].broken for name in OF_WORKBOOKS] == [(lost.pk,), ("imports/la.xlsx",)]


def test_nobody_can_call_off_an_undoing_that_is_done(book: Path) -> None:
    batch_id = applied(register(book))["batch"]

    def progress(done: int, total: int) -> None:
        if queries.get(batch_id).state == "undone":
            raise JobCancelled

    services.undo_batch(batch_id=batch_id, now=NOW, progress=progress)
    assert queries.get(batch_id).state == "undone"


def test_progress_rises_to_the_number_of_rows(book: Path) -> None:
    said: list[tuple[int, int]] = []
    path = workbook(book, [coop(f"HTX Số {n}") for n in range(450)])
    services.preview(
        batch_id=uploaded(path).pk, now=NOW, progress=lambda done, total: said.append((done, total))
    )
    assert [done for done, _ in said] == sorted(done for done, _ in said)
    assert len(said) >= 3
    assert {total for _, total in said} == {450}


def test_one_bad_row_in_many_is_the_only_one_left_out(book: Path) -> None:
    rows = [coop(f"HTX Số {n}", members=n) for n in range(5000)]
    rows[2500]["Ngày thành lập"] = "31/02/2020"
    report = applied(workbook(book, rows))
    assert [(one["row"], one["code"]) for one in report["refused"]] == [(2506, "no_such_date")]
    assert Organisation.objects.count() == 4999


@pytest.mark.parametrize("rows", [10, 400])
def test_the_number_of_reads_does_not_grow_with_the_rows(book: Path, rows: int) -> None:
    path = workbook(
        book,
        [coop(f"HTX Số {n}", main="Cà chua") for n in range(rows)],
        [firm()],
        [link(seller=f"HTX Số {n}", number=f"{n}/HĐ") for n in range(rows)],
    )
    batch = uploaded(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        services.preview(batch_id=batch.pk, now=NOW)
    assert len(asked) <= 45


# --- Correcting a row ----------------------------------------
def test_a_refused_row_is_corrected_and_tried_again(book: Path) -> None:
    path = workbook(book, [coop()], [firm()], [link(starts="31/02/2024")])
    batch = uploaded(path)
    assert codes(services.preview(batch_id=batch.pk, now=NOW), "refused") == ["no_such_date"]
    row = ImportRow.objects.get()
    services.correct_row(
        actor=OPERATOR,
        batch_id=batch.pk,
        version=batch.version,
        sheet=row.sheet,
        row=row.row,
        overrides={"Hiệu lực từ": "28/02/2024"},
        now=NOW,
    )
    report = services.preview(batch_id=batch.pk, now=NOW)
    assert (codes(report, "refused"), codes(report)) == ([], ["corrected_by_hand"])
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert Linkage.objects.get().starts == date(2024, 2, 28)


def test_a_row_without_its_party_passes_once_the_party_exists(book: Path) -> None:
    path = workbook(book, [coop()], [], [link()])
    batch = uploaded(path)
    assert codes(services.preview(batch_id=batch.pk, now=NOW), "refused") == ["party_unknown"]
    applied(workbook(book, [], [firm()]))
    assert services.preview(batch_id=batch.pk, now=NOW)["refused"] == []


def test_correcting_asks_for_a_right_a_row_and_a_field(book: Path) -> None:
    batch = uploaded(workbook(book, [coop(founded="31/2/2020")]))
    services.preview(batch_id=batch.pk, now=NOW)
    plain = {"actor": OPERATOR, "batch_id": batch.pk, "version": batch.version, "sheet": "HTX",
             "row": 6, "now": NOW}  # fmt: skip
    for wrong, error in (
        ({"actor": STRANGER}, NotAllowed),
        ({"row": 99}, NotFound),
        ({"batch_id": 10**6}, NotFound),
        ({"overrides": {"mật khẩu": "x"}}, NoSuchField),
        ({"overrides": {}}, services.NothingChanged),
        ({"version": batch.version - 1}, StaleVersion),
    ):
        with pytest.raises(error):
            services.correct_row(**({"overrides": {"founded_on": "1/2/2020"}} | plain | wrong))
    assert queries.get(batch.pk).state == "previewed"
    services.apply_batch(batch_id=batch.pk, now=NOW)
    with pytest.raises(Conflict):
        services.correct_row(**plain, overrides={"founded_on": "1/2/2020"})


def test_only_who_may_brings_in_and_decides(book: Path) -> None:
    with pytest.raises(NotAllowed):
        services.upload(
            actor=STRANGER, file=register(book).open("rb"), came_from="", legal_basis="", now=NOW
        )
    plain = {"actor": OPERATOR, "batch_id": uploaded(register(book)).pk, "first_key": "a",
             "second_key": "b", "verdict": "same", "now": NOW}  # fmt: skip
    for wrong, error in (
        ({"actor": STRANGER}, NotAllowed),
        ({"verdict": "maybe"}, ValueUnknown),
        ({"first_key": ""}, TextInvalid),
        ({"first_key": "a" * 501}, TextInvalid),
        ({"batch_id": 10**6}, NotFound),
        ({"batch_id": applied(register(book, members=11))["batch"]}, services.BatchNotApplicable),
    ):
        with pytest.raises(error):
            services.decide_pair(**(plain | wrong))
    assert not PairDecision.objects.exists()


def test_the_newest_decision_about_a_pair_counts_whichever_comes_first(book: Path) -> None:
    batch = uploaded(register(book))
    for first, second, verdict in (("a", "b", "same"), ("b", "a", "different")):
        services.decide_pair(
            actor=OPERATOR,
            batch_id=batch.pk,
            first_key=first,
            second_key=second,
            verdict=verdict,
            now=NOW + timedelta(days=1),
        )
    assert PairDecision.objects.get().verdict == "different"
