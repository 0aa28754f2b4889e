"""Writes of the intake: bring a workbook in, look at it, apply it, undo it, settle its doubts."""

from __future__ import annotations

from linkage.intake.services.applying import (
    BatchNotApplicable,
    ColumnsUnanswered,
    PreviewOutdated,
    RegisterChanged,
    apply_at_once,
    apply_batch,
    check_applicable,
)
from linkage.intake.services.batches import (
    answer,
    gist,
    is_applied,
    preview,
    set_mapping,
    upload,
)
from linkage.intake.services.settling import correct_row, decide_pair
from linkage.intake.services.undoing import BatchNotApplied, UndoConflict, undo_batch

__all__ = [
    "BatchNotApplicable",
    "BatchNotApplied",
    "ColumnsUnanswered",
    "PreviewOutdated",
    "RegisterChanged",
    "UndoConflict",
    "answer",
    "apply_at_once",
    "apply_batch",
    "check_applicable",
    "correct_row",
    "decide_pair",
    "gist",
    "is_applied",
    "preview",
    "set_mapping",
    "undo_batch",
    "upload",
]
