"""Dated facts of one organisation, and how what a file says changes them. Pure.

A file's dated status adds a fact; an undated kind, sector or commune corrects; a blank says
nothing; what the register knows and the file does not is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from linkage.intake.planning.entries import HistoryItem
from linkage.intake.planning.words import ENDED
from linkage.registry.models import Status
from linkage.text import identity_key

ACTIVE, UNKNOWN = Status.ACTIVE.value, Status.UNKNOWN.value


@dataclass(frozen=True, slots=True)
class Fact:
    """A value from a day on (None: from the start); `id` is its row in the database, if it has."""

    since: date | None
    value: str | None
    as_written: str = ""
    id: int | None = None


Facts = tuple[Fact, ...]


def in_order(facts: Iterable[Fact]) -> Facts:
    """Undated first, then by day: the order in which the last one counts."""
    return tuple(
        sorted(
            facts,
            # An undated end stands after the undated start.
            key=lambda fact: (fact.since or date.min, fact.value in ENDED, fact.id or 0),
        )
    )


def last(facts: Facts) -> Fact | None:
    """The fact that counts today and from now on."""
    return facts[-1] if facts else None


def with_history(facts: Facts, items: Iterable[HistoryItem]) -> Facts:
    """Put dated facts in, each replacing the one of its day."""
    for item in items:
        facts = _put(facts, Fact(item.since, item.value, item.as_written))
    return facts


def _put(facts: Facts, new: Fact) -> Facts:
    if new.value is not None and any((f.since, f.value) == (new.since, new.value) for f in facts):
        return facts
    old = next((fact for fact in facts if fact.since == new.since), None)
    if old is None:
        return in_order((*facts, new))
    if old.value == new.value and (new.value is not None or old.as_written == new.as_written):
        return facts
    return in_order(replace(new, id=fact.id) if fact is old else fact for fact in facts)


def with_status(facts: Facts, status: str | None, since: date | None, written: str) -> Facts:
    """The facts after a file's row says this status.

    A row can hold the last status and its day only, so what it says is compared with that; facts
    before it are kept.
    """
    if status in (None, UNKNOWN):
        return facts or (Fact(None, status or ACTIVE, written),)
    known = tuple(fact for fact in facts if fact.value != UNKNOWN)
    if not known:
        return _first_status(facts, status or ACTIVE, since)
    if any(fact.value == status and fact.since == since for fact in known):
        return known
    if since is None:
        return _undated_status(known, status or ACTIVE)
    return _dated_status(known, status or ACTIVE, since)


def _first_status(facts: Facts, status: str, since: date | None) -> Facts:
    spare = facts[0].id if facts else None
    if since is None:
        return (Fact(None, status, id=spare),)
    return (Fact(None, ACTIVE, id=spare), Fact(since, status))


def _undated_status(known: Facts, status: str) -> Facts:
    newest = known[-1]
    if status in (ACTIVE, newest.value):
        # Active without a day says no more than is known; nor does an end whose day is known.
        return known
    # An end on an unknown day: the organisation is to be settled.
    undated = Fact(None, status)
    spare = next((fact for fact in known if fact.since is None), None)
    if spare is not None and spare.value == ACTIVE and len(known) == 1:
        return (replace(undated, id=spare.id),)
    return in_order((undated, *known))


def _dated_status(known: Facts, status: str, since: date) -> Facts:
    newest = known[-1]
    undated_end = next((f for f in known if f.since is None and f.value == status), None)
    if undated_end is not None and status in ENDED:
        # The day that was not known.
        rest = tuple(fact for fact in known if fact is not undated_end)
        if any(fact.since is None for fact in rest):
            return _put(rest, Fact(since, status))
        return _put(in_order((replace(undated_end, value=ACTIVE), *rest)), Fact(since, status))
    if newest.value == status and newest.since is not None:
        # The same change on another day corrects the day.
        rest = known[:-1]
        if all(fact.since is None or fact.since < since for fact in rest):
            return (*rest, replace(newest, since=since))
    return _put(known, Fact(since, status))


def with_value(facts: Facts, value: str | None, written: str) -> Facts:
    """The facts after a file's row says this kind, sector or commune, which bears no day."""
    if value is None and not written:
        return facts
    if not facts:
        return (Fact(None, value, written),)
    if any(_says(fact, value, written) for fact in facts):
        return facts
    newest = facts[-1]
    if value is None and newest.value is not None:
        # A word that nobody knows does not replace one that is known.
        return facts
    return (*facts[:-1], replace(newest, value=value, as_written=written))


def _says(fact: Fact, value: str | None, written: str) -> bool:
    if value is not None or fact.value is not None:
        return fact.value == value
    return identity_key(fact.as_written) == identity_key(written)


def is_held_by_a_row(facts: Facts) -> bool:
    """Whether one undated value says all: a row of the office's form can hold it."""
    return len(facts) <= 1 and all(fact.since is None for fact in facts)


def status_is_held_by_a_row(facts: Facts) -> bool:
    """Whether a status and one day say all."""
    if not facts:
        return True
    first, *rest = facts
    if not rest:
        return first.since is None
    return len(rest) == 1 and first.since is None and first.value == ACTIVE and _follows(rest[0])


def _follows(fact: Fact) -> bool:
    return fact.since is not None or fact.value in ENDED
