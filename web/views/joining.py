from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linkage.registry import member_queries, services
from linkage.registry.models import Membership, User
from linkage.registry.reading import note_codes
from web import directory
from web.door import ActorRequest, person_page
from web.forms import members as forms
from web.forms.carrying import carried_out


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@never_cache
@rate_limit(action="signup")  # type: ignore[untyped-decorator]  # allauth is untyped
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("web:mine")
    form = forms.SignUpForm(request.POST or None)

    def act() -> User:
        return services.sign_up(**form.account(), now=timezone.now())

    if made := carried_out(form, act):
        signed_in: HttpResponse = perform_login(request, made, redirect_url=reverse("web:mine"))
        return signed_in
    return render(request, "account/signup.html", {"form": form})


@person_page()
def join(request: ActorRequest) -> HttpResponse:
    return _join_page(request, forms.CodeForm())


@person_page(methods=("POST",))
def code(request: ActorRequest) -> HttpResponse:
    form = forms.CodeForm(request.POST)

    def act() -> Membership:
        typed = form.cleaned_data["code"]
        return services.enter_code(actor=request.actor, code=typed, now=request.now)

    if joined := carried_out(form, act):
        return _joined(request, joined.organisation)
    return _join_page(request, form)


@person_page()
def find(request: ActorRequest) -> HttpResponse:
    form = forms.FindForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = member_queries.find_organisations(text=text, on=request.today)
    note_codes(actor=request.actor, organisations=found.rows, now=request.now)
    rows = directory.rows_of(request.actor, found.rows)
    words = {"form": form, "rows": rows, "more": found.more, "text": text}
    return render(request, "web/joining/find.html", words)


@person_page(methods=("GET", "POST"))
def ask(request: ActorRequest, organisation_id: int) -> HttpResponse:
    name = member_queries.card_name(organisation_id=organisation_id)
    form = forms.NoteForm(request.POST or None)

    def act() -> object:
        return services.ask_to_join(
            actor=request.actor,
            organisation_id=organisation_id,
            note=form.cleaned_data["note"],
            now=request.now,
        )

    if carried_out(form, act):
        return _asked(request)
    return _form_page(request, form, _("Ask to act for it"), name)


@person_page(methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    form = forms.NewOrganisationForm(request.POST or None, initial={"name": _typed(request)})

    def act() -> object:
        return services.ask_for_new(
            actor=request.actor,
            asked=form.asked(),
            note=form.cleaned_data["note"],
            now=request.now,
        )

    if carried_out(form, act):
        return _asked(request)
    lead = _("The city’s staff look at it; one that the register has already is not made twice.")
    return _form_page(request, form, _("Register a business or a cooperative"), lead)


@person_page(methods=("POST",))
def withdraw(request: ActorRequest, request_id: int) -> HttpResponse:
    services.withdraw_request(actor=request.actor, request_id=request_id, now=request.now)
    messages.success(request, _("The request is taken back."))
    return redirect("web:join")


def _typed(request: ActorRequest) -> str:
    return request.GET.get("name", "")[:300]


def _joined(request: ActorRequest, organisation: Any) -> HttpResponse:
    words = _("You act for %(organisation)s now.") % {"organisation": organisation.name}
    messages.success(request, words)
    return redirect("web:member_home", organisation.pk)


def _asked(request: ActorRequest) -> HttpResponse:
    messages.success(request, _("The city’s staff look at it. The answer comes to your inbox."))
    return redirect("web:join")


def _join_page(request: ActorRequest, form: forms.CodeForm) -> HttpResponse:
    words = {
        "form": form,
        "find": forms.FindForm(),
        "requests": member_queries.own_requests(actor=request.actor)[:20],
    }
    return render(request, "web/joining/join.html", words)


def _form_page(request: ActorRequest, form: Any, heading: str, lead: str) -> HttpResponse:
    words = {
        "form": form,
        "heading": heading,
        "lead": lead,
        "submit": _("Send the request"),
        "back": reverse("web:join"),
        "back_label": _("Which organisation do you act for?"),
    }
    return render(request, "web/parts/form_page.html", words)
