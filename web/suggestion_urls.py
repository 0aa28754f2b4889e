"""Addresses of the pages of suggestions."""

from __future__ import annotations

from django.urls import URLPattern, path

from web.views import suggestions

_ALL = "mine/<id:organisation_id>/suggestions/"
_ONE = f"{_ALL}<id:suggestion_id>/"


def routes() -> list[URLPattern]:
    """All pages of suggestions, each for the members of its organisation."""
    return [
        path(_ALL, suggestions.suggestions, name="suggestions"),
        path(f"{_ONE}later/", suggestions.later, name="suggestion_later"),
        path(f"{_ONE}dismiss/", suggestions.dismiss, name="suggestion_dismiss"),
    ]
