"""Takes a workbook into the register: computed outside, written in one short transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from linkage.errors import Conflict
from linkage.intake.backup import write_backup
from linkage.intake.changes import Recorder
from linkage.intake.collector import collector_paused
from linkage.intake.models import ImportBatch
from linkage.intake.planning import register
from linkage.intake.planning.plan import Plan, Progress
from linkage.intake.services.batches import OPEN_STATES, Fence, batch_of, keep_rows, plan_of
from linkage.intake.writing import Writer
from linkage.jobs.services import record_event

SUBJECT = "import_batch"
# How often a plan is made anew because somebody changed the register meanwhile.
_ATTEMPTS = 5
# Any two imports wait for each other (PostgreSQL; SQLite has one writer anyway).
_LOCK = 215_2021


class BatchNotApplicable(Conflict):
    """The batch was applied or undone already."""

    code = "batch_not_applicable"
    words = _("This import was already applied or undone.")


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
    """Back the register up, then write the workbook's good rows, all or nothing.

    1. Read the workbook and compare it with the register: no transaction is open.
    2. Write the backup file.
    3. In one transaction: the fence; the batch's state by compare-and-set; the register is as it
       was in step 1, or begin again; write the rows and how to undo each.
    Raises: NotFound; BatchNotApplicable; RegisterChanged; what reading the workbook raises.
    Nothing is changed then.
    """
    for _attempt in range(_ATTEMPTS):
        batch = batch_of(batch_id)
        if batch.state not in OPEN_STATES:
            raise BatchNotApplicable
        made = plan_of(batch, now, progress)
        backup = write_backup(batch, now)
        if _write(batch=batch, made=made, backup=backup, now=now, actor_id=actor_id, fence=fence):
            return made.report
    raise RegisterChanged


def _write(  # one transaction
    *,
    batch: ImportBatch,
    made: Plan,
    backup: str,
    now: datetime,
    actor_id: int | None,
    fence: Fence | None,
) -> bool:
    """Write everything, or return False if the register is no more what the plan was made from."""
    writer = Writer(Recorder(batch), made)
    with collector_paused(), transaction.atomic():
        if fence is not None:
            fence()
        lock_imports()
        if register.stamp() != made.register.stamp:
            return False
        changed = ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN_STATES).update(
            state=ImportBatch.State.APPLIED, report=made.report, applied_at=now, backup=backup
        )
        # Of two that apply one batch, the second meets the first one's state.
        if changed != 1:
            raise BatchNotApplicable
        keep_rows(batch, made)
        writer.write()
        record_event(
            subject_kind=SUBJECT,
            subject_id=batch.pk,
            kind="applied",
            at=now,
            actor_id=actor_id,
            data={name: made.report[name] for name in ("created", "updated", "linkages_accepted")},
        )
    return True


def lock_imports() -> None:
    """Until the end of the transaction no other import writes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
