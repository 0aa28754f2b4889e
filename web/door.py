"""The one way into a page: who asks, when, what they may do, and what a refusal looks like."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import partial, update_wrapper
from typing import Any, TypeAlias, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from linkage.errors import DATABASE_AWAY, DomainError, NotAllowed, NotFound, StaleVersion, status_of
from linkage.registry.access import (
    Actor,
    Capability,
    Relation,
    actor_of,
    reach,
    require,
    require_acting,
    require_member,
    require_officer,
)
from linkage.registry.services import Look, note_look
from web.access import ROWS
from web.once import carried_out_once


class ActorRequest(HttpRequest):
    """A request that passed the door: its actor is known."""

    actor: Actor
    now: datetime
    today: date
    # By the middleware: whether a part of a page is asked for.
    htmx: HtmxDetails


class _Visit(HttpRequest):
    """A request that keeps who asks; None for whoever is not signed in."""

    visitor: Actor | None


# A page that shows what it is about; a refusal and a way elsewhere do not.
_PAGES = (200, 400, 409, 412, 422)

View: TypeAlias = Callable[..., HttpResponseBase]


def current_actor(request: HttpRequest) -> Actor | None:
    """Who asks, read once a request; None for whoever is not signed in."""
    visit = cast(_Visit, request)
    if not hasattr(visit, "visitor"):
        user = request.user
        signed_in = user.is_authenticated
        visit.visitor = actor_of(user, on=timezone.localdate()) if signed_in else None
    return visit.visitor


def _to_login(request: Any) -> HttpResponseBase:
    """Lead to the page of signing in, and back then; all of the page that asked for a part of it,
    which would show the other page inside of itself."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    there = redirect_to_login(request.htmx.current_url_abs_path or "/")
    return HttpResponseClientRedirect(there.url)


class Page:
    """A view behind the door: only for whom it `needs`, only by the methods it takes."""

    def __init__(
        self,
        view: View,
        needs: Capability | Relation,
        methods: tuple[str, ...],
        *,
        in_area: bool = False,
    ) -> None:
        update_wrapper(self, view)
        self.needs = needs
        self.in_area = in_area
        self._view = view
        self._allowed = (*methods, "HEAD") if "GET" in methods else methods

    @property
    def is_read(self) -> bool:
        """Whether it answers GET."""
        return "GET" in self._allowed

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = current_actor(request)
        if actor is None:
            return _to_login(request)
        try:
            self._check(actor, kwargs)
            if request.method not in self._allowed:
                again = request.method == "GET"
                return self._back(request) if again else HttpResponseNotAllowed(self._allowed)
            request.actor, request.now = actor, timezone.now()
            request.today = timezone.localdate(request.now)
            act = partial(self._view, request, *args, **kwargs)
            posted = request.method == "POST"
            back = partial(self._back, request)
            answer = carried_out_once(request, act, back=back) if posted else act()
            return self._logged(request, kwargs, answer)
        except DomainError as error:
            return refusal(request, error)

    def _back(self, request: HttpRequest) -> HttpResponseBase:
        """Who comes back to the address of an act (by a link, a reload, another language) is led to
        the page that it belongs to."""
        above = page_above(request.path)
        return HttpResponseNotAllowed(self._allowed) if above is None else redirect(above)

    def _check(self, actor: Actor, kwargs: dict[str, Any]) -> None:
        """Raises: NotFound, NotAllowed; both are answered as a wrong address is."""
        if self.needs is Relation.MEMBER:
            require_member(actor, kwargs["organisation_id"])
        elif self.needs is Relation.ACTING:
            require_acting(actor, kwargs["organisation_id"])
        elif self.needs is Relation.OFFICER:
            require_officer(actor)
        elif isinstance(self.needs, Capability):
            (reach if self.in_area else require)(actor, self.needs)

    def _logged(
        self, request: ActorRequest, kwargs: dict[str, Any], answer: HttpResponseBase
    ) -> HttpResponseBase:
        """What an office read is noted before it goes out; what cannot be noted does not.

        A form that comes back with the page around it is read as the page is.
        """
        where = request.resolver_match
        if where is not None and answer.status_code in _PAGES:
            row = ROWS.get(where.url_name or "")
            look = Look(where.view_name, self.needs, kwargs, row.resource if row else None)
            note_look(actor=request.actor, look=look, now=request.now)
        return answer


def page_above(path: str) -> str | None:
    """The nearest address above that can be read, or None."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            view = resolve(f"{path}/").func
        except Resolver404:
            continue
        if isinstance(view, Page) and view.is_read:
            return f"{path}/"
    return None


def page(
    capability: Capability, *, methods: tuple[str, ...] = ("GET",), in_area: bool = False
) -> Callable[[View], Page]:
    """Open the view to those with `capability`; a wrong role sees the 404 of a wrong address.

    `in_area`: also to a field officer, whom its reads show the area alone; each look is noted.
    """
    return lambda view: Page(view, capability, methods, in_area=in_area)


def person_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], Page]:
    """Open the view to whoever is signed in; what it shows is the person's own."""
    return lambda view: Page(view, Relation.PERSON, methods)


def member_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], Page]:
    """Open the view to who acts for the `organisation_id` of its address; others see the 404."""
    return lambda view: Page(view, Relation.MEMBER, methods)


def acting_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], Page]:
    """As `member_page`, also for a field officer whom the organisation lets act for it."""
    return lambda view: Page(view, Relation.ACTING, methods)


def officer_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], Page]:
    """Open the view to field officers; what it shows and does is of their area."""
    return lambda view: Page(view, Relation.OFFICER, methods)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error that no form caught, as a page with the status of its meaning."""
    if isinstance(error, NotFound | NotAllowed):
        raise Http404 from error
    stale = isinstance(error, StaleVersion)
    words = {
        "heading": _("Changed in the meantime") if stale else _("This cannot be done"),
        "text": str(error),
        "back": request.get_full_path() if request.method == "POST" and stale else "",
    }
    return render(request, "web/parts/problem.html", words, status=status_of(error))


def unforeseen(_request: HttpRequest) -> HttpResponse:
    """What no door caught, as a page that asks the database for nothing: 503 while it is away.

    Django calls it (`handler500`) with the error still at hand, whichever layer raised it.
    """
    status = 503 if isinstance(sys.exc_info()[1], DATABASE_AWAY) else 500
    # Without the request: who is signed in is in the database too.
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
