"""Handlers that a test can hold in the middle; loaded by JOBS_EXTRA_HANDLERS."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from linkage.coverage.services import take_snapshot
from linkage.intake.models import ImportChange
from linkage.intake.services import apply_at_once, report_in_force
from linkage.jobs.context import JobContext, LeaseLost
from linkage.jobs.services import record_event


def gate(job_id: int) -> Path:
    """While this file is missing, the job stays where it is."""
    return Path(settings.VAR_DIR) / f"gate-{job_id}"


def turned_away(job_id: int, pid: int) -> Path:
    """Written by a process that found that it had lost the job."""
    return Path(settings.VAR_DIR) / f"lost-{job_id}-{pid}"


def writing(job_id: int) -> Path:
    """Written when the job is in the middle of a transaction."""
    return Path(settings.VAR_DIR) / f"writing-{job_id}"


def wait_at_the_gate(job_id: int) -> None:
    deadline = time.monotonic() + 60
    while not gate(job_id).exists():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


def effect(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    """Says that it is inside, waits for its gate, writes one line of history."""
    context.progress(1, 3)
    wait_at_the_gate(context.job_id)
    try:
        with transaction.atomic():
            context.fence()
            record_event(
                subject_kind="fault",
                subject_id=context.job_id,
                kind="effect",
                at=timezone.now(),
                actor_id=None,
                data={"pid": os.getpid()},
            )
    except LeaseLost:
        turned_away(context.job_id, os.getpid()).touch()
        raise
    return {"pid": os.getpid()}


def coverage(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    """The nightly coverage job itself, held after its first steps."""

    def progress(done: int, total: int) -> None:
        context.progress(done, total)
        if done == 2:
            wait_at_the_gate(context.job_id)

    taken = take_snapshot(
        as_of=date(2026, 11, 23),
        now=timezone.now(),
        job_id=context.job_id,
        progress=progress,
        fence=context.fence,
    )
    return {"snapshot_id": taken.pk}


def importing(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    """An import itself, held after it read the first rows."""

    def progress(done: int, total: int) -> None:
        context.progress(done, total)
        if done:
            wait_at_the_gate(context.job_id)

    apply_at_once(
        batch_id=args["batch_id"], now=timezone.now(), progress=progress, fence=context.fence
    )
    return args


def importing_held_while_writing(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    """An import itself, held inside its transaction, before the last rows of it are written."""

    def hold(execute: Any, sql: str, params: Any, many: bool, about: Any) -> Any:
        if sql.startswith("INSERT") and ImportChange._meta.db_table in sql:
            writing(context.job_id).touch()
            wait_at_the_gate(context.job_id)
        return execute(sql, params, many, about)

    with connection.execute_wrapper(hold):
        if report_in_force(batch_id=args["batch_id"]) is None:
            apply_at_once(
                batch_id=args["batch_id"],
                now=timezone.now(),
                progress=context.progress,
                fence=context.fence,
            )
    return args


def failing(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("as the test asked")


def endless(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    """Works until it is called off."""
    done, deadline = 0, time.monotonic() + 60
    while time.monotonic() < deadline:
        done += 1
        context.progress(done, 1_000_000)
        time.sleep(0.02)
    raise TimeoutError


HANDLERS = {
    "fault.effect": effect,
    "fault.coverage": coverage,
    "fault.import": importing,
    "fault.import_writing": importing_held_while_writing,
    "fault.failing": failing,
    "fault.endless": endless,
}
