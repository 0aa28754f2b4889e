"""What is so on one day: each organisation's facts, and which linkages count, at which level.

Source of the rule: Plan 215/KH-UBND, section I.2, as the figure's own rule reads it; tests hold the
two together on random registers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.graph.columns import (
    FIRST_DAY,
    KINDS,
    STATUSES,
    UNSET,
    FactColumns,
    Flags,
    Ints,
    LinkageColumns,
    OrganisationColumns,
)

# How well a linkage is proved, the weakest first; a higher level counts at every lower one.
LEVELS = ("declared", "confirmed", "verified")
UNPROVED = UNSET

ACTIVE, UNKNOWN = STATUSES.index("active"), STATUSES.index("unknown")
WORDS_OF_AN_END = frozenset({"suspended", "stopped", "dissolved"})
ENDS_OF_ACTIVITY = sorted(STATUSES.index(word) for word in WORDS_OF_AN_END)
COOPERATIVE = KINDS.index("cooperative")


@dataclass(frozen=True, eq=False)
class OrganisationsOnDay:
    """One place an organisation, as in its columns; words by place, UNSET if not known.

    `works`: its status is active and it is not founded later, so it deals, whether or not the day
    of its founding is known; `settled`: it may be in a denominator on some day; `active`: settled,
    founded and its status is active, as the figure has it; `htx`: an active cooperative.
    """

    status: Ints
    kind: Ints
    sector: Ints
    commune: Ints
    works: Flags
    settled: Flags
    active: Flags
    htx: Flags


def organisations_on(organisations: OrganisationColumns, day: int) -> OrganisationsOnDay:
    """What the facts say of `day`: of each sort, the last one on or before it."""
    status = last_fact(organisations.id, organisations.statuses, day)
    kind = last_fact(organisations.id, organisations.kinds, day)
    settled = ~needs_settling(organisations)
    active = settled & (organisations.founded <= day) & (status == ACTIVE)
    return OrganisationsOnDay(
        status=status,
        kind=kind,
        sector=last_fact(organisations.id, organisations.sectors, day),
        commune=last_fact(organisations.id, organisations.communes, day),
        # UNSET lies before every day.
        works=(status == ACTIVE) & (organisations.founded <= day),
        settled=settled,
        active=active,
        htx=active & (kind == COOPERATIVE),
    )


def needs_settling(organisations: OrganisationColumns) -> Flags:
    """No founding date, no status, one that is unknown, or an end of activity without its day."""
    facts = organisations.statuses
    endless = (facts.since == UNSET) & np.isin(facts.value, ENDS_OF_ACTIVITY)
    doubtful = facts.organisation[(facts.value == UNKNOWN) | endless]
    unsettled: Flags = (
        (organisations.founded == UNSET)
        | ~np.isin(organisations.id, facts.organisation)
        | np.isin(organisations.id, doubtful)
    )
    return unsettled


def last_fact(ids: Ints, facts: FactColumns, day: int) -> Ints:
    """For each id the value of its last fact on or before `day`; UNSET where there is none.

    One without a day holds from the start; of one day's facts the first given holds.

    >>> facts = FactColumns(np.array([7, 7, 8]), np.array([-1, 20, 30]), np.array([0, 1, 2]))
    >>> last_fact(np.array([8, 7]), facts, 20).tolist()
    [-1, 1]
    """
    known = np.flatnonzero(facts.since <= day)
    since = np.maximum(facts.since[known], FIRST_DAY)
    # By organisation, then by day, then the first given last: the last of each run holds.
    known = known[np.lexsort((-known, since, facts.organisation[known]))]
    organisation = facts.organisation[known]
    ends_run = np.append(organisation[1:] != organisation[:-1], True)[: len(known)]
    found, values = organisation[ends_run], facts.value[known][ends_run]
    if not len(found):
        return np.full(len(ids), UNSET, dtype=np.int64)
    place = np.minimum(np.searchsorted(found, ids), len(found) - 1)
    answer: Ints = np.where(found[place] == ids, values[place], UNSET)
    return answer


def levels_on(linkages: LinkageColumns, day: int) -> Ints:
    """The place in LEVELS of the highest level proved on `day`; UNPROVED if none is."""
    levels = np.where(linkages.declared, LEVELS.index("declared"), UNPROVED)
    for level, proved_on in (
        ("confirmed", linkages.confirmed_on),
        ("verified", linkages.verified_on),
    ):
        levels = np.where(on_or_before(proved_on, day), LEVELS.index(level), levels)
    return levels


def in_force_on(linkages: LinkageColumns, day: int) -> Flags:
    """In a state that counts, begun, and neither run out nor terminated; both ends included."""
    in_force: Flags = (
        linkages.counts
        & (linkages.starts <= day)
        & ~run_out(linkages, day)
        & ~on_or_before(linkages.terminated_on, day)
    )
    return in_force


def run_out(linkages: LinkageColumns, day: int) -> Flags:
    """Its last day is over on `day`."""
    over: Flags = (linkages.ends != UNSET) & (linkages.ends < day)
    return over


def on_or_before(days: Ints, day: int) -> Flags:
    """The day is known, and it is `day` or an earlier one."""
    past: Flags = (days != UNSET) & (days <= day)
    return past
