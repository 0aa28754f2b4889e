"""The list of programmes with their targets in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkage.coverage import plans_read
from linkage.coverage.models import Basis, Indicator, Programme, Target
from linkage.coverage.queries import target_row
from linkage.coverage.sentences import territory_name
from linkage.jobs.queries import events_of
from web.boards import target_words
from web.happenings import Happening, told


@dataclass(frozen=True)
class PlanTarget:
    """A target as the list of programmes shows it."""

    target: Target
    words: str
    # Of a reported line: which of its values is the programme's own.
    is_reported: bool
    official: str


@dataclass(frozen=True)
class Plan:
    """A programme with its targets in the plan's order."""

    programme: Programme
    territory: str
    targets: Sequence[PlanTarget]


def plans() -> list[Plan]:
    """Every programme, the newest first."""
    return [_plan(programme) for programme in plans_read.plans()]


def plan(programme_id: int) -> Plan:
    """One programme. Raises: NotFound."""
    return _plan(plans_read.plan(programme_id))


def changes(programme: Programme) -> list[Happening]:
    """What was set and changed of a programme, the newest first."""
    return told(events_of("programme", programme.code)[::-1])


def _plan(programme: Programme) -> Plan:
    return Plan(
        programme,
        territory_name(programme.territory),
        [
            PlanTarget(
                target,
                target_words(target_row(target), target.indicator.measure),
                target.indicator.how == Indicator.How.REPORTED,
                str(Basis(target.official).label),
            )
            for target in programme.targets.all()
        ],
    )
