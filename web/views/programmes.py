from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.coverage import plans_read
from linkage.coverage.services import (
    add_programme,
    change_programme,
    change_target,
    set_target,
)
from linkage.registry.access import Capability
from web.door import ActorRequest, page
from web.forms.carrying import carried_out, form_answer
from web.forms.coverage import ProgrammeChangeForm, ProgrammeForm, TargetChangeForm, TargetForm
from web.plans import changes, plan, plans
from web.presentation import name_words


@page(Capability.READ_COVERAGE)
def programmes(request: ActorRequest) -> HttpResponse:
    return render(request, "web/programmes/list.html", {"plans": plans()})


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def create(request: ActorRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None)

    def act() -> object:
        return add_programme(**form.cleaned_data, **_who(request))

    if carried_out(form, act):
        messages.success(request, _("The programme is added."))
        return redirect("web:programmes")
    return _form_page(request, form, _("Add a programme"))


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def target(request: ActorRequest, programme_id: int) -> HttpResponse:
    programme = plans_read.programme(programme_id)
    form = TargetForm(request.POST or None, initial={"from_date": programme.starts})

    def act() -> object:
        return set_target(programme=programme.code, **form.said(), **_who(request))

    if carried_out(form, act):
        messages.success(request, _("The target is set."))
        return redirect("web:programmes")
    return _form_page(request, form, _("Set a target of %(code)s") % {"code": programme.code})


@page(Capability.READ_COVERAGE)
def programme(request: ActorRequest, programme_id: int) -> HttpResponse:
    shown = plan(programme_id)
    words = {"plan": shown, "events": changes(shown.programme)}
    return render(request, "web/programmes/detail.html", words)


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def change(request: ActorRequest, programme_id: int) -> HttpResponse:
    found = plans_read.programme(programme_id)
    form = ProgrammeChangeForm(request.POST or None, of=found)

    def act() -> object:
        which = {"programme_id": programme_id, **_who(request)}
        return change_programme(**which, **form.cleaned_data)

    if carried_out(form, act):
        messages.success(request, _("The programme is changed."))
        return redirect("web:programme", programme_id)
    return _form_page(request, form, found.code)


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def target_change(request: ActorRequest, target_id: int) -> HttpResponse:
    found = plans_read.target_of(target_id)
    form = TargetChangeForm(request.POST or None, of=found)

    def act() -> object:
        return change_target(target_id=target_id, **form.said(), **_who(request))

    if carried_out(form, act):
        messages.success(request, _("The target is changed."))
        return redirect("web:programme", found.programme_id)
    return _form_page(request, form, name_words(found.indicator))


def _who(request: ActorRequest) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now}


def _form_page(request: ActorRequest, form: Any, heading: str) -> HttpResponse:
    words = {
        "form": form,
        "heading": heading,
        "submit": _("Save"),
        "back": reverse("web:programmes"),
        "back_label": _("Programmes"),
    }
    return form_answer(request, "web/parts/form_page.html", words, form)
