"""Addresses of the pages of suggestions, and of pools of several suppliers."""

from __future__ import annotations

from django.urls import URLPattern, path

from web.views import pools, suggestions

_ALL = "mine/<id:organisation_id>/suggestions/"
_ONE = f"{_ALL}<id:suggestion_id>/"
_POOLS = "mine/<id:organisation_id>/pools/"
_OF_NEED = f"{_POOLS}need/<id:need_id>/"
_POOL = f"{_POOLS}<id:pool_id>/"


def routes() -> list[URLPattern]:
    """All pages of suggestions and pools, each for the members of its organisation."""
    return [
        path(_ALL, suggestions.suggestions, name="suggestions"),
        path(_OF_NEED, pools.need_pool, name="need_pool"),
        path(f"{_OF_NEED}look/", pools.look, name="need_pool_look"),
        path(f"{_OF_NEED}propose/", pools.propose, name="pool_propose"),
        path(_POOL, pools.pool, name="pool"),
        path(f"{_POOL}agree/", pools.agree, name="pool_agree"),
        path(f"{_POOL}decline/", pools.decline, name="pool_decline"),
        path(f"{_POOL}withdraw/", pools.withdraw, name="pool_withdraw"),
        path(f"{_ONE}later/", suggestions.later, name="suggestion_later"),
        path(f"{_ONE}dismiss/", suggestions.dismiss, name="suggestion_dismiss"),
    ]
