"""Addresses of suggestions and of near misses."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import near_misses, suggestions
from linkage.market.models import PostKind

_ALL = "organisations/<id:organisation_id>/suggestions"
_ONE = f"{_ALL}/<id:suggestion_id>"


def routes() -> list[URLPattern]:
    """All addresses of suggestions and near misses, for the members of their organisation."""
    return [
        path(_ALL, suggestions.Suggestions.as_view(), name="suggestions"),
        path(f"{_ONE}/seen", suggestions.SuggestionSeen.as_view(), name="suggestion_seen"),
        path(f"{_ONE}/dismiss", suggestions.SuggestionDismiss.as_view(), name="suggestion_dismiss"),
        *map(_near, PostKind),
    ]


def _near(kind: PostKind) -> URLPattern:
    address = f"organisations/<id:organisation_id>/{kind}s/<id:post_id>/near-misses"
    name = f"own_{kind}_near_misses"
    return path(address, near_misses.OwnNearMisses.as_view(kind=kind, operation=name), name=name)
