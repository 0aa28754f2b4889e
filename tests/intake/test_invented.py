"""Whether what is shown is the packaged sample: from the batches, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linkage.intake.invented import is_shown, sample_digest
from linkage.intake.models import ImportBatch
from linkage.jobs.services import record_event

pytestmark = pytest.mark.django_db
READ = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


HOUR = timedelta(hours=1)


def batch(state: str = "uploaded", sha256: str = "") -> ImportBatch:
    return ImportBatch.objects.create(
        file_name="so.xlsx",
        stored_as="x",
        sha256=sha256 or sample_digest(),
        came_from="x",
        legal_basis="x",
        state=state,
        created_at=READ,
    )


def happens(sample: ImportBatch, kind: str, at: datetime) -> None:
    """The batch is applied or undone, as its row and its history keep it."""
    ImportBatch.objects.filter(pk=sample.pk).update(state=kind)
    record_event(
        subject_kind="import_batch",
        subject_id=sample.pk,
        kind=kind,
        at=at,
        actor_id=None,
        data={},
    )


def test_the_sample_in_the_register_is_invented_data() -> None:
    happens(batch(), "applied", READ - HOUR)
    assert is_shown(read_at=None)
    assert is_shown(read_at=READ)


@pytest.mark.parametrize("state", ["uploaded", "previewed", "failed"])
def test_a_sample_that_was_only_looked_at_is_not_in_the_register(state: str) -> None:
    batch(state)
    assert not is_shown(read_at=READ)
    assert not is_shown(read_at=None)


def test_another_file_is_taken_for_real() -> None:
    happens(batch(sha256="0" * 64), "applied", READ - HOUR)
    assert not is_shown(read_at=READ)
    assert not is_shown(read_at=None)


def test_a_real_figure_of_the_morning_is_not_called_invented_after_a_trial_at_noon() -> None:
    sample = batch()
    happens(sample, "applied", READ + HOUR)
    assert not is_shown(read_at=READ)
    assert is_shown(read_at=None)
    happens(sample, "undone", READ + 2 * HOUR)
    assert not is_shown(read_at=READ)


def test_a_figure_read_before_the_undoing_still_shows_the_sample() -> None:
    sample = batch()
    happens(sample, "applied", READ - HOUR)
    happens(sample, "undone", READ + HOUR)
    assert is_shown(read_at=READ)
    assert not is_shown(read_at=READ + 2 * HOUR)
    assert not is_shown(read_at=None)


def test_it_shows_the_sample_also_once_that_was_looked_at_or_applied_again() -> None:
    sample = batch()
    happens(sample, "applied", READ - HOUR)
    happens(sample, "undone", READ + HOUR)
    ImportBatch.objects.update(state="previewed")
    assert is_shown(read_at=READ)
    happens(sample, "applied", READ + 3 * HOUR)
    assert is_shown(read_at=READ)
    assert not is_shown(read_at=READ + 2 * HOUR)
    assert is_shown(read_at=READ + 3 * HOUR)
