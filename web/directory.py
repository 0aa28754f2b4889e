"""The register's lists and an organisation's page, put together from the registry's reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.coverage.queries import to_be_settled
from linkage.coverage.rule import Unsettled
from linkage.jobs.models import Event
from linkage.registry.access import Actor
from linkage.registry.models import Commune, JoinRequest, Kind, Organisation, Status
from linkage.registry.models.facts import ENDS_OF_ACTIVITY
from linkage.registry.queries import (
    Absorbed,
    FactLine,
    Filters,
    History,
    history,
    listing,
    shown_tax_code,
)
from linkage.registry.reading import note_codes
from web.happenings import Happening, told
from web.presentation import dated

_MOST_SURVIVORS = 20
FIELDS: Mapping[str, str | Promise] = {
    "status": gettext_lazy("Status"),
    "kind": gettext_lazy("Kind"),
    "sector": gettext_lazy("Sector"),
    "commune": gettext_lazy("Commune"),
}
REASONS: Mapping[str, str | Promise] = {
    "founding_day_missing": gettext_lazy("The founding day is missing."),
    "status_unknown": gettext_lazy("The status is not known."),
    "end_day_missing": gettext_lazy("The day on which its activity ended is missing."),
}

# The filter's word -> its part of what the rule says is to be settled.
_WAITING: Mapping[str, Callable[[Unsettled], frozenset[int]]] = {
    "organisation": attrgetter("organisations"),
    "place": attrgetter("places"),
    "sector": attrgetter("sectors"),
}


def found(actor: Actor, on: date, asked: Mapping[str, Any]) -> QuerySet[Organisation]:
    """The organisations that the filter form asks for, in Vietnamese order."""
    waiting = _WAITING.get(asked.get("settle", ""))
    filters = Filters(
        text=asked.get("q", ""),
        kind=asked.get("kind") or None,
        status=asked.get("status") or None,
        ids=waiting(to_be_settled(on)) if waiting else None,
    )
    return listing(actor=actor, on=on, filters=filters)


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    id: int
    name: str
    tax_code: str
    kind: str | None
    status: str | None
    commune_name: str
    # Where the line leads.
    address: str


def _page_of(organisation_id: int) -> str:
    return reverse("web:organisation", args=[organisation_id])


def rows_of(
    actor: Actor, organisations: Iterable[Any], leads: Callable[[int], str] = _page_of
) -> list[Row]:
    """The annotated organisations as lines, with the communes' names in one query."""
    shown = list(organisations)
    communes = Commune.objects.in_bulk({row.commune_on for row in shown if row.commune_on})
    return [
        Row(
            row.pk,
            row.name,
            shown_tax_code(actor, row.tax_code) or "",
            row.kind_on,
            row.status_on,
            communes[row.commune_on].name if row.commune_on in communes else "",
            leads(row.pk),
        )
        for row in shown
    ]


def survivors(
    actor: Actor, now: datetime, organisation_id: int, text: str, leads_to: str
) -> list[Row]:
    """The first organisations of that name or tax code into which this one could go.

    Each leads to the page of that name, for this one and that one.
    """
    found = listing(actor=actor, on=timezone.localdate(now), filters=Filters(text=text))
    rows = list(found.exclude(pk=organisation_id)[:_MOST_SURVIVORS])
    note_codes(actor=actor, organisations=rows, now=now)

    def merging(into_id: int) -> str:
        return reverse(leads_to, args=[organisation_id, into_id])

    return rows_of(actor, rows, merging)


@dataclass(frozen=True)
class Fact:
    """A dated fact in words."""

    since: date | None
    words: str
    as_written: str
    # An end of activity without its day; other undated facts hold from the start.
    day_unknown: bool

    @property
    def sentence(self) -> str:
        """ "Tạm ngừng từ 01/05/2025"."""
        return dated(self.words, self.since, day_unknown=self.day_unknown)


@dataclass(frozen=True)
class Timeline:
    """The facts of one field, oldest first, and where to change them."""

    label: str
    address: str
    facts: Sequence[Fact]
    # What was recorded and then replaced, in the order of the acts.
    replaced: Sequence[str]


def timelines(organisation_id: int, past: History) -> list[Timeline]:
    """Status, kind, sector and commune over time."""
    lines = past.facts
    return [
        Timeline(
            str(label),
            reverse("web:organisation_fact", args=[organisation_id, field]),
            [_fact(line) for line in lines if line.field == field],
            _replaced(past.events) if field == "status" else (),
        )
        for field, label in FIELDS.items()
    ]


def _replaced(events: Iterable[Event]) -> list[str]:
    """The statuses that a later act on the same day, or a correction, took the place of."""
    return [
        _fact(FactLine("status", date.fromisoformat(since) if since else None, value, "")).sentence
        for event in events
        if event.kind == "status_set"
        for since, value in event.data["before"]
        if [since, value] not in event.data["after"]
    ]


def warning_of(actor: Actor, organisation_id: int, field: str) -> list[str]:
    """What saving the field without a day does, and what is recorded now and would be lost."""
    facts = history(actor=actor, organisation_id=organisation_id).facts
    recorded = [_fact(line).sentence for line in facts if line.field == field]
    lines = [
        _("Without a day this rewrites the past: all that is recorded of it is replaced from the"
          " start, and the figures of every day, also of years gone by, follow."),
        _("Recorded now: %(facts)s") % {"facts": "; ".join(recorded) or _("nothing recorded")},
    ]  # fmt: skip
    if field == "status":
        lines.insert(
            1,
            _("An end of activity without its day rewrites nothing, but takes the organisation out"
              " of the denominator on every date until the day is given."),
        )  # fmt: skip
    return lines


def _fact(line: FactLine) -> Fact:
    ends = line.field == "status" and line.value in ENDS_OF_ACTIVITY
    return Fact(line.since, _words(line), line.as_written, ends and line.since is None)


def _words(line: FactLine) -> str:
    if line.field == "status":
        return str(Status(line.value).label)
    if line.field == "kind":
        return str(Kind(line.value).label)
    return line.value or _("not known")


@dataclass(frozen=True)
class AbsorbedWords:
    """What was merged into an organisation: its number, its name, its history, newest first."""

    number: int
    name: str
    events: list[Happening]


def absorbed(rows: Iterable[Absorbed]) -> list[AbsorbedWords]:
    """The histories that a merge kept, in words."""
    return [
        AbsorbedWords(row.organisation.pk, row.organisation.name, told(row.events[::-1]))
        for row in rows
    ]


def reasons(codes: Iterable[str]) -> list[str]:
    """Why an organisation is in no denominator."""
    return [str(REASONS[code]) for code in codes]


@dataclass(frozen=True)
class Asked:
    """What somebody asks for, in words."""

    name: str
    is_new: bool
    kind: str
    tax_code: str
    commune_name: str


def asked_words(actor: Actor, asked: JoinRequest) -> Asked:
    """An organisation of the register by its name; a new one by what the applicant says of it."""
    if asked.organisation is not None:
        return Asked(asked.organisation.name, False, "", "", "")
    commune = Commune.objects.filter(pk=asked.commune_code).first()
    return Asked(
        asked.name,
        True,
        asked.kind,
        shown_tax_code(actor, asked.tax_code) or "",
        commune.name if commune else "",
    )
