from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.errors import NotFound
from linkage.registry import events_read, queries, services
from linkage.registry.access import Capability
from linkage.registry.models import RegistryEvent
from linkage.registry.reading import open_events
from web import directory
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
}
_WITH_ANOTHER: Mapping[RegistryEvent.Kind, Callable[..., Any]] = {
    RegistryEvent.Kind.SPLIT: services.record_split_into,
    RegistryEvent.Kind.MERGER: services.record_merger,
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
    return form_page(request, form, heading, card, lead=_lead())


def _lead() -> str:
    return _("From its day on it holds; figures of earlier days stay as they are.")


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def split(request: ActorRequest, organisation_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    form = forms.SplitForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        who = change_of(request, organisation_id, form)
        return form.entered(partial(services.record_split, **who, **form.said()))

    if carried_out(form, act):
        return saved(request, organisation_id)
    form.ask_only_if_doubted()
    words = {
        "lead": _lead(),
        "alike": directory.rows_of(request.actor, form.alike),
        "onward": reverse("web:registry_split_choose", args=[organisation_id]),
        "onward_label": _("The register has the new one already"),
    }
    return form_page(request, form, str(RegistryEvent.Kind.SPLIT.label), card, **words)


@page(Capability.WRITE_ORGANISATIONS)
def split_choose(request: ActorRequest, organisation_id: int) -> HttpResponse:
    words = sought(request, organisation_id, "web:registry_split_into")
    lead = _("Choose who came out of %(name)s; the day and the paper are asked for next.")
    return _choosing(request, words, RegistryEvent.Kind.SPLIT, lead)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def split_into(request: ActorRequest, organisation_id: int, into_id: int) -> HttpResponse:
    lead = _("%(name)s came out of it on the day, and stays in the register as it is.")
    return _with_another(request, organisation_id, into_id, RegistryEvent.Kind.SPLIT, lead)


@page(Capability.WRITE_ORGANISATIONS)
def merger(request: ActorRequest, organisation_id: int) -> HttpResponse:
    words = sought(request, organisation_id, "web:registry_merger_into")
    lead = _(
        "By its decision %(name)s goes into another organisation. Choose which; the day and the"
        " paper are asked for next."
    )
    return _choosing(request, words, RegistryEvent.Kind.MERGER, lead)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def merger_into(request: ActorRequest, organisation_id: int, into_id: int) -> HttpResponse:
    lead = _(
        "It goes into %(name)s: it is dissolved from the day on, and stays in the register with its"
        " linkages."
    )
    return _with_another(request, organisation_id, into_id, RegistryEvent.Kind.MERGER, lead)


def _choosing(
    request: ActorRequest, words: dict[str, Any], kind: RegistryEvent.Kind, lead: str
) -> HttpResponse:
    """Where the other organisation is searched for; `lead` names the one that is changed."""
    told = {"heading": kind.label, "lead": lead % {"name": words["card"].organisation.name}}
    return render(request, "web/organisations/other_choose.html", words | told)


def _with_another(
    request: ActorRequest, organisation_id: int, into_id: int, kind: RegistryEvent.Kind, lead: str
) -> HttpResponse:
    """The day and the paper of what another organisation has a part in; `lead` names that one."""
    asked: dict[str, Any] = {"actor": request.actor, "on": request.today}
    card = queries.detail(**asked, organisation_id=organisation_id)
    into = queries.detail(**asked, organisation_id=into_id).organisation
    form = forms.OtherForm(request.POST or None, initial={"version": card.organisation.version})

    def act() -> object:
        who = change_of(request, organisation_id, form)
        return _WITH_ANOTHER[kind](**who, **form.said(), into_id=into_id)

    if carried_out(form, act):
        return saved(request, organisation_id)
    words = lead % {"name": into.name}
    return form_page(request, form, str(kind.label), card, lead=words)
