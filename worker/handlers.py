"""Which function does which kind of job, and which one takes which topic of the outbox."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone

from linkage.coverage.services import compute_series, take_snapshot
from linkage.intake import services as intake
from linkage.intake.services import exporting
from linkage.jobs.context import JobContext
from linkage.jobs.outbox import Consumer
from linkage.jobs.runner import Handler
from linkage.jobs.services import submit


def snapshot(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    taken = take_snapshot(
        as_of=date.fromisoformat(args["as_of"]),
        now=timezone.now(),
        taken_by_id=context.created_by_id,
        job_id=context.job_id,
        progress=context.progress,
        fence=context.fence,
    )
    # The trend follows each new figure; a second delivery asks for the same job.
    submit(
        kind="coverage.series", args={}, now=timezone.now(), period=f"after-job-{context.job_id}"
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
    return {"series_id": made.pk, "days": len({point["as_of"] for point in made.points})}


def preview_import(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    report = intake.preview(
        batch_id=args["batch_id"],
        now=timezone.now(),
        progress=context.progress,
        fence=context.fence,
    )
    return {"batch_id": args["batch_id"], **intake.gist(report)}


def apply_import(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    # An earlier attempt may have died after its commit: then the register holds the batch.
    again = context.attempt > 1
    report = intake.report_in_force(batch_id=args["batch_id"]) if again else None
    if report is None:
        report = intake.apply_batch(
            batch_id=args["batch_id"],
            now=timezone.now(),
            actor_id=context.created_by_id,
            progress=context.progress,
            fence=context.fence,
        )
    return {"batch_id": args["batch_id"], **intake.gist(report)}


def undo_import(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    batch_id = args["batch_id"]
    if context.attempt > 1 and intake.report_in_force(batch_id=batch_id) is None:
        # An earlier attempt died after its commit.
        return {"batch_id": batch_id, **intake.last_undoing(batch_id=batch_id)}
    undone = intake.undo_batch(
        batch_id=batch_id,
        now=timezone.now(),
        actor_id=context.created_by_id,
        progress=context.progress,
        fence=context.fence,
    )
    return {"batch_id": batch_id, **undone}


def export(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    return exporting.write_export(now=timezone.now(), progress=context.progress)


def _extra() -> dict[str, Handler]:
    """The handlers of the module that `settings.JOBS_EXTRA_HANDLERS` names, if it names one."""
    if not settings.JOBS_EXTRA_HANDLERS:
        return {}
    handlers: dict[str, Handler] = import_module(settings.JOBS_EXTRA_HANDLERS).HANDLERS
    return handlers


HANDLERS: dict[str, Handler] = {
    "coverage.snapshot": snapshot,
    "coverage.series": series,
    "intake.preview": preview_import,
    "intake.apply": apply_import,
    "intake.undo": undo_import,
    exporting.KIND: export,
    **_extra(),
}
CONSUMERS: dict[str, Consumer] = {}
