"""Whom a field officer rings first, and why: pure, from what is known of each co-op.

The order: unlinked co-ops with a good match, the best first; then those with a product that buyers
look for, those that are unlinked before the others and the most sought first; then those whose
consent or linkage runs out, the soonest first; then those with questions that nobody answered, the
most first; last those that have not been told yet what was done for them. A co-op stands where its
first reason puts it and is told all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

# Out of 10,000: what the cards of suggestions call a good fit.
GOOD_MATCH = 6_500
RUNNING_OUT_DAYS = 30


class Why(IntEnum):
    """A reason to ring, the most urgent first."""

    MATCH = 1
    BUYERS = 2
    CONSENT_ENDS = 3
    LINKAGE_ENDS = 4
    QUESTIONS = 5
    UNTOLD = 6


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a co-op. `matches`: how many suggestions fit well, `best` the best's score
    out of 10,000; `buyers`: how many others look for one of its products now; `product` the most
    sought one's code."""

    organisation_id: int
    linked: bool = True
    matches: int = 0
    best: int = 0
    buyers: int = 0
    product: str = ""
    consent_ends: date | None = None
    linkage_ends: date | None = None
    questions: int = 0
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why to ring: a number of matches, buyers, questions or acts; `share` out of 10,000; a day."""

    why: Why
    number: int = 0
    share: int = 0
    day: date | None = None
    product: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """A co-op to ring, with at least one reason, the most urgent first."""

    organisation_id: int
    linked: bool
    reasons: tuple[Reason, ...]


def in_order(known: Iterable[Known]) -> list[Ring]:
    """Return those that there is a reason to ring, whom to ring first in front; ties by id.

    >>> rings = in_order([Known(1, questions=2), Known(2, linked=False, matches=1, best=9_000)])
    >>> [(ring.organisation_id, ring.reasons[0].why.name) for ring in rings]
    [(2, 'MATCH'), (1, 'QUESTIONS')]
    """
    rings = [Ring(one.organisation_id, one.linked, reasons_of(one)) for one in known]
    return sorted((ring for ring in rings if ring.reasons), key=_place)


def reasons_of(one: Known) -> tuple[Reason, ...]:
    """Return the reasons to ring a co-op, most urgent first. A match is one for the unlinked."""
    found = []
    if not one.linked and one.matches:
        found.append(Reason(Why.MATCH, one.matches, share=one.best))
    if one.buyers:
        found.append(Reason(Why.BUYERS, one.buyers, product=one.product))
    if one.consent_ends is not None:
        found.append(Reason(Why.CONSENT_ENDS, day=one.consent_ends))
    if one.linkage_ends is not None:
        found.append(Reason(Why.LINKAGE_ENDS, day=one.linkage_ends))
    if one.questions:
        found.append(Reason(Why.QUESTIONS, one.questions))
    if one.untold:
        found.append(Reason(Why.UNTOLD, one.untold))
    return tuple(found)


def _place(ring: Ring) -> tuple[int, bool, int, date, int]:
    first = ring.reasons[0]
    # What runs out is one group: a consent and a linkage are told apart by their days.
    group = Why.CONSENT_ENDS if first.why is Why.LINKAGE_ENDS else first.why
    linked = ring.linked if group is Why.BUYERS else False
    most = first.share if group is Why.MATCH else first.number
    days = [one.day for one in ring.reasons if one.day is not None]
    soonest = min(days) if group is Why.CONSENT_ENDS else date.max
    return group, linked, -most, soonest, ring.organisation_id
