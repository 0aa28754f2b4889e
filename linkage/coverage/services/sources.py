"""The reports that values by hand were read from come to them as scans, and are opened."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linkage import files, scans
from linkage.coverage.models import ManualValue, SourceFile
from linkage.coverage.services.reporting import LINE
from linkage.errors import Conflict, NotFound
from linkage.jobs.services import record_event
from linkage.registry.access import Actor, Capability, require
from linkage.registry.constraints import refusals
from linkage.scans import Opened, Upload

MOST_SOURCES = 10


class TooManySources(Conflict):
    """A value is read from a few pages."""

    code = "too_many_sources"
    words = _("A value has at most %(most)s files.")


def attach_source(*, actor: Actor, value_id: int, file: Upload, now: datetime) -> SourceFile:
    """Attach the scan of a report to a version of a value; it stays with that version.

    Raises: NotAllowed, NotFound; TooManySources; what `scans.take_in` raises; Conflict
    `source_is_attached_once`. Neither row nor file is kept then.
    """
    require(actor, Capability.WRITE_PROGRAMMES)
    with refusals(), transaction.atomic(), files.beside_its_row() as keep:
        value = _held(value_id)
        if value.files.count() >= MOST_SOURCES:
            raise TooManySources(most=MOST_SOURCES)
        scan = scans.take_in(file, keep, folder=files.SOURCES)
        kept = SourceFile.objects.create(
            value=value,
            uploaded_by_id=actor.user_id,
            uploaded_at=now,
            **asdict(scan),
        )
        # Its own name may be personal and stays out of the history.
        _note(kept, "source_attached", actor=actor, now=now)
    return kept


def open_source(*, actor: Actor, value_id: int, source_id: int, now: datetime) -> Opened:
    """Return a scan to the office; the reading is noted in the history of the line.

    Raises: NotAllowed, NotFound.
    """
    require(actor, Capability.READ_EVIDENCE)
    rows = SourceFile.objects.select_related("value")
    found = rows.filter(pk=source_id, value=value_id).first()
    if found is None:
        raise NotFound
    opened = scans.opened(found)
    with transaction.atomic():
        _note(found, "source_read", actor=actor, now=now)
    return opened


def clear_broken_uploads(*, now: datetime) -> int:
    """Clear away what broke off a day ago; how many went. See `files.clear_broken`."""
    return files.clear_broken(files.SOURCES, rows=SourceFile.objects.all(), now=now)


def _held(value_id: int) -> ManualValue:
    """The value, locked: of two who bring files at once the second counts the first one's."""
    found = ManualValue.objects.select_for_update().filter(pk=value_id).first()
    if found is None:
        raise NotFound
    return found


def _note(file: SourceFile, kind: str, *, actor: Actor, now: datetime) -> None:
    record_event(
        subject_kind=LINE,
        subject_id=file.value.indicator_id,
        kind=kind,
        at=now,
        actor_id=actor.user_id,
        data={"file": file.pk, "sha256": file.sha256, "as_of": file.value.as_of.isoformat()},
    )
