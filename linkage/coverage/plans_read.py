"""Programmes, and the plan's lines with their targets, as they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from linkage.coverage import queries
from linkage.coverage.models import Indicator, Programme, Target
from linkage.coverage.targets import Bound
from linkage.errors import NotFound


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target with its bounds as fractions."""

    id: int
    programme: str
    indicator_id: str
    comparison: str
    minimum: Bound
    maximum: Bound | None
    from_date: date
    source: str
    official: str
    version: int


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """A line of a plan with all its targets."""

    code: str
    order: int
    name_vi: str
    name_en: str
    text_vi: str
    text_en: str
    how: str
    measure: str
    source: str
    targets: list[TargetLine]


def programmes() -> list[Programme]:
    """All programmes, the earliest first."""
    return list(Programme.objects.order_by("starts", "code"))


def plans() -> list[Programme]:
    """Every programme, the newest first, its targets in the plan's order."""
    return list(_with_targets().order_by("-starts", "code"))


def plan(programme_id: int) -> Programme:
    """One programme with its targets in the plan's order. Raises: NotFound."""
    found = _with_targets().filter(pk=programme_id).first()
    if found is None:
        raise NotFound
    return found


def _with_targets() -> QuerySet[Programme]:
    targets = Target.objects.select_related("indicator", "programme")
    ordered = targets.order_by("indicator__order", "from_date")
    return Programme.objects.prefetch_related(Prefetch("targets", ordered))


def target_of(target_id: int) -> Target:
    """One target with its line and programme. Raises: NotFound."""
    found = Target.objects.select_related("indicator", "programme").filter(pk=target_id).first()
    if found is None:
        raise NotFound
    return found


def programme(programme_id: int) -> Programme:
    """One programme. Raises: NotFound."""
    found = Programme.objects.filter(pk=programme_id).first()
    if found is None:
        raise NotFound
    return found


def lines(codes: Iterable[str] | None = None) -> list[Indicator]:
    """The plans' lines in their order, or those named, with their targets at hand."""
    rows = Indicator.objects.order_by("order", "code").prefetch_related("targets__programme")
    return list(rows if codes is None else rows.filter(code__in=codes))


def indicator(code: str) -> Indicator | None:
    """One line of the plans, without its targets."""
    return Indicator.objects.filter(pk=code).first()


def indicators() -> list[IndicatorLine]:
    """Every line of the plans in their order, each with its targets by day."""
    return [
        IndicatorLine(
            code=row.code,
            order=row.order,
            name_vi=row.name_vi,
            name_en=row.name_en,
            text_vi=row.text_vi,
            text_en=row.text_en,
            how=row.how,
            measure=row.measure,
            source=row.source,
            targets=sorted(map(target, row.targets.all()), key=lambda line: line.from_date),
        )
        for row in lines()
    ]


def target(row: Target) -> TargetLine:
    """A stored target as it is shown."""
    read = queries.target_row(row)
    return TargetLine(
        id=row.pk,
        programme=read.programme,
        indicator_id=row.indicator_id,
        comparison=read.comparison,
        minimum=read.minimum,
        maximum=read.maximum,
        from_date=read.from_date,
        source=row.source,
        official=row.official,
        version=row.version,
    )
