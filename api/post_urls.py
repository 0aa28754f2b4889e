"""Addresses of offers and needs: both sides have the same ones."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.endpoint import Endpoint
from api.views import market, posts, quick
from linkage.agreements.services import POST_ACTS
from linkage.market.models import PostKind


def routes() -> list[URLPattern]:
    """Own posts and their acts; what a counterpart sees; what an office sees."""
    return [
        path(
            "organisations/<id:organisation_id>/quick-post/read",
            quick.QuickRead.as_view(),
            name="quick_post_read",
        ),
        *_own("offer", posts.OwnOffers, posts.OwnOffer),
        *_own("need", posts.OwnNeeds, posts.OwnNeed),
        *_seen("offer"),
        *_seen("need"),
    ]


def _own(kind: str, many: type[posts.OwnPosts], one: type[posts.OwnPost]) -> list[URLPattern]:
    all_of_it = f"organisations/<id:organisation_id>/{kind}s"
    each = f"{all_of_it}/<id:post_id>"
    acts = [
        _route(f"{each}/{act}", posts.OwnAct, kind, f"own_{kind}_{act}", act_name=act)
        for act in POST_ACTS
    ]
    return [
        _route(all_of_it, many, kind, f"own_{kind}s"),
        _route(each, one, kind, f"own_{kind}"),
        _route(f"{each}/limit", posts.OwnLimit, kind, f"own_{kind}_limit"),
        _route(f"{each}/copy", posts.OwnCopy, kind, f"own_{kind}_copy"),
        *acts,
    ]


def _seen(kind: str) -> list[URLPattern]:
    search = f"organisations/<id:organisation_id>/market/{kind}s"
    return [
        _route(search, market.CounterpartPosts, kind, f"seen_{kind}s"),
        _route(f"{search}/<id:post_id>", market.CounterpartPost, kind, f"seen_{kind}"),
        _route(f"market/{kind}s", market.Posts, kind, f"market_{kind}s"),
        _route(f"market/{kind}s/<id:post_id>", market.Post, kind, f"market_{kind}"),
    ]


def _route(address: str, view: type[Endpoint], kind: str, name: str, **more: str) -> URLPattern:
    """One view stands at an address for offers and at one for needs."""
    return path(address, view.as_view(kind=PostKind(kind), operation=name, **more), name=name)
