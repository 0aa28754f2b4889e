"""The lines of the plans that are reported, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linkage.coverage import plans_read, reported_read
from linkage.coverage.models import Indicator, ManualValue
from linkage.coverage.queries import target_row
from linkage.coverage.sentences import share_words, territory_name
from linkage.coverage.sources import Source, sources_of
from linkage.coverage.targets import in_force_on
from linkage.registry.access import Actor
from web.boards import target_words
from web.reportedwords import ShownValue, shown


@dataclass(frozen=True)
class ShownLine:
    """A reported line with its target and its present values in the whole register."""

    indicator: Indicator
    target: str
    values: Sequence[ShownValue]


@dataclass(frozen=True)
class ShownVersion:
    """One version of a value: what it said, who said so and why."""

    id: int
    words: str
    source: str
    reason: str
    who: str
    at: datetime
    sources: Sequence[Source]


@dataclass(frozen=True)
class ShownEntry:
    """A value by hand: its last version, and those before it."""

    as_of: date
    territory: str
    last: ShownVersion
    earlier: Sequence[ShownVersion]
    is_withdrawn: bool


@dataclass(frozen=True)
class LinePage:
    """All that was entered of one line."""

    indicator: Indicator
    entries: Sequence[ShownEntry]


def lines(today: date) -> list[ShownLine]:
    """Every reported line in the plan's order, with what is known of it now."""
    values = reported_read.values_now(today)
    found = []
    for indicator in plans_read.lines():
        if indicator.how != Indicator.How.REPORTED:
            continue
        target = in_force_on([target_row(row) for row in indicator.targets.all()], today)
        own = [value for value in values if value.indicator == indicator.code]
        words = target_words(target, indicator.measure) if target else ""
        found.append(ShownLine(indicator, words, shown(own, target)))
    return found


def line(code: str, actor: Actor) -> LinePage:
    """One reported line with every value by hand, their files as the actor may see them.

    Raises: NotFound.
    """
    indicator = reported_read.reported_line(code)
    entries = [
        ShownEntry(
            entry.last.as_of,
            territory_name(entry.last.territory),
            _version(entry.last, actor),
            [_version(version, actor) for version in entry.versions[1:]],
            entry.is_withdrawn,
        )
        for entry in reported_read.entered(code)
    ]
    return LinePage(indicator, entries)


def said_of(value: ManualValue) -> str:
    """Which value a form is about: its day, place and number."""
    return _("Of %(day)s, %(territory)s: %(value)s") % {
        "day": date_format(value.as_of, "SHORT_DATE_FORMAT"),
        "territory": territory_name(value.territory),
        "value": _number(value),
    }


def _version(row: ManualValue, actor: Actor) -> ShownVersion:
    return ShownVersion(
        id=row.pk,
        words=_number(row),
        source=row.source,
        reason=row.reason,
        who=str(row.entered_by) if row.entered_by else _("a command on the server"),
        at=row.entered_at,
        sources=sources_of(row, actor),
    )


def _number(row: ManualValue) -> str:
    if row.numerator is None:
        return _("taken back")
    return share_words(row.numerator, row.denominator)
