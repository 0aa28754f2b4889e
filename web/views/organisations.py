from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements.queries import of_organisation
from linkage.errors import NotFound
from linkage.intake.opening import open_code
from linkage.intake.review import missing_party
from linkage.registry import queries, services
from linkage.registry.access import Capability, require
from linkage.registry.models import Organisation
from linkage.registry.reading import note_codes, open_card
from web import directory, happenings
from web.addresses import whole_number
from web.changes import change_of, form_page, saved
from web.door import ActorRequest, page
from web.forms import organisations as forms
from web.forms.carrying import carried_out
from web.paging import page_of

# Field of the history -> its form and its service.
_FACTS: dict[str, tuple[Any, Any]] = {
    "status": (forms.StatusForm, services.set_status),
    "kind": (forms.KindForm, services.set_kind),
    "sector": (forms.SectorForm, services.set_sector),
    "commune": (forms.CommuneForm, services.set_commune),
}


@page(Capability.READ_ORGANISATIONS, in_area=True)
def organisations(request: ActorRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or request.today
    shown = page_of(request, directory.found(request.actor, day, asked))
    note_codes(actor=request.actor, organisations=shown.object_list, now=request.now)
    rows = directory.rows_of(request.actor, shown.object_list)
    words = {"form": form, "page": shown, "rows": rows, "day": asked.get("on")}
    return render(request, "web/organisations/list.html", words)


@page(Capability.READ_ORGANISATIONS, in_area=True)
def organisation(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    try:
        card = open_card(**asked, on=request.today, now=request.now)
    except NotFound:
        return _to_its_survivor(request, organisation_id)
    history = queries.history(**asked)
    words = {
        "card": card,
        "unsettled": directory.reasons(card.to_settle),
        "timelines": directory.timelines(organisation_id, history),
        "events": happenings.told(history.events[::-1]),
        "absorbed": directory.absorbed(queries.absorbed_by(**asked)),
        "linkages": of_organisation(organisation_id),
    }
    return render(request, "web/organisations/detail.html", words)


def _to_its_survivor(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """To where its history is kept. Raises: NotFound for what was never merged."""
    survivor = queries.survivor_of(actor=request.actor, organisation_id=organisation_id)
    if survivor is None:
        raise NotFound
    return redirect(f"{reverse('web:organisation', args=[survivor])}#merged-{organisation_id}")


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def create(request: ActorRequest) -> HttpResponse:
    said = _asked_for(request)
    form = forms.CreateForm(request.POST or None, initial=_as_read(request, said))
    if carried_out(form, partial(_created, request, form, said)):
        return _after_creating(request)
    form.ask_only_if_doubted()
    rows = directory.rows_of(request.actor, form.alike)
    return form_page(request, form, _("Add an organisation"), None, alike=rows)


def _created(request: ActorRequest, form: forms.CreateForm, said: dict[str, str]) -> Organisation:
    return form.entered(
        partial(
            services.create_organisation,
            actor=request.actor,
            details=form.details(said),
            now=request.now,
            **form.facts(),
        )
    )


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def edit(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    card = open_card(**asked, on=request.today, now=request.now)
    form = forms.EditForm(request.POST or None, initial=forms.initial_of(card))

    def act() -> object:
        return services.edit_organisation(
            **change_of(request, organisation_id, form), details=form.changed_details()
        )

    if carried_out(form, act):
        return saved(request, organisation_id)
    return form_page(request, form, _("Edit"), card)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def fact(request: ActorRequest, organisation_id: int, field: str) -> HttpResponse:
    form_class, service = _known(field)
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = form_class(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        return service(**change_of(request, organisation_id, form), **form.fact())

    if carried_out(form, act):
        return saved(request, organisation_id)
    heading = _("Change: %(field)s") % {"field": directory.FIELDS[field]}
    warning = directory.warning_of(request.actor, organisation_id, field)
    return form_page(request, form, heading, card, warning=warning)


def _known(field: str) -> tuple[Any, Any]:
    if field not in _FACTS:
        raise NotFound
    return _FACTS[field]


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def settle(request: ActorRequest, organisation_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = forms.SettleForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        return services.settle(**change_of(request, organisation_id, form), **form.days())

    if carried_out(form, act):
        return saved(request, organisation_id)
    return form_page(request, form, _("Settle"), card)


def _after_creating(request: ActorRequest) -> HttpResponse:
    """Back to the import that lacked the organisation, if one did."""
    batch = whole_number(request, "batch")
    if batch is None:
        messages.success(request, _("The organisation is in the register."))
        return redirect("web:organisations")
    words = _("The organisation is in the register. Preview the file again: its row can pass now.")
    messages.success(request, words)
    return redirect("web:import_detail", batch)


def _as_read(request: ActorRequest, said: dict[str, str]) -> dict[str, str]:
    """The same with a person's tax code as the reader may see it."""
    batch = whole_number(request, "batch")
    if batch is None or not said.get("tax_code"):
        return said
    code = open_code(said["tax_code"], batch_id=batch, actor=request.actor, now=request.now)
    return {**said, "tax_code": code}


def _asked_for(request: ActorRequest) -> dict[str, str]:
    """What the form starts with: the name asked for, or all that an import's row says of it."""
    batch, row = whole_number(request, "batch"), whole_number(request, "row")
    said = {"name": request.GET.get("name", "")}
    if batch is not None and row is not None:
        require(request.actor, Capability.WRITE_IMPORTS)
        said |= missing_party(batch, request.GET.get("sheet", ""), row)
    return said
