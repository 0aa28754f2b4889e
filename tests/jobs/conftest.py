"""A clock that stands still, and the hints that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
hints: list[list[int]] = []


def note_hint(job_ids: Sequence[int]) -> None:
    """Stands where settings.JOBS_WAKE points."""
    hints.append(list(job_ids))


def broken_hint(job_ids: Sequence[int]) -> None:
    raise ConnectionError("the broker is away")


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def sent(settings) -> list[list[int]]:
    """The hints that were sent so far."""
    settings.JOBS_WAKE = "tests.jobs.conftest.note_hint"
    hints.clear()
    return hints
