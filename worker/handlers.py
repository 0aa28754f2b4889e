"""Which function does which kind of job, and which one takes which topic of the outbox."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone

from linkage.coverage.services import compute_series, take_snapshot
from linkage.jobs.context import JobContext
from linkage.jobs.outbox import Consumer
from linkage.jobs.runner import Handler


def snapshot(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    taken = take_snapshot(
        as_of=date.fromisoformat(args["as_of"]),
        now=timezone.now(),
        taken_by_id=context.created_by_id,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"snapshot_id": taken.pk}


def series(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    made = compute_series(
        now=timezone.now(),
        today=timezone.localdate(),
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"series_id": made.pk}


def _extra() -> dict[str, Handler]:
    """The handlers of the module that `settings.JOBS_EXTRA_HANDLERS` names, if it names one."""
    if not settings.JOBS_EXTRA_HANDLERS:
        return {}
    handlers: dict[str, Handler] = import_module(settings.JOBS_EXTRA_HANDLERS).HANDLERS
    return handlers


HANDLERS: dict[str, Handler] = {
    "coverage.snapshot": snapshot,
    "coverage.series": series,
    **_extra(),
}
CONSUMERS: dict[str, Consumer] = {}
