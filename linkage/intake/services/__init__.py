"""Writes of the intake: bring a workbook in, look at it, apply it, undo it, settle its doubts."""

from __future__ import annotations

from linkage.intake.services.applying import (
    ColumnsUnanswered,
    PreviewOutdated,
    RegisterChanged,
    apply_at_once,
    apply_batch,
    check_applicable,
    report_in_force,
)
from linkage.intake.services.batches import (
    answer,
    clear_broken_uploads,
    gist,
    preview,
    set_mapping,
    upload,
)
from linkage.intake.services.keeping import OWN_NUMBER_NEEDED
from linkage.intake.services.settling import (
    CodeIsHidden,
    NothingChanged,
    correct_row,
    decide_pair,
    is_hidden,
)
from linkage.intake.services.states import BatchNotApplicable, PreviewOvertaken
from linkage.intake.services.undoing import (
    BatchNotApplied,
    UndoConflict,
    last_undoing,
    undo_batch,
)

__all__ = [
    "OWN_NUMBER_NEEDED",
    "BatchNotApplicable",
    "BatchNotApplied",
    "CodeIsHidden",
    "ColumnsUnanswered",
    "NothingChanged",
    "PreviewOutdated",
    "PreviewOvertaken",
    "RegisterChanged",
    "UndoConflict",
    "answer",
    "apply_at_once",
    "apply_batch",
    "check_applicable",
    "clear_broken_uploads",
    "correct_row",
    "decide_pair",
    "gist",
    "is_hidden",
    "last_undoing",
    "preview",
    "report_in_force",
    "set_mapping",
    "undo_batch",
    "upload",
]
