from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements import services
from linkage.agreements.models import Linkage, Side
from linkage.agreements.talks import open_between, own_posts, talk_delivery
from linkage.market.models import PostKind
from linkage.registry import member_queries
from linkage.registry.access import Actor
from linkage.suggestions import services as suggestions
from web.door import ActorRequest, acting_page, member_page
from web.forms import talks as forms
from web.forms.carrying import carried_out
from web.once import turned_away
from web.views.own_linkages import (
    Said,
    acted,
    back_to,
    back_to_all,
    claim,
    folded_page,
    form_page,
    own_of,
    read,
    reasoned,
    saved,
)

# Of whose post is asked -> on which side the asking organisation is.
_ASKS = {PostKind.OFFER: Side.BUYER, PostKind.NEED: Side.SELLER}


@acting_page(methods=("GET", "POST"))
def ask_of_offer(request: ActorRequest, organisation_id: int, offer_id: int) -> HttpResponse:
    return _ask(request, organisation_id, PostKind.OFFER, offer_id)


@acting_page(methods=("GET", "POST"))
def ask_of_need(request: ActorRequest, organisation_id: int, need_id: int) -> HttpResponse:
    return _ask(request, organisation_id, PostKind.NEED, need_id)


def _ask(request: ActorRequest, organisation_id: int, kind: PostKind, post_id: int) -> HttpResponse:
    who: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    suggestions.must_be_known(**who, kind=kind, post_id=post_id, now=request.now)
    posts, start = own_posts(**who, side=_ASKS[kind], other_id=post_id), request.GET.get("post")
    form = forms.AskForm(request.POST or None, posts=posts, initial={"post": start})

    def act() -> Linkage:
        said = {**form.pair(kind, post_id), "text": form.cleaned_data["text"]}
        return suggestions.open_talks(**who, **said, now=request.now)

    if made := carried_out(form, act):
        return saved(request, organisation_id, made.pk, _("Your question is sent."))
    lead = "" if posts else _("Publish a post of your own for this product first.")
    onward = _open_already(**who, pair=form.pair(kind, post_id))
    words = {"submit": _("Send"), "lead": lead, "onward": onward}
    words["onward_label"] = _("Open the talks")
    return form_page(request, form, back_to_all(organisation_id, _("Ask the other side")) | words)


def _open_already(actor: Actor, organisation_id: int, pair: dict[str, int]) -> str:
    """Where the open talks of the two posts are; empty, if there are none."""
    found = pair and open_between(actor=actor, organisation_id=organisation_id, **pair)
    return reverse("web:own_linkage", args=[organisation_id, found]) if found else ""


@acting_page(methods=("POST",))
def answer(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    form = forms.MessageForm(request.POST)
    if form.is_valid():
        services.answer(
            **_own(request, organisation_id, linkage_id), text=form.cleaned_data["text"]
        )
        messages.success(request, _("Sent."))
    else:
        turned_away(request, str(form.errors["text"][0]))
    return redirect("web:own_linkage", organisation_id, linkage_id)


@acting_page(methods=("GET", "POST"))
def propose(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    talk = read(request, organisation_id, linkage_id)
    measure, start = forms.dimension_of(talk.linkage), forms.proposal_start(talk)
    form = forms.ProposalForm(request.POST or None, initial=start, dimension=measure)

    def act() -> object:
        claimed = claim(request, organisation_id, linkage_id, form)
        return services.propose(**claimed, proposal=form.proposal())

    if carried_out(form, act):
        return saved(request, organisation_id, linkage_id, _("Your proposal is sent."))
    heading = _("Propose other terms") if talk.newest else _("Propose terms")
    return folded_page(request, form, back_to(organisation_id, linkage_id, heading))


@member_page(methods=("POST",))
def accept(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    return acted(
        request, organisation_id, linkage_id, services.accept, _("You have agreed to these terms.")
    )


@acting_page(methods=("POST",))
def withdraw(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    return acted(
        request, organisation_id, linkage_id, services.withdraw, _("The proposal is taken back.")
    )


@member_page(methods=("POST",))
def share(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    own = member_queries.own_contacts(actor=request.actor, organisation_id=organisation_id)
    if not own:
        words = _("Your organisation has named no contact person yet: add one, then share it.")
        messages.warning(request, words)
        return redirect("web:own_contacts", organisation_id)
    done = _("Your contact is shared.")
    return acted(request, organisation_id, linkage_id, services.share_contact, done)


@member_page(methods=("GET", "POST"))
def decline(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    heading, done = _("Why do you decline?"), _("Declined. The other side is told why.")
    said = Said(heading, done)
    return reasoned(request, organisation_id, linkage_id, services.decline, said)


@acting_page(methods=("GET", "POST"))
def deliver(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    shown = read(request, organisation_id, linkage_id).linkage
    form = forms.DeliveryForm(request.POST or None, of=shown, today=request.today)

    def act() -> object:
        return services.enter_delivery(
            **_own(request, organisation_id, linkage_id), **form.delivery()
        )

    if carried_out(form, act):
        return saved(request, organisation_id, linkage_id, _("The delivery is entered."))
    form.ask_only_if_doubted()
    words = back_to(organisation_id, linkage_id, _("Enter a delivery"))
    return form_page(request, form, {**words, "submit": _("Save")})


@member_page(methods=("POST",))
def confirm_delivery(
    request: ActorRequest, organisation_id: int, linkage_id: int, delivery_id: int
) -> HttpResponse:
    own = _own(request, organisation_id, linkage_id)
    services.confirm_delivery(**own, delivery_id=delivery_id)
    return saved(request, organisation_id, linkage_id, _("You have confirmed the delivery."))


@acting_page(methods=("POST",))
def withdraw_delivery(
    request: ActorRequest, organisation_id: int, linkage_id: int, delivery_id: int
) -> HttpResponse:
    own = _own(request, organisation_id, linkage_id)
    services.withdraw_delivery(**own, delivery_id=delivery_id)
    return saved(request, organisation_id, linkage_id, _("The delivery is taken back."))


@member_page(methods=("GET", "POST"))
def dispute_delivery(
    request: ActorRequest, organisation_id: int, linkage_id: int, delivery_id: int
) -> HttpResponse:
    talk_delivery(read(request, organisation_id, linkage_id), delivery_id)
    form = forms.ReasonForm(request.POST or None)
    own = _own(request, organisation_id, linkage_id)

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return services.dispute_delivery(**own, delivery_id=delivery_id, reason=reason)

    if carried_out(form, act):
        return saved(request, organisation_id, linkage_id, _("Sent. The other side is told."))
    words = back_to(organisation_id, linkage_id, _("What is wrong with this delivery?"))
    return form_page(request, form, {**words, "submit": _("Send")})


def _own(request: ActorRequest, organisation_id: int, linkage_id: int) -> dict[str, Any]:
    return {**own_of(request, organisation_id), "linkage_id": linkage_id}
