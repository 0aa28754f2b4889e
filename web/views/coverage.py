from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.coverage import opened
from linkage.coverage.models import Snapshot
from linkage.coverage.opened import Opened
from linkage.coverage.queries import freshness, latest, newest
from linkage.coverage.sentences import territory_name
from linkage.jobs.services import submit
from linkage.registry.access import Capability
from web import boards, presentation
from web.door import StaffRequest, page
from web.forms.coverage import DayForm
from web.paging import page_of, search_words
from web.spreadsheets import csv_answer, member_rows


@page(Capability.READ_COVERAGE)
def dashboard(request: StaffRequest) -> HttpResponse:
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
    }
    return render(request, "web/coverage/dashboard.html", words)


@page(Capability.COMPUTE_COVERAGE, methods=("POST",))
def recalculate(request: StaffRequest) -> HttpResponse:
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


def _opened(
    request: StaffRequest, snapshot_id: int, indicator: str, evidence: str
) -> tuple[Snapshot, Opened]:
    snapshot = opened.get(snapshot_id)
    territory = request.GET.get("territory", "")
    report = opened.report_of(snapshot, evidence=evidence, territory=territory, today=request.today)
    return snapshot, opened.open_indicator(report, indicator)


@page(Capability.READ_COVERAGE)
def members(request: StaffRequest, snapshot_id: int, indicator: str, evidence: str) -> HttpResponse:
    snapshot, figure = _opened(request, snapshot_id, indicator, evidence)
    shown, words = request.GET.get("shown", ""), search_words(request)
    found = page_of(request, figure.organisations(shown, words))
    territory = request.GET.get("territory", "")
    context = {
        "snapshot": snapshot,
        "indicator": indicator,
        "name": boards.indicator_name(indicator),
        "evidence": evidence,
        "territory": territory,
        "share": presentation.ShareWords(figure.share.numerator, figure.share.denominator),
        "evidence_words": boards.evidence_name(evidence),
        "territory_words": territory_name(territory),
        "page": found,
        "rows": figure.with_linkages(found.object_list),
        "shown": shown,
        "words": words,
    }
    return render(request, "web/coverage/members.html", context)


@page(Capability.READ_COVERAGE)
def members_csv(
    request: StaffRequest, snapshot_id: int, indicator: str, evidence: str
) -> HttpResponse:
    snapshot, figure = _opened(request, snapshot_id, indicator, evidence)
    found = figure.organisations(request.GET.get("shown", ""), search_words(request))
    return csv_answer(
        name=f"{indicator}-{evidence}-{snapshot.as_of.isoformat()}.csv",
        header=[
            _("Organisation"),
            _("Tax code"),
            _("Linked"),
            _("Contracts"),
            _("Day"),
            _("Evidence"),
        ],
        rows=member_rows(
            figure.with_linkages(found),
            as_of=snapshot.as_of,
            evidence=boards.evidence_name(evidence),
        ),
    )
