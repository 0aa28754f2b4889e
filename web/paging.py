"""Pages of a list: a wrong or wild page number gives the nearest page there is."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 50
# Longer than any name; what is cut off cannot change an answer.
LONGEST_SEARCH = 200


def page_of(request: HttpRequest, rows: Any, *, per_page: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for."""
    number = request.GET.get("page", "1")
    wanted = int(number) if number.isdecimal() and len(number) < 7 else 1
    return Paginator(rows, per_page).get_page(wanted)


def search_words(request: HttpRequest) -> str:
    """What was typed into the search field, cut to a sensible length."""
    return request.GET.get("q", "").strip()[:LONGEST_SEARCH]
