"""Who is told of whose posts: by the engine's suggestions, the city's, and by talks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from linkage.agreements.models import OPEN_STATES, Linkage
from linkage.market.models import PostKind
from linkage.suggestions import advice
from linkage.suggestions.queries import suggested_to, with_both_open


def told_of(kind: PostKind, on: date) -> Iterator[QuerySet[Any]]:
    """Rows of an offer and a need of which the owner of the post of that kind is told on the day.

    One pair may be in several of them.
    """
    yield suggested_to(kind, on)
    yield from advice.standing(on)
    # Whoever opened them, both sides know of them.
    talks = Linkage.objects.filter(offer__isnull=False, need__isnull=False)
    yield with_both_open(talks.filter(state__in=sorted(OPEN_STATES)), on)
