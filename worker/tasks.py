"""The tasks: each a few lines round one call into `linkage`. Their names are stable."""

from __future__ import annotations

import socket

from celery import Task
from celery.schedules import crontab
from celery.signals import worker_ready
from celery.worker.consumer import Consumer
from django.conf import settings
from django.db import connections
from django.utils import timezone

from linkage.agreements.services import expire_posts
from linkage.jobs import leases, outbox, runner, services
from worker.app import app
from worker.handlers import CONSUMERS, HANDLERS
from worker.schedule import NIGHTLY_AT, submit_nightly

app.conf.beat_schedule = {
    "sweep": {
        "task": "jobs.sweep",
        "schedule": settings.JOBS_SWEEP_SECONDS,
        "options": {"expires": 2 * settings.JOBS_SWEEP_SECONDS},
    },
    "heartbeat": {"task": "jobs.heartbeat", "schedule": 5, "options": {"expires": 10}},
    "nightly": {
        "task": "jobs.nightly",
        "schedule": crontab(hour=str(NIGHTLY_AT.hour), minute=str(NIGHTLY_AT.minute)),
    },
}


@app.task(name="jobs.run", bind=True)
def run_job(self: Task[..., None], job_id: int) -> None:
    runner.run_job(job_id=job_id, handlers=HANDLERS, worker=_name(self), clock=timezone.now)


@app.task(name="jobs.deliver")
def deliver() -> None:
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)


@app.task(name="jobs.sweep")
def sweep() -> None:
    leases.sweep(now=timezone.now())
    submit_nightly(now=timezone.now())
    outbox.deliver_due(consumers=CONSUMERS, clock=timezone.now)
    expire_posts(now=timezone.now())


@app.task(name="jobs.heartbeat", bind=True)
def heartbeat(self: Task[..., None]) -> None:
    services.beat(worker=_name(self), now=timezone.now())


@app.task(name="jobs.nightly")
def nightly() -> None:
    submit_nightly(now=timezone.now())
    expire_posts(now=timezone.now())


@worker_ready.connect
def start(sender: Consumer, **_: object) -> None:
    """A worker that starts says so and looks for work at once, before the schedule's first beat.

    It says so itself: workers share one queue, so a task sent here may run in another one.
    """
    services.beat(worker=sender.hostname[:100], now=timezone.now())
    connections.close_all()
    sweep.apply_async(retry=False)


def _name(task: Task[..., None]) -> str:
    return (task.request.hostname or socket.gethostname())[:100]
