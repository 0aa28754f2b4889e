"""A reported value in words, for the dashboard and for its own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from linkage.coverage.models import Basis
from linkage.coverage.reported import MANUAL, ReportedValue
from linkage.coverage.sentences import reported_words, returns_words
from linkage.coverage.targets import TargetRow


@dataclass(frozen=True)
class ShownValue:
    """A reported value as a table shows it, with what it rests on."""

    indicator: str
    words: str
    basis: str
    as_of: date
    source: str
    # Of a sum of returns: from how many of how many, and the year whose rows it opens to.
    coverage: str
    year: int | None
    # Said only where there are two values.
    is_official: bool


def shown(values: Iterable[ReportedValue], target: TargetRow | None) -> list[ShownValue]:
    """A line's reported values in one territory, by hand and by returns, side by side."""
    rows = list(values)
    official = target.official if target else MANUAL
    return [_shown(row, len(rows) > 1 and row.basis == official) for row in rows]


def _shown(value: ReportedValue, is_official: bool) -> ShownValue:
    summed = value.answered is not None
    return ShownValue(
        indicator=value.indicator,
        words=reported_words(value),
        basis=str(Basis(value.basis).label),
        as_of=value.as_of,
        source=value.source,
        coverage=returns_words(value) if summed else "",
        year=value.as_of.year if summed else None,
        is_official=is_official,
    )
