"""The computing of the trend, held at some of its steps; loaded by JOBS_EXTRA_HANDLERS.

A test sees on the page that the job is at a step and opens that step's gate: it sees every step,
however fast the machine is.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from linkage.coverage.services import compute_series
from linkage.jobs.context import JobContext

HELD_AT = (1, 10, 40)


def gate(folder: Path, step: int) -> Path:
    """While this file is missing, the work stays at the step."""
    return folder / f"trend-{step}"


def series(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    def progress(done: int, total: int) -> None:
        context.progress(done, total)
        if done in HELD_AT:
            # Progress is not written each time; here somebody waits to see it.
            context.renew()
            _wait(gate(settings.VAR_DIR, done))

    made = compute_series(
        now=timezone.now(),
        today=timezone.localdate(),
        job_id=context.job_id,
        progress=progress,
        fence=context.fence,
    )
    return {"series_id": made.pk, "days": len({point["as_of"] for point in made.points})}


def _wait(path: Path) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(path.name)
        time.sleep(0.02)


HANDLERS = {"coverage.series": series}
