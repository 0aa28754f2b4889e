from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.coverage.queries import freshness, latest
from linkage.jobs.services import submit
from linkage.registry.access import Capability
from web import boards, membership, presentation
from web.door import StaffRequest, page
from web.forms.coverage import DayForm
from web.paging import page_of, search_words
from web.spreadsheets import csv_answer


@page(Capability.READ_COVERAGE)
def dashboard(request: StaffRequest) -> HttpResponse:
    form = DayForm(request.GET if "as_of" in request.GET else None)
    newest = boards.newest_snapshot(request.today)
    chosen = form.cleaned_data["as_of"] if form.is_valid() else None
    asked = chosen or (newest.as_of if newest else request.today)
    if not form.is_bound:
        form.initial = {"as_of": asked}
    words = {
        "form": form,
        "asked": asked,
        "board": boards.board(latest(asked) if chosen else newest),
        "is_planned": asked > request.today,
        "overdue": boards.overdue_words(freshness(request.now), newest),
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
) -> membership.Opened:
    return membership.open_figure(
        snapshot_id=snapshot_id,
        indicator=indicator,
        evidence=evidence,
        territory=request.GET.get("territory", ""),
    )


@page(Capability.READ_COVERAGE)
def members(request: StaffRequest, snapshot_id: int, indicator: str, evidence: str) -> HttpResponse:
    opened = _opened(request, snapshot_id, indicator, evidence)
    shown, words = request.GET.get("shown", ""), search_words(request)
    found = page_of(request, membership.members(opened, shown=shown, words=words))
    context = {
        "opened": opened,
        "share": presentation.ShareWords(opened.share.numerator, opened.share.denominator),
        "evidence": boards.evidence_name(opened.evidence),
        "territory": boards.territory_name(opened.territory),
        "page": found,
        "rows": membership.rows_of(opened, list(found.object_list)),
        "shown": shown,
        "words": words,
    }
    return render(request, "web/coverage/members.html", context)


@page(Capability.READ_COVERAGE)
def members_csv(
    request: StaffRequest, snapshot_id: int, indicator: str, evidence: str
) -> HttpResponse:
    opened = _opened(request, snapshot_id, indicator, evidence)
    found = membership.members(
        opened, shown=request.GET.get("shown", ""), words=search_words(request)
    )
    rows = membership.rows_of(opened, list(found))
    return csv_answer(
        name=f"{indicator}-{evidence}-{opened.snapshot.as_of.isoformat()}.csv",
        header=[
            _("Organisation"),
            _("Tax code"),
            _("Linked"),
            _("Contracts"),
            _("Day"),
            _("Evidence"),
        ],
        rows=membership.sheet_rows(opened, rows),
    )
