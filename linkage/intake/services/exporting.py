"""The register back as a workbook: asked for by those who may read all of it, made by a worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from linkage.errors import NotFound
from linkage.intake.export import export_register
from linkage.jobs.models import Job
from linkage.jobs.services import submit
from linkage.registry.access import Actor, Capability, require
from linkage.registry.services.reading import CONTACTS, TAX_CODE, record_read

KIND = "intake.export"
FOLDER = "exports"
# A copy of people's names and numbers does not lie about for longer.
KEPT = timedelta(days=1)
# It holds telephone numbers and whole personal tax codes, which city staff read masked.
NEEDED = (
    Capability.READ_IMPORTS,
    Capability.READ_CONTACTS,
    Capability.READ_PERSONAL_TAX_CODES,
)


def ask_export(*, actor: Actor, now: datetime) -> Job:
    """Have a worker write the workbook. Raises: NotAllowed."""
    _require(actor)
    return submit(kind=KIND, args={}, now=now, created_by_id=actor.user_id)


def write_export(*, now: datetime, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Delete what is older than a day, then write the register under a name made here.

    The file appears whole or not at all; nobody finds it but by the job's result.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if old.stat().st_mtime < (now - KEPT).timestamp():
            old.unlink(missing_ok=True)
    progress(0, 1)
    path = folder / f"{uuid.uuid4().hex}.xlsx"
    rows = export_register(path)
    progress(1, 1)
    return {"file": path.name, "rows": rows}


def exported_file(*, actor: Actor, job: Job, now: datetime) -> Path:
    """The workbook that the job wrote; the reading is noted.

    Raises: NotAllowed; NotFound, also once it is a day old.
    """
    _require(actor)
    if job.kind != KIND or job.state != Job.State.DONE or job.finished_at is None:
        raise NotFound
    path = Path(settings.MEDIA_ROOT) / FOLDER / str((job.result or {}).get("file"))
    if now - job.finished_at > KEPT or not path.is_file():
        raise NotFound
    what = (CONTACTS, TAX_CODE)
    record_read(actor=actor, subject_kind=FOLDER, ids=[job.pk], what=what, now=now)
    return path


def _require(actor: Actor) -> None:
    for capability in NEEDED:
        require(actor, capability)
