"""The hint that there is work: sent after commit, allowed to be lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


def wake(job_ids: Sequence[int] = ()) -> None:
    """After commit, tell the workers of these jobs (none given: of messages in the outbox).

    Calls the function that `settings.JOBS_WAKE` names. If that fails, nothing is lost: the rows
    are there, and the sweeper tells the workers again.
    """

    # A plain function that catches for itself: with a partial, Django 5.2's robust=True lets an
    # AttributeError escape and drops the hooks behind it.
    def hint() -> None:
        try:
            send: Callable[[Sequence[int]], None] = import_string(settings.JOBS_WAKE)
            send(job_ids)
        except Exception:  # whatever the broker does, the caller's work is committed
            logger.exception("no hint for jobs %s; the sweeper will send one", list(job_ids))

    transaction.on_commit(hint)
