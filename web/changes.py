"""A change of one organisation by a form: its page, the version it is made from, where it leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.registry.queries import Card
from web.door import ActorRequest
from web.forms.carrying import form_answer


def change_of(request: ActorRequest, organisation_id: int, form: Any) -> dict[str, Any]:
    """Who changes which organisation, from which version, when: as the services take it."""
    return {
        "actor": request.actor,
        "organisation_id": organisation_id,
        "version": form.cleaned_data["version"],
        "now": request.now,
    }


def saved(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Back to the organisation, which says that it is saved."""
    messages.success(request, _("Saved."))
    return redirect("web:organisation", organisation_id)


def form_page(
    request: ActorRequest, form: Any, heading: str, card: Card | None, **words: Any
) -> HttpResponse:
    """The page of the form; `words`: a lead, another word on the button, a warning."""
    back = reverse("web:organisations")
    if card is not None:
        back = reverse("web:organisation", args=[card.organisation.pk])
    shown = {
        "form": form,
        "heading": heading,
        "submit": _("Save"),
        "back": back,
        "back_label": card.organisation.name if card else _("Organisations"),
        **words,
    }
    return form_answer(request, "web/parts/form_page.html", shown, form)
