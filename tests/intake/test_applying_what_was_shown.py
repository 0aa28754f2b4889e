"""An import writes what its last preview showed, or nothing; what was undone can come in again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from linkage.agreements.models import Linkage
from linkage.intake import queries, services
from linkage.intake.backup import dump
from linkage.intake.models import ImportBatch, ImportChange
from linkage.jobs.models import Event
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
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


def shown(path: Path, **more: Any) -> ImportBatch:
    """The workbook as a batch that was previewed."""
    batch = uploaded(path, **more)
    services.preview(batch_id=batch.pk, now=NOW)
    return queries.get(batch.pk)


def two_alike(book: Path) -> Path:
    """Two rows of one name and place, of which only one can be accepted unasked."""
    return workbook(book, [coop(members=5), coop(founded=date(2016, 1, 1))], [firm()], [link()])


def decide(batch: ImportBatch, verdict: str) -> None:
    pair = queries.get(batch.pk).report["likely_duplicates"][0]
    keys = {"first_key": pair["first_key"], "second_key": pair["second_key"]}
    services.decide_pair(actor=OPERATOR, batch_id=batch.pk, verdict=verdict, now=NOW, **keys)


def correct(batch: ImportBatch) -> None:
    row = batch.rows.get()
    services.correct_row(
        actor=OPERATOR,
        batch_id=batch.pk,
        version=queries.get(batch.pk).version,
        sheet=row.sheet,
        row=row.row,
        overrides={"starts": "28/02/2024"},
        now=NOW,
    )


def name_a_column(batch: ImportBatch) -> None:
    services.answer(
        actor=OPERATOR,
        batch_id=batch.pk,
        version=queries.get(batch.pk).version,
        answers={"columns": {"Sản phẩm": "ignore"}},
        now=NOW,
    )


def assert_refused(batch: ImportBatch) -> None:
    before = dump()
    with pytest.raises(services.PreviewOutdated):
        services.apply_batch(batch_id=batch.pk, now=NOW)
    assert dump() == before
    assert queries.get(batch.pk).state == "uploaded"


def test_a_batch_that_nobody_looked_at_is_not_applied(book: Path) -> None:
    assert_refused(uploaded(workbook(book, [coop()])))


@pytest.mark.parametrize("settle", [correct, name_a_column])
def test_what_is_settled_after_the_preview_asks_for_another_one(
    book: Path, settle: Callable[[ImportBatch], None]
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(), link(starts="31/02/2024")]))
    settle(batch)
    assert_refused(batch)
    services.preview(batch_id=batch.pk, now=NOW)
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert queries.get(batch.pk).state == "applied"


def test_a_decision_asks_for_another_preview_of_every_file_that_shows_the_pair(book: Path) -> None:
    batch, other = shown(two_alike(book)), shown(two_alike(book))
    beside = shown(workbook(book, [coop("HTX Khác")]))
    decide(batch, "different")
    states = [queries.get(one.pk).state for one in (batch, other, beside)]
    assert states == ["uploaded", "uploaded", "previewed"]
    assert_refused(batch)
    services.preview(batch_id=batch.pk, now=NOW)
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert Organisation.objects.filter(name="HTX Một").count() == 2


def test_a_register_that_changes_the_plan_asks_for_another_preview(book: Path) -> None:
    batch = shown(workbook(book, [coop(code=CODES[0], members=11)]))
    applied(workbook(book, [coop(code=CODES[0], members=10)]))
    assert_refused(batch)


def test_a_value_that_would_be_written_over_another_one_asks_for_another_preview(
    book: Path,
) -> None:
    applied(workbook(book, [coop(code=CODES[0], head="Vũ Đình Hoa")]))
    batch = shown(workbook(book, [coop(code=CODES[0], head="Lê Văn Nam", members=10)]))
    Organisation.objects.update(members=10, version=2)
    assert_refused(batch)


def test_a_register_that_changes_nothing_of_the_plan_is_no_obstacle(book: Path) -> None:
    batch = shown(workbook(book, [coop(code=CODES[0])]))
    applied(workbook(book, [coop("HTX Khác", code=CODES[2])]))
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert Organisation.objects.count() == 2


def test_who_settles_something_while_the_batch_is_being_applied_wins(book: Path) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link(), link(starts="31/02/2024")]))

    def progress(done: int, total: int) -> None:
        if done == 0:
            name_a_column(batch)

    with pytest.raises(services.PreviewOutdated):
        services.apply_batch(batch_id=batch.pk, now=NOW, progress=progress)
    assert not Linkage.objects.exists()
    # The control: who takes a file in unseen does not look what was settled meanwhile.
    services.apply_at_once(batch_id=batch.pk, now=NOW, progress=progress)
    assert Linkage.objects.exists()


# --- A column that can be read in two ways ---------------------------------------------------
AMERICAN = (link(starts="03/04/2024"), link(number="02/HĐ", starts="02/25/2024"))
POINTED = (link(quantity="1.234"), link(number="02/HĐ", quantity="1,234.56", unit="kg"))


@pytest.mark.parametrize("rows", [AMERICAN, POINTED])
def test_nothing_is_taken_in_while_a_column_can_be_read_in_two_ways(
    book: Path, rows: tuple[Any, ...]
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], list(rows)))
    with pytest.raises(services.ColumnsUnanswered):
        services.apply_batch(batch_id=batch.pk, now=NOW)
    assert not Linkage.objects.exists()


@pytest.mark.parametrize(
    ("order", "starts"),
    [
        ("month_first", [date(2024, 3, 4), date(2024, 2, 25)]),
        ("day_first", [date(2024, 4, 3)]),
    ],
)
def test_the_answer_holds_for_every_row_of_the_column(
    book: Path, order: str, starts: list[date]
) -> None:
    batch = shown(workbook(book, [coop()], [firm()], list(AMERICAN)))
    services.answer(
        actor=OPERATOR,
        batch_id=batch.pk,
        version=batch.version,
        answers={"date_order": {"Liên kết!Hiệu lực từ": order}},
        now=NOW,
    )
    report = services.preview(batch_id=batch.pk, now=NOW)
    assert "column_date_order" not in codes(report)
    services.apply_batch(batch_id=batch.pk, now=NOW)
    assert list(Linkage.objects.order_by("id").values_list("starts", flat=True)) == starts


def test_who_corrects_by_hand_writes_the_usual_way_in_a_column_of_another_order(
    book: Path,
) -> None:
    mapping = {"date_order": {"Hiệu lực từ": "month_first"}, "decimal": {"Sản lượng": "point"}}
    path = workbook(book, [coop()], [firm()], [link(starts="31/31/2024", quantity="2.5")])
    batch = shown(path, mapping=mapping)
    services.correct_row(
        actor=OPERATOR,
        batch_id=batch.pk,
        version=queries.get(batch.pk).version,
        sheet="Liên kết",
        row=6,
        overrides={"starts": "05/02/2024", "quantity": "1.234,5"},
        now=NOW,
    )
    services.preview(batch_id=batch.pk, now=NOW)
    services.apply_batch(batch_id=batch.pk, now=NOW)
    linkage = Linkage.objects.get()
    assert (linkage.starts, linkage.quantity) == (date(2024, 2, 5), 1_234_500_000)


# --- Undone and in again ---------------------------------------------------------------------
def test_an_undone_batch_comes_in_again_and_can_be_undone_again(book: Path) -> None:
    batch = shown(workbook(book, [coop()], [firm()], [link()]))
    empty = dump()
    for _time in range(2):
        services.preview(batch_id=batch.pk, now=NOW)
        services.apply_batch(batch_id=batch.pk, now=NOW)
        assert Linkage.objects.count() == 1
        services.undo_batch(batch_id=batch.pk, now=NOW)
        assert dump() == empty
    kinds = Event.objects.filter(subject_kind="import_batch").order_by("pk")
    assert [one.kind for one in kinds] == ["applied", "undone"] * 2
    assert not ImportChange.objects.filter(undone_at=None).exists()


def test_an_undone_batch_is_not_applied_unseen(book: Path) -> None:
    batch = shown(workbook(book, [coop()]))
    services.apply_batch(batch_id=batch.pk, now=NOW)
    services.undo_batch(batch_id=batch.pk, now=NOW)
    with pytest.raises(services.PreviewOutdated):
        services.apply_batch(batch_id=batch.pk, now=NOW)
    assert not Organisation.objects.exists()


# --- The same file again ---------------------------------------------------------------------
def test_the_same_file_again_keeps_what_was_settled_if_that_is_wanted(book: Path) -> None:
    path = workbook(book, [coop()], [firm()], [link(starts="31/02/2024")])
    first = shown(path)
    name_a_column(first)
    correct(first)
    again, plain = shown(path, carry_over=True), shown(path)
    assert (again.carried_from_id, plain.carried_from_id) == (first.pk, None)
    assert again.mapping["columns"] == {"Sản phẩm": "ignore"}
    assert (codes(again.report, "refused"), codes(plain.report, "refused")) == (
        [],
        ["no_such_date"],
    )


def test_another_file_takes_nothing_over(book: Path) -> None:
    correct(shown(workbook(book, [coop()], [firm()], [link(starts="31/02/2024")])))
    other = uploaded(workbook(book, [coop("HTX Khác")]), carry_over=True)
    assert (other.carried_from_id, other.mapping["columns"]) == (None, {})
