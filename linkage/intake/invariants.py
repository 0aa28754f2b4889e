"""What must always hold of workbooks: what they hold are people's data."""

from __future__ import annotations

from datetime import datetime

from linkage import files
from linkage.agreements.invariants import Finding, files_have_their_rows, rows_have_their_files
from linkage.intake.models import ImportBatch


def workbooks(began: datetime) -> dict[str, Finding]:
    """Of each batch the file is there, and each file has its batch, as scans have."""
    batches = ImportBatch.objects.all()
    places = ((pk, stored_as, None) for pk, stored_as in batches.values_list("pk", "stored_as"))
    return {
        "workbook_rows_have_their_files": rows_have_their_files(places),
        "workbook_files_have_their_rows": files_have_their_rows(
            files.WORKBOOKS, batches, began=began
        ),
    }
