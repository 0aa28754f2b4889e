from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.registry import member_queries, officer_queries, services
from linkage.registry.models import Deed
from linkage.suggestions import ringing
from web import ringing as words_of
from web.door import ActorRequest, member_page, officer_page
from web.forms import officers as forms
from web.forms.carrying import carried_out
from web.paging import page_of


@officer_page()
def calls(request: ActorRequest) -> HttpResponse:
    lines = ringing.to_ring(actor=request.actor, on=request.today)
    shown = page_of(request, lines)
    words = {"page": shown, "rows": words_of.rows_of(shown.object_list)}
    return render(request, "web/officers/calls.html", words)


@officer_page()
def call(request: ActorRequest, organisation_id: int) -> HttpResponse:
    return _call_page(request, organisation_id, forms.CallForm())


@officer_page(methods=("POST",))
def call_note(request: ActorRequest, organisation_id: int) -> HttpResponse:
    form = forms.CallForm(request.POST)

    def act() -> object:
        return services.note_call(**_claim(request, organisation_id), **form.said())

    if carried_out(form, act):
        messages.success(request, _("Kept. It is off the list until then."))
        return redirect("web:calls")
    return _call_page(request, organisation_id, form)


@officer_page(methods=("POST",))
def call_told(request: ActorRequest, organisation_id: int) -> HttpResponse:
    services.say_told(**_claim(request, organisation_id))
    messages.success(request, _("Kept: you told them."))
    return redirect("web:call", organisation_id)


@officer_page(methods=("GET", "POST"))
def consent_record(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    found = ringing.dossier(**asked, on=request.today)
    start = {
        "given_on": request.today,
        "until": request.today + timedelta(days=90),
        "deeds": list(Deed.values),
    }
    form = forms.ConsentForm(request.POST or None, initial=start)

    def act() -> object:
        return services.record_consent(**_claim(request, organisation_id), given=form.given())

    if carried_out(form, act):
        messages.success(request, _("The consent is recorded: you can act for it now."))
        return redirect("web:call", organisation_id)
    words = {
        "form": form,
        "heading": _("What the organisation lets you do for it"),
        "lead": found.organisation.name,
        "submit": _("Record"),
        "back": reverse("web:call", args=[organisation_id]),
        "back_label": found.organisation.name,
        "warning": [_("You never agree, confirm or verify for it: its own people do that.")],
    }
    return render(request, "web/parts/form_page.html", words)


@officer_page(methods=("POST",))
def consent_withdraw(request: ActorRequest, organisation_id: int, consent_id: int) -> HttpResponse:
    services.withdraw_consent(**_claim(request, organisation_id), consent_id=consent_id)
    messages.success(request, _("The consent is withdrawn, from this moment on."))
    return redirect("web:call", organisation_id)


@member_page()
def own_consents(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    found = officer_queries.of_officers(**asked)
    words = {
        "organisation": member_queries.own_organisation(**asked),
        "consents": words_of.consents_of(found.consents, request.today),
        "acts": words_of.acts_of(found.acts, organisation_id),
    }
    return render(request, "web/mine/officers.html", words)


@member_page(methods=("POST",))
def own_consent_withdraw(
    request: ActorRequest, organisation_id: int, consent_id: int
) -> HttpResponse:
    services.withdraw_consent(**_claim(request, organisation_id), consent_id=consent_id)
    messages.success(request, _("The consent is withdrawn, from this moment on."))
    return redirect("web:own_consents", organisation_id)


def _call_page(request: ActorRequest, organisation_id: int, form: forms.CallForm) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    found = ringing.dossier(**asked, on=request.today)
    (row,) = words_of.rows_of([found.line])
    words = {
        "organisation": found.organisation,
        "row": row,
        "contacts": services.read_contacts(**asked, now=request.now),
        "consents": words_of.consents_of(found.consents, request.today),
        "acts_for": request.actor.stands_in_for(organisation_id),
        "calls": found.calls,
        "untold": words_of.acts_of(found.untold, organisation_id),
        "form": form,
    }
    return render(request, "web/officers/call.html", words)


def _claim(request: ActorRequest, organisation_id: int) -> dict[str, Any]:
    return {"actor": request.actor, "organisation_id": organisation_id, "now": request.now}
