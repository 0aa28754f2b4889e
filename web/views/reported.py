from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.coverage import reported_read
from linkage.coverage.models import ManualValue
from linkage.coverage.services import (
    attach_source,
    correct_value,
    enter_value,
    open_source,
    withdraw_value,
)
from linkage.registry.access import Capability
from web import reportedlines
from web.door import ActorRequest, page
from web.forms.carrying import carried_out
from web.forms.evidence import SourceForm
from web.forms.reported import CorrectionForm, ValueForm, WithdrawalForm
from web.handing import handed_out
from web.presentation import name_words


@page(Capability.READ_COVERAGE)
def lines(request: ActorRequest) -> HttpResponse:
    words = {"lines": reportedlines.lines(request.today)}
    return render(request, "web/reported/list.html", words)


@page(Capability.READ_COVERAGE)
def line(request: ActorRequest, indicator: str) -> HttpResponse:
    words = {"line": reportedlines.line(indicator, request.actor)}
    return render(request, "web/reported/line.html", words)


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def enter(request: ActorRequest, indicator: str) -> HttpResponse:
    found = reported_read.reported_line(indicator)
    form = ValueForm(request.POST or None, of=found)

    def act() -> object:
        return enter_value(
            actor=request.actor, indicator=indicator, now=request.now, **form.values()
        )

    if carried_out(form, act):
        return _done(request, indicator)
    return _form_page(request, form, name_words(found), indicator, lead=_("Enter a value"))


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def correct(request: ActorRequest, value_id: int) -> HttpResponse:
    found = reported_read.version_of(value_id)
    form = CorrectionForm(request.POST or None, of=found.indicator, initial=_initial(found))

    def act() -> object:
        return correct_value(
            actor=request.actor, value_id=value_id, now=request.now, **form.values()
        )

    if carried_out(form, act):
        return _done(request, found.indicator_id)
    return _form_page(
        request, form, _("Correct a value"), found.indicator_id, lead=reportedlines.said_of(found)
    )


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def withdraw(request: ActorRequest, value_id: int) -> HttpResponse:
    found = reported_read.version_of(value_id)
    form = WithdrawalForm(request.POST or None)

    def act() -> object:
        return withdraw_value(
            actor=request.actor, value_id=value_id, now=request.now, **form.cleaned_data
        )

    if carried_out(form, act):
        return _done(request, found.indicator_id)
    return _form_page(
        request, form, _("Take a value back"), found.indicator_id, lead=reportedlines.said_of(found)
    )


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def attach(request: ActorRequest, value_id: int) -> HttpResponse:
    found = reported_read.version_of(value_id)
    form = SourceForm(request.POST or None, request.FILES or None)

    def act() -> object:
        given = form.cleaned_data["file"]
        return attach_source(actor=request.actor, value_id=value_id, file=given, now=request.now)

    if carried_out(form, act):
        messages.success(request, _("The report is attached."))
        return redirect("web:reported_line", found.indicator_id)
    lead = reportedlines.said_of(found)
    return _form_page(request, form, _("Attach the report"), found.indicator_id, lead=lead)


@page(Capability.READ_EVIDENCE)
def source(request: ActorRequest, value_id: int, source_id: int) -> FileResponse:
    which = {"value_id": value_id, "source_id": source_id}
    return handed_out(open_source(actor=request.actor, now=request.now, **which))


def _initial(value: ManualValue) -> dict[str, Any]:
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "source": value.source,
    }


def _done(request: ActorRequest, indicator: str) -> HttpResponse:
    messages.success(request, _("Saved. The dashboard shows it when it is computed again."))
    return redirect("web:reported_line", indicator)


def _form_page(
    request: ActorRequest, form: Any, heading: str, indicator: str, *, lead: str
) -> HttpResponse:
    words = {
        "form": form,
        "heading": heading,
        "lead": lead,
        "submit": _("Save"),
        "back": reverse("web:reported_line", args=[indicator]),
        "back_label": _("This line"),
    }
    return render(request, "web/parts/form_page.html", words)
