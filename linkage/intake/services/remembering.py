"""A form of workbook that was explained once is known the next time, by its headers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from linkage.intake.models import ImportBatch, WorkbookForm
from linkage.intake.reading.headers import header_key
from linkage.intake.reading.layout import HeadersUnknown
from linkage.intake.reading.records import RegisterFile

# What is said of a form. How dates and numbers are written is each file's own.
REMEMBERED = ("columns", "sheets")


def signature_of_file(file: RegisterFile) -> str:
    """Of a workbook whose tables were made out: all its headers, known and unknown ones."""
    known = [(table.sheet, column.header) for table in file.tables for column in table.columns]
    unknown = [(one.sheet, one.header) for one in file.unmapped_columns]
    return _digest("read", [*known, *unknown, *((sheet, "") for sheet in file.ignored_sheets)])


def signature_of_unknown(error: HeadersUnknown) -> str:
    """Of a workbook whose tables could not be made out: what of it was not understood."""
    columns = [(one.sheet, one.header) for one in error.columns]
    return _digest(error.code, [*columns, *((sheet, "") for sheet in error.sheets)])


def known_form(signature: str) -> WorkbookForm | None:
    """What was said of this form before, if anything was."""
    return WorkbookForm.objects.filter(signature=signature).first()


def remember(batch: ImportBatch, now: datetime) -> None:
    """Keep what is said of the batch's form, in the caller's transaction; the last word counts,
    also one that takes all back.

    Called once a look at the file came to an end with it: what could not be used is not kept.
    """
    said = _said(batch)
    if not any(said.values()):
        forget(batch)
        return
    known = known_form(batch.form_signature)
    if batch.form_signature and (known is None or known.mapping != said):
        WorkbookForm.objects.update_or_create(
            signature=batch.form_signature,
            defaults={"mapping": said, "learned_from": batch, "learned_at": now},
        )


def forget(batch: ImportBatch) -> None:
    """Forget the form that the batch taught, or was known by, if all that it says is taken back.

    Another batch's form stays that this one never went by. Called also where the file cannot be
    read without what was taken back.
    """
    if any(_said(batch).values()):
        return
    own = Q(learned_from=batch) | Q(pk=batch.form_id)
    WorkbookForm.objects.filter(own, signature=batch.form_signature).delete()


def _said(batch: ImportBatch) -> dict[str, dict[str, str]]:
    return {name: batch.mapping.get(name, {}) for name in REMEMBERED}


def _digest(code: str, places: Iterable[tuple[str, str]]) -> str:
    lines = {f"{header_key(sheet)}\0{header_key(header)}" for sheet, header in places}
    return hashlib.sha256("\n".join([code, *sorted(lines)]).encode()).hexdigest()
