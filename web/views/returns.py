from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.coverage import reported_read, returns_read
from linkage.coverage.models import YearReturn
from linkage.coverage.services import decide_return, save_return
from linkage.errors import NotFound
from linkage.registry import member_queries
from linkage.registry.access import Capability
from linkage.registry.models import Organisation
from web.door import ActorRequest, member_page, page
from web.forms import returns as forms
from web.forms.carrying import carried_out, form_answer
from web.paging import page_of
from web.returnwords import decision_words, filed_words

_SENT, _KEPT = gettext_lazy("The return is sent."), gettext_lazy("The draft is kept.")


@member_page()
def own_returns(request: ActorRequest, organisation_id: int) -> HttpResponse:
    years = returns_read.own_years(
        actor=request.actor, organisation_id=organisation_id, today=request.today
    )
    words = {"organisation": _own(request, organisation_id), "years": years}
    return render(request, "web/returns/own.html", words)


@member_page(methods=("GET", "POST"))
def own_return(request: ActorRequest, organisation_id: int, year: int) -> HttpResponse:
    return _filled(request, _own(request, organisation_id), year, "web:own_returns")


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def office_return(request: ActorRequest, organisation_id: int, year: int) -> HttpResponse:
    organisation = returns_read.organisation_of(
        actor=request.actor, organisation_id=organisation_id
    )
    return _filled(request, organisation, year, "web:organisation")


@page(Capability.WRITE_ORGANISATIONS)
def returns(request: ActorRequest) -> HttpResponse:
    form = forms.ReturnFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = returns_read.listing(
        actor=request.actor, year=chosen.get("year"), state=chosen.get("state") or ""
    )
    words = {"form": form, "page": page_of(request, rows)}
    return render(request, "web/returns/list.html", words)


@page(Capability.WRITE_ORGANISATIONS)
def line(request: ActorRequest, indicator: str, year: int) -> HttpResponse:
    found = reported_read.reported_line(indicator)
    rows = reported_read.rows_of_line(actor=request.actor, indicator=indicator, year=year)
    summed = [row for row in rows if row.is_counted]
    words = {
        "indicator": found,
        "year": year,
        "page": page_of(request, rows),
        "part": sum(row.part for row in summed),
        "whole": sum(row.whole for row in summed),
        "summed": len(summed),
    }
    return render(request, "web/returns/line.html", words)


@page(Capability.WRITE_ORGANISATIONS)
def year_return(request: ActorRequest, return_id: int) -> HttpResponse:
    found = returns_read.get(actor=request.actor, return_id=return_id)
    return _decision_page(request, found, forms.DecisionForm(initial={"version": found.version}))


@page(Capability.WRITE_ORGANISATIONS, methods=("POST",))
def accept(request: ActorRequest, return_id: int) -> HttpResponse:
    found = returns_read.get(actor=request.actor, return_id=return_id)
    form = forms.AcceptanceForm(request.POST)
    if not form.is_valid():
        raise NotFound
    decide_return(
        actor=request.actor, return_id=found.pk, accept=True, now=request.now, **form.cleaned_data
    )
    messages.success(request, _("The return is accepted."))
    return redirect("web:year_return", found.pk)


@page(Capability.WRITE_ORGANISATIONS, methods=("POST",))
def send_back(request: ActorRequest, return_id: int) -> HttpResponse:
    found = returns_read.get(actor=request.actor, return_id=return_id)
    form = forms.DecisionForm(request.POST, initial={"version": found.version})

    def act() -> object:
        return decide_return(
            actor=request.actor,
            return_id=found.pk,
            accept=False,
            now=request.now,
            **form.cleaned_data,
        )

    if carried_out(form, act):
        messages.success(request, _("The return is sent back; its people are told."))
        return redirect("web:year_return", found.pk)
    return _decision_page(request, found, form)


def _own(request: ActorRequest, organisation_id: int) -> Organisation:
    return member_queries.own_organisation(actor=request.actor, organisation_id=organisation_id)


def _filled(
    request: ActorRequest, organisation: Organisation, year: int, back: str
) -> HttpResponse:
    """The form of one year, for whoever may file it; what was sent is read only."""
    which: dict[str, Any] = {"organisation_id": organisation.pk, "year": year}
    begun = returns_read.to_fill(actor=request.actor, **which, today=request.today)
    form = forms.ReturnForm(request.POST or None, of=begun.found, before=begun.before)

    def act() -> object:
        return save_return(actor=request.actor, **which, **form.said(), now=request.now)

    if carried_out(form, act):
        messages.success(request, _SENT if form.sends else _KEPT)
        return redirect(back, organisation.pk)
    words = {"organisation": organisation, "year": year, "form": form, "back": back}
    return form_answer(request, "web/returns/form.html", words | filed_words(begun), form)


def _decision_page(
    request: ActorRequest, found: YearReturn, form: forms.DecisionForm
) -> HttpResponse:
    words = {"form": form, **decision_words(found, request.actor)}
    return form_answer(request, "web/returns/detail.html", words, form)
