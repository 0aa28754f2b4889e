"""Writes round background work: ask for it, call it off, say what happened.

How a worker takes, holds and ends a job is in `leases`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict, NotFound, Unprocessable
from linkage.jobs.models import Event, Heartbeat, IdempotentAnswer, Job, Outbox
from linkage.jobs.wake import wake

ENDED = (Job.State.DONE, Job.State.FAILED, Job.State.PARKED, Job.State.CANCELLED)
# Whoever sends a request again after a broken connection does so sooner.
ANSWERS_ARE_KEPT = timedelta(days=1)
RETRIABLE = (Job.State.FAILED, Job.State.PARKED, Job.State.CANCELLED)


class JobEnded(Conflict):
    """The job is over: there is nothing to call off."""

    code = "job_ended"
    words = _("The job has already ended.")


class JobNotRetriable(Conflict):
    """Only a job that failed, was parked or was cancelled can be tried again."""

    code = "job_not_retriable"
    words = _("Only a job that failed or was cancelled can be started again.")


class KeyUsedOtherwise(Unprocessable):
    """The key was used before, with another body."""

    code = "idempotency_key_used_otherwise"
    words = _("This Idempotency-Key was used for another request.")


def submit(
    *,
    kind: str,
    args: dict[str, Any],
    now: datetime,
    created_by_id: int | None = None,
    period: str | None = None,
) -> Job:
    """Write down work to be done; a worker is told after the caller's transaction commits.

    With `period` there is one job for each (kind, period): who asks again gets the first one,
    so two schedulers make one run.
    """
    values = {**_asked(args, now), "created_by_id": created_by_id}
    with transaction.atomic():
        if period is None:
            job, made = Job.objects.create(kind=kind, **values), True
        else:
            job, made = Job.objects.get_or_create(kind=kind, period=period, defaults=values)
        if made:
            wake([job.pk])
    return job


def submit_all(*, kind: str, group: str, works: Sequence[dict[str, Any]], now: datetime) -> int:
    """Write down the pieces of one work, `works` being their arguments; how many there are.

    All or none, in this order, with the periods `group`:0, `group`:1 and so on. There is one cut of
    each (kind, group): who asks again, in the same moment too, gets the pieces of the first one.
    """
    if not works:
        return 0
    with transaction.atomic():
        # Whoever else cuts the same work waits here until these pieces are all there, or none.
        first, made = Job.objects.get_or_create(
            kind=kind, period=f"{group}:0", defaults=_asked(works[0], now)
        )
        if not made:
            return Job.objects.filter(kind=kind, period__startswith=f"{group}:").count()
        rest = Job.objects.bulk_create(
            (
                Job(kind=kind, period=f"{group}:{number}", **_asked(args, now))
                for number, args in enumerate(works[1:], start=1)
            ),
            batch_size=500,
        )
        wake([first.pk, *(job.pk for job in rest)])
    return len(works)


def _asked(args: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {"args": args, "created_at": now, "due_at": now, "hinted_at": now}


def cancel(*, job_id: int, now: datetime) -> Job:
    """Call a job off: at once if it waits, at its next look at its row if it runs.

    Raises: NotFound; JobEnded, if it is over. Nothing is changed then.
    """
    with transaction.atomic():
        # Compare-and-set: a worker that starts the job in this moment makes the first update
        # miss and the second one hit.
        waiting = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
        running = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
        if not waiting.update(state=Job.State.CANCELLED, finished_at=now) and not running.update(
            cancel_requested=True
        ):
            raise JobEnded if Job.objects.filter(pk=job_id).exists() else NotFound
        return Job.objects.get(pk=job_id)


def retry(*, job_id: int, now: datetime) -> Job:
    """Start a job anew that failed, was parked or was cancelled, with attempts counted afresh.

    Raises: NotFound; JobNotRetriable, if it waits, runs or is done. Nothing is changed then.
    """
    with transaction.atomic():
        changed = Job.objects.filter(pk=job_id, state__in=RETRIABLE).update(
            state=Job.State.WAITING,
            attempts=0,
            cancel_requested=False,
            progress_done=0,
            progress_total=0,
            error_code="",
            error_text="",
            due_at=now,
            hinted_at=now,
            started_at=None,
            finished_at=None,
        )
        if changed != 1:
            raise JobNotRetriable if Job.objects.filter(pk=job_id).exists() else NotFound
        wake([job_id])
        return Job.objects.get(pk=job_id)


def record_event(
    *,
    subject_kind: str,
    subject_id: int | str,
    kind: str,
    at: datetime,
    actor_id: int | None,
    data: dict[str, Any],
) -> Event:
    """Add a line to a subject's history, in the caller's transaction. It can never be changed."""
    return Event.objects.create(
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        kind=kind,
        at=at,
        actor_id=actor_id,
        data=data,
    )


def record_events(
    *,
    subject_kind: str,
    data: Mapping[int, dict[str, Any]],
    kind: str,
    at: datetime,
    actor_id: int | None,
) -> None:
    """Add a line to each of many histories, by subject; few statements. See `record_event`."""
    Event.objects.bulk_create(
        (
            Event(
                subject_kind=subject_kind,
                subject_id=str(subject_id),
                kind=kind,
                at=at,
                actor_id=actor_id,
                data=told,
            )
            for subject_id, told in data.items()
        ),
        batch_size=500,
    )


def enqueue(
    *, topic: str, dedupe_key: str, payload: dict[str, Any], now: datetime, sequence: int = 0
) -> Outbox:
    """Write down a message in the transaction of the fact that it tells; a worker is told after it.

    The same (topic, key) is kept once, delivered or not; one that was parked is told anew.
    """
    told = {"payload": payload, "sequence": sequence, "created_at": now}
    with transaction.atomic():
        message, made = Outbox.objects.get_or_create(
            topic=topic, dedupe_key=dedupe_key, defaults={**told, "due_at": now}
        )
        if message.state == Outbox.State.PARKED and _unpark(
            Outbox.objects.filter(pk=message.pk), now, **told
        ):
            made = True
            message.refresh_from_db()
        if made:
            wake()
    return message


def retry_messages(*, now: datetime) -> int:
    """Have every parked message delivered anew, attempts counted afresh; how many wait again."""
    with transaction.atomic():
        waiting = _unpark(Outbox.objects.all(), now)
        if waiting:
            wake()
    return waiting


def _unpark(messages: QuerySet[Outbox], now: datetime, **told: Any) -> int:
    # Compare-and-set: who unparks a message second finds it waiting and changes nothing.
    return messages.filter(state=Outbox.State.PARKED).update(
        state=Outbox.State.PENDING,
        attempts=0,
        due_at=now,
        finished_at=None,
        error_text="",
        **told,
    )


def beat(*, worker: str, now: datetime) -> None:
    """Note that `worker` works."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"seen_at": now})


