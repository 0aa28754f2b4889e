"""Reads of the intake: batches, and what a refused row says.

What is shown to people goes through `opening`, which notes the reading.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.intake.masking import masked_cells, masked_report
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.reading.mapping import parse_mapping
from linkage.registry.access import Actor, Capability, allows


def batches() -> QuerySet[ImportBatch]:
    """Batches, the newest first."""
    return ImportBatch.objects.select_related("uploaded_by").defer("report").order_by("-id")


def get(batch_id: int) -> ImportBatch:
    """The batch with its report. Raises: NotFound."""
    batches = ImportBatch.objects.select_related("uploaded_by", "carried_from", "form")
    batch = batches.defer("carried_from__report").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


def report_of(batch: ImportBatch, *, actor: Actor) -> dict[str, Any]:
    """The report as the actor may read it: contacts and persons' codes as the rights say."""
    return masked_report(batch.report, parse_mapping(batch.mapping), **sight_of(actor))


def row_for(row: ImportRow, *, actor: Actor) -> ImportRow:
    """A copy of a kept row as the actor may read it; never to be saved."""
    shown, sight = copy(row), sight_of(actor)
    values = {name: cell.get("value") for name, cell in row.raw.items()}
    masked = masked_cells(values, **sight)
    shown.raw = {
        name: {**cell, "value": masked[name]} if "value" in cell else cell
        for name, cell in row.raw.items()
    }
    shown.overrides = masked_cells(row.overrides, **sight)
    return shown


def sight_of(actor: Actor) -> dict[str, bool]:
    """What of people the actor may see in a workbook, as `masking` takes it."""
    return {
        "contacts": allows(actor, Capability.READ_CONTACTS),
        "personal_codes": allows(actor, Capability.READ_PERSONAL_TAX_CODES),
    }


def row_of(batch_id: int, sheet: str, row: int) -> ImportRow:
    """A row that was refused or corrected. Raises: NotFound."""
    found = ImportRow.objects.filter(batch_id=batch_id, sheet=sheet, row=row).first()
    if found is None:
        raise NotFound
    return found
