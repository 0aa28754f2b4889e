"""A look at a file that somebody overtook says nothing: what was settled since stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linkage.errors import StaleVersion
from linkage.intake import queries, services
from linkage.intake.models import ImportBatch
from linkage.intake.reading.layout import MissingColumn
from linkage.intake.services.batches import _fail
from linkage.intake.services.states import State, move
from linkage.jobs.models import Event
from linkage.registry.access import OPERATOR
from tests.intake.test_applying_what_was_shown import correct, decide, name_a_column, shown
from tests.intake.workbooks import CODES, NOW, applied, coop, firm, link, workbook

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def batch(book: Path) -> ImportBatch:
    """A previewed file with a pair to decide about, a row to correct, a column to name."""
    return shown(
        workbook(book, [coop(members=5), coop()], [firm()], [link(), link(starts="31/02/2024")])
    )


def meanwhile(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Between the reading of the batch and the end of the look at it, `act` happens once."""
    left = [act]

    def progress(done: int, total: int) -> None:
        if left:
            left.pop()()

    return progress


def decided(batch: ImportBatch) -> None:
    decide(batch, "different")


@pytest.mark.parametrize("settle", [correct, name_a_column, decided])
def test_a_preview_that_ends_after_something_was_settled_says_nothing(
    batch: ImportBatch, settle: Callable[[ImportBatch], None]
) -> None:
    with pytest.raises(services.PreviewOvertaken):
        services.preview(batch_id=batch.pk, now=NOW, progress=meanwhile(lambda: settle(batch)))
    assert queries.get(batch.pk).state == "uploaded"


def test_the_control_without_the_guard_shows_the_file_as_if_nothing_had_been_settled(
    batch: ImportBatch,
) -> None:
    name_a_column(batch)
    move(batch.pk, State.PREVIEWED, report=batch.report, plan_digest=batch.plan_digest)
    assert queries.get(batch.pk).state == "previewed"


def test_of_two_previews_the_older_one_leaves_the_newer_ones_report(batch: ImportBatch) -> None:
    def newer() -> None:
        name_a_column(batch)
        services.preview(batch_id=batch.pk, now=NOW)

    with pytest.raises(services.PreviewOvertaken):
        services.preview(batch_id=batch.pk, now=NOW, progress=meanwhile(newer))
    now = queries.get(batch.pk)
    assert (now.state, now.plan_digest != batch.plan_digest) == ("previewed", True)


def test_a_preview_that_nobody_overtakes_counts(batch: ImportBatch) -> None:
    services.preview(batch_id=batch.pk, now=NOW, progress=meanwhile(lambda: None))
    assert queries.get(batch.pk).state == "previewed"


def test_a_failure_that_comes_late_leaves_the_newer_preview(batch: ImportBatch) -> None:
    name_a_column(batch)
    services.preview(batch_id=batch.pk, now=NOW)
    error = MissingColumn(sheet="HTX", header="Tên đơn vị")
    with pytest.raises(services.PreviewOvertaken):
        _fail(batch, error, None)
    assert queries.get(batch.pk).report["organisations"]["HTX"] == 1
    _fail(queries.get(batch.pk), error, None)
    assert queries.get(batch.pk).state == "failed"


def test_an_application_that_no_longer_fits_leaves_the_newer_preview(
    book: Path, tmp_path: Path
) -> None:
    batch = shown(workbook(book, [coop(code=CODES[0], members=11)]))
    applied(workbook(tmp_path / "other.xlsx", [coop(code=CODES[0], members=10)]))

    def newer() -> None:
        name_a_column(batch)
        services.preview(batch_id=batch.pk, now=NOW)

    with pytest.raises(services.PreviewOutdated):
        services.apply_batch(batch_id=batch.pk, now=NOW, progress=meanwhile(newer))
    assert queries.get(batch.pk).state == "previewed"


# --- Two who settle from one page ------------------------------------------------------------
def from_one_page(batch: ImportBatch) -> list[Callable[[], Any]]:
    """Three who each settle something of the import as they saw it."""
    common = {"actor": OPERATOR, "batch_id": batch.pk, "version": batch.version, "now": NOW}
    row = {"sheet": "Liên kết", "row": 7}
    return [
        lambda: services.answer(**common, answers={"columns": {"Sản phẩm": "ignore"}}),
        lambda: services.set_mapping(**common, mapping={"columns": {"ĐVT": "ignore"}}),
        lambda: services.correct_row(**common, **row, overrides={"starts": "28/02/2024"}),
    ]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_of_those_who_settle_from_one_page_only_the_first_does(
    batch: ImportBatch, first: int
) -> None:
    acts = from_one_page(batch)
    acts.pop(first)()
    kept = queries.get(batch.pk)
    for late in acts:
        with pytest.raises(StaleVersion):
            late()
    now = queries.get(batch.pk)
    assert (now.mapping, now.version) == (kept.mapping, batch.version + 1)
    assert Event.objects.filter(subject_kind="import_batch").count() == 1


def test_the_word_on_a_pair_stays_where_another_file_with_it_was_applied_meanwhile(
    batch: ImportBatch, tmp_path: Path
) -> None:
    twin = shown(workbook(tmp_path / "twin.xlsx", [coop(members=5), coop()], [firm()], [link()]))
    services.apply_batch(batch_id=twin.pk, now=NOW)
    decide(batch, "different")
    assert queries.get(twin.pk).state == "applied"
