"""Takes a workbook into the register: computed outside, written in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.intake import histories
from linkage.intake.backup import write_backup
from linkage.intake.changes import Recorder
from linkage.intake.collector import collector_paused
from linkage.intake.models import SUBJECT, ImportBatch
from linkage.intake.planning import register
from linkage.intake.planning.digest import digest_of
from linkage.intake.planning.plan import Plan, Progress
from linkage.intake.questions import has_unread_columns
from linkage.intake.services.batches import Fence, plan_of
from linkage.intake.services.keeping import keep_rows
from linkage.intake.services.states import (
    OPEN_STATES,
    BatchNotApplicable,
    State,
    as_seen,
    batch_of,
    move,
)
from linkage.intake.writing import Writer
from linkage.jobs.services import record_event

# How often a plan is made anew because somebody changed the register meanwhile.
_ATTEMPTS = 5
# Any two imports wait for each other (PostgreSQL; SQLite has one writer anyway).
_LOCK = 215_2021


class PreviewOutdated(Conflict):
    """What was previewed last is not what would be written now; nothing was written."""

    code = "preview_outdated"
    words = _(
        "Something was settled or changed since this file was previewed, so it would write"
        " something else than was shown. Preview it again first."
    )


class ColumnsUnanswered(Conflict):
    """A column can be read in two ways and nobody said which; nothing was written."""

    code = "columns_unanswered"
    words = _(
        "The dates or numbers of a column can be read in two ways. Say first how they are to be"
        " read."
    )


class RegisterChanged(Conflict):
    """The register kept changing while the import was being computed; nothing was written."""

    code = "register_changed"
    words = _("The register was changed while the import was computed. Try again.")


def apply_batch(
    *,
    batch_id: int,
    now: datetime,
    actor_id: int | None = None,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> dict[str, Any]:
    """Write what the batch's last preview showed, all or nothing.

    Raises: what `apply_at_once` raises; PreviewOutdated, also where the register changed so that
    something else would be written (the batch then has to be previewed again); ColumnsUnanswered.
    Nothing is written then.
    """
    checked = check_applicable(batch_of(batch_id))
    taken_in = _TakingIn(now=now, actor_id=actor_id, progress=progress, fence=fence)
    return taken_in.take(batch_id, shown=checked.plan_digest)


def check_applicable(batch: ImportBatch) -> ImportBatch:
    """The batch, if its preview can be applied as far as the batch itself tells.

    Raises: BatchNotApplicable; PreviewOutdated; ColumnsUnanswered.
    """
    if batch.state == State.APPLIED:
        raise BatchNotApplicable
    if batch.state != State.PREVIEWED:
        raise PreviewOutdated
    if has_unread_columns(batch.report):
        raise ColumnsUnanswered
    return batch


def apply_at_once(
    *,
    batch_id: int,
    now: datetime,
    actor_id: int | None = None,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> dict[str, Any]:
    """Take a workbook in unseen: back the register up, then write the good rows, all or nothing.

    For the command line, where the report is read afterwards; columns that could be read in two
    ways are read the Vietnamese way.
    1. Read the workbook and compare it with the register: no transaction is open.
    2. Write the backup file.
    3. In one transaction: the fence; the batch's state by compare-and-set; the register is as it
       was in step 1, or begin again; write the rows and how to undo each.
    Raises: NotFound; BatchNotApplicable; RegisterChanged; what reading the workbook raises.
    Nothing is changed then.
    """
    taken_in = _TakingIn(now=now, actor_id=actor_id, progress=progress, fence=fence)
    return taken_in.take(batch_id, shown=None)


def report_in_force(*, batch_id: int) -> dict[str, Any] | None:
    """The report of what the register took of the batch; None if it does not hold it.

    Raises: NotFound.
    """
    batch = batch_of(batch_id)
    report: dict[str, Any] = batch.report
    return report if batch.state == State.APPLIED else None


@dataclass(frozen=True, slots=True)
class _TakingIn:
    """One application of a batch: when, for whom, and how it is watched over."""

    now: datetime
    actor_id: int | None
    progress: Progress | None
    fence: Fence | None

    def take(self, batch_id: int, *, shown: str | None) -> dict[str, Any]:
        """Apply the batch; `shown` is the digest that its plan must have, if any will not do."""
        for _attempt in range(_ATTEMPTS):
            batch = batch_of(batch_id)
            if batch.state not in OPEN_STATES:
                raise BatchNotApplicable
            made = plan_of(batch, self.now, self.progress)
            if shown is not None and digest_of(made) != shown:
                self._ask_for_another_look(batch)
                raise PreviewOutdated
            backup = write_backup(batch, self.now)
            if self._write(batch, made, backup, shown):
                return made.report
        raise RegisterChanged

    def _ask_for_another_look(self, batch: ImportBatch) -> None:
        """Unless somebody settled or previewed the batch meanwhile: then it is theirs."""
        with transaction.atomic():
            if self.fence is not None:
                self.fence()
            move(batch.pk, State.UPLOADED, only=as_seen(batch), refusal=PreviewOutdated)

    def _write(self, batch: ImportBatch, made: Plan, backup: str, shown: str | None) -> bool:
        """Write everything, or return False if the register is no more what it was read as."""
        writer = Writer(Recorder(batch), made, on=localdate(self.now))
        with collector_paused(), transaction.atomic():
            if self.fence is not None:
                self.fence()
            lock_imports()
            if register.stamp() != made.register.stamp:
                return False
            # Of two that apply one batch, the second meets the first one's state; and who settled
            # something meanwhile has moved it away from what was previewed.
            self._claim(batch, made, backup, shown)
            keep_rows(batch, made)
            writer.write()
            self._record(batch, made)
            histories.tell_taken_in(batch, made, writer, now=self.now, actor_id=self.actor_id)
        return True

    def _claim(self, batch: ImportBatch, made: Plan, backup: str, shown: str | None) -> None:
        previewed = {"state": State.PREVIEWED, "plan_digest": shown}
        move(
            batch.pk,
            State.APPLIED,
            only=None if shown is None else previewed,
            refusal=BatchNotApplicable if shown is None else PreviewOutdated,
            report=made.report,
            failure={},
            applied_at=self.now,
            undone_at=None,
            backup=backup,
        )

    def _record(self, batch: ImportBatch, made: Plan) -> None:
        record_event(
            subject_kind=SUBJECT,
            subject_id=batch.pk,
            kind="applied",
            at=self.now,
            actor_id=self.actor_id,
            data={name: made.report[name] for name in ("created", "updated", "linkages_accepted")},
        )


def lock_imports() -> None:
    """Until the end of the transaction no other import writes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
