from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.registry import member_queries, officer_queries, services
from linkage.registry.models import Organisation
from linkage.suggestions import ringing
from web import ringing as words_of
from web.door import ActorRequest, member_page, officer_page
from web.forms import officers as forms
from web.forms.carrying import carried_out
from web.forms.evidence import ConsentScanForm
from web.forms.style import PlatformForm
from web.handing import handed_out
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
    name = _in_area(request, organisation_id).name
    form = forms.ConsentForm.begun(request.POST, request.today)

    def act() -> object:
        return services.record_consent(**_claim(request, organisation_id), given=form.given())

    if carried_out(form, act):
        messages.success(request, _("The consent is recorded: you can act for it now."))
        return redirect("web:call", organisation_id)
    warning = [_("You never agree, confirm or verify for it: its own people do that.")]
    words = {"heading": _("What the organisation lets you do for it"), "submit": _("Record")}
    return _form_page(request, organisation_id, name, form, {**words, "warning": warning})


@officer_page(methods=("GET", "POST"))
def consent_scan_attach(
    request: ActorRequest, organisation_id: int, consent_id: int
) -> HttpResponse:
    asked: dict[str, Any] = {"organisation_id": organisation_id, "consent_id": consent_id}
    name = officer_queries.own_consent(actor=request.actor, **asked).organisation.name
    form = ConsentScanForm(request.POST or None, request.FILES or None)
    claimed = {**_claim(request, organisation_id), **asked}

    def act() -> object:
        return services.attach_consent_scan(**claimed, file=form.cleaned_data["file"])

    if carried_out(form, act):
        messages.success(request, _("The scan is attached."))
        return redirect("web:call", organisation_id)
    words = {"heading": _("A scan of the written consent"), "submit": _("Attach")}
    return _form_page(request, organisation_id, name, form, words)


@officer_page()
def consent_scan(
    request: ActorRequest, organisation_id: int, consent_id: int, scan_id: int
) -> HttpResponseBase:
    claimed = {**_claim(request, organisation_id), "consent_id": consent_id}
    return handed_out(services.open_consent_scan(**claimed, scan_id=scan_id))


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


@member_page()
def own_consent_scan(
    request: ActorRequest, organisation_id: int, consent_id: int, scan_id: int
) -> HttpResponseBase:
    asked = {"organisation_id": organisation_id, "consent_id": consent_id, "scan_id": scan_id}
    return handed_out(services.open_own_consent_scan(actor=request.actor, **asked))


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


def _in_area(request: ActorRequest, organisation_id: int) -> Organisation:
    return officer_queries.in_area(actor=request.actor, organisation_id=organisation_id)


def _form_page(
    request: ActorRequest, organisation_id: int, name: str, form: PlatformForm, words: Any
) -> HttpResponse:
    """A form about one organisation, with the way back to its call."""
    back = {"back": reverse("web:call", args=[organisation_id]), "back_label": name}
    return render(
        request, "web/parts/form_page.html", {"form": form, "lead": name, **back, **words}
    )


def _claim(request: ActorRequest, organisation_id: int) -> dict[str, Any]:
    return {"actor": request.actor, "organisation_id": organisation_id, "now": request.now}
