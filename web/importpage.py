"""An import as its page shows it: what can be done with it now, and why something cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linkage.intake import opening, queries, review, services
from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.planning.choosing import AS_IN_FILE
from linkage.intake.questions import has_unread_columns, has_years_without_days, questions_of
from linkage.intake.reading.layout import MissingColumn
from linkage.intake.services import OWN_NUMBER_NEEDED
from linkage.jobs.models import Job
from linkage.registry.access import Actor, Capability, allows
from web.forms.imports import ReadingForm, RowForm
from web.reports import ReportView, view_of

State = ImportBatch.State


@dataclass(frozen=True)
class Asked:
    """A question about the file with its control; who answered it when, if that is known."""

    field: forms.BoundField
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class ImportPage:
    """What the page shows beside the batch itself."""

    may_settle: bool
    may_preview: bool
    may_apply: bool
    may_undo: bool
    # Refused rows are left, and this import is past correcting them.
    may_bring_rest: bool
    notices: list[str]
    failure: str
    # What can be done in the workbook about a failure.
    way_out: str
    report: ReportView
    open_questions: list[Asked]
    settled_questions: list[Asked]
    corrected: list[ImportRow]


def reading_form(batch: ImportBatch, data: Any = None) -> ReadingForm:
    """The questions about the batch's file, with what was answered."""
    return ReadingForm(data, questions=questions_of(batch), version=batch.version)


def row_form(kept: ImportRow, *, actor: Actor, data: Any = None) -> RowForm:
    """The form of a refused or corrected row that was opened for the actor. Raises: NotFound."""
    batch = queries.get(kept.batch_id)
    report = queries.report_of(batch, actor=actor)
    refusal = review.refusal_of(report, kept.sheet, kept.row) or _number_needed(kept)
    fields = review.fields_of(kept)
    return RowForm(
        data,
        fields=fields,
        refusal=refusal,
        version=batch.version,
        as_in_file=AS_IN_FILE in kept.overrides if services.is_hidden(kept) else None,
    )


def _number_needed(row: ImportRow) -> dict[str, Any]:
    """What a row that is not refused waits for: a second contract's own number."""
    if row.code != OWN_NUMBER_NEEDED:
        return {}
    return {
        "is_held": True,
        "field": row.raw["contract_number"]["header"],
        "message": _(
            "You said that this is a second contract: it needs a number of its own, as the register"
            " holds each number once."
        ),
    }


def page_of(batch: ImportBatch, *, actor: Actor, running: Job | None, now: datetime) -> ImportPage:
    """Everything of one batch that `actor` may see and do now; a bounded number of queries."""
    clerk = allows(actor, Capability.WRITE_IMPORTS)
    settles = clerk and batch.state != State.APPLIED
    report = opening.open_page(batch=batch, actor=actor, now=now)
    pairs = report.get("likely_duplicates")
    asked, settled = _questions(batch) if settles else ([], [])
    return ImportPage(
        may_settle=settles,
        may_preview=settles and running is None,
        may_apply=clerk and running is None and _is_ready(batch),
        may_undo=clerk and running is None and batch.state == State.APPLIED,
        may_bring_rest=clerk and batch.state == State.APPLIED and bool(report.get("refused")),
        notices=_notices(batch),
        failure=batch.failure.get("message", ""),
        way_out=_way_out(batch, asked) if clerk else "",
        report=view_of(report, review.decisions_of(report) if pairs else {}),
        open_questions=asked,
        settled_questions=settled,
        corrected=review.corrected_rows(batch.pk) if clerk else [],
    )


def _way_out(batch: ImportBatch, asked: list[Asked]) -> str:
    """Of a column that is missing: it may be in the file under another name, or not at all."""
    if batch.failure.get("code") != MissingColumn.code:
        return ""
    if any(batch.failure.get("unmapped_columns", ())) and asked:
        return _("If it is not there at all: add it in the workbook and bring that in.")
    return _(
        "No column of the file is left that could be it: add it in the workbook, with its header,"
        " and bring that in again."
    )


def _is_ready(batch: ImportBatch) -> bool:
    return batch.state == State.PREVIEWED and not has_unread_columns(batch.report)


def _questions(batch: ImportBatch) -> tuple[list[Asked], list[Asked]]:
    """Open ones, settled ones."""
    pairs = reading_form(batch).asked()
    said = review.answerers(batch.pk) if any(not one.is_open for one, _field in pairs) else {}
    asked: list[Asked] = []
    settled: list[Asked] = []
    for question, field in pairs:
        by = said.get((question.section, question.name))
        shown = Asked(field, by.who, by.at) if by else Asked(field)
        (asked if question.is_open else settled).append(shown)
    return asked, settled


def _notices(batch: ImportBatch) -> list[str]:
    """Sentences about where the import stands."""
    return [*_notices_of_form(batch), *_notices_of_state(batch)]


def _notices_of_form(batch: ImportBatch) -> list[str]:
    if batch.form is None:
        return []
    return [
        _(
            "The headers of this workbook were explained before, last on %(day)s: they are read as"
            " they were then. The answers stand below and can be changed."
        )
        % {"day": date_format(localtime(batch.form.learned_at), "SHORT_DATE_FORMAT")}
    ]


def _notices_of_state(batch: ImportBatch) -> list[str]:
    if batch.state == State.UPLOADED:
        return [
            _(
                "Not previewed as it stands now: it can be taken into the register only after a"
                " preview that shows what it will do."
            )
        ]
    if batch.state == State.UNDONE:
        return [_("This import was undone. It can be previewed and taken in again.")]
    return _notices_of_preview(batch) if batch.state == State.PREVIEWED else []


def _notices_of_preview(batch: ImportBatch) -> list[str]:
    notices = [_("This is a preview: nothing of the file is in the register yet.")]
    if has_unread_columns(batch.report):
        notices.append(
            _(
                "A column can be read in two ways. Say below how it is written; until then this"
                " preview shows it read the Vietnamese way, and the file cannot be taken in."
            )
        )
    if has_years_without_days(batch.report):
        notices.append(
            _(
                "A column names years or months without a day. Say below which day is meant, once"
                " for the whole column; until then the rows with such a value are refused."
            )
        )
    if review.register_changed_since(batch):
        notices.append(
            _(
                "The register was changed since this preview. Preview again to see what the file"
                " does now; if that is something else than shown here, it is not taken in."
            )
        )
    return notices
