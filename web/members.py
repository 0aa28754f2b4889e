"""What a figure opens to: its organisations and their linkages, as a page and as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from linkage.coverage import opened
from linkage.coverage.models import Snapshot
from linkage.coverage.opened import Opened
from linkage.coverage.sentences import territory_name
from linkage.registry.models import Organisation
from web import boards, presentation
from web.door import ActorRequest
from web.paging import search_words
from web.spreadsheets import csv_answer, member_rows


@dataclass(frozen=True)
class Figure:
    """One indicator of a snapshot, at a level of evidence, and what of it the reader asks for."""

    snapshot: Snapshot
    indicator: str
    evidence: str
    territory: str
    shown: str
    words: str
    inside: Opened

    @property
    def found(self) -> QuerySet[Organisation]:
        """The organisations asked for, in Vietnamese order."""
        return self.inside.organisations(self.shown, self.words)


def figure_of(request: ActorRequest, snapshot_id: int, indicator: str, evidence: str) -> Figure:
    """The figure that the address names. Raises: NotFound, UnknownTerritory."""
    snapshot, territory = opened.get(snapshot_id), request.GET.get("territory", "")
    report = opened.report_of(snapshot, evidence=evidence, territory=territory, today=request.today)
    inside = opened.open_indicator(report, indicator)
    shown = request.GET.get("shown", "")
    return Figure(snapshot, indicator, evidence, territory, shown, search_words(request), inside)


def page_words(figure: Figure, page: Page[Any]) -> dict[str, Any]:
    """What the page of the figure shows of one page of its organisations."""
    share = figure.inside.share
    return {
        "figure": figure,
        "name": boards.indicator_name(figure.indicator),
        "share": presentation.ShareWords(share.numerator, share.denominator),
        "evidence_words": boards.evidence_name(figure.evidence),
        "territory_words": territory_name(figure.territory),
        "page": page,
        "rows": figure.inside.with_linkages(page.object_list),
    }


def sheet(figure: Figure) -> HttpResponse:
    """All that was asked for, as CSV."""
    as_of = figure.snapshot.as_of
    return csv_answer(
        name=f"{figure.indicator}-{figure.evidence}-{as_of.isoformat()}.csv",
        header=[
            *(_("Organisation"), _("Tax code"), _("Linked")),
            *(_("Contracts"), _("Day"), _("Evidence")),
        ],
        rows=member_rows(
            figure.inside.with_linkages(figure.found),
            as_of=as_of,
            evidence=boards.evidence_name(figure.evidence),
        ),
    )
