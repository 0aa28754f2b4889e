"""What the market asks of an organisation: its kind, its place, its certificates on a day."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from linkage.registry.models import Certificate, Commune, CommuneFact, KindFact
from linkage.registry.queries import with_merged

_Fact = TypeVar("_Fact", KindFact, CommuneFact)


def kind_of(organisation_id: int, on: date) -> str | None:
    """Return what the organisation is in law on the day, None where it is not known."""
    fact = _counting(KindFact.objects.filter(organisation=organisation_id), on)
    return fact.kind if fact else None


def commune_of(organisation_id: int, on: date) -> Commune | None:
    """Return where the organisation is on the day, None where it is not known."""
    facts = CommuneFact.objects.filter(organisation=organisation_id).select_related("commune")
    fact = _counting(facts, on)
    return fact.commune if fact else None


def certificates_of(organisation_id: int, on: date) -> QuerySet[Certificate]:
    """Return its certificates that have not run out on the day, also of what was merged into it."""
    held = Certificate.objects.filter(
        Q(ends=None) | Q(ends__gte=on), organisation__in=with_merged(organisation_id)
    )
    return held.select_related("certification").order_by("certification", "pk")


def _counting(facts: QuerySet[_Fact], on: date) -> _Fact | None:
    """The last one on or before the day; undated ones come first."""
    known = facts.filter(Q(since=None) | Q(since__lte=on))
    return known.order_by(F("since").desc(nulls_last=True), "-id").first()
