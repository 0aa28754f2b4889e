"""A reported value in words, for the dashboard and for its own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linkage.coverage.models import Basis
from linkage.coverage.reported import ReportedValue
from linkage.coverage.sentences import reported_words


@dataclass(frozen=True)
class ShownValue:
    """A reported value as a table shows it, with what it rests on."""

    words: str
    basis: str
    as_of: date
    source: str


def shown(value: ReportedValue) -> ShownValue:
    """A reported value in words."""
    return ShownValue(
        reported_words(value), str(Basis(value.basis).label), value.as_of, value.source
    )
