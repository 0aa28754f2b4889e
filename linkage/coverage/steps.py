"""The bridge between two days: each cooperative that entered or left, under one named reason. Pure.

Every id that is in one of the two sets and not in the other gets exactly one reason, so the steps
of a bridge sum to the difference by construction; `bridge` asserts it all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from linkage.coverage import rule
from linkage.coverage.rule import (
    COOPERATIVE,
    LINK_AGRI,
    LINK_ALL,
    Figures,
    LinkageRow,
    OnDay,
    OrganisationRow,
)

# In the order in which a cooperative's reasons are looked for: the first that holds is the one.
DENOMINATOR_IN = ("founded", "resumed", "status_known", "became_cooperative", "moved_in")
DENOMINATOR_OUT = ("suspended", "stopped", "dissolved", "ceased_cooperative", "moved_out")
SECTOR = ("entered_sector", "left_sector")
NUMERATOR = (
    "linkage_started",
    "linkage_confirmed",
    "linkage_verified",
    "linkage_expired",
    "linkage_terminated",
    "entered_population",
    "left_population",
)


@dataclass(frozen=True, slots=True)
class Step:
    """Those that came or went for one reason; one of the two sets is empty."""

    entered: frozenset[int]
    left: frozenset[int]

    @property
    def change(self) -> int:
        """By how much the step moves the count."""
        return len(self.entered) - len(self.left)


@dataclass(frozen=True, slots=True)
class Bridge:
    """What led from one day's share to the other's: every name is there, most are often 0."""

    numerator: Mapping[str, Step]
    denominator: Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class _Days:
    """What all organisations are, and how linkages stand, on the two days."""

    before: Figures
    after: Figures
    then: Mapping[int, OnDay]
    now: Mapping[int, OnDay]
    linkages: Mapping[int, LinkageRow]
    communes: Collection[str] | None


def bridges(
    organisations: Iterable[OrganisationRow],
    linkages: Iterable[LinkageRow],
    *,
    before: Figures,
    after: Figures,
    communes: Collection[str] | None,
) -> dict[str, Bridge]:
    """For LINK-ALL and LINK-AGRI, why each cooperative entered or left between the two figures.

    Both figures are of these rows, at one level of evidence and in the territory `communes`, and
    `before` is not the later day. Raises: ValueError, if it is.
    """
    if before.as_of > after.as_of or before.evidence != after.evidence:
        raise ValueError(before.as_of, after.as_of)
    rows = list(organisations)
    days = _Days(
        before=before,
        after=after,
        then={row.id: rule.on_day(row, before.as_of) for row in rows},
        now={row.id: rule.on_day(row, after.as_of) for row in rows},
        linkages={row.id: row for row in linkages},
        communes=communes,
    )
    return {code: bridge(days, code) for code in (LINK_ALL, LINK_AGRI)}


def bridge(days: _Days, code: str) -> Bridge:
    """The bridge of one indicator; its sums are exact."""
    old, new = days.before.shares[code], days.after.shares[code]
    sector = SECTOR if code == LINK_AGRI else ()
    denominator = _steps(
        (*DENOMINATOR_IN, *DENOMINATOR_OUT, *sector),
        entered={id_: _why_counted(days, id_) for id_ in new.members - old.members},
        left={id_: _why_not_counted(days, id_) for id_ in old.members - new.members},
    )
    numerator = _steps(
        NUMERATOR,
        entered={
            id_: _why_linked(days, id_) if id_ in old.members else "entered_population"
            for id_ in new.linked - old.linked
        },
        left={
            id_: _why_not_linked(days, id_) if id_ in new.members else "left_population"
            for id_ in old.linked - new.linked
        },
    )
    assert _sum(denominator) == new.denominator - old.denominator  # noqa: S101
    assert _sum(numerator) == new.numerator - old.numerator  # noqa: S101
    return Bridge(numerator=numerator, denominator=denominator)


def _steps(
    names: Iterable[str], *, entered: Mapping[int, str], left: Mapping[int, str]
) -> dict[str, Step]:
    return {
        name: Step(
            frozenset(id_ for id_, why in entered.items() if why == name),
            frozenset(id_ for id_, why in left.items() if why == name),
        )
        for name in names
    }


def _sum(steps: Mapping[str, Step]) -> int:
    return sum(step.change for step in steps.values())


def _why_counted(days: _Days, id_: int) -> str:
    """The first condition that did not hold on the earlier day; on the later one all do."""
    then = days.then[id_]
    if not then.founded:
        return "founded"
    if then.status is None:
        return "status_known"
    if then.status in rule.ENDS_OF_ACTIVITY:
        return "resumed"
    if then.kind != COOPERATIVE:
        return "became_cooperative"
    if not _inside(days, then):
        return "moved_in"
    return "entered_sector"


def _why_not_counted(days: _Days, id_: int) -> str:
    """The first condition that does not hold on the later day; on the earlier one all did."""
    now = days.now[id_]
    if now.status in rule.ENDS_OF_ACTIVITY:
        return str(now.status)
    if now.kind != COOPERATIVE:
        return "ceased_cooperative"
    if not _inside(days, now):
        return "moved_out"
    return "left_sector"


def _inside(days: _Days, what: OnDay) -> bool:
    return days.communes is None or what.commune in days.communes


def _why_linked(days: _Days, id_: int) -> str:
    """Of the linkages that count now, the one that began to count first says why."""
    rows = [days.linkages[linkage] for linkage in days.after.linkages_of[id_]]
    first = min(rows, key=lambda row: (_counts_from(row, days.after), row.id))
    if _proved_on(first, days.after) <= first.starts:
        return "linkage_started"
    by_partner = first.confirmed_on is not None and _proved_on(first, days.after) == (
        first.confirmed_on
    )
    if days.after.evidence == "verified" or not by_partner:
        return "linkage_verified"
    return "linkage_confirmed"


def _counts_from(row: LinkageRow, figures: Figures) -> date:
    return max(row.starts, _proved_on(row, figures))


def _proved_on(row: LinkageRow, figures: Figures) -> date:
    """The first day on which the linkage is proved at the figures' level of evidence."""
    if rule.proved(row, date.min, figures.evidence):
        return date.min
    verified = row.verified_on or date.max
    if figures.evidence == "verified":
        return verified
    return min(verified, row.confirmed_on or date.max)


def _why_not_linked(days: _Days, id_: int) -> str:
    """Of the linkages that counted then, the one that stopped last says why."""
    rows = [days.linkages[linkage] for linkage in days.before.linkages_of[id_]]
    last = max(rows, key=lambda row: (_stops(row), row.id))
    terminated = last.terminated_on is not None and last.terminated_on == _stops(last)
    return "linkage_terminated" if terminated else "linkage_expired"


def _stops(row: LinkageRow) -> date:
    """The first day on which the linkage is no longer in force."""
    runs_out = row.ends + timedelta(days=1) if row.ends and row.ends < date.max else date.max
    return min(runs_out, row.terminated_on or date.max)
