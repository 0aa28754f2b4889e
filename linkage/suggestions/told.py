"""Who is told of whose posts: by the engine's suggestions, the city's, and by talks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from linkage.agreements.models import OPEN_STATES, Linkage
from linkage.market.models import PostKind
from linkage.suggestions import advice
from linkage.suggestions.queries import stands, with_both_open

# The organisation of each of the two posts of a row; of a merged one the survivor.
PARTY = {
    kind: Coalesce(f"{kind}__organisation__merged_into", f"{kind}__organisation")
    for kind in PostKind
}


def told_of(kind: PostKind, on: date) -> Iterator[QuerySet[Any]]:
    """Rows of an offer and a need of which the owner of the post of that kind is told on the day.

    One pair may be in several of them.
    """
    yield stands(on).exclude(**{f"{kind}_why": ""})
    yield from advice.standing(on)
    # Whoever opened them, both sides know of them.
    talks = Linkage.objects.filter(offer__isnull=False, need__isnull=False)
    yield with_both_open(talks.filter(state__in=sorted(OPEN_STATES)), on)
