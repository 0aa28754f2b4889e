"""Reads of background work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.jobs.models import Event, Heartbeat, Job

OPEN = (Job.State.WAITING, Job.State.RUNNING)


def get(job_id: int) -> Job:
    """The job as it stands now. Raises: NotFound."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def under_way(kinds: Collection[str], **args: Any) -> Job | None:
    """The newest job of these kinds, with these arguments among its own, that has not ended."""
    about = {f"args__{name}": value for name, value in args.items()}
    found = Job.objects.filter(kind__in=kinds, state__in=OPEN, **about)
    return found.order_by("-pk").first()


def newest(kind: str, **columns: Any) -> Job | None:
    """The last job of this kind that was asked for; of those with these values in their columns."""
    return Job.objects.filter(kind=kind, **columns).order_by("-pk").first()


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
