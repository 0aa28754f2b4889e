"""What an import shows of people to who opens it: as the rights say, and each reading is noted.

What was shown is found by what another one, without the right, would find hidden.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linkage.intake import queries
from linkage.intake.masking import mask_code, masked_cells, masked_report
from linkage.intake.models import SUBJECT, ImportBatch, ImportRow
from linkage.intake.reading.mapping import parse_mapping
from linkage.registry.access import Actor, Capability, allows
from linkage.registry.services.reading import CONTACTS, TAX_CODE, record_read

# What would be hidden, by what it would be hidden for.
_WITHOUT = {
    CONTACTS: {"contacts": False, "personal_codes": True},
    TAX_CODE: {"contacts": True, "personal_codes": False},
}


def open_report(*, batch: ImportBatch, actor: Actor, now: datetime) -> dict[str, Any]:
    """The report of the last preview, as the actor may read it."""
    report = queries.report_of(batch, actor=actor)
    _note(batch.pk, _in_report(batch, report), actor, now)
    return report


def open_page(*, batch: ImportBatch, actor: Actor, now: datetime) -> dict[str, Any]:
    """The same for a page that asks clerks about a file's columns, also of one not to be read."""
    report = queries.report_of(batch, actor=actor)
    asked = batch.failure if allows(actor, Capability.WRITE_IMPORTS) else {}
    what = _in_report(batch, report) | _in_report(batch, asked)
    _note(batch.pk, what, actor, now)
    return report


def open_row(row: ImportRow, *, actor: Actor, now: datetime) -> ImportRow:
    """A kept row as the actor may read it; a copy, never to be saved."""
    shown = queries.row_for(row, actor=actor)
    _note(row.batch_id, _in_row(shown), actor, now)
    return shown


def open_rows(*, batch: ImportBatch, actor: Actor, now: datetime) -> list[ImportRow]:
    """All rows that were kept of a batch, beside what is asked about its file. Copies."""
    rows = batch.rows.order_by("sheet", "row")
    shown = [queries.row_for(row, actor=actor) for row in rows]
    what = _in_report(batch, batch.failure).union(*map(_in_row, shown))
    _note(batch.pk, what, actor, now)
    return shown


def open_code(code: str, *, batch_id: int, actor: Actor, now: datetime) -> str:
    """A tax code that a row gives, as the actor may read it."""
    sight = queries.sight_of(actor)
    shown = str(masked_cells({"tax_code": code}, **sight)["tax_code"])
    if mask_code(shown) != shown:
        _note(batch_id, {TAX_CODE}, actor, now)
    return shown


def _in_report(batch: ImportBatch, shown: dict[str, Any]) -> set[str]:
    mapping = parse_mapping(batch.mapping)
    return {
        kind for kind, sight in _WITHOUT.items() if masked_report(shown, mapping, **sight) != shown
    }


def _in_row(shown: ImportRow) -> set[str]:
    in_file = {name: str(cell.get("value") or "") for name, cell in shown.raw.items()}
    return {
        kind
        for kind, sight in _WITHOUT.items()
        for cells in (in_file, shown.overrides)
        if masked_cells(cells, **sight) != cells
    }


def _note(batch_id: int, what: set[str], actor: Actor, now: datetime) -> None:
    record_read(actor=actor, subject_kind=SUBJECT, ids=[batch_id], what=what, now=now)
