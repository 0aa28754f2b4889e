"""The list of programmes with their targets in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkage.coverage import plans_read
from linkage.coverage.models import Programme, Target
from linkage.coverage.queries import target_row
from linkage.coverage.sentences import territory_name
from web.boards import target_words


@dataclass(frozen=True)
class PlanTarget:
    """A target as the list of programmes shows it."""

    target: Target
    words: str


@dataclass(frozen=True)
class Plan:
    """A programme with its targets in the plan's order."""

    programme: Programme
    territory: str
    targets: Sequence[PlanTarget]


def plans() -> list[Plan]:
    """Every programme, the newest first."""
    return [
        Plan(
            programme,
            territory_name(programme.territory),
            [
                PlanTarget(target, target_words(target_row(target), target.indicator.measure))
                for target in programme.targets.all()
            ],
        )
        for programme in plans_read.plans()
    ]
