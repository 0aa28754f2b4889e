from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linkage.agreements.queries import verified_parties
from linkage.market import queries
from linkage.market.models import PostKind
from linkage.market.search import Found, Slice, search
from linkage.registry.access import Capability
from web import postboards
from web.door import ActorRequest, acting_page, page
from web.forms import market as forms
from web.forms.carrying import carried_out
from web.paging import PER_PAGE
from web.postwords import WORDS


@acting_page()
def search_for_member(request: ActorRequest, organisation_id: int, kind: PostKind) -> HttpResponse:
    return _search(request, kind, organisation_id)


@page(Capability.READ_POSTS, in_area=True)
def search_for_office(request: ActorRequest, kind: PostKind) -> HttpResponse:
    return _search(request, kind, None)


@acting_page()
def seen_by_member(
    request: ActorRequest, organisation_id: int, post_id: int, kind: PostKind
) -> HttpResponse:
    return _seen(request, kind, post_id, organisation_id)


@page(Capability.READ_POSTS, in_area=True)
def seen_by_office(request: ActorRequest, post_id: int, kind: PostKind) -> HttpResponse:
    return _seen(request, kind, post_id, None)


def _search(request: ActorRequest, kind: PostKind, organisation_id: int | None) -> HttpResponse:
    form = forms.SearchForm(request.GET)
    who: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    part = Slice(PER_PAGE, forms.place_in(request.GET.get("after", "")))

    def act() -> Found:
        linked = verified_parties(request.today) if form.cleaned_data["linked"] else frozenset()
        asked = form.asked(kind, linked)
        return search(**who, asked=asked, on=request.today, part=part)

    found = carried_out(form, act)
    words: dict[str, Any] = {"form": form, "found": found}
    if found is not None:
        words["lines"] = postboards.found_lines(found, organisation_id)
        words["after"] = forms.place_text(found.next) if found.next else ""
    return _page(request, "web/market/search.html", kind, organisation_id, words)


def _seen(
    request: ActorRequest, kind: PostKind, post_id: int, organisation_id: int | None
) -> HttpResponse:
    post = queries.seen(
        actor=request.actor, kind=kind, post_id=post_id, on=request.today,
        organisation_id=organisation_id,
    )  # fmt: skip
    words = {"line": postboards.line(post, ""), "talks": _talks(kind, organisation_id, post_id)}
    return _page(request, "web/market/post.html", kind, organisation_id, words)


def _talks(kind: PostKind, organisation_id: int | None, post_id: int) -> str:
    """Where a member begins talks about the post; offices do not."""
    if organisation_id is None:
        return ""
    return reverse(f"web:talk_about_{kind.value}", args=[organisation_id, post_id])


def _page(
    request: ActorRequest,
    template: str,
    kind: PostKind,
    organisation_id: int | None,
    words: dict[str, Any],
) -> HttpResponse:
    frame = postboards.office_frame(kind)
    if organisation_id is not None:
        frame = postboards.frame(organisation_id, kind, searching=True)
    shown = {**words, "frame": frame, "kind": WORDS[kind]}
    refused = words.get("found", True) is None
    return render(request, template, shown, status=400 if refused else 200)
