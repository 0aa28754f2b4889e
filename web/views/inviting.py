from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.market import services
from linkage.market.inviting import never_posted
from linkage.market.services.inviting import NOT_AGAIN_FOR
from linkage.registry.access import Capability
from web.door import ActorRequest, page
from web.paging import page_of


@page(Capability.INVITE, in_area=True)
def invitations(request: ActorRequest) -> HttpResponse:
    with_account = request.GET.get("account") != "no"
    rows = never_posted(actor=request.actor, on=request.today, with_account=with_account)
    shown = page_of(request, rows)
    words = {
        "page": shown,
        "with_account": with_account,
        "not_since": request.now - NOT_AGAIN_FOR,
    }
    return render(request, "web/members/invitations.html", words)


@page(Capability.INVITE, methods=("POST",), in_area=True)
def invite(request: ActorRequest, organisation_id: int) -> HttpResponse:
    services.invite_to_post(actor=request.actor, organisation_id=organisation_id, now=request.now)
    messages.success(request, _("The organisation’s people are invited to write what they offer."))
    return redirect("web:invitations")
