"""What must always hold of workbooks: what they hold are people's data."""

from __future__ import annotations

from datetime import datetime

from django.db.models import IntegerField, Value

from linkage import files
from linkage.agreements.invariants import Finding, kept_files
from linkage.intake.models import ImportBatch


def workbooks(began: datetime) -> dict[str, Finding]:
    """Of each batch the file is there, and each file has its batch, as scans have."""
    batches = ImportBatch.objects.annotate(size=Value(None, IntegerField()))
    return kept_files("workbook", files.WORKBOOKS, batches, began=began)
