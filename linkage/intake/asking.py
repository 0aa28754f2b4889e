"""Asking a worker to preview, apply or undo a batch, if the batch is where that can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from linkage.errors import NotFound, StaleVersion
from linkage.intake import opening, queries
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.reference import require_reference
from linkage.intake.services.applying import check_applicable
from linkage.intake.services.batches import upload
from linkage.intake.services.states import OPEN_STATES, BatchNotApplicable
from linkage.intake.services.undoing import BatchNotApplied
from linkage.jobs.models import Job
from linkage.jobs.queries import under_way
from linkage.jobs.services import submit
from linkage.registry.access import Actor, Capability, allows

KINDS = ("intake.preview", "intake.apply", "intake.undo")
_Made = TypeVar("_Made")


def check(kind: str, batch_id: int) -> ImportBatch:
    """The batch, if the job `kind` can be done with it now.

    Raises: NotFound; BatchNotApplicable; PreviewOutdated; ColumnsUnanswered; BatchNotApplied;
    ReferenceMissing. The job looks again at the batch when it writes.
    """
    batch = queries.get(batch_id)
    if kind == "intake.undo":
        if batch.state != ImportBatch.State.APPLIED:
            raise BatchNotApplied
    elif kind == "intake.apply":
        check_applicable(batch)
    elif batch.state not in OPEN_STATES:
        raise BatchNotApplicable
    if kind != "intake.undo":
        require_reference()
    return batch


def ask(*, kind: str, batch_id: int, now: datetime, created_by_id: int | None) -> Job:
    """Submit the job. Raises: what `check` raises; nothing is written then."""
    check(kind, batch_id)
    return _submitted(kind, batch_id, now, created_by_id)


def ask_to_apply(
    *, batch_id: int, version: int | None, now: datetime, created_by_id: int | None
) -> Job:
    """Submit the application of a preview that was seen at `version`.

    Raises: what `check` raises; StaleVersion, if something was settled since.
    """
    if check("intake.apply", batch_id).version != version:
        raise StaleVersion
    return _submitted("intake.apply", batch_id, now, created_by_id)


def _submitted(kind: str, batch_id: int, now: datetime, created_by_id: int | None) -> Job:
    return submit(kind=kind, args={"batch_id": batch_id}, now=now, created_by_id=created_by_id)


def uploaded(*, actor: Actor, now: datetime, **given: Any) -> tuple[ImportBatch, Job]:
    """Keep a workbook and have it previewed, both or neither. Raises: what `upload` does."""
    with transaction.atomic():
        batch = upload(actor=actor, now=now, **given)
        return batch, _preview(actor, batch.pk, now)


def settled(
    act: Callable[..., _Made], *, actor: Actor, batch_id: int, now: datetime, **said: Any
) -> tuple[_Made, Job]:
    """Settle something of a batch by `act` and have it previewed again, both or neither.

    Raises: what `act` and `check` raise.
    """
    with transaction.atomic():
        made = act(actor=actor, batch_id=batch_id, now=now, **said)
        return made, _preview(actor, batch_id, now)


def _preview(actor: Actor, batch_id: int, now: datetime) -> Job:
    return ask(kind="intake.preview", batch_id=batch_id, now=now, created_by_id=actor.user_id)


def running(batch_id: int) -> Job | None:
    """The job that works on the batch now, or waits to, if any."""
    return under_way(KINDS, batch_id=batch_id)


def place_of(batch_id: int, row_id: int) -> dict[str, Any]:
    """Sheet and row of a row that was kept. Raises: NotFound."""
    place = ImportRow.objects.filter(batch_id=batch_id, pk=row_id).values("sheet", "row").first()
    if place is None:
        raise NotFound
    return {**place}


def shown(batch_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """A batch with its kept rows; rows hold people's names and numbers, so only clerks see them,
    and the reading is noted.

    Raises: NotFound.
    """
    batch = queries.get(batch_id)
    clerk = allows(actor, Capability.WRITE_IMPORTS)
    rows = opening.open_rows(batch=batch, actor=actor, now=now) if clerk else None
    own = {field.attname: getattr(batch, field.attname) for field in batch._meta.concrete_fields}
    if not clerk:
        # Of a file that could not be read, what was taken for its headers may be people's data.
        own["failure"] = {k: v for k, v in batch.failure.items() if k in ("code", "message")}
    return {**own, "rows": rows}
