"""Reads of the intake: batches, and what a refused row says."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.intake.masking import masked_report
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
    """The report as the actor may read it: whole for clerks, else masked as the rights say."""
    report: dict[str, Any] = batch.report
    if allows(actor, Capability.WRITE_IMPORTS):
        return report
    return masked_report(
        report,
        parse_mapping(batch.mapping),
        contacts=allows(actor, Capability.READ_CONTACTS),
        personal_codes=allows(actor, Capability.READ_PERSONAL_TAX_CODES),
    )


def row_of(batch_id: int, sheet: str, row: int) -> ImportRow:
    """A row that was refused or corrected. Raises: NotFound."""
    found = ImportRow.objects.filter(batch_id=batch_id, sheet=sheet, row=row).first()
    if found is None:
        raise NotFound
    return found
