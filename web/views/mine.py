from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.errors import StaleVersion
from linkage.registry import member_queries, services
from linkage.registry.access import require_admin
from linkage.registry.models import MemberRole
from web import peoplelists
from web.door import ActorRequest, acting_page, member_page, person_page
from web.forms import members as forms
from web.forms.carrying import carried_out
from web.forms.style import PlatformForm

_LAST = gettext_lazy(
    "You are the last one who manages this organisation’s accounts. Then nobody of it can invite"
    " others, change roles or name contact people; only the city’s staff can let somebody do so."
)


@person_page()
def mine(request: ActorRequest) -> HttpResponse:
    own = member_queries.organisations_of(request.actor)
    if not own:
        return redirect("web:join")
    if len(own) == 1:
        return redirect("web:member_home", own[0].pk)
    return render(request, "web/mine/list.html", {"organisations": own})


@acting_page()
def home(request: ActorRequest, organisation_id: int) -> HttpResponse:
    return render(request, "web/mine/home.html", _own(request, organisation_id))


@member_page()
def people(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    manages = request.actor.administers(organisation_id)
    door = "member" if manages else ""
    members = member_queries.members_of(**asked, on=request.today)
    codes = member_queries.codes_of(**asked)[:50] if manages else []
    words = {
        **_own(request, organisation_id),
        "manages": manages,
        "members": peoplelists.member_rows(
            members, organisation_id=organisation_id, reader_id=request.actor.user_id, door=door
        ),
        "codes": peoplelists.code_rows(codes, now=request.now, door=door),
    }
    return render(request, "web/mine/people.html", words)


@member_page(methods=("GET", "POST"))
def invite(request: ActorRequest, organisation_id: int) -> HttpResponse:
    require_admin(request.actor, organisation_id)
    form = forms.InviteForm(request.POST or None)

    def act() -> object:
        return services.issue_code(
            **claim(request, organisation_id), way=form.way(), **form.cleaned_data
        )

    if carried_out(form, act):
        messages.success(request, _("The invitation is on its way."))
        return redirect("web:member_people", organisation_id)
    words = {"heading": _("Invite somebody"), "submit": _("Send")}
    return _form_page(request, organisation_id, form, words)


@member_page(methods=("POST",))
def role(request: ActorRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    if _steps_down_as_the_last(request, organisation_id, membership_id):
        return _ask_once_more(request, organisation_id, request.POST)
    set_role(request, organisation_id, membership_id)
    return redirect("web:member_people", organisation_id)


@member_page(methods=("POST",))
def end(request: ActorRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    end_membership(request, organisation_id, membership_id)
    # Whoever ended the own membership acts for it no more.
    return redirect("web:mine")


@member_page(methods=("POST",))
def cancel_code(request: ActorRequest, organisation_id: int, code_id: int) -> HttpResponse:
    services.cancel_code(**claim(request, organisation_id), code_id=code_id)
    messages.success(request, _("The code is cancelled."))
    return redirect("web:member_people", organisation_id)


@member_page(methods=("GET", "POST"))
def leave(request: ActorRequest, organisation_id: int) -> HttpResponse:
    last = member_queries.is_last_admin(**_asking(request, organisation_id))
    kind = forms.SureForm if last else PlatformForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.leave(actor=request.actor, organisation_id=organisation_id, now=request.now)
        messages.success(request, _("You no longer act for it."))
        return redirect("web:mine")
    lead = _(
        "You will see nothing of it any more. Only somebody who manages its accounts, or the city’s"
        " staff, can let you in again."
    )
    words = {"heading": _("Leave this organisation"), "submit": _("Leave"), "lead": lead}
    warning = [str(_LAST)] if last else []
    return _form_page(request, organisation_id, form, {**words, "warning": warning})


def _steps_down_as_the_last(
    request: ActorRequest, organisation_id: int, membership_id: int
) -> bool:
    """Whether who manages the accounts alone gives that up and has not been asked yet."""
    asked = _asking(request, organisation_id)
    if request.POST.get("sure") or request.POST.get("role") == MemberRole.ADMIN:
        return False
    own = member_queries.members_of(**asked).filter(pk=membership_id, user=request.actor.user_id)
    return member_queries.is_last_admin(**asked) and own.exists()


def _ask_once_more(request: ActorRequest, organisation_id: int, said: Any) -> HttpResponse:
    form = forms.SureRoleForm(initial={name: said.get(name) for name in ("role", "version")})
    words = {
        "heading": _("Give up managing the accounts?"),
        "submit": _("Give it up"),
        "warning": [str(_LAST)],
    }
    return _form_page(request, organisation_id, form, words)


def _asking(request: ActorRequest, organisation_id: int) -> dict[str, Any]:
    return {"actor": request.actor, "organisation_id": organisation_id, "on": request.today}


def set_role(request: ActorRequest, organisation_id: int, membership_id: int) -> None:
    """The act behind the button, for this door and the office's."""
    form = forms.RoleForm(request.POST)
    if not form.is_valid():
        raise StaleVersion
    services.set_member_role(
        **claim(request, organisation_id), membership_id=membership_id, **form.cleaned_data
    )
    messages.success(request, _("Saved."))


def end_membership(request: ActorRequest, organisation_id: int, membership_id: int) -> None:
    """The act behind the button, for this door and the office's."""
    form = forms.VersionForm(request.POST)
    if not form.is_valid():
        raise StaleVersion
    services.end_membership(
        **claim(request, organisation_id), membership_id=membership_id, **form.cleaned_data
    )
    messages.success(request, _("The access is ended."))


def claim(request: ActorRequest, organisation_id: int) -> dict[str, Any]:
    """Who does something to an organisation's people, and when."""
    return {"actor": request.actor, "organisation_id": organisation_id, "now": request.now}


def _own(request: ActorRequest, organisation_id: int) -> dict[str, Any]:
    found = member_queries.own_organisation(actor=request.actor, organisation_id=organisation_id)
    return {"organisation": found}


def _form_page(
    request: ActorRequest, organisation_id: int, form: Any, words: dict[str, Any]
) -> HttpResponse:
    name = _own(request, organisation_id)["organisation"].name
    back = reverse("web:member_people", args=[organisation_id])
    shown = {"form": form, "lead": name, "back": back, "back_label": name, **words}
    return render(request, "web/parts/form_page.html", shown)
