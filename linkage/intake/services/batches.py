"""A workbook comes in and is looked at: nothing of the register is written here."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from linkage import files
from linkage.errors import Conflict, DomainError, NotFound
from linkage.intake.masking import unmapped_as_json
from linkage.intake.models import SUBJECT, ImportBatch, ImportRow
from linkage.intake.paths import about
from linkage.intake.planning.digest import digest_of
from linkage.intake.planning.parsing import Overrides
from linkage.intake.planning.plan import Plan, Progress, plan
from linkage.intake.reading.layout import HeadersUnknown
from linkage.intake.reading.mapping import Mapping, parse_mapping
from linkage.intake.reading.package import read_package
from linkage.intake.reading.records import read_records
from linkage.intake.reference import require_reference
from linkage.intake.services.carrying import carry_over as carry
from linkage.intake.services.keeping import keep_rows
from linkage.intake.services.remembering import (
    forget,
    known_form,
    remember,
    signature_of_file,
    signature_of_unknown,
)
from linkage.intake.services.states import (
    OPEN_STATES,
    BatchNotApplicable,
    PreviewOvertaken,
    State,
    as_seen,
    batch_of,
    move,
    settle,
)
from linkage.jobs.services import record_event
from linkage.registry.access import Actor, Capability, require
from linkage.text import clean

Fence = Callable[[], object]


class WorkbookLost(Conflict):
    """Its row is there and its file is not: deleted by hand, or not brought back from a backup."""

    code = "workbook_lost"
    words = _("The workbook of this import is not there any more: bring it in again.")


class Digest(Protocol):
    """What is made of a file's bytes as they come."""

    def update(self, data: bytes, /) -> None: ...


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
    carry_over: bool = False,
) -> ImportBatch:
    """Keep a workbook, where it came from and on what legal basis it is held.

    With `carry_over`, what was settled the last time this very file was brought in holds again.
    Raises: NotAllowed; ReferenceMissing; TooLarge, UnsupportedType, Unprocessable for a file that
    is not a safe xlsx; MappingInvalid. Nothing is kept then.
    """
    require(actor, Capability.WRITE_IMPORTS)
    require_reference()
    checked = parse_mapping(mapping or {})
    stored_as = f"{files.WORKBOOKS}/{uuid.uuid4().hex}.xlsx"
    digest = hashlib.sha256()
    with transaction.atomic(), files.beside_its_row() as keep:
        with about(Path(settings.MEDIA_ROOT) / stored_as):
            keep(stored_as, _content(file, digest))
        read_package(files.path_of(stored_as))
        batch = ImportBatch.objects.create(
            file_name=_shown_name(file.name),
            stored_as=stored_as,
            sha256=digest.hexdigest(),
            came_from=clean(came_from)[:300],
            legal_basis=clean(legal_basis)[:300],
            mapping=mapping_as_json(checked),
            state=ImportBatch.State.UPLOADED,
            uploaded_by_id=actor.user_id,
            created_at=now,
        )
        if carry_over:
            carry(batch)
    return batch


def clear_broken_uploads(*, now: datetime) -> int:
    """Clear away what broke off a day ago; how many went. See `files.clear_broken`."""
    return files.clear_broken(files.WORKBOOKS, rows=ImportBatch.objects.all(), now=now)


def _content(file: Upload, digest: Digest) -> Iterator[bytes]:
    """The file in pieces, each taken into the digest."""
    while piece := file.read(1024 * 1024):
        digest.update(piece)
        yield piece


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
        "day_of_period": dict(mapping.day_of_period),
    }


def set_mapping(
    *, actor: Actor, batch_id: int, version: int, mapping: dict[str, Any], now: datetime
) -> ImportBatch:
    """Say what columns mean and how they are to be read; the batch has to be previewed again.

    `version` is the batch's as the actor saw it. Raises: NotAllowed; NotFound; MappingInvalid;
    BatchNotApplicable; StaleVersion, if somebody settled something meanwhile.
    """
    require(actor, Capability.WRITE_IMPORTS)
    said = mapping_as_json(parse_mapping(mapping))
    with transaction.atomic():
        before = batch_of(batch_id).mapping
        batch = settle(batch_id, version, mapping=said)
        record_event(
            subject_kind=SUBJECT,
            subject_id=batch_id,
            kind="answered",
            at=now,
            actor_id=actor.user_id,
            data=_changes(before, said),
        )
    return batch


def answer(
    *,
    actor: Actor,
    batch_id: int,
    version: int,
    answers: dict[str, dict[str, str]],
    now: datetime,
) -> ImportBatch:
    """Add answers to what is said about the file already; an empty one takes an answer back.

    Raises: what `set_mapping` raises.
    """
    # Whatever is said between this read and the claim has another version.
    said = mapping_as_json(parse_mapping(batch_of(batch_id).mapping))
    both = {
        section: {name: value for name, value in {**entries, **more}.items() if value}
        for section, entries in said.items()
        for more in (answers.get(section, {}),)
    }
    return set_mapping(actor=actor, batch_id=batch_id, version=version, mapping=both, now=now)