def answered_once(
    *,
    user_id: int,
    route: str,
    key: str,
    body_sha256: str,
    now: datetime,
    act: Callable[[], Mapping[str, Any] | None],
) -> IdempotentAnswer | None:
    """Do `act` and keep its answer (`status`, `body`, `headers`), or return the one that was kept.

    Effect and answer are one transaction: of two equal requests at once the second waits for the
    first one's row and finds its answer. What `act` raises leaves neither; if it returns None its
    effect stays, nothing is kept, the next request acts anew, and None is returned.
    Raises: KeyUsedOtherwise.
    """
    known = {"user_id": user_id, "route": route, "key": key}
    with transaction.atomic():
        answer, made = IdempotentAnswer.objects.get_or_create(
            **known, defaults={"body_sha256": body_sha256, "created_at": now}
        )
        if made:
            kept = act()
            if kept is None:
                answer.delete()
                return None
            for name in ("status", "body", "headers"):
                setattr(answer, name, kept[name])
            answer.save()
    if answer.body_sha256 != body_sha256:
        raise KeyUsedOtherwise
    return answer


def forget_answers(*, now: datetime) -> int:
    """Delete the answers that were remembered long enough; how many were."""
    old = IdempotentAnswer.objects.filter(created_at__lt=now - ANSWERS_ARE_KEPT)
    deleted, _rows = old.delete()
    return deleted
