"""Reads of background work."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.jobs.models import Event, Heartbeat, Job, Outbox


def get(job_id: int) -> Job:
    """The job as it stands now. Raises: NotFound."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def recent(limit: int, *, kind: str | None = None) -> list[Job]:
    """The newest jobs, newest first."""
    jobs = Job.objects.order_by("-pk")
    return list((jobs.filter(kind=kind) if kind else jobs)[:limit])


def worker_seen_at() -> datetime | None:
    """When any worker was last known to work; None if none ever was."""
    newest = Heartbeat.objects.order_by("-seen_at").first()
    return newest.seen_at if newest else None


def worker_is_alive(now: datetime) -> bool:
    """Whether a worker has reported within `settings.JOBS_WORKER_SILENT_SECONDS`."""
    seen = worker_seen_at()
    return seen is not None and now - seen < timedelta(seconds=settings.JOBS_WORKER_SILENT_SECONDS)


def events_of(subject_kind: str, subject_id: int | str) -> QuerySet[Event]:
    """A subject's history, oldest first."""
    return Event.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by(
        "pk"
    )


def topic_waits(topic: str) -> bool:
    """Whether a message of the topic has not been delivered yet."""
    return Outbox.objects.filter(topic=topic, state=Outbox.State.PENDING).exists()
