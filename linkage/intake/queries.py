"""Reads of the intake: batches, and what a refused row says."""

from __future__ import annotations

from django.db.models import QuerySet

from linkage.errors import NotFound
from linkage.intake.models import ImportBatch, ImportRow


def batches() -> QuerySet[ImportBatch]:
    """Batches, the newest first."""
    return ImportBatch.objects.select_related("uploaded_by").defer("report").order_by("-id")


def get(batch_id: int) -> ImportBatch:
    """The batch with its report. Raises: NotFound."""
    batch = ImportBatch.objects.select_related("uploaded_by").filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    return batch


def row_of(batch_id: int, sheet: str, row: int) -> ImportRow:
    """A row that was refused or corrected. Raises: NotFound."""
    found = ImportRow.objects.filter(batch_id=batch_id, sheet=sheet, row=row).first()
    if found is None:
        raise NotFound
    return found
