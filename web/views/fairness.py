from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkage.jobs.services import submit
from linkage.registry.access import Capability, allows
from linkage.suggestions import fairness_read, overlooked
from linkage.suggestions.models import FairnessReport
from linkage.suggestions.reach import SMALL_MEMBERS
from linkage.suggestions.services.measuring import FAIRNESS
from linkage.suggestions.services.overlooked import introduce_overlooked
from web.door import ActorRequest, page
from web.fairnesswords import (
    already_introduced_words,
    board_of,
    introduced_words,
    list_words,
    setting_words,
    told_words,
)
from web.paging import page_of

# As many earlier reports stand below the one that is shown.
_EARLIER = 14


@page(Capability.READ_COVERAGE)
def fairness(request: ActorRequest) -> HttpResponse:
    newest = fairness_read.reports(actor=request.actor).first()
    return _shown(request, newest)


@page(Capability.READ_COVERAGE)
def report(request: ActorRequest, report_id: int) -> HttpResponse:
    return _shown(request, fairness_read.report(actor=request.actor, report_id=report_id))


def _shown(request: ActorRequest, found: FairnessReport | None) -> HttpResponse:
    rows = list(fairness_read.reports(actor=request.actor)[:_EARLIER])
    told = introduced = waiting = 0
    if found and found.overlooked:
        told = fairness_read.overlooked_and_told(of=found, on=request.today)
        introduced = fairness_read.overlooked_and_introduced(of=found)
        if allows(request.actor, Capability.WRITE_PLANS):
            waiting = len(overlooked.partners(of=found, on=request.today))
    words = {
        "board": board_of(found) if found else None,
        "told": told_words(told),
        "introduced": already_introduced_words(introduced, found) if found else "",
        "rows": [board_of(row) for row in rows],
        "setting": setting_words(found),
        "small_members": SMALL_MEMBERS,
        "waiting": waiting,
        "is_measured": fairness_read.is_measured(on=request.today),
    }
    return render(request, "web/fairness/report.html", words)


@page(Capability.READ_COVERAGE)
def co_ops(request: ActorRequest, report_id: int, shown: str) -> HttpResponse:
    found = fairness_read.report(actor=request.actor, report_id=report_id)
    listed = page_of(request, fairness_read.co_ops(of=found, shown=shown))
    words = {
        "report": found,
        "page": listed,
        "rows": fairness_read.with_organisations(listed, on=request.today),
        **list_words(shown),
    }
    return render(request, "web/fairness/co_ops.html", words)


@page(Capability.WRITE_PLANS, methods=("POST",))
def introduce(request: ActorRequest) -> HttpResponse:
    made = introduce_overlooked(actor=request.actor, now=request.now)
    messages.success(request, introduced_words(len(made)))
    return redirect("web:fairness")


@page(Capability.COMPUTE_COVERAGE, methods=("POST",))
def measure(request: ActorRequest) -> HttpResponse:
    job = submit(kind=FAIRNESS, args={}, now=request.now, created_by_id=request.actor.user_id)
    return redirect("web:job", job.pk)
