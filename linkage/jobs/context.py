"""What a handler holds while it works: progress, cancel, and the fence before its effect."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseProblem

from linkage.jobs import leases
from linkage.jobs.leases import Lease

logger = logging.getLogger(__name__)


class JobCancelled(Exception):  # it is no error
    """Somebody called the job off; let it pass, so that the job ends as cancelled."""


class LeaseLost(Exception):  # it is no error
    """Another worker has the job now; let it pass, and write nothing."""


class JobContext:
    """A handler's hold on its job.

    A handler calls `progress` as it goes and, as the first statement of each transaction that
    writes an effect, `fence`. An effect that must happen once even if the worker dies right
    after its commit either calls `finish` as the last statement of that transaction, or has a
    unique key of its own (such as the job's id).
    """

    def __init__(self, *, lease: Lease, clock: Callable[[], datetime]) -> None:
        self.finished = False
        self.lost = threading.Event()
        self.cancelled = threading.Event()
        self._lease = lease
        self._clock = clock
        self._written_at = float("-inf")
        self._latest: tuple[int, int] | None = None

    @property
    def job_id(self) -> int:
        """The row of the work that is done."""
        return self._lease.job_id

    @property
    def created_by_id(self) -> int | None:
        """The account that asked for it; None for the schedule or the server itself."""
        return self._lease.created_by_id

    @property
    def attempt(self) -> int:
        """1 for the first; over 1, an earlier one may have died after it committed its effect."""
        return self._lease.attempt

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; holds the lease for longer. Cheap: call it as often as you like.

        Written at most every `settings.JOBS_PROGRESS_SECONDS`, and always when done == total; the
        heartbeat writes what was left out. Inside a transaction others see it only after commit,
        so call it between transactions. Raises: JobCancelled, LeaseLost.
        """
        self._check_flags()
        self._latest = (done, total)
        soon = time.monotonic() - self._written_at < settings.JOBS_PROGRESS_SECONDS
        if soon and done < total:
            return
        self.renew()
        self._check_flags()

    def fence(self) -> None:
        """First statement of the transaction that writes an effect: only the holder passes.

        One conditional UPDATE on (id, lease token). It also locks the job's row until commit, so
        nobody can take the job over while the effect is being written. Raises: LeaseLost.
        """
        if not leases.renew(lease=self._lease, now=self._clock()):
            self.lost.set()
            raise LeaseLost

    def finish(self, result: dict[str, Any]) -> None:
        """Last statement of the transaction that writes the last effect: both or none.

        Raises: LeaseLost, which rolls the effect back.
        """
        if not leases.finish(lease=self._lease, result=result, now=self._clock()):
            self.lost.set()
            raise LeaseLost
        self.finished = True

    def renew(self) -> None:
        """Hold the lease for longer, write the progress, look whether the job was called off.

        Raises nothing: the next `progress` does.
        """
        self._written_at = time.monotonic()
        if not leases.renew(lease=self._lease, now=self._clock(), progress=self._latest):
            self.lost.set()
        elif leases.cancel_is_requested(lease=self._lease):
            self.cancelled.set()

    def should_stop(self) -> bool:
        """Whether the job was called off or taken over; `progress` then raises which.

        For code from which nothing may be raised, such as a solver's callback. Looks at the row at
        most every `settings.JOBS_PROGRESS_SECONDS`. Raises nothing.
        """
        if time.monotonic() - self._written_at >= settings.JOBS_PROGRESS_SECONDS:
            try:
                self.renew()
            except DatabaseProblem:
                # A database that is busy or away for a moment: the next look tells.
                logger.warning("job %s: not seen whether to stop", self.job_id, exc_info=True)
        return self.lost.is_set() or self.cancelled.is_set()

    def _check_flags(self) -> None:
        if self.lost.is_set():
            raise LeaseLost
        if self.cancelled.is_set():
            raise JobCancelled
