from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linkage.errors import NotFound
from linkage.registry import events_read, queries, services
from linkage.registry.access import Capability
from linkage.registry.models import RegistryEvent
from linkage.registry.reading import open_events
from web.changes import change_of, form_page, saved
from web.choosing import sought
from web.door import ActorRequest, page
from web.forms import registry_events as forms
from web.forms.carrying import carried_out
from web.forms.linkages import ReasonForm
from web.lawwords import told_events, withdrawal_words

_SERVICES: Mapping[str, tuple[type[forms.EventForm], Callable[..., Any]]] = {
    RegistryEvent.Kind.NEW_NAME: (forms.NewNameForm, services.record_new_name),
    RegistryEvent.Kind.NEW_TAX_CODE: (forms.NewTaxCodeForm, services.record_new_tax_code),
    RegistryEvent.Kind.MOVE: (forms.MoveForm, services.record_move),
    RegistryEvent.Kind.SPLIT: (forms.SplitForm, services.record_split),
}


@page(Capability.READ_ORGANISATIONS)
def events(request: ActorRequest, organisation_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    rows = open_events(actor=request.actor, organisation_id=organisation_id, now=request.now)
    words = {
        "card": card,
        "events": told_events(rows, organisation_id, request.actor),
        "kinds": RegistryEvent.Kind.choices,
    }
    return render(request, "web/organisations/registry_events.html", words)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def withdraw(request: ActorRequest, organisation_id: int, event_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    event = events_read.event(
        actor=request.actor, organisation_id=organisation_id, event_id=event_id
    )
    form = ReasonForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        said = {"event_id": event_id, "reason": form.cleaned_data["reason"]}
        return services.withdraw_event(**change_of(request, organisation_id, form), **said)

    if carried_out(form, act):
        return saved(request, organisation_id)
    heading = _("Withdraw: %(event)s") % {"event": event.get_kind_display()}
    return form_page(request, form, heading, card, lead=withdrawal_words(event))


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def record(request: ActorRequest, organisation_id: int, event: str) -> HttpResponse:
    if event not in _SERVICES:
        raise NotFound
    form_class, service = _SERVICES[event]
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = form_class(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        return service(**change_of(request, organisation_id, form), **form.said())

    if carried_out(form, act):
        return saved(request, organisation_id)
    heading = str(RegistryEvent.Kind(event).label)
    lead = _("From its day on it holds; figures of earlier days stay as they are.")
    return form_page(request, form, heading, card, lead=lead)


@page(Capability.WRITE_ORGANISATIONS)
def merger(request: ActorRequest, organisation_id: int) -> HttpResponse:
    words = sought(request, organisation_id, "web:registry_merger_into")
    return render(request, "web/organisations/merger_choose.html", words)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def merger_into(request: ActorRequest, organisation_id: int, into_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "on": request.today}
    card = queries.detail(**asked, organisation_id=organisation_id)
    into = queries.detail(**asked, organisation_id=into_id).organisation
    form = forms.MergerForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        who = change_of(request, organisation_id, form)
        return services.record_merger(**who, **form.said(), into_id=into_id)

    if carried_out(form, act):
        return saved(request, organisation_id)
    return form_page(request, form, _("Merger into another"), card, lead=_merger_words(into.name))


def _merger_words(name: str) -> str:
    words = _(
        "It goes into %(name)s: it is dissolved from the day on, and stays in the register with its"
        " linkages."
    )
    return words % {"name": name}
