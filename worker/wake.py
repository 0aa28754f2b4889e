"""Carries the hint from the domain to the broker."""

from __future__ import annotations

from collections.abc import Sequence

from worker.tasks import deliver, run_job


def wake(job_ids: Sequence[int]) -> None:
    """Tell a worker of these jobs; of the outbox, if there are none."""
    for job_id in job_ids:
        run_job.apply_async((job_id,), retry=False)
    if not job_ids:
        deliver.apply_async(retry=False)
