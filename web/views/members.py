from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.registry import member_queries, queries, services
from linkage.registry.access import Capability, allows
from linkage.registry.models import MemberRole
from linkage.registry.phones import national
from linkage.registry.reading import note_codes, open_card
from linkage.registry.services.joining import SUBJECT as JOIN_REQUEST
from web import directory, peoplelists
from web.door import ActorRequest, page
from web.forms import members as forms
from web.forms.carrying import carried_out
from web.once import ShownOnce
from web.paging import page_of
from web.views.mine import claim, end_membership, set_role

_MAY = Capability.MANAGE_MEMBERS


@page(_MAY)
def requests(request: ActorRequest) -> HttpResponse:
    shown = page_of(request, member_queries.requests(actor=request.actor))
    return render(request, "web/members/requests.html", {"page": shown})


@page(_MAY)
def join_request(request: ActorRequest, request_id: int) -> HttpResponse:
    return _request_page(request, request_id, forms.RefuseForm())


@page(_MAY, methods=("POST",))
def approve(request: ActorRequest, request_id: int) -> HttpResponse:
    form = forms.ApproveForm(request.POST)

    def act() -> object:
        return services.approve_request(
            actor=request.actor,
            request_id=request_id,
            role=form.cleaned_data["role"],
            organisation_id=form.cleaned_data["organisation"],
            now=request.now,
        )

    if carried_out(form, act):
        messages.success(request, _("The request is approved."))
        return redirect("web:join_requests")
    return _request_page(request, request_id, forms.RefuseForm(), form)


@page(_MAY, methods=("POST",))
def refuse(request: ActorRequest, request_id: int) -> HttpResponse:
    form = forms.RefuseForm(request.POST)

    def act() -> object:
        return services.refuse_request(
            actor=request.actor,
            request_id=request_id,
            reason=form.cleaned_data["reason"],
            now=request.now,
        )

    if carried_out(form, act):
        messages.success(request, _("The request is refused."))
        return redirect("web:join_requests")
    return _request_page(request, request_id, form)


@page(_MAY)
def people(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    members = member_queries.members_of(**asked, on=request.today)
    words = {
        "organisation": member_queries.organisation(**asked),
        "members": peoplelists.member_rows(
            members,
            organisation_id=organisation_id,
            reader_id=request.actor.user_id,
            door="office",
        ),
        "codes": peoplelists.code_rows(
            member_queries.codes_of(**asked)[:50], now=request.now, door="office"
        ),
    }
    return render(request, "web/members/people.html", words)


@page(Capability.ISSUE_CODES, methods=("GET", "POST"), in_area=True)
def issue(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    card = open_card(**asked, on=request.today, now=request.now)
    form = forms.IssueForm(request.POST or None, initial=_first_values(request, card))

    def act() -> services.Issued:
        return services.issue_code(**claim(request, organisation_id), **form.cleaned_data)

    if issued := carried_out(form, act):
        return _handed_out(request, card, issued)
    words = {"form": form, "card": card, "back": _back_from_code(request, organisation_id)}
    return render(request, "web/members/issue.html", words)


@page(_MAY, methods=("POST",))
def cancel_code(request: ActorRequest, organisation_id: int, code_id: int) -> HttpResponse:
    services.cancel_code(**claim(request, organisation_id), code_id=code_id)
    messages.success(request, _("The code is cancelled."))
    return redirect("web:office_people", organisation_id)


@page(_MAY, methods=("POST",))
def role(request: ActorRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    set_role(request, organisation_id, membership_id)
    return redirect("web:office_people", organisation_id)


@page(_MAY, methods=("POST",))
def end(request: ActorRequest, organisation_id: int, membership_id: int) -> HttpResponse:
    end_membership(request, organisation_id, membership_id)
    return redirect("web:office_people", organisation_id)


def _back_from_code(request: ActorRequest, organisation_id: int) -> str:
    """Where the codes are listed; a field officer, who lists none, to whom it rings."""
    listed = allows(request.actor, _MAY)
    return reverse("web:office_people" if listed else "web:call", args=[organisation_id])


def _first_values(request: ActorRequest, card: queries.Card) -> dict[str, Any]:
    """Who comes first manages the accounts; a message goes where the register says."""
    managed = member_queries.is_managed(card.organisation.pk, request.today)
    speaks = next((person for person in card.contacts or () if person.is_representative), None)
    return {
        "role": MemberRole.MEMBER if managed else MemberRole.ADMIN,
        "address": national(speaks.phone) if speaks else "",
    }


def _handed_out(request: ActorRequest, card: queries.Card, issued: services.Issued) -> HttpResponse:
    """The letter, shown once and kept nowhere; a message is on its way by itself."""
    if issued.secret is None:
        messages.success(request, _("The code is on its way."))
        return redirect(_back_from_code(request, card.organisation.pk))
    speaks = next((person for person in card.contacts or () if person.is_representative), None)
    words = {
        "back": _back_from_code(request, card.organisation.pk),
        "card": card,
        "issued": issued,
        "representative": speaks,
        "today": request.today,
        "site_address": request.build_absolute_uri(reverse("web:join")),
    }
    return ShownOnce(render_to_string("web/members/letter.html", words, request))


def _request_page(
    request: ActorRequest,
    request_id: int,
    refusing: forms.RefuseForm,
    approving: forms.ApproveForm | None = None,
) -> HttpResponse:
    asked = member_queries.request(actor=request.actor, request_id=request_id)
    alike = member_queries.alike_organisations(actor=request.actor, asked=asked, on=request.today)
    managed = asked.organisation_id is not None and member_queries.is_managed(
        asked.organisation_id, request.today
    )
    note_codes(actor=request.actor, organisations=alike, now=request.now)
    note_codes(actor=request.actor, organisations=[asked], now=request.now, kind=JOIN_REQUEST)
    words = {
        "asked": asked,
        "about": directory.asked_words(request.actor, asked),
        "alike": directory.rows_of(request.actor, alike),
        "refusing": refusing,
        "approving": approving
        or forms.ApproveForm(initial={"role": MemberRole.MEMBER if managed else MemberRole.ADMIN}),
    }
    return render(request, "web/members/request.html", words)
