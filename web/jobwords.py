"""A job as its page shows it: state, progress and errors in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.intake.reading.layout import MissingColumn, NoTable
from linkage.intake.services import exporting
from linkage.jobs.models import Job
from linkage.jobs.services import ENDED, RETRIABLE
from linkage.suggestions.services.measuring import FAIRNESS
from web.presentation import whole

KINDS: Mapping[str, str | Promise] = {
    "coverage.snapshot": gettext_lazy("Computing the figures"),
    exporting.KIND: gettext_lazy("Writing the register as a workbook"),
    "coverage.series": gettext_lazy("Computing the quarter ends"),
    "intake.preview": gettext_lazy("Previewing a workbook"),
    "intake.apply": gettext_lazy("Taking a workbook into the register"),
    "intake.undo": gettext_lazy("Undoing an import"),
    "notices.send": gettext_lazy("Sending a message"),
    "notices.send_code": gettext_lazy("Sending an access code"),
    "agreements.turn_the_day": gettext_lazy("Beginning and ending linkages by their days"),
    "agreements.lapse_pools": gettext_lazy("Ending pools that were not agreed in time"),
    "suggestions.pool": gettext_lazy("Looking for suppliers that fill a need together"),
    "agreements.clear_broken_uploads": gettext_lazy("Clearing away uploads that broke off"),
    "jobs.forget_answers": gettext_lazy("Forgetting answers that nobody asks for again"),
    "jobs.verify_chain": gettext_lazy("Verifying that no event of the history was changed"),
    "suggestions.nightly": gettext_lazy("Looking at all suggestions anew"),
    "suggestions.look": gettext_lazy("Looking for whom a changed post suits"),
    "suggestions.plan": gettext_lazy("Finding a plan for the city"),
    "suggestions.refresh": gettext_lazy("Looking at a part of all suggestions anew"),
    FAIRNESS: gettext_lazy("Measuring whom suggestions reach"),
}


# The import's page asks what its reading failed for.
_ANSWERABLE = frozenset({NoTable.code, MissingColumn.code})
_ANSWERED_THERE = gettext_lazy(
    "What can be said or done about it stands under “Look at the result”."
)
# What would be refused again: another try cannot help.
_FOR_GOOD = frozenset({"undo_conflict", "batch_not_applied", "batch_not_applicable"})


@dataclass(frozen=True)
class JobPage:
    """What the page and its polled part show."""

    pk: int
    kind_words: str
    state_words: str
    progress_words: str
    done: int
    total: int
    attempts: int
    created_at: datetime
    is_over: bool
    is_done: bool
    has_failed: bool
    waits_alone: bool
    error_words: str
    result_address: str
    may_cancel: bool
    may_retry: bool


def page_of(job: Job, *, worker_alive: bool, may_steer: bool) -> JobPage:
    """`may_steer`: whether the reader may cancel and retry this kind of work."""
    over = job.state in ENDED
    return JobPage(
        pk=job.pk,
        kind_words=str(KINDS.get(job.kind, job.kind)),
        state_words=_state_words(job),
        progress_words=_progress_words(job),
        # Work that counts no steps is one step.
        done=job.progress_done or int(job.state == Job.State.DONE),
        total=job.progress_total,
        attempts=job.attempts,
        created_at=job.created_at,
        is_over=over,
        is_done=job.state == Job.State.DONE,
        has_failed=job.state in (Job.State.FAILED, Job.State.PARKED),
        waits_alone=not over and not worker_alive,
        error_words=_error_words(job),
        result_address=_result_address(job) if over else "",
        may_cancel=may_steer and not over and not job.cancel_requested,
        may_retry=may_steer and job.state in RETRIABLE and job.error_code not in _FOR_GOOD,
    )


def _state_words(job: Job) -> str:
    if job.cancel_requested and job.state == Job.State.RUNNING:
        return _("Being cancelled")
    return str(job.get_state_display())


def _progress_words(job: Job) -> str:
    if job.state == Job.State.DONE:
        return outcome_words(job)
    refused = job.state == Job.State.FAILED and not job.progress_done
    if refused or not job.progress_total:
        return ""
    return _("%(done)s of %(total)s (%(percent)s%%)") % {
        "done": whole(job.progress_done),
        "total": whole(job.progress_total),
        "percent": whole(job.progress_done * 100 // job.progress_total),
    }


def outcome_words(job: Job) -> str:
    """What a job that is done did, from what it said itself; an old one may have said less."""
    try:
        return _OUTCOMES[job.kind](job.args, job.result or {})
    except KeyError:
        return _("All of it is done.")


def _snapshot_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    day = date_format(date.fromisoformat(args["as_of"]), "SHORT_DATE_FORMAT")
    return _("The figures for %(day)s are computed.") % {"day": day}


def _series_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    return _("Computed for %(days)s days: the quarter ends and today.") % {
        "days": whole(result["days"])
    }


def _preview_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    return _(
        "The workbook is read: %(organisations)s organisations and %(linkages)s linkages; rows"
        " refused: %(refused)s. Nothing has been written into the register yet."
    ) % {name: whole(result[name]) for name in ("organisations", "linkages", "refused")}


def _apply_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    return _(
        "Taken into the register. New: %(new_organisations)s organisations, %(new_linkages)s"
        " linkages. Changed: %(organisations)s organisations, %(linkages)s linkages. Rows"
        " refused: %(refused)s."
    ) % {
        "new_organisations": whole(result["created"]["organisations"]),
        "new_linkages": whole(result["created"]["linkages"]),
        "organisations": whole(result["updated"]["organisations"]),
        "linkages": whole(result["updated"]["linkages"]),
        "refused": whole(result["refused"]),
    }


def _undo_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    return _(
        "Undone. Taken out again: %(new_organisations)s organisations, %(new_linkages)s linkages."
        " As they were before: %(organisations)s organisations, %(linkages)s linkages."
    ) % {
        "new_organisations": whole(result["created"]["organisations"]),
        "new_linkages": whole(result["created"]["linkages"]),
        "organisations": whole(result["updated"]["organisations"]),
        "linkages": whole(result["updated"]["linkages"]),
    }


def _export_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    rows = ", ".join(f"{sheet} {whole(count)}" for sheet, count in result["rows"].items())
    return _("The workbook is written. Rows a sheet: %(rows)s.") % {"rows": rows}


def _turn_outcome(args: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    if not result["broken"]:
        return _("All of it is done.")
    return _(
        "What these linkages hold does not add up, so they stay as they were: %(ids)s. All others"
        " are done."
    ) % {"ids": ", ".join(map(str, result["broken"]))}


_OUTCOMES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]] = {
    "agreements.turn_the_day": _turn_outcome,
    "coverage.snapshot": _snapshot_outcome,
    "coverage.series": _series_outcome,
    "suggestions.plan": lambda args, result: _("The plan is there."),
    exporting.KIND: _export_outcome,
    "intake.preview": _preview_outcome,
    "intake.apply": _apply_outcome,
    "intake.undo": _undo_outcome,
}


def _error_words(job: Job) -> str:
    if job.state == Job.State.PARKED:
        return _("The work broke off three times and was put aside. Details: %(details)s") % {
            "details": job.error_text or job.error_code
        }
    if job.state == Job.State.FAILED:
        said = job.error_text or _("The work failed.")
        return f"{said} {_ANSWERED_THERE}" if job.error_code in _ANSWERABLE else said
    return ""


def _result_address(job: Job) -> str:
    if job.kind.startswith("intake.") and "batch_id" in job.args:
        return reverse("web:import_detail", args=[job.args["batch_id"]])
    if job.state != Job.State.DONE or job.kind not in _RESULT_ADDRESSES:
        return ""
    return _RESULT_ADDRESSES[job.kind](job, job.result or {})


# Where what a job that is done made is looked at.
_RESULT_ADDRESSES: Mapping[str, Callable[[Job, Mapping[str, Any]], str]] = {
    exporting.KIND: lambda job, _: reverse("web:register_exported", args=[job.pk]),
    "coverage.snapshot": lambda job, _: (
        f"{reverse('web:dashboard')}?as_of={job.args.get('as_of', '')}"
    ),
    "coverage.series": lambda *_: reverse("web:dashboard"),
    "suggestions.plan": lambda _, made: reverse("web:plan", args=[made["plan_id"]]),
    FAIRNESS: lambda _, made: reverse("web:fairness_report", args=[made["report_id"]]),
}
