from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements import evidence, queries, services
from linkage.agreements.models import Linkage, Origin
from linkage.agreements.reading import open_linkage
from linkage.registry.access import Capability
from web import happenings
from web.door import ActorRequest, page
from web.forms import linkages as forms
from web.forms.carrying import carried_out, form_answer
from web.paging import page_of


@page(Capability.READ_LINKAGES, in_area=True)
def linkages(request: ActorRequest) -> HttpResponse:
    form = forms.FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    filters = queries.Filters(text=asked.get("q", ""), evidence=asked.get("evidence") or None)
    shown = page_of(request, queries.listing(actor=request.actor, filters=filters))
    return render(request, "web/linkages/list.html", {"form": form, "page": shown})


@page(Capability.READ_LINKAGES, in_area=True)
def linkage(request: ActorRequest, linkage_id: int) -> HttpResponse:
    shown = open_linkage(actor=request.actor, linkage_id=linkage_id, now=request.now)
    events = queries.history(actor=request.actor, linkage_id=linkage_id)
    words = {
        "linkage": shown,
        "standing": evidence.beside_linkage(actor=request.actor, linkage=shown),
        "events": happenings.told(events[::-1]),
    }
    return render(request, "web/linkages/detail.html", words)


@page(Capability.WRITE_LINKAGES, methods=("GET", "POST"))
def edit(request: ActorRequest, linkage_id: int) -> HttpResponse:
    shown = open_linkage(actor=request.actor, linkage_id=linkage_id, now=request.now)
    form = forms.TermsForm(request.POST or None, of=shown)

    def act() -> Linkage:
        said = {"terms": form.terms(), "reason": form.cleaned_data["reason"]}
        return services.edit_linkage(**_change_of(request, linkage_id, form), **said)

    if edited := carried_out(form, act):
        if shown.verified_on and not edited.verified_on:
            messages.warning(request, _("The verification was withdrawn; both sides were told."))
        return _saved(request, linkage_id)
    return _form_page(request, form, shown, _("Edit"), _consequences(shown))


@page(Capability.WRITE_LINKAGES, methods=("GET", "POST"))
def terminate(request: ActorRequest, linkage_id: int) -> HttpResponse:
    shown = queries.detail(actor=request.actor, linkage_id=linkage_id)
    form = forms.ReasonedDayForm(request.POST or None, initial=_start(request, shown))

    def act() -> object:
        said = {"terminated_on": form.cleaned_data["on"], "reason": form.cleaned_data["reason"]}
        return services.terminate_linkage(**_change_of(request, linkage_id, form), **said)

    if carried_out(form, act):
        return _saved(request, linkage_id)
    return _form_page(request, form, shown, _("Terminate"))


@page(Capability.WRITE_LINKAGES, methods=("GET", "POST"))
def correct_termination(request: ActorRequest, linkage_id: int) -> HttpResponse:
    shown = queries.detail(actor=request.actor, linkage_id=linkage_id)
    start = {"on": shown.terminated_on, "version": shown.version}
    form = forms.ReasonedDayForm(request.POST or None, initial=start)

    def act() -> object:
        said = {"terminated_on": form.cleaned_data["on"], "reason": form.cleaned_data["reason"]}
        return services.correct_termination(**_change_of(request, linkage_id, form), **said)

    if carried_out(form, act):
        return _saved(request, linkage_id)
    return _form_page(request, form, shown, _("Correct the day of termination"))


@page(Capability.WITHDRAW_VERIFICATIONS, methods=("GET", "POST"))
def withdraw(request: ActorRequest, linkage_id: int) -> HttpResponse:
    shown = queries.detail(actor=request.actor, linkage_id=linkage_id)
    form = forms.ReasonForm(request.POST or None, initial={"version": shown.version})

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return services.withdraw_verification(
            **_change_of(request, linkage_id, form), reason=reason
        )

    if carried_out(form, act):
        return _saved(request, linkage_id)
    return _form_page(request, form, shown, _("Withdraw the verification"))


def _start(request: ActorRequest, shown: Linkage) -> dict[str, Any]:
    return {"on": request.today, "version": shown.version}


def _change_of(request: ActorRequest, linkage_id: int, form: Any) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "linkage_id": linkage_id,
        "version": form.cleaned_data["version"],
        "now": request.now,
    }


def _saved(request: ActorRequest, linkage_id: int) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("web:linkage", linkage_id)


def _consequences(shown: Linkage) -> list[str]:
    """What an officer should know before changing a linkage."""
    said = []
    if shown.origin == Origin.PLATFORM:
        said.append(str(services.AgreedByBothSides.words))
    if shown.verified_on:
        said.append(
            _("Another number or other days take the verification back: both sides are told.")
        )
    return said


def _form_page(
    request: ActorRequest,
    form: Any,
    shown: Linkage,
    heading: str,
    warning: Sequence[str] = (),
) -> HttpResponse:
    words = {
        "form": form,
        "heading": heading,
        "warning": warning,
        "lead": f"{shown.seller.name} → {shown.buyer.name}",
        "submit": _("Save"),
        "back": reverse("web:linkage", args=[shown.pk]),
        "back_label": f"{_('Linkage')} {shown.contract_number}",
    }
    return form_answer(request, "web/parts/form_page.html", words, form)
