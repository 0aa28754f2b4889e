"""The packaged sample workbook: all that is in it is invented, and the register says so."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from linkage.intake.models import SUBJECT, ImportBatch
from linkage.jobs.models import Event

SAMPLE = Path(__file__).with_name("sample") / "so_theo_doi_htx.xlsx"


@cache
def sample_digest() -> str:
    """SHA-256 of the packaged file, as batches keep it of theirs."""
    return hashlib.sha256(SAMPLE.read_bytes()).hexdigest()


def is_shown(*, read_at: datetime | None) -> bool:
    """Whether the register, or a figure that read it at `read_at`, holds the invented sample.

    A figure does if the last that happened to the sample's batch by then was its applying: what
    was applied, undone or applied again later says nothing of it. At most two queries.
    """
    batches = ImportBatch.objects.filter(sha256=sample_digest())
    if read_at is None:
        return batches.filter(state=ImportBatch.State.APPLIED).exists()
    ids = [str(pk) for pk in batches.values_list("pk", flat=True)]
    if not ids:
        return False
    turns = Event.objects.filter(
        subject_kind=SUBJECT, subject_id__in=ids, kind__in=("applied", "undone"), at__lte=read_at
    )
    latest = dict(turns.order_by("id").values_list("subject_id", "kind"))
    return "applied" in latest.values()
