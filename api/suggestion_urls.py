"""Addresses of suggestions."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.views import suggestions

_ALL = "organisations/<id:organisation_id>/suggestions"
_ONE = f"{_ALL}/<id:suggestion_id>"


def routes() -> list[URLPattern]:
    """All addresses of suggestions, each for the members of its organisation."""
    return [
        path(_ALL, suggestions.Suggestions.as_view(), name="suggestions"),
        path(f"{_ONE}/seen", suggestions.SuggestionSeen.as_view(), name="suggestion_seen"),
        path(f"{_ONE}/dismiss", suggestions.SuggestionDismiss.as_view(), name="suggestion_dismiss"),
    ]
