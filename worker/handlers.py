"""Which function does which kind of job, and which one takes which topic of the outbox."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone

from linkage.agreements import services as agreements
from linkage.coverage import services as coverage
from linkage.intake import services as intake
from linkage.intake.services import exporting
from linkage.jobs import heads
from linkage.jobs.context import JobContext
from linkage.jobs.models import Outbox
from linkage.jobs.outbox import Consumer
from linkage.jobs.runner import Handler
from linkage.jobs.services import forget_answers, submit
from linkage.market.models import PostKind
from linkage.market.services.claims import POST_CHANGED
from linkage.market.services.quick import forget_corrections
from linkage.matching.solver import Cancelled
from linkage.notices import sending
from linkage.notices.members import tell_of_members
from linkage.notices.services import MESSAGE
from linkage.registry import services as registry
from linkage.registry.services import announcing, codes
from linkage.suggestions import services as suggestions
from linkage.suggestions.pools import LOOK_FOR_POOL
from linkage.suggestions.queries import LOOK
from linkage.suggestions.services import planning
from linkage.suggestions.services.measuring import FAIRNESS
from linkage.suggestions.services.nightly import NIGHTLY, REFRESH
from linkage.suggestions.services.shards import Shard
from worker.schedule import CLEAR_UPLOADS, FORGET_ANSWERS, LAPSE_POOLS, TURN


def snapshot(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    taken = coverage.take_snapshot(
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
    made = coverage.compute_series(
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


def send_notice(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    return {"sent": sending.send_notice(**args)}


def send_code(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    return {"sent": sending.send_code(**args, now=timezone.now())}


def by_job(kind: str) -> Consumer:
    """A consumer that asks for a job: what takes long is done outside of any transaction.

    The job is named after the message, so there is one of it.
    """

    def consume(message: Outbox) -> None:
        period = f"outbox-{message.pk}"
        submit(kind=kind, args=message.payload, now=timezone.now(), period=period)

    return consume


def turn_the_day(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    turned = agreements.turn_the_day(now=timezone.now(), progress=context.progress)
    return asdict(turned)


def lapse_pools(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    return {"lapsed": agreements.lapse_pools(now=timezone.now())}


def look_for_pool(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    try:
        suggestions.look_for_pool(
            need_id=args["need"],
            now=timezone.now(),
            fence=context.fence,
            cancelled=context.should_stop,
        )
    except Cancelled:
        # It says which: called off, or another worker's now.
        context.progress(0, 1)
        raise
    return {}


def clear_broken_uploads(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    owners = (agreements, coverage, intake, registry)
    return {"removed": sum(owner.clear_broken_uploads(now=timezone.now()) for owner in owners)}


def forget_remembered_answers(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    return {"forgotten": forget_answers(now=now), "corrections": forget_corrections(now=now)}


def verify_chain(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    found = heads.verify_and_keep(now=timezone.now(), progress=context.progress)
    return {"seen": found.seen, "head": found.head.hash}


def submit_refresh(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat(args["day"])
    shards = suggestions.submit_refresh(now=timezone.now(), day=day, run=context.job_id)
    return {"shards": shards}


def look_at_post(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    kind = PostKind(args["kind"])
    suggestions.refresh_post(kind=kind, post_id=args["id"], now=timezone.now(), fence=context.fence)
    return {}


def refresh_suggestions(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    context.progress(0, 1)
    cut = dict(args)
    lane = cut.pop("lane")
    suggestions.refresh_shard(
        shard=Shard.of_args(cut), lane=lane, now=timezone.now(), fence=context.fence
    )
    context.progress(1, 1)
    return {}


def make_plan(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    plan = planning.make_plan(
        job_id=context.job_id,
        now=timezone.now(),
        progress=context.progress,
        should_stop=context.should_stop,
        fence=context.fence,
    )
    return {"plan_id": plan.pk}


def measure_fairness(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    report = suggestions.measure_fairness(
        now=timezone.now(), progress=context.progress, fence=context.fence
    )
    return {"report_id": report.pk}


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
    "notices.send": send_notice,
    "notices.send_code": send_code,
    TURN: turn_the_day,
    LAPSE_POOLS: lapse_pools,
    LOOK_FOR_POOL: look_for_pool,
    FORGET_ANSWERS: forget_remembered_answers,
    CLEAR_UPLOADS: clear_broken_uploads,
    heads.KIND: verify_chain,
    NIGHTLY: submit_refresh,
    REFRESH: refresh_suggestions,
    LOOK: look_at_post,
    planning.KIND: make_plan,
    FAIRNESS: measure_fairness,
    **_extra(),
}
CONSUMERS: dict[str, Consumer] = {
    MESSAGE: by_job("notices.send"),
    codes.TOPIC: by_job("notices.send_code"),
    announcing.TOPIC: tell_of_members,
    POST_CHANGED: by_job(LOOK),
}
