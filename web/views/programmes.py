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
from linkage.coverage.targets import Bound
from linkage.registry.access import Capability
from web.door import ActorRequest, page
from web.forms.carrying import carried_out
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
        return add_programme(**form.cleaned_data, actor_id=request.actor.user_id, now=request.now)

    if carried_out(form, act):
        messages.success(request, _("The programme is added."))
        return redirect("web:programmes")
    return _form_page(request, form, _("Add a programme"))


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def target(request: ActorRequest, programme_id: int) -> HttpResponse:
    programme = plans_read.programme(programme_id)
    form = TargetForm(request.POST or None, initial={"from_date": programme.starts})

    def act() -> object:
        asked = _target_values(form.cleaned_data)
        return set_target(
            programme=programme.code, **asked, actor_id=request.actor.user_id, now=request.now
        )

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
    names = ("name_vi", "name_en", "starts", "ends", "source")
    form = ProgrammeChangeForm(
        request.POST or None, initial={name: getattr(found, name) for name in names}
    )

    def act() -> object:
        return change_programme(
            programme_id=programme_id,
            actor_id=request.actor.user_id,
            now=request.now,
            **form.cleaned_data,
        )

    if carried_out(form, act):
        messages.success(request, _("The programme is changed."))
        return redirect("web:programme", programme_id)
    return _form_page(request, form, found.code)


@page(Capability.WRITE_PROGRAMMES, methods=("GET", "POST"))
def target_change(request: ActorRequest, target_id: int) -> HttpResponse:
    found = plans_read.target_of(target_id)
    names = ("comparison", "min_num", "min_den", "max_num", "max_den", "source", "official")
    form = TargetChangeForm(
        request.POST or None, of=found, initial={name: getattr(found, name) for name in names}
    )

    def act() -> object:
        said = form.cleaned_data
        return change_target(
            target_id=target_id,
            **_bounds(said),
            reason=said["reason"],
            official=said["official"],
            actor_id=request.actor.user_id,
            now=request.now,
        )

    if carried_out(form, act):
        messages.success(request, _("The target is changed."))
        return redirect("web:programme", found.programme_id)
    return _form_page(request, form, name_words(found.indicator))


def _bounds(cleaned: dict[str, Any]) -> dict[str, Any]:
    upper = cleaned["max_num"], cleaned["max_den"]
    return {
        "comparison": cleaned["comparison"],
        "minimum": Bound(cleaned["min_num"], cleaned["min_den"]),
        "maximum": Bound(*upper) if upper[0] is not None else None,
        "source": cleaned["source"],
    }


def _target_values(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {
        **_bounds(cleaned),
        "indicator": cleaned["indicator"].code,
        "from_date": cleaned["from_date"],
    }


def _form_page(request: ActorRequest, form: Any, heading: str) -> HttpResponse:
    words = {
        "form": form,
        "heading": heading,
        "submit": _("Save"),
        "back": reverse("web:programmes"),
        "back_label": _("Programmes"),
    }
    return render(request, "web/parts/form_page.html", words)