def _changes(before: dict[str, Any], said: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Each entry that is said otherwise than before, by section and name."""
    return {
        section: changed
        for section, entries in said.items()
        if (
            changed := {
                name: entries.get(name)
                for name in entries.keys() | before.get(section, {}).keys()
                if entries.get(name) != before.get(section, {}).get(name)
            }
        )
    }


def plan_of(batch: ImportBatch, now: datetime, progress: Progress | None = None) -> Plan:
    """Compare a batch's workbook with the register as it is now; writes nothing.

    Raises: WorkbookLost; what reading the workbook raises.
    """
    mapping = parse_mapping(batch.mapping)
    overrides: Overrides = {
        (row.sheet, row.row): row.overrides
        for row in ImportRow.objects.filter(batch=batch).exclude(overrides={})
    }
    try:
        path = files.path_of(batch.stored_as)
    except NotFound as error:
        raise WorkbookLost from error
    file = read_records(path, mapping)
    today = timezone.localdate(now)
    made = plan(file, mapping=mapping, overrides=overrides, on=today, progress=progress)
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

    Raises: NotFound; BatchNotApplicable; PreviewOvertaken, if something was settled meanwhile;
    what reading the workbook raises, and the batch is then failed, with the reason and the headers
    that were found.
    """
    batch = batch_of(batch_id)
    if batch.state not in OPEN_STATES:
        raise BatchNotApplicable
    seen = as_seen(batch)
    try:
        made = _looked_at(batch, now, progress)
    except DomainError as error:
        # The file is at fault, and would be again. A job that was called off or taken over says
        # nothing about the file.
        _fail(batch, error, fence)
        raise
    with transaction.atomic():
        if fence is not None:
            fence()
        move(
            batch_id,
            State.PREVIEWED,
            only=seen,
            refusal=PreviewOvertaken,
            **_form_of(batch),
            report=made.report,
            failure={},
            plan_digest=digest_of(made),
            register_stamp=made.register.stamp,
        )
        keep_rows(batch, made)
        remember(batch, now)
    return made.report


def _looked_at(batch: ImportBatch, now: datetime, progress: Progress | None) -> Plan:
    """The plan; headers of a form that was explained before are read as they were then.

    Only at the first look, where nobody has said anything of this file: a word about it, and one
    that was taken back, is never overruled.
    """
    if batch.form_signature or any(batch.mapping.values()):
        return plan_of(batch, now, progress)
    try:
        made = plan_of(batch, now, progress)
        batch.form_signature = signature_of_file(made.file)
    except HeadersUnknown as error:
        batch.form_signature = signature_of_unknown(error)
        if not _take_over_form(batch):
            raise
        return plan_of(batch, now, progress)
    return plan_of(batch, now, progress) if _take_over_form(batch) else made


def _take_over_form(batch: ImportBatch) -> bool:
    batch.form = known_form(batch.form_signature)
    if batch.form is None:
        return False
    batch.mapping = mapping_as_json(parse_mapping(batch.form.mapping))
    return True


def _form_of(batch: ImportBatch) -> dict[str, Any]:
    """What a look found of the file's form, as it is stored."""
    return {
        "form_signature": batch.form_signature,
        "form": batch.form,
        "mapping": batch.mapping,
    }


def gist(report: MappingOf[str, Any]) -> dict[str, Any]:
    """The figures of a report, as the job that made it keeps them. Pure."""
    return {
        "organisations": sum(report["organisations"].values()),
        "linkages": report["linkages_accepted"],
        "created": report["created"],
        "updated": report["updated"],
        "refused": len(report["refused"]),
    }


def _fail(batch: ImportBatch, error: DomainError, fence: Fence | None) -> None:
    with transaction.atomic():
        if fence is not None:
            fence()
        move(
            batch.pk,
            State.FAILED,
            only=as_seen(batch),
            refusal=PreviewOvertaken,
            **_form_of(batch),
            report={},
            failure=_failure_of(error),
        )
        forget(batch)


def _failure_of(error: DomainError) -> dict[str, Any]:
    """Why a workbook could not be read, in the report's language, and what its headers are."""
    with translation.override("vi"):
        failure: dict[str, Any] = {"code": error.code, "message": str(error)}
    if isinstance(error, HeadersUnknown):
        failure["ignored_sheets"] = list(error.sheets)
        failure["unmapped_columns"] = [unmapped_as_json(one) for one in error.columns]
    return failure
