"""The reads of fairness reports: for the offices that read the figure; co-ops read none of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from linkage.errors import NotFound
from linkage.registry.access import Actor, Capability, require
from linkage.registry.acting import people_of_each
from linkage.registry.models import Organisation
from linkage.suggestions import preference
from linkage.suggestions.models import FairnessCoOp, FairnessReport, Introduction

# What each number of a report opens to.
SHOWN: Mapping[str, Q] = {
    "all": Q(),
    "nobody": Q(shown=0),
    "overlooked": Q(shown=0, has_partner=True),
    "unlinked": Q(unlinked=True),
    "small": Q(small=True),
    "size_unknown": Q(members=None),
    "most": Q(shown=F("report__most")),
    "least": Q(shown=F("report__least")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A co-op of a report, its organisation where the register still has it, and whom the office
    introduced it to since nobody was shown it, the last time.

    `introduced_to`: the other side. `unreached`: those of the two that nobody acts for here, so
    that nobody was told.
    """

    co_op: FairnessCoOp
    organisation: Organisation | None
    introduction: Introduction | None
    introduced_to: Organisation | None
    unreached: Sequence[Organisation]


def reports(*, actor: Actor) -> QuerySet[FairnessReport]:
    """Return all reports, the newest first. Raises: NotAllowed."""
    require(actor, Capability.READ_COVERAGE)
    return FairnessReport.objects.order_by("-day", "-pk")


def report(
    *, actor: Actor, day: date | None = None, report_id: int | None = None
) -> FairnessReport:
    """Return the newest report, or the one that is asked for. Raises: NotAllowed; NotFound."""
    rows = reports(actor=actor)
    if day is not None:
        rows = rows.filter(day=day)
    if report_id is not None:
        rows = rows.filter(pk=report_id)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def is_measured(*, on: date) -> bool:
    """Whether there is a report of the day by the engine in use: another would be the same one."""
    return FairnessReport.objects.filter(day=on, engine=preference.engine()).exists()


def co_ops(*, of: FairnessReport, shown: str = "all") -> QuerySet[FairnessCoOp]:
    """Return the report's co-ops that a number opens to, the least often shown first.

    Raises: NotFound for no number of a report.
    """
    if shown not in SHOWN:
        raise NotFound
    return FairnessCoOp.objects.filter(SHOWN[shown], report=of).order_by("shown", "organisation_id")


def overlooked(*, of: FairnessReport, **more: Any) -> set[int]:
    """Return the co-ops that are shown to nobody and have a partner, by id; `more` narrows them."""
    rows = co_ops(of=of, shown="overlooked").filter(**more)
    return set(rows.values_list("organisation_id", flat=True))


def overlooked_and_told(*, of: FairnessReport, on: date) -> int:
    """Return how many of the overlooked are told of a partner themselves: those that somebody acts
    for."""
    return len(people_of_each(overlooked(of=of, told__gt=0), on))


def overlooked_and_introduced(*, of: FairnessReport) -> int:
    """Return how many of the overlooked the office has introduced to somebody since."""
    made = Introduction.objects.filter(
        organisation__in=overlooked(of=of), introduced_at__gte=of.measured_at
    )
    return made.values("organisation").distinct().count()


def with_organisations(rows: Iterable[FairnessCoOp], *, on: date) -> list[Row]:
    """Return the rows with what else is known of their co-ops; three queries at most."""
    rows = list(rows)
    ids = [row.organisation_id for row in rows]
    known, introduced = Organisation.objects.in_bulk(ids), _introductions(ids)
    sides = {made.pk: _sides(made) for made in introduced.values()}
    people = people_of_each({one.pk for both in sides.values() for one in both}, on)
    found = []
    for row in rows:
        made = introduced.get(row.organisation_id)
        both = sides[made.pk] if made else ()
        # It may have been merged into another since the report.
        others = [one for one in both if made and one != made.organisation.survivor]
        unreached = [one for one in both if one.pk not in people]
        own = known.get(row.organisation_id)
        found.append(Row(row, own, made, others[0] if others else None, unreached))
    return found


def _introductions(co_ops: Iterable[int]) -> Mapping[int, Introduction]:
    """The newest introduction that was made for the sake of each of these co-ops."""
    rows = Introduction.objects.filter(organisation__in=co_ops).order_by("pk")
    shown = [f"{of}organisation__merged_into" for of in ("", "offer__", "need__")]
    return {row.organisation_id: row for row in rows.select_related(*shown)}


def _sides(made: Introduction) -> tuple[Organisation, Organisation]:
    """Seller and buyer of an introduction, as they are today."""
    return made.offer.organisation.survivor, made.need.organisation.survivor
