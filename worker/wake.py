"""Carries the hint from the domain to the broker."""

from __future__ import annotations

from collections.abc import Sequence


def wake(job_ids: Sequence[int]) -> None:
    """Filled in by the Celery tasks."""
