"""Runs one job: take it, work, end it. The heartbeat beside it holds the lease meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connections

from linkage.errors import DomainError
from linkage.jobs import leases, services
from linkage.jobs.context import JobCancelled, JobContext, LeaseLost
from linkage.jobs.leases import Lease

Handler = Callable[[JobContext, dict[str, Any]], dict[str, Any]]

logger = logging.getLogger(__name__)


class UnknownKindError(Exception):
    """No handler is known for the job's kind, perhaps because this worker is older than it."""


def run_job(
    *,
    job_id: int,
    handlers: Mapping[str, Handler],
    worker: str,
    clock: Callable[[], datetime],
) -> bool:
    """Work on a job if it is there to be taken; False if it was not, or was lost on the way.

    1. Claim it: who does not get the lease goes away.
    2. While the handler works, a heartbeat holds the lease.
    3. Whatever the handler did, the row says it; a worker that lost its lease writes nothing.
    """
    lease = leases.claim_job(job_id=job_id, now=clock())
    if lease is None:
        return False
    context = JobContext(lease=lease, clock=clock)
    try:
        with _heartbeat(context, worker, clock):
            result = _handler(handlers, lease)(context, lease.args)
    except LeaseLost:
        logger.warning("job %s was taken over by another worker", job_id)
        return False
    except JobCancelled:
        return leases.give_up(lease=lease, now=clock())
    except DomainError as error:
        return leases.fail(lease=lease, error=error, now=clock())
    except Exception as error:
        logger.exception("job %s (%s) broke off", job_id, lease.kind)
        return leases.fail(lease=lease, error=error, now=clock())
    return context.finished or leases.finish(lease=lease, result=result, now=clock())


def _handler(handlers: Mapping[str, Handler], lease: Lease) -> Handler:
    if lease.kind not in handlers:
        raise UnknownKindError(lease.kind)
    return handlers[lease.kind]


@contextmanager
def _heartbeat(context: JobContext, worker: str, clock: Callable[[], datetime]) -> Iterator[None]:
    """Renews the lease from a thread of its own, on a connection of its own."""
    over = threading.Event()
    thread = threading.Thread(
        target=_keep, args=(context, worker, clock, over), name=f"lease-{context.job_id}"
    )
    thread.daemon = True
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _keep(
    context: JobContext, worker: str, clock: Callable[[], datetime], over: threading.Event
) -> None:
    try:
        # The first beat comes after a pause, so a short job opens no second connection.
        while not over.wait(settings.JOBS_HEARTBEAT_SECONDS) and not context.lost.is_set():
            try:
                context.renew()
                services.beat(worker=worker, now=clock())
            except DatabaseProblem:
                # A database that is busy or away for a moment: the lease outlives some beats.
                logger.warning("job %s: no heartbeat", context.job_id, exc_info=True)
                connections.close_all()
    finally:
        connections.close_all()
