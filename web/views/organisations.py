from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.agreements.queries import of_organisation
from linkage.errors import NotFound
from linkage.intake.review import missing_party
from linkage.registry import queries, services
from linkage.registry.access import Capability, require
from web import directory, happenings
from web.addresses import whole_number
from web.changes import claim, form_page, saved
from web.door import StaffRequest, page
from web.forms import organisations as forms
from web.forms.carrying import carried_out
from web.paging import page_of

# Field of the history -> its form, its service, the service's name for the value.
_FACTS: dict[str, tuple[Any, Any, str]] = {
    "status": (forms.StatusForm, services.set_status, "status"),
    "kind": (forms.KindForm, services.set_kind, "kind"),
    "sector": (forms.SectorForm, services.set_sector, "sector_code"),
    "commune": (forms.CommuneForm, services.set_commune, "commune_code"),
}


@page(Capability.READ_ORGANISATIONS)
def organisations(request: StaffRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or request.today
    shown = page_of(request, directory.found(request.actor, day, asked))
    rows = directory.rows_of(request.actor, shown.object_list)
    words = {"form": form, "page": shown, "rows": rows, "day": asked.get("on")}
    return render(request, "web/organisations/list.html", words)


@page(Capability.READ_ORGANISATIONS)
def organisation(request: StaffRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    card = queries.detail(**asked, on=request.today)
    history = queries.history(**asked)
    words = {
        "card": card,
        "unsettled": directory.reasons(card.to_settle),
        "timelines": directory.timelines(organisation_id, history.facts),
        "events": happenings.told(history.events[::-1]),
        "linkages": of_organisation(organisation_id),
    }
    return render(request, "web/organisations/detail.html", words)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def create(request: StaffRequest) -> HttpResponse:
    form = forms.CreateForm(request.POST or None, initial=_asked_for(request))

    def act() -> None:
        services.create_organisation(
            actor=request.actor, details=form.details(), now=request.now, **form.facts()
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        return _after_creating(request)
    return form_page(request, form, _("Add an organisation"), None)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def edit(request: StaffRequest, organisation_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = forms.EditForm(request.POST or None, initial=forms.initial_of(card))

    def act() -> None:
        services.edit_organisation(
            **claim(request, organisation_id, form), details=form.changed_details()
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        return saved(request, organisation_id)
    return form_page(request, form, _("Edit"), card)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def fact(request: StaffRequest, organisation_id: int, field: str) -> HttpResponse:
    if field not in _FACTS:
        raise NotFound
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form_class, service, argument = _FACTS[field]
    form = form_class(request.POST or None, initial={"version": card.organisation.version})

    def act() -> None:
        value = getattr(form.cleaned_data[field], "pk", form.cleaned_data[field])
        since = form.cleaned_data["since"]
        service(**claim(request, organisation_id, form), **{argument: value}, since=since)

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        return saved(request, organisation_id)
    heading = _("Change: %(field)s") % {"field": directory.FIELDS[field]}
    warning = directory.warning_of(request.actor, organisation_id, field)
    return form_page(request, form, heading, card, warning=warning)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def settle(request: StaffRequest, organisation_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = forms.SettleForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> None:
        days = {name: form.cleaned_data[name] for name in ("founded_on", "ended_on")}
        services.settle(**claim(request, organisation_id, form), **days)

    if request.method == "POST" and form.is_valid() and carried_out(form, act):
        return saved(request, organisation_id)
    return form_page(request, form, _("Settle"), card)


def _after_creating(request: StaffRequest) -> HttpResponse:
    """Back to the import that lacked the organisation, if one did."""
    batch = whole_number(request, "batch")
    if batch is None:
        messages.success(request, _("The organisation is in the register."))
        return redirect("web:organisations")
    words = _("The organisation is in the register. Preview the file again: its row can pass now.")
    messages.success(request, words)
    return redirect("web:import_detail", batch)


def _asked_for(request: StaffRequest) -> dict[str, str]:
    """What the form starts with: the name asked for, or all that an import's row says of it."""
    batch, row = whole_number(request, "batch"), whole_number(request, "row")
    said = {"name": request.GET.get("name", "")}
    if batch is not None and row is not None:
        require(request.actor, Capability.WRITE_IMPORTS)
        said |= missing_party(batch, request.GET.get("sheet", ""), row)
    return said
