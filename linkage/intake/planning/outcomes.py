"""Makes each warning true of what the register shall hold, not of the row alone. Pure.

Rows are read one by one, before anybody knows what is merged, held back or kept from earlier. Here
the whole plan is known: what is said of rows that are not taken is dropped, what came out otherwise
is said otherwise, and days that are still to come are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, TypeGuard

from linkage.intake.planning import facts as facts_of
from linkage.intake.planning.facts import ACTIVE, UNKNOWN, Facts
from linkage.intake.planning.findings import OF_ANY_ROW, At, Finding
from linkage.intake.planning.linkage_plan import PlannedLinkage
from linkage.intake.planning.organisation_plan import PlannedOrganisation
from linkage.intake.planning.register import LinkageState, OrganisationState
from linkage.intake.planning.words import ENDED, STATUS_LABELS
from linkage.registry.models import COUNTED_KINDS

# A warning as it is to be said of the result; None where there is nothing to say.
Settled = Finding | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the workbook's rows: two kinds of results, and the rows that are not taken."""

    organisations: Iterable[PlannedOrganisation]
    linkages: Iterable[PlannedLinkage]
    not_taken: Iterable[At]
    on: date

    def warnings(self, found: Iterable[Finding]) -> list[Finding]:
        """The warnings of the rows as they are true of the results, then those of the results."""
        dropped = {_place(at) for at in self.not_taken}
        states: dict[tuple[str, int], Any] = {}
        for organisation in self.organisations:
            states |= {_place(at): organisation.target for at in organisation.entry.places}
        for linkage in self.linkages:
            states |= {_place(at): linkage.target for at in linkage.places}
        told = []
        for finding in found:
            if _place(finding.at) in dropped and finding.code not in OF_ANY_ROW:
                continue
            settle = _RULES.get(finding.code)
            state = states.get(_place(finding.at))
            settled = finding if settle is None or state is None else settle(finding, state)
            told += [settled] if settled is not None else []
        return [*told, *self._days_to_come()]

    def _days_to_come(self) -> Iterable[Finding]:
        for organisation in self.organisations:
            row, state = organisation.entry.row, organisation.target
            if state.founded_on == row.founded_on and self._is_to_come(row.founded_on):
                header = row.headers.get("founded_on")
                yield Finding(row.at, "founded_in_future", header, row.founded_on)
            days = {fact.since for fact in state.facts.get("status", ())}
            if row.status_on in days and self._is_to_come(row.status_on):
                header = row.headers.get("status_on")
                yield Finding(row.at, "status_in_future", header, row.status_on)
        for linkage in self.linkages:
            for name, code in _DAYS_OF_LINKAGES.items():
                day = getattr(linkage.target, name)
                if getattr(linkage.said, name) == day and self._is_to_come(day):
                    header = linkage.row.headers.get(name)
                    yield Finding(linkage.row.at, code, header, day)

    def _is_to_come(self, day: date | None) -> TypeGuard[date]:
        return day is not None and day > self.on


_DAYS_OF_LINKAGES = {
    "starts": "starts_in_future",
    "verified_on": "verified_in_future",
    "confirmed_on": "confirmed_in_future",
    "terminated_on": "terminated_in_future",
}


def _place(at: At) -> tuple[str, int]:
    return at.sheet, at.row


# --- Organisations ------------------------------------------------------------------------------
def _founding(finding: Finding, state: OrganisationState) -> Settled:
    if state.founded_on is None:
        # Whoever never was of a kind that a figure counts needs no founding day.
        counted = any(fact.value in COUNTED_KINDS for fact in state.facts.get("kind", ()))
        return finding if counted else None
    return replace(finding, code="founding_kept", value=state.founded_on)


def _end(finding: Finding, state: OrganisationState) -> Settled:
    facts = _statuses(state)
    if any(fact.since is None and fact.value in ENDED for fact in facts):
        return finding
    newest = facts_of.last(facts)
    if newest is None or newest.since is None or newest.value not in ENDED:
        return _status_kept(finding, facts)
    return replace(finding, code="end_date_kept", value=newest.since)


def _status(finding: Finding, state: OrganisationState) -> Settled:
    facts = _statuses(state)
    if not facts or any(fact.value == UNKNOWN for fact in facts):
        return finding
    return _status_kept(finding, facts)


def _status_kept(finding: Finding, facts: Facts) -> Finding:
    newest = facts_of.last(facts)
    label = STATUS_LABELS.get((newest.value if newest else None) or "", "")
    return replace(finding, code="status_kept", value=label)


def _status_before_founding(finding: Finding, state: OrganisationState) -> Settled:
    founded = state.founded_on
    days = [fact.since for fact in _statuses(state) if fact.since is not None]
    return finding if founded and any(day < founded for day in days) else None


def _resumed(finding: Finding, state: OrganisationState) -> Settled:
    """True only where being active follows on being active."""
    facts = _statuses(state)
    again = any(one.value == other.value == ACTIVE for one, other in pairwise(facts))
    return finding if again else None


def _kept(name: str, code: str) -> Callable[[Finding, OrganisationState], Settled]:
    def settle(finding: Finding, state: OrganisationState) -> Settled:
        newest = facts_of.last(state.facts.get(name, ()))
        known = newest is not None and newest.value is not None
        return replace(finding, code=code) if known else finding

    return settle


def _statuses(state: OrganisationState) -> Facts:
    return state.facts.get("status", ())


# --- Linkages -----------------------------------------------------------------------------------
def _verification(finding: Finding, state: LinkageState) -> Settled:
    if state.verified_on is None:
        return finding
    return replace(finding, code="verification_kept", value=state.verified_on)


def _never_in_force(finding: Finding, state: LinkageState) -> Settled:
    over = state.terminated_on
    return finding if over is not None and over < state.starts else None


def _after_its_end(finding: Finding, state: LinkageState) -> Settled:
    over, ends = state.terminated_on, state.ends
    return finding if over is not None and ends is not None and over > ends else None


_RULES: dict[str, Callable[[Finding, Any], Settled]] = {
    "founding_blank": _founding,
    "end_without_date": _end,
    "status_unknown": _status,
    "status_before_founding": _status_before_founding,
    "resumed_without_stop_date": _resumed,
    "sector_unresolved": _kept("sector", "sector_kept"),
    "place_unresolved": _kept("commune", "place_kept"),
    "checked_without_date": _verification,
    "checked_without_mark": _verification,
    "mark_unknown": _verification,
    "terminated_before_starts": _never_in_force,
    "terminated_after_ends": _after_its_end,
}
