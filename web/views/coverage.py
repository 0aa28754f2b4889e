from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkage.coverage.queries import freshness, latest, newest
from linkage.jobs.services import submit
from linkage.registry.access import Capability, allows
from web import boards
from web.door import ActorRequest, page
from web.forms.coverage import DayForm
from web.members import figure_of, page_words, sheet
from web.paging import page_of


@page(Capability.READ_COVERAGE, in_area=True)
def dashboard(request: ActorRequest) -> HttpResponse:
    form = DayForm(request.GET if "as_of" in request.GET else None)
    present = newest(request.today)
    chosen = form.cleaned_data["as_of"] if form.is_valid() else None
    asked = chosen or (present.as_of if present else request.today)
    if not form.is_bound:
        form.initial = {"as_of": asked}
    words = {
        "form": form,
        "asked": asked,
        "board": boards.board(latest(asked) if chosen else present),
        "is_planned": asked > request.today,
        "overdue": boards.overdue_words(freshness(request.now)),
        # Whom a figure counts is not for who looks after an area.
        "may_open": allows(request.actor, Capability.READ_COVERAGE),
    }
    return render(request, "web/coverage/dashboard.html", words)


@page(Capability.COMPUTE_COVERAGE, methods=("POST",))
def recalculate(request: ActorRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if not form.is_valid():
        return redirect("web:dashboard")
    job = submit(
        kind="coverage.snapshot",
        args={"as_of": form.cleaned_data["as_of"].isoformat()},
        now=request.now,
        created_by_id=request.actor.user_id,
    )
    return redirect("web:job", job.pk)


@page(Capability.READ_COVERAGE)
def members(request: ActorRequest, snapshot_id: int, indicator: str, evidence: str) -> HttpResponse:
    figure = figure_of(request, snapshot_id, indicator, evidence)
    shown = page_of(request, figure.found)
    return render(request, "web/coverage/members.html", page_words(figure, shown))


@page(Capability.READ_COVERAGE)
def members_csv(
    request: ActorRequest, snapshot_id: int, indicator: str, evidence: str
) -> HttpResponse:
    return sheet(figure_of(request, snapshot_id, indicator, evidence))
