"""Addresses of the pages of offers and needs: both sides have the same ones."""

from __future__ import annotations

from django.urls import URLPattern, path

from linkage.market.models import PostKind
from web.views import market, posts, quick


def routes() -> list[URLPattern]:
    """Own posts and their acts, the search of members and of offices, the list to pick from."""
    found = [
        path("commodities/", posts.commodities, name="commodities"),
        path("mine/<id:organisation_id>/quick/", quick.quick_post, name="quick"),
    ]
    for kind in PostKind:
        found += [*_own(kind), *_seen(kind)]
    return found


def _own(kind: PostKind) -> list[URLPattern]:
    name, said = kind.value, {"kind": kind}
    mine = f"mine/<id:organisation_id>/{name}s/"
    one = f"{mine}<id:post_id>/"
    return [
        path(mine, posts.own_posts, said, name=f"{name}s"),
        path(f"{mine}add/", posts.create, said, name=f"{name}_add"),
        path(one, posts.own_post, said, name=name),
        path(f"{one}edit/", posts.edit, said, name=f"{name}_edit"),
        path(f"{one}limit/", posts.limit, said, name=f"{name}_limit"),
        path(f"{one}copy/", posts.copy, said, name=f"{name}_copy"),
        path(f"{one}<slug:name>/", posts.act, said, name=f"{name}_act"),
    ]


def _seen(kind: PostKind) -> list[URLPattern]:
    name, said = kind.value, {"kind": kind}
    search, office = f"mine/<id:organisation_id>/search/{name}s/", f"market/{name}s/"
    return [
        path(search, market.search_for_member, said, name=f"search_{name}s"),
        path(f"{search}<id:post_id>/", market.seen_by_member, said, name=f"seen_{name}"),
        path(office, market.search_for_office, said, name=f"market_{name}s"),
        path(f"{office}<id:post_id>/", market.seen_by_office, said, name=f"market_{name}"),
    ]
