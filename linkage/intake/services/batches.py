"""A workbook comes in and is looked at: nothing of the register is written here."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from linkage.errors import Conflict, DomainError, NotFound
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.planning.parsing import Overrides
from linkage.intake.planning.plan import Plan, Progress, plan
from linkage.intake.reading.mapping import Mapping, parse_mapping
from linkage.intake.reading.package import read_package
from linkage.intake.reading.records import read_records
from linkage.registry.access import Actor, Capability, require
from linkage.text import clean

FOLDER = "imports"
OPEN_STATES = (ImportBatch.State.UPLOADED, ImportBatch.State.PREVIEWED, ImportBatch.State.FAILED)
Fence = Callable[[], object]


class Upload(Protocol):
    """A file that came in: its own name is shown, never used as a path."""

    @property
    def name(self) -> str | None: ...

    def read(self, size: int = -1, /) -> bytes: ...


def upload(  # what is recorded about a file
    *,
    actor: Actor,
    file: Upload,
    came_from: str,
    legal_basis: str,
    now: datetime,
    mapping: dict[str, Any] | None = None,
) -> ImportBatch:
    """Keep a workbook, where it came from and on what legal basis it is held.

    Raises: NotAllowed; TooLarge, UnsupportedType, Unprocessable for a file that is not a safe
    xlsx; MappingInvalid. Nothing is kept then.
    """
    require(actor, Capability.WRITE_IMPORTS)
    checked = parse_mapping(mapping or {})
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}.xlsx"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = _store(file, path)
    try:
        read_package(path)
        with transaction.atomic():
            return ImportBatch.objects.create(
                file_name=_shown_name(file.name),
                stored_as=stored_as,
                sha256=digest,
                came_from=clean(came_from)[:300],
                legal_basis=clean(legal_basis)[:300],
                mapping=mapping_as_json(checked),
                state=ImportBatch.State.UPLOADED,
                uploaded_by_id=actor.user_id,
                created_at=now,
            )
    except BaseException:
        # No file without its row.
        path.unlink(missing_ok=True)
        raise


def _store(file: Upload, path: Path) -> str:
    digest = hashlib.sha256()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as kept:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
            kept.write(chunk)
    return digest.hexdigest()


def _shown_name(name: str | None) -> str:
    bare = clean((name or "").replace("\\", "/").rsplit("/", 1)[-1].replace("\0", ""))
    return "".join(char for char in bare if char.isprintable())[:255] or "workbook.xlsx"


def mapping_as_json(mapping: Mapping) -> dict[str, dict[str, str]]:
    """The clerk's mapping as it is stored."""
    return {
        "columns": dict(mapping.columns),
        "sheets": dict(mapping.sheets),
        "date_order": dict(mapping.date_order),
        "decimal": dict(mapping.decimal),
    }


def set_mapping(*, actor: Actor, batch_id: int, mapping: dict[str, Any]) -> ImportBatch:
    """Say what columns mean and how they are to be read; the batch has to be previewed again.

    Raises: NotAllowed; NotFound; MappingInvalid; Conflict, if the batch was applied.
    """
    require(actor, Capability.WRITE_IMPORTS)
    checked = parse_mapping(mapping)
    changed = ImportBatch.objects.filter(pk=batch_id, state__in=OPEN_STATES).update(
        mapping=mapping_as_json(checked), state=ImportBatch.State.UPLOADED
    )
    return changed_batch(batch_id, changed)


def changed_batch(batch_id: int, changed: int) -> ImportBatch:
    """The batch after a conditional update, or why the update met no row."""
    batch = batch_of(batch_id)
    if changed != 1:
        raise Conflict
    return batch


def batch_of(batch_id: int) -> ImportBatch:
    """The batch. Raises: NotFound."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


def plan_of(batch: ImportBatch, progress: Progress | None = None) -> Plan:
    """Compare a batch's workbook with the register as it is now; writes nothing."""
    mapping = parse_mapping(batch.mapping)
    overrides: Overrides = {
        (row.sheet, row.row): row.overrides
        for row in ImportRow.objects.filter(batch=batch).exclude(overrides={})
    }
    file = read_records(Path(settings.MEDIA_ROOT) / batch.stored_as, mapping)
    made = plan(file, mapping=mapping, overrides=overrides, progress=progress)
    made.report["batch"] = batch.pk
    return made


def preview(
    *,
    batch_id: int,
    now: datetime,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> dict[str, Any]:
    """Read the workbook and keep the report; the register stays as it is.

    Raises: NotFound; Conflict, if the batch was applied; what reading the workbook raises, and the
    batch is then failed.
    """
    batch = batch_of(batch_id)
    if batch.state not in OPEN_STATES:
        raise Conflict
    try:
        made = plan_of(batch, progress)
    except DomainError:
        # The file is at fault, and would be again. A job that was called off or taken over says
        # nothing about the file.
        _set_state(batch, ImportBatch.State.FAILED, fence)
        raise
    with transaction.atomic():
        if fence is not None:
            fence()
        changed = ImportBatch.objects.filter(pk=batch_id, state__in=OPEN_STATES).update(
            state=ImportBatch.State.PREVIEWED, report=made.report
        )
        changed_batch(batch_id, changed)
        keep_rows(batch, made)
    return made.report


def is_applied(*, batch_id: int) -> bool:
    """Whether the register holds what the batch brought. Raises: NotFound."""
    return batch_of(batch_id).state == ImportBatch.State.APPLIED


def gist(*, batch_id: int) -> dict[str, Any]:
    """The figures of the batch's report, as its job keeps them. Raises: NotFound."""
    report = batch_of(batch_id).report
    return {
        "organisations": sum(report["organisations"].values()),
        "linkages": report["linkages_accepted"],
        "created": report["created"],
        "updated": report["updated"],
        "refused": len(report["refused"]),
    }


def _set_state(batch: ImportBatch, state: str, fence: Fence | None) -> None:
    with transaction.atomic():
        if fence is not None:
            fence()
        ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN_STATES).update(state=state)


def keep_rows(batch: ImportBatch, made: Plan) -> None:
    """Keep what refused rows say, so that they can be corrected; corrections stay."""
    codes = {(one["sheet"], one["row"]): one["code"] for one in made.report["refused"]}
    kept = {(row.sheet, row.row): row for row in batch.rows.exclude(overrides={})}
    batch.rows.filter(overrides={}).delete()
    ImportRow.objects.bulk_create(
        ImportRow(
            batch=batch,
            sheet=sheet,
            row=row,
            kind=record.kind.value,
            code=codes[sheet, row],
            raw={
                field: {"header": cell.header, "value": _plain(cell.value)}
                for field, cell in record.cells.items()
            },
        )
        for (sheet, row), record in made.refused_rows.items()
        if (sheet, row) not in kept
    )
    for place, corrected in kept.items():
        corrected.code = codes.get(place, "")
    ImportRow.objects.bulk_update(kept.values(), ["code"])


def _plain(value: Any) -> Any:
    """A cell's value as JSON holds it."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, datetime):
        return f"{value.day}/{value.month}/{value.year}"
    return str(value)
