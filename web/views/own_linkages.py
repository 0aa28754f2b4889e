from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements import evidence, services, talks
from linkage.agreements.models import Linkage
from linkage.agreements.queries import Filters
from linkage.agreements.services.declaring import blanks
from linkage.agreements.talks import Talk
from web.door import ActorRequest, acting_page, member_page
from web.forms import talks as forms
from web.forms.carrying import carried_out, form_answer
from web.forms.linkages import ReasonForm
from web.paging import page_of
from web.talks import page_words, rows_of


class Said(NamedTuple):
    """What a form asks, and what is said once it is done."""

    heading: str
    done: str


@acting_page()
def own_linkages(request: ActorRequest, organisation_id: int) -> HttpResponse:
    form = forms.OwnFilterForm(request.GET)
    filters = Filters(text=form.cleaned_data["q"] if form.is_valid() else "")
    found = talks.mine(actor=request.actor, organisation_id=organisation_id, filters=filters)
    shown = page_of(request, found)
    rows = rows_of(organisation_id, shown.object_list, request.today)
    words = {"form": form, "page": shown, "rows": rows, "organisation_id": organisation_id}
    return render(request, "web/own_linkages/list.html", words)


@acting_page()
def own_linkage(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    found = read(request, organisation_id, linkage_id)
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    sees_other = talks.sees_other_post(**asked, talk=found, on=request.today)
    words = {
        **page_words(found, organisation_id, request.today, may_see_other=sees_other),
        "message_form": forms.MessageForm(),
        "standing": evidence.beside_talks(**asked, linkage_id=linkage_id),
    }
    return render(request, "web/own_linkages/detail.html", words)


@acting_page(methods=("GET", "POST"))
def declare(request: ActorRequest, organisation_id: int) -> HttpResponse:
    form = forms.DeclareForm(request.POST or None)
    own = own_of(request, organisation_id)

    def act() -> Linkage:
        side, partner = form.cleaned_data["side"], form.partner()
        return services.declare(**own, side=side, partner=partner, terms=form.paper())

    if made := carried_out(form, act):
        done = _("The contract is entered. The partner is asked whether it is so.")
        return saved(request, organisation_id, made.pk, done)
    return folded_page(request, form, back_to_all(organisation_id, _("Enter a contract on paper")))


@member_page(methods=("GET", "POST"))
def complete(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    shown = read(request, organisation_id, linkage_id).linkage
    start = {"version": shown.version}
    form = forms.CompleteForm(request.POST or None, initial=start, blank=blanks(shown))

    def act() -> object:
        claimed = claim(request, organisation_id, linkage_id, form)
        return services.complete(**claimed, terms=form.paper())

    if carried_out(form, act):
        return saved(request, organisation_id, linkage_id, _("The contract is completed."))
    words = back_to(organisation_id, linkage_id, _("Complete the contract"))
    return folded_page(request, form, words)


@member_page(methods=("POST",))
def confirm(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    done = _("You have confirmed the contract.")
    return acted(request, organisation_id, linkage_id, services.confirm, done)


@member_page(methods=("GET", "POST"))
def deny(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    heading = _("What is wrong with this contract?")
    done = _("Sent. The other side and the city’s staff are told.")
    return reasoned(request, organisation_id, linkage_id, services.deny, Said(heading, done))


@member_page(methods=("GET", "POST"))
def terminate(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    heading = _("End this linkage before its time")
    done = _("The linkage is ended.")
    return reasoned(request, organisation_id, linkage_id, services.terminate, Said(heading, done))


def own_of(request: ActorRequest, organisation_id: int) -> dict[str, Any]:
    """Who acts for whom and when, for a service."""
    return {"actor": request.actor, "organisation_id": organisation_id, "now": request.now}


def claim(
    request: ActorRequest, organisation_id: int, linkage_id: int, form: Any
) -> dict[str, Any]:
    """Who acts on which version, for a service."""
    named = {"linkage_id": linkage_id, "version": form.cleaned_data["version"]}
    return {**own_of(request, organisation_id), **named}


def acted(
    request: ActorRequest, organisation_id: int, linkage_id: int, service: Any, done: str
) -> HttpResponse:
    """An act that is all in its button; `done` says that it went through."""
    form = forms.VersionForm(request.POST)
    if form.is_valid():
        service(**claim(request, organisation_id, linkage_id, form))
        messages.success(request, done)
    return redirect("web:own_linkage", organisation_id, linkage_id)


def reasoned(
    request: ActorRequest, organisation_id: int, linkage_id: int, service: Any, said: Said
) -> HttpResponse:
    """An act that needs a reason."""
    shown = read(request, organisation_id, linkage_id).linkage
    form = ReasonForm(request.POST or None, initial={"version": shown.version})

    def act() -> object:
        claimed = claim(request, organisation_id, linkage_id, form)
        return service(**claimed, reason=form.cleaned_data["reason"])

    if carried_out(form, act):
        return saved(request, organisation_id, linkage_id, said.done)
    words = back_to(organisation_id, linkage_id, said.heading)
    return form_page(request, form, {**words, "submit": _("Send")})


def saved(request: ActorRequest, organisation_id: int, linkage_id: int, done: str) -> HttpResponse:
    """Back to the linkage, which says what was done."""
    messages.success(request, done)
    return redirect("web:own_linkage", organisation_id, linkage_id)


def form_page(request: ActorRequest, form: Any, words: dict[str, Any]) -> HttpResponse:
    """A form of few fields."""
    return form_answer(request, "web/parts/form_page.html", {"form": form, **words}, form)


def folded_page(request: ActorRequest, form: Any, words: dict[str, Any]) -> HttpResponse:
    """A form whose rarer fields are folded away."""
    shown = {"form": form, **words}
    return form_answer(request, "web/own_linkages/folded_form.html", shown, form)


def read(request: ActorRequest, organisation_id: int, linkage_id: int) -> Talk:
    asked = {"organisation_id": organisation_id, "linkage_id": linkage_id}
    return talks.talk(actor=request.actor, **asked, on=request.today)


def back_to_all(organisation_id: int, heading: str) -> dict[str, Any]:
    address = reverse("web:own_linkages", args=[organisation_id])
    return {"heading": heading, "back": address, "back_label": _("Our linkages")}


def back_to(organisation_id: int, linkage_id: int, heading: str) -> dict[str, Any]:
    address = reverse("web:own_linkage", args=[organisation_id, linkage_id])
    return {"heading": heading, "back": address, "back_label": _("Linkage")}
