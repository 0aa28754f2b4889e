"""The figure by the rule itself, in plain Python over the rows."""

from __future__ import annotations

from datetime import date
from types import ModuleType

from linkage.coverage import queries, rule
from linkage.coverage.inputs import read_inputs


def answer(
    day: date, level: str, territory: str | None, *, by: ModuleType = rule
) -> dict[str, tuple[set[int], set[int]]]:
    """For each headline indicator the ids of its denominator and of its numerator."""
    rows = read_inputs()
    where = queries.find_territory(territory)
    found = by.compute(
        rows.organisations, rows.linkages, as_of=day, evidence=level, communes=where.communes
    )
    return {code: (set(share.members), set(share.linked)) for code, share in found.shares.items()}
