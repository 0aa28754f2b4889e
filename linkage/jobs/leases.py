"""How a worker takes a job, holds it, and gives it back: each a compare-and-set on its row.

A job may be handed out twice, and a worker may die or freeze. Who holds the lease is decided by
one conditional UPDATE that must hit one row; who misses has lost and writes nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _

from linkage.errors import DomainError
from linkage.jobs.models import Job
from linkage.jobs.wake import wake

MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class Lease:
    """The right to work on a job until somebody else holds it."""

    job_id: int
    token: uuid.UUID
    kind: str
    args: dict[str, Any]
    created_by_id: int | None
    attempt: int


@dataclass(frozen=True)
class Swept:
    """What a sweep found: leases taken back, of them given up, and jobs told of again."""

    recovered: int
    parked: int
    woken: int


def _leases_are_on() -> bool:
    """False only in the control experiment of tests/faults: it shows what leases prevent."""
    return not settings.JOBS_LEASE_OFF


def _takeable(job_id: int, now: datetime) -> Q:
    if not _leases_are_on():
        return Q(pk=job_id)
    return Q(pk=job_id, state=Job.State.WAITING, due_at__lte=now, attempts__lt=MAX_ATTEMPTS)


def _held(lease: Lease) -> Q:
    if not _leases_are_on():
        return Q(pk=lease.job_id)
    return Q(pk=lease.job_id, state=Job.State.RUNNING, lease_token=lease.token)


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOBS_LEASE_SECONDS)


def claim_job(*, job_id: int, now: datetime) -> Lease | None:
    """Take a waiting job that is due; None if somebody else was faster, or it is over."""
    token = uuid.uuid4()
    # Must be 1: zero means that another delivery holds it, that it ended, or is not due yet.
    taken = Job.objects.filter(_takeable(job_id, now)).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=_lease_end(now),
        heartbeat_at=now,
        progress_done=0,
        progress_total=0,
        started_at=now,
        finished_at=None,
    )
    if taken != 1:
        return None
    job = Job.objects.get(pk=job_id)
    return Lease(
        job_id=job_id,
        token=token,
        kind=job.kind,
        args=job.args,
        created_by_id=job.created_by_id,
        attempt=job.attempts,
    )


def renew(*, lease: Lease, now: datetime, progress: tuple[int, int] | None = None) -> bool:
    """Hold the job for longer, noting its progress; False if it is no longer ours."""
    values: dict[str, Any] = {"heartbeat_at": now}
    if _leases_are_on():
        values["lease_until"] = _lease_end(now)
    if progress is not None:
        values["progress_done"], values["progress_total"] = progress
    return Job.objects.filter(_held(lease)).update(**values) == 1


def cancel_is_requested(*, lease: Lease) -> bool:
    """Whether somebody called the job off."""
    return Job.objects.filter(pk=lease.job_id, cancel_requested=True).exists()


def finish(*, lease: Lease, result: dict[str, Any], now: datetime) -> bool:
    """End the job well; False, with nothing written, if it is no longer ours.

    All of it is done then, whatever the last word about progress was: it is not written each time.
    """
    return _end(
        lease,
        now,
        state=Job.State.DONE,
        result=result,
        progress_done=F("progress_total"),
        error_code="",
        error_text="",
    )


def give_up(*, lease: Lease, now: datetime) -> bool:
    """End a job that was called off; False if it is no longer ours."""
    return _end(lease, now, state=Job.State.CANCELLED)


def fail(*, lease: Lease, error: Exception, now: datetime) -> bool:
    """Note that an attempt broke off; False if the job is no longer ours.

    A refusal of the domain ends the job: it would be refused again. Anything else is tried
    again later unless the job was called off, and after three attempts the job is parked, so
    that others go on.
    """
    if isinstance(error, DomainError):
        return _end(
            lease, now, state=Job.State.FAILED, error_code=error.code, error_text=str(error)
        )
    reason = {
        "error_code": "unexpected_error",
        "error_text": _("An unexpected error (%(name)s). The log has the details.")
        % {"name": type(error).__name__},
    }
    if cancel_is_requested(lease=lease):
        return give_up(lease=lease, now=now)
    spent = Job.objects.filter(_held(lease), attempts__gte=MAX_ATTEMPTS)
    if spent.update(**_ended(now), state=Job.State.PARKED, **reason):
        return True
    again = now + timedelta(seconds=settings.JOBS_RETRY_SECONDS)
    left = Job.objects.filter(_held(lease))
    return left.update(**_waiting(again), **reason) == 1


def sweep(*, now: datetime) -> Swept:
    """Heal what was lost: leases of workers that died, and jobs that no worker was told of.

    1. A job whose lease ran out and that was called off is cancelled.
    2. One that had its third attempt is parked.
    3. Any other goes back to waiting.
    4. Jobs that wait, are due, and were last hinted at a while ago are hinted at again.
    """
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lte=now)
    if not _leases_are_on():
        lost = lost.none()
    reason = {
        "error_code": "worker_lost",
        "error_text": _("The worker stopped in the middle of the job."),
    }
    lost.filter(cancel_requested=True).update(**_ended(now), state=Job.State.CANCELLED)
    parked = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        **_ended(now), state=Job.State.PARKED, **reason
    )
    recovered = lost.update(**_waiting(now), **reason)
    return Swept(recovered=recovered, parked=parked, woken=_remind(now))


def _remind(now: datetime) -> int:
    forgotten_before = now - timedelta(seconds=settings.JOBS_FORGOTTEN_SECONDS)
    # hinted_at < due_at: put back by a failure or a lost lease, and not hinted at since.
    forgotten = Job.objects.filter(
        Q(hinted_at__lte=forgotten_before) | Q(hinted_at__lt=F("due_at")),
        state=Job.State.WAITING,
        due_at__lte=now,
    )
    job_ids = list(forgotten.order_by("pk").values_list("pk", flat=True)[:1000])
    Job.objects.filter(pk__in=job_ids).update(hinted_at=now)
    if job_ids:
        wake(job_ids)
    return len(job_ids)


def _waiting(due_at: datetime) -> dict[str, Any]:
    return {
        "state": Job.State.WAITING,
        "due_at": due_at,
        "lease_token": None,
        "lease_until": None,
    }


def _ended(now: datetime) -> dict[str, Any]:
    return {"lease_token": None, "lease_until": None, "finished_at": now}


def _end(lease: Lease, now: datetime, **values: Any) -> bool:
    return Job.objects.filter(_held(lease)).update(**_ended(now), **values) == 1
