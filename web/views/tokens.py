from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from linkage.registry import member_queries, services
from linkage.registry.models import ApiToken, Role
from web.door import ActorRequest, person_page
from web.forms.carrying import carried_out
from web.forms.tokens import TokenForm, scope_words
from web.once import ShownOnce

_MOST_SHOWN = 50


@dataclass(frozen=True)
class _Line:
    token: ApiToken
    standing: str
    scopes: list[str]
    state: str
    is_good: bool


@person_page(methods=("GET", "POST"))
def tokens(request: ActorRequest) -> HttpResponse:
    own = member_queries.organisations_of(request.actor)
    form = TokenForm(request.POST or None, actor=request.actor, organisations=own)

    def act() -> services.Made:
        return services.make_token(actor=request.actor, now=request.now, **form.token())

    if made := carried_out(form, act):
        # Not by a redirect: the secret is in this answer alone.
        return ShownOnce(render_to_string("web/tokens/made.html", {"made": made}, request))
    rows = member_queries.own_tokens(actor=request.actor)[:_MOST_SHOWN]
    may = bool(own or request.actor.roles)
    words = {"form": form, "may": may, "lines": _lines(rows, request.today)}
    return render(request, "web/tokens/list.html", words)


@person_page(methods=("POST",))
def revoke(request: ActorRequest, token_id: int) -> HttpResponse:
    services.revoke_token(actor=request.actor, token_id=token_id, now=request.now)
    messages.success(request, _("The key is revoked."))
    return redirect("web:tokens")


def _lines(rows: Iterable[ApiToken], today: date) -> list[_Line]:
    found = []
    for token in rows:
        of = token.organisation and token.organisation.survivor
        standing = of.name if of else str(Role(token.role).label)
        good = token.revoked_at is None and token.ends >= today
        state = _("in use") if good else _("revoked") if token.revoked_at else _("ended")
        words = [scope_words(scope) for scope in token.scopes]
        found.append(_Line(token, standing, words, state, good))
    return found
