"""The packaged sample workbook: all that is in it is invented, and the register says so."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db.models import Q

from linkage.intake.models import ImportBatch

SAMPLE = Path(__file__).with_name("sample") / "so_theo_doi_htx.xlsx"


@cache
def sample_digest() -> str:
    """SHA-256 of the packaged file, as batches keep it of theirs."""
    return hashlib.sha256(SAMPLE.read_bytes()).hexdigest()


def is_shown(*, read_at: datetime | None) -> bool:
    """Whether the register, or a figure that read it at `read_at`, holds the invented sample.

    The batch is applied and not undone; or undone only after the figure was read.
    """
    held = Q(state=ImportBatch.State.APPLIED)
    if read_at is not None:
        held |= Q(state=ImportBatch.State.UNDONE, undone_at__gt=read_at)
    return ImportBatch.objects.filter(held, sha256=sample_digest()).exists()
