"""Addresses of suggestions, near misses, and pools of several suppliers."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import near_misses, pools, suggestions
from linkage.market.models import PostKind

_ALL = "organisations/<id:organisation_id>/suggestions"
_ONE = f"{_ALL}/<id:suggestion_id>"
_OF_NEED = "organisations/<id:organisation_id>/needs/<id:need_id>/pool"
_POOLS = "organisations/<id:organisation_id>/pools"
_POOL = f"{_POOLS}/<id:pool_id>"


def routes() -> list[URLPattern]:
    """All addresses of suggestions, near misses and pools, for their organisation's members."""
    return [
        path(_ALL, suggestions.Suggestions.as_view(), name="suggestions"),
        path(_OF_NEED, pools.NeedPool.as_view(), name="need_pool"),
        path(_POOLS, pools.Pools.as_view(), name="pools"),
        path(_POOL, pools.Pool.as_view(), name="pool"),
        path(f"{_POOL}/agree", pools.PoolAgree.as_view(), name="pool_agree"),
        path(f"{_POOL}/decline", pools.PoolDecline.as_view(), name="pool_decline"),
        path(f"{_POOL}/withdraw", pools.PoolWithdraw.as_view(), name="pool_withdraw"),
        path(f"{_ONE}/seen", suggestions.SuggestionSeen.as_view(), name="suggestion_seen"),
        path(f"{_ONE}/dismiss", suggestions.SuggestionDismiss.as_view(), name="suggestion_dismiss"),
        *map(_near, PostKind),
    ]


def _near(kind: PostKind) -> URLPattern:
    address = f"organisations/<id:organisation_id>/{kind}s/<id:post_id>/near-misses"
    name = f"own_{kind}_near_misses"
    return path(address, near_misses.OwnNearMisses.as_view(kind=kind, operation=name), name=name)
