"""Organisations beside their dated facts on a day: under the reads and the writes alike."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery

from linkage.registry.models import (
    CommuneFact,
    KindFact,
    Organisation,
    SectorFact,
    Status,
    StatusFact,
)


def on_day(rows: QuerySet[Organisation], on: date) -> QuerySet[Organisation]:
    """Annotate organisations with `status_on`, `kind_on`, `sector_on`, `commune_on` (codes)."""
    return rows.annotate(
        status_on=_on_day(StatusFact, "status", on),
        kind_on=_on_day(KindFact, "kind", on),
        sector_on=_on_day(SectorFact, "sector_id", on),
        commune_on=_on_day(CommuneFact, "commune_id", on),
    )


def inactive_on(on: date) -> QuerySet[Organisation]:
    """Return the organisations that do not work on the day: their status is another, or unknown,
    or they are founded later. Reads the facts of those alone that were ever anything but active.
    """
    doubtful = Organisation.objects.filter(
        Q(pk__in=StatusFact.objects.exclude(status=Status.ACTIVE).values("organisation"))
        | Q(founded_on__gt=on)
        | ~Exists(StatusFact.objects.filter(organisation=OuterRef("pk")))
    )
    works = Q(status_on=Status.ACTIVE) & (Q(founded_on=None) | Q(founded_on__lte=on))
    # An unknown status makes the condition unknown, not false.
    dated = doubtful.annotate(status_on=_on_day(StatusFact, "status", on))
    return dated.filter(Q(status_on=None) | ~works)


def _on_day(model: type[Model], column: str, on: date) -> Subquery:
    """Of an organisation's facts the last one on or before the day; undated ones come first."""
    facts = model._default_manager.filter(
        Q(since=None) | Q(since__lte=on), organisation=OuterRef("pk")
    )
    return Subquery(facts.order_by(F("since").desc(nulls_last=True), "-id").values(column)[:1])
