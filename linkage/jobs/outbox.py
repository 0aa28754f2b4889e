"""Delivers the outbox: each message's effect and its end are one transaction."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from linkage.jobs.models import Outbox

Consumer = Callable[[Outbox], None]

# With the pauses between them (10 s, doubled each time, an hour at most) twelve attempts take
# over three hours: a database, a disk or a release that is away for a while loses nothing.
MAX_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(hours=1)

logger = logging.getLogger(__name__)


def deliver_due(*, consumers: Mapping[str, Consumer], clock: Callable[[], datetime]) -> int:
    """Hand every message that waits to its topic's consumer, in order of sequence; how many went.

    One that fails waits, longer each time, and is parked after `MAX_ATTEMPTS`; others go on, so a
    consumer that minds the order compares sequences.
    """
    _park_spent(clock())
    due = _free(clock()).filter(topic__in=consumers).order_by("sequence", "id")
    return sum(
        _deliver(message, consumers[message.topic], clock)
        for message in due.iterator(chunk_size=500)
    )


def _deliver(message: Outbox, consumer: Consumer, clock: Callable[[], datetime]) -> bool:
    """Deliver one message once.

    1. Claim it, which counts the attempt and sets the pause after it: a message that kills its
       worker waits and is parked too.
    2. In one transaction mark it delivered, if the claim still stands, and act on it.
    """
    token = uuid.uuid4()
    until = clock() + timedelta(seconds=settings.JOBS_LEASE_SECONDS)
    attempt = message.attempts + 1
    claimed = _free(clock()).filter(pk=message.pk, attempts=message.attempts)
    # Must be 1: zero means that another worker delivers it, has delivered it or has failed at it.
    if not claimed.update(
        lease_token=token, lease_until=until, attempts=attempt, due_at=_again(clock(), attempt)
    ):
        return False
    held = Outbox.objects.filter(pk=message.pk, state=Outbox.State.PENDING, lease_token=token)
    try:
        with transaction.atomic():
            if not held.update(
                state=Outbox.State.DONE, finished_at=clock(), lease_token=None, lease_until=None
            ):
                return False
            consumer(message)
    except Exception as error:
        logger.exception("message %s (%s) was not delivered", message.pk, message.topic)
        held.update(
            error_text=type(error).__name__,
            lease_token=None,
            lease_until=None,
            due_at=_again(clock(), attempt),
        )
        return False
    return True


def _free(now: datetime) -> QuerySet[Outbox]:
    unheld = Q(lease_until=None) | Q(lease_until__lte=now)
    return Outbox.objects.filter(
        unheld, state=Outbox.State.PENDING, due_at__lte=now, attempts__lt=MAX_ATTEMPTS
    )


def _again(now: datetime, attempt: int) -> datetime:
    """When a message whose attempt breaks off now is tried again."""
    pause = timedelta(seconds=settings.JOBS_RETRY_SECONDS * 2 ** (attempt - 1))
    return now + min(pause, LONGEST_PAUSE)


def _park_spent(now: datetime) -> None:
    unheld = Q(lease_until=None) | Q(lease_until__lte=now)
    spent = Outbox.objects.filter(unheld, state=Outbox.State.PENDING, attempts__gte=MAX_ATTEMPTS)
    spent.update(state=Outbox.State.PARKED, finished_at=now, lease_token=None, lease_until=None)
