from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.coverage import plans_read
from linkage.coverage.services import add_programme, set_target
from linkage.coverage.targets import Bound
from linkage.registry.access import Capability
from web.door import ActorRequest, page
from web.forms.carrying import carried_out
from web.forms.coverage import ProgrammeForm, TargetForm
from web.plans import plans


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


def _target_values(cleaned: dict[str, Any]) -> dict[str, Any]:
    upper = cleaned["max_num"], cleaned["max_den"]
    return {
        "indicator": cleaned["indicator"].code,
        "comparison": cleaned["comparison"],
        "minimum": Bound(cleaned["min_num"], cleaned["min_den"]),
        "maximum": Bound(*upper) if upper[0] is not None else None,
        "from_date": cleaned["from_date"],
        "source": cleaned["source"],
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
