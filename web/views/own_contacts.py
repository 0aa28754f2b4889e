from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.errors import NotFound
from linkage.registry import member_queries, services
from web.changes import change_of
from web.door import ActorRequest, member_page
from web.forms import organisation_parts as forms
from web.forms.carrying import carried_out


@member_page(methods=("GET", "POST"))
def contacts(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    own = member_queries.own_organisation(**asked)
    form = forms.ContactForm(request.POST or None, initial={"version": own.version})

    def act() -> object:
        return services.add_own_contact(**change_of(request, own.pk, form), **form.values())

    if carried_out(form, act):
        messages.success(request, _("The contact person is added."))
        return redirect("web:own_contacts", organisation_id)
    manages = request.actor.administers(organisation_id)
    people = member_queries.own_contacts(**asked)
    words = {"organisation": own, "contacts": people, "manages": manages, "form": form}
    return render(request, "web/mine/contacts.html", words)


@member_page(methods=("POST",))
def remove(request: ActorRequest, organisation_id: int) -> HttpResponse:
    form = forms.OwnRemovalForm(request.POST)
    if not form.is_valid():
        raise NotFound
    services.remove_own_contact(
        **change_of(request, organisation_id, form), contact_id=form.cleaned_data["contact"]
    )
    messages.success(request, _("The contact person is erased."))
    return redirect("web:own_contacts", organisation_id)
