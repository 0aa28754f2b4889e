from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.jobs.models import Event
from linkage.registry import audit_log
from linkage.registry.access import Capability
from web.addresses import whole_number
from web.audittrail import cells_of, rows_of
from web.door import ActorRequest, page
from web.forms.audit import FilterForm
from web.paging import PER_PAGE
from web.spreadsheets import csv_answer

# A file of more is no list that a person reads; a day or an account narrows it.
MOST_IN_A_FILE = 20_000


@page(Capability.READ_AUDIT)
def log(request: ActorRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    rows = audit_log.log(actor=request.actor, filters=form.asked())
    before = whole_number(request, "before")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found: list[Event] = list(rows[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    words = {
        "form": form,
        "rows": rows_of(request.actor, shown, request.now),
        "next": str(shown[-1].pk) if len(found) > PER_PAGE else "",
        "is_first": before is None,
        "standing": audit_log.standing(actor=request.actor),
    }
    return render(request, "web/audit/log.html", words)


@page(Capability.READ_AUDIT)
def log_csv(request: ActorRequest) -> HttpResponse:
    rows = audit_log.log(actor=request.actor, filters=FilterForm(request.GET).asked())
    cells = cells_of(rows[: MOST_IN_A_FILE + 1])
    if len(cells) > MOST_IN_A_FILE:
        cells[MOST_IN_A_FILE:] = [
            [_("Older rows are left out: narrow the log by a day or account.")]
        ]
    header = [_("Row of the chain"), _("Hash"), _("Time"), _("User name"), _("Kind of event")]
    header += [_("Event"), _("About")]
    return csv_answer(name="audit.csv", header=header, rows=cells)


@page(Capability.VERIFY_AUDIT, methods=("POST",))
def verify(request: ActorRequest) -> HttpResponse:
    job = audit_log.ask_verification(actor=request.actor, now=request.now)
    return redirect("web:job", job.pk)
