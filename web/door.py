"""The one way into a page: who asks, when, what they may do, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeAlias

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.errors import DomainError, NotAllowed, NotFound, StaleVersion
from linkage.registry.access import (
    Actor,
    Capability,
    Relation,
    actor_of,
    require,
    require_member,
)


class StaffRequest(HttpRequest):
    """A request that passed the door."""

    actor: Actor
    now: datetime
    today: date


View: TypeAlias = Callable[..., HttpResponseBase]


def current_actor(request: HttpRequest) -> Actor | None:
    """Who asks, read once a request; None for whoever is not signed in."""
    if not hasattr(request, "_actor"):
        user = request.user
        actor = actor_of(user, on=timezone.localdate()) if user.is_authenticated else None
        request._actor = actor  # type: ignore[attr-defined]  # kept for the rest of the request
    found: Actor | None = request._actor  # type: ignore[attr-defined]  # set above
    return found


def page(capability: Capability, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Open the view to those with `capability`; a wrong role sees the 404 of a wrong address."""
    return _guard(capability, methods, lambda actor, kwargs: require(actor, capability))


def person_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Open the view to whoever is signed in; what it shows is the person's own."""
    return _guard(Relation.PERSON, methods, lambda actor, kwargs: None)


def member_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Open the view to who acts for the `organisation_id` of its address; others see the 404."""
    return _guard(
        Relation.MEMBER,
        methods,
        lambda actor, kwargs: require_member(actor, kwargs["organisation_id"]),
    )


def _guard(
    needs: Capability | Relation,
    methods: tuple[str, ...],
    check: Callable[[Actor, dict[str, Any]], None],
) -> Callable[[View], View]:
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = current_actor(request)
            if actor is None:
                return redirect_to_login(request.get_full_path())
            try:
                check(actor, kwargs)
                if request.method not in allowed:
                    return HttpResponseNotAllowed(allowed)
                request.actor, request.now = actor, timezone.now()
                request.today = timezone.localdate(request.now)
                return view(request, *args, **kwargs)
            except DomainError as error:
                return refusal(request, error)

        guarded.needs = needs  # type: ignore[attr-defined]  # the access test reads it
        return guarded

    return decorate


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error that no form caught, as a page with the status of its meaning."""
    if isinstance(error, NotFound | NotAllowed):
        raise Http404 from error
    stale = isinstance(error, StaleVersion)
    words = {
        "heading": _("Changed in the meantime") if stale else _("This cannot be done"),
        "text": str(error),
        "back": request.path if request.method == "POST" and stale else "",
    }
    return render(request, "web/parts/problem.html", words, status=412 if stale else 409)
