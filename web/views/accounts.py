from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.registry import queries, services
from linkage.registry.access import Capability
from web.door import ActorRequest, page
from web.forms.accounts import AccountForm, GrantForm
from web.forms.carrying import carried_out
from web.paging import page_of


@page(Capability.READ_ACCOUNTS)
def accounts(request: ActorRequest) -> HttpResponse:
    people = queries.accounts(actor=request.actor)
    return render(request, "web/accounts/list.html", {"page": page_of(request, people)})


@page(Capability.MANAGE_ACCOUNTS, methods=("GET", "POST"))
def create(request: ActorRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)

    def act() -> object:
        return services.create_account(actor=request.actor, now=request.now, **form.cleaned_data)

    if carried_out(form, act):
        messages.success(request, _("The account is made; now grant it a role."))
        return redirect("web:accounts")
    return _form_page(request, form, _("Create an account"))


@page(Capability.MANAGE_ACCOUNTS, methods=("GET", "POST"))
def grant(request: ActorRequest, user_id: int) -> HttpResponse:
    form = GrantForm(request.POST or None, initial={"starts": request.today})

    def act() -> object:
        return services.grant_role(
            actor=request.actor, user_id=user_id, now=request.now, **form.cleaned_data
        )

    if carried_out(form, act):
        messages.success(request, _("The role is granted."))
        return redirect("web:accounts")
    return _form_page(request, form, _("Grant a role"))


@page(Capability.MANAGE_ACCOUNTS, methods=("POST",))
def revoke(request: ActorRequest, grant_id: int) -> HttpResponse:
    services.revoke_role(actor=request.actor, grant_id=grant_id, on=request.today, now=request.now)
    messages.success(request, _("The role is revoked."))
    return redirect("web:accounts")


@page(Capability.MANAGE_ACCOUNTS, methods=("POST",))
def switch(request: ActorRequest, user_id: int) -> HttpResponse:
    active = request.POST.get("active") == "1"
    services.set_account_active(
        actor=request.actor, user_id=user_id, active=active, now=request.now
    )
    return redirect("web:accounts")


def _form_page(request: ActorRequest, form: Any, heading: str) -> HttpResponse:
    words = {
        "form": form,
        "heading": heading,
        "submit": _("Save"),
        "back": reverse("web:accounts"),
        "back_label": _("Accounts"),
    }
    return render(request, "web/parts/form_page.html", words)
