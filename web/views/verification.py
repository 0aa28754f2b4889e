from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.agreements import evidence, services
from linkage.agreements.reading import show_volumes
from linkage.agreements.services.verifying import VerifiedByParty, is_party
from linkage.registry.access import Capability
from web.door import ActorRequest, page
from web.forms.carrying import carried_out, form_answer
from web.forms.evidence import VerifyForm
from web.forms.linkages import ReasonForm
from web.paging import page_of


@page(Capability.VERIFY_LINKAGES)
def queue(request: ActorRequest) -> HttpResponse:
    shown = page_of(request, evidence.queue(actor=request.actor))
    return render(request, "web/verification/queue.html", {"page": shown})


@page(Capability.VERIFY_LINKAGES, methods=("GET", "POST"))
def verify(request: ActorRequest, linkage_id: int) -> HttpResponse:
    standing = evidence.under_review(actor=request.actor, linkage_id=linkage_id)
    start = {"on": request.today, "version": standing.linkage.version}
    form = VerifyForm(request.POST or None, initial=start)

    def act() -> object:
        said = {"verified_on": form.cleaned_data["on"], "paper": form.cleaned_data["paper"]}
        return services.verify_linkage(**_claim(request, linkage_id, form), **said)

    if carried_out(form, act):
        messages.success(request, _("Verified. The figures follow when they are next computed."))
        return redirect("web:verification")
    return _review_page(request, standing, form=form)


@page(Capability.VERIFY_LINKAGES, methods=("GET", "POST"))
def send_back(request: ActorRequest, linkage_id: int) -> HttpResponse:
    standing = evidence.under_review(actor=request.actor, linkage_id=linkage_id)
    back = _back_form(standing, request.POST or None)

    def act() -> object:
        reason = back.cleaned_data["reason"]
        return services.send_back(**_claim(request, linkage_id, back), reason=reason)

    if carried_out(back, act):
        messages.success(request, _("Sent back. Both sides are told why."))
        return redirect("web:verification")
    return _review_page(request, standing, back=back)


def _claim(request: ActorRequest, linkage_id: int, form: Any) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "linkage_id": linkage_id,
        "version": form.cleaned_data["version"],
        "now": request.now,
    }


def _back_form(standing: evidence.Standing, data: Any = None) -> ReasonForm:
    """Ids of its own: it stands on one page with the other answer."""
    start = {"version": standing.linkage.version}
    return ReasonForm(data, initial=start, auto_id="id_back_%s")


def _review_page(
    request: ActorRequest,
    standing: evidence.Standing,
    *,
    form: VerifyForm | None = None,
    back: ReasonForm | None = None,
) -> HttpResponse:
    """The evidence beside the terms, and both answers; `back` is open if it was being given."""
    show_volumes(actor=request.actor, linkages=[standing.linkage], now=request.now)
    start = {"on": request.today, "version": standing.linkage.version}
    asked, given = form or VerifyForm(initial=start), back or _back_form(standing)
    words = {
        "standing": standing,
        "linkage": standing.linkage,
        "form": asked,
        "back": given,
        "is_sending_back": back is not None,
        "barred": VerifiedByParty.words if is_party(request.actor, standing.linkage) else "",
    }
    return form_answer(request, "web/verification/review.html", words, back or asked)
