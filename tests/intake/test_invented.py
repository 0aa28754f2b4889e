"""Whether what is shown is the packaged sample: from the batches, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linkage.intake.invented import is_shown, sample_digest
from linkage.intake.models import ImportBatch

pytestmark = pytest.mark.django_db
READ = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def batch(state: str, sha256: str = "", undone_at: datetime | None = None) -> None:
    ImportBatch.objects.create(
        file_name="so.xlsx",
        stored_as="x",
        sha256=sha256 or sample_digest(),
        came_from="x",
        legal_basis="x",
        state=state,
        created_at=READ,
        undone_at=undone_at,
    )


def test_the_sample_in_the_register_is_invented_data() -> None:
    batch("applied")
    assert is_shown(read_at=None)
    assert is_shown(read_at=READ)


@pytest.mark.parametrize("state", ["uploaded", "previewed", "failed"])
def test_a_sample_that_was_only_looked_at_is_not_in_the_register(state: str) -> None:
    batch(state)
    assert not is_shown(read_at=READ)


def test_another_file_is_taken_for_real() -> None:
    batch("applied", sha256="0" * 64)
    assert not is_shown(read_at=READ)


def test_a_figure_read_before_the_undoing_still_shows_the_sample() -> None:
    batch("undone", undone_at=READ + timedelta(hours=1))
    assert is_shown(read_at=READ)
    assert not is_shown(read_at=READ + timedelta(hours=2))
    assert not is_shown(read_at=None)
