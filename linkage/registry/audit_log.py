"""The audit log: every event of every subject, for those who answer for it; the chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from linkage.jobs import heads
from linkage.jobs.models import Event, Job
from linkage.jobs.queries import under_way
from linkage.jobs.services import submit
from linkage.registry.access import Actor, Capability, require
from linkage.registry.models import User


@dataclass(frozen=True, slots=True)
class Filters:
    """What the log is narrowed to; None narrows nothing. `username`: of the account that acted."""

    on: date | None = None
    username: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last verification found: whole up to row `seen` at `at`, or `broken` says where.

    `at` None: it was never verified. `job_id`: a verification that is under way.
    """

    at: datetime | None
    seen: int | None
    broken: str
    job_id: int | None


def log(*, actor: Actor, filters: Filters = Filters()) -> QuerySet[Event]:
    """Return events with their seals, the newest first; ordered by (-id). Raises: NotAllowed."""
    require(actor, Capability.READ_AUDIT)
    rows = Event.objects.select_related("seal").order_by("-pk")
    for name in ("subject_kind", "subject_id", "kind"):
        wanted = getattr(filters, name)
        if wanted is not None:
            rows = rows.filter(**{name: wanted})
    if filters.username is not None:
        account = User.objects.filter(username=filters.username).values_list("pk", flat=True)
        rows = rows.filter(actor_id__in=list(account))
    if filters.on is not None:
        begins = timezone.make_aware(datetime.combine(filters.on, time.min))
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    return rows


def standing(*, actor: Actor) -> Standing:
    """Return what is known of the chain; nothing is computed. Raises: NotAllowed."""
    require(actor, Capability.READ_AUDIT)
    ended = Job.objects.filter(kind=heads.KIND, finished_at__isnull=False)
    last = ended.filter(state__in=(Job.State.DONE, Job.State.FAILED)).order_by("-pk").first()
    running = under_way([heads.KIND])
    return Standing(
        at=last.finished_at if last else None,
        seen=(last.result or {}).get("seen") if last else None,
        broken=last.error_text if last else "",
        job_id=running.pk if running else None,
    )


def ask_verification(*, actor: Actor, now: datetime) -> Job:
    """Have a worker verify the chain; one that is under way is given back. Raises: NotAllowed."""
    require(actor, Capability.VERIFY_AUDIT)
    running = under_way([heads.KIND])
    return running or submit(kind=heads.KIND, args={}, now=now, created_by_id=actor.user_id)
