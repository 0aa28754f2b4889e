"""The rule of the figure. Pure: rows in, sets of ids out; `compute` is the one function.

Source of the rule: Plan 215/KH-UBND, section I.2, as the programme reads it. Organisations that
were merged into another are not among the rows. Changing a line here changes the rule: give it a
new RULE_VERSION, and snapshots taken under the old one say that they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import TypeVar

RULE_VERSION = "1"

T = TypeVar("T")
Ids = frozenset[int]

LINK_ALL = "LINK-ALL"
LINK_AGRI = "LINK-AGRI"
# The other reading of the plan's sentence: agricultural linked over all cooperatives.
LINK_AGRI_OF_ALL = "LINK-AGRI-OF-ALL"

# The counts of the plan's section I.2 that the register gives.
COUNTS = (
    *("HTX-ACTIVE", "HTX-AGRI", "HTX-OTHER", "UNION-ALL", "UNION-AGRI", "UNION-OTHER"),
    *("GROUP-ALL", "DISSOLVED"),
)
COMPUTED = frozenset({LINK_ALL, LINK_AGRI, LINK_AGRI_OF_ALL, *COUNTS})

EVIDENCE = ("verified", "confirmed", "declared")
# Proposed, under negotiation, declined, lapsed and pool members not yet in force never count.
COUNTING_STATES = frozenset({"agreed", "in_force", "ended", "terminated"})
ENDS_OF_ACTIVITY = frozenset({"suspended", "stopped", "dissolved"})

ACTIVE, UNKNOWN, DISSOLVED = "active", "unknown", "dissolved"
COOPERATIVE, GROUP, UNION = "cooperative", "cooperative_group", "union"


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation with its dated facts; `since` None means from the start.

    `sectors` holds whether the sector is agricultural (agriculture, forestry, fishery, salt), None
    where it is not known; `communes` a code of today's communes, None where it is not resolved.
    """

    id: int
    founded_on: date | None
    statuses: tuple[tuple[date | None, str], ...] = ()
    kinds: tuple[tuple[date | None, str], ...] = ()
    sectors: tuple[tuple[date | None, bool | None], ...] = ()
    communes: tuple[tuple[date | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class LinkageRow:
    """A linkage: only its own dates, state and proofs decide, never its partner's status."""

    id: int
    seller: int
    buyer: int
    starts: date
    ends: date | None
    terminated_on: date | None
    state: str
    origin: str
    contract_number: str
    confirmed_on: date | None
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class OnDay:
    """What an organisation is on one day."""

    settled: bool
    founded: bool
    status: str | None
    status_since: date | None
    kind: str | None
    agricultural: bool | None
    commune: str | None

    @property
    def active(self) -> bool:
        """Founded, and the last status on or before the day is active."""
        return self.settled and self.founded and self.status == ACTIVE


@dataclass(frozen=True, slots=True)
class Share:
    """A share as its two sets of ids: `members` is the denominator, `linked` the numerator."""

    members: frozenset[int]
    linked: frozenset[int]

    @property
    def numerator(self) -> int:
        """How many are linked."""
        return len(self.linked)

    @property
    def denominator(self) -> int:
        """Out of how many."""
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What waits for a person: organisations (in no denominator), places and sectors not known."""

    organisations: frozenset[int]
    places: frozenset[int]
    sectors: frozenset[int]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the rule says of one day, at one level of evidence, in one territory."""

    as_of: date
    evidence: str
    # LINK-ALL and LINK-AGRI.
    shares: Mapping[str, Share]
    # LINK-AGRI read with all cooperatives as its base.
    other_reading: Share
    # The counts of the plan, each as the ids it counts.
    counted: Mapping[str, frozenset[int]]
    to_be_settled: Unsettled
    # Organisation -> its linkages that count on the day, in order of id.
    linkages_of: Mapping[int, tuple[int, ...]]


def compute(  # noqa: PLR0913  # the rule's arguments are six
    organisations: Iterable[OrganisationRow],
    linkages: Iterable[LinkageRow],
    *,
    as_of: date,
    evidence: str,
    communes: Collection[str] | None = None,
    period_starts: date | None = None,
) -> Figures:
    """The figures on `as_of` at a level of evidence, in `communes` (None: everywhere).

    `period_starts` is the first day of the programme: DISSOLVED counts from then to `as_of`.
    Raises: ValueError, if the level of evidence is not one of EVIDENCE.
    """
    if evidence not in EVIDENCE:
        raise ValueError(evidence)
    everywhere = {row.id: on_day(row, as_of) for row in organisations}
    here = {
        id_: what
        for id_, what in everywhere.items()
        if communes is None or what.commune in communes
    }
    linkages_of = counting_linkages(linkages, as_of, evidence)
    counted = _counted(here, as_of, period_starts)
    everyone, farmers = counted["HTX-ACTIVE"], counted["HTX-AGRI"]
    linked = everyone & linkages_of.keys()
    return Figures(
        as_of=as_of,
        evidence=evidence,
        shares={LINK_ALL: Share(everyone, linked), LINK_AGRI: Share(farmers, farmers & linked)},
        other_reading=Share(everyone, farmers & linked),
        counted=counted,
        to_be_settled=_to_be_settled(everywhere, here),
        linkages_of=linkages_of,
    )


def on_day(row: OrganisationRow, day: date) -> OnDay:
    """What the organisation's facts say of `day`: of each, the last one on or before it."""
    status_since, status = _last(row.statuses, day)
    return OnDay(
        settled=not needs_settling(row),
        founded=row.founded_on is not None and row.founded_on <= day,
        status=status,
        status_since=status_since,
        kind=_last(row.kinds, day)[1],
        agricultural=_last(row.sectors, day)[1],
        commune=_last(row.communes, day)[1],
    )


def needs_settling(row: OrganisationRow) -> bool:
    """No founding date, no known status, or an end of activity whose day is not known.

    Such an organisation is in no denominator, on any date.
    """
    return (
        row.founded_on is None
        or not row.statuses
        or any(status == UNKNOWN for _, status in row.statuses)
        or any(since is None and status in ENDS_OF_ACTIVITY for since, status in row.statuses)
    )


def counting_linkages(
    linkages: Iterable[LinkageRow], day: date, evidence: str
) -> dict[int, tuple[int, ...]]:
    """For each party the ids of its linkages that count on `day` at the level `evidence`."""
    found: dict[int, list[int]] = {}
    for row in linkages:
        if in_force(row, day) and proved(row, day, evidence):
            found.setdefault(row.seller, []).append(row.id)
            found.setdefault(row.buyer, []).append(row.id)
    return {party: tuple(sorted(ids)) for party, ids in found.items()}


def in_force(row: LinkageRow, day: date) -> bool:
    """In a state that counts, begun, and neither run out nor terminated; both ends included."""
    return (
        row.state in COUNTING_STATES
        and row.starts <= day
        and (row.ends is None or day <= row.ends)
        and (row.terminated_on is None or day < row.terminated_on)
    )


def proved(row: LinkageRow, day: date, evidence: str) -> bool:
    """Proved at the level `evidence` on `day`; a higher level counts at every lower one."""
    if row.verified_on is not None and row.verified_on <= day:
        return True
    if evidence == "verified":
        return False
    if row.confirmed_on is not None and row.confirmed_on <= day:
        return True
    return evidence == "declared" and _declared(row)


def _declared(row: LinkageRow) -> bool:
    """Agreed on the platform, in the register, or declared with its contract's number and dates."""
    return row.origin in ("platform", "register") or (
        row.origin == "declared" and row.contract_number.strip() != ""
    )


def _last(
    facts: tuple[tuple[date | None, T], ...], day: date
) -> tuple[date | None, T] | tuple[None, None]:
    """The last fact on or before `day`; one without a day holds from the start."""
    known = [
        (since or date.min, since, value) for since, value in facts if since is None or since <= day
    ]
    if not known:
        return None, None
    return max(known, key=itemgetter(0))[1:]


def _counted(
    here: Mapping[int, OnDay], day: date, period_starts: date | None
) -> dict[str, frozenset[int]]:
    active = {id_: what for id_, what in here.items() if what.active}

    def of(kind: str, *, agricultural: tuple[bool | None, ...] = (True, False, None)) -> Ids:
        return frozenset(
            id_
            for id_, what in active.items()
            if what.kind == kind and what.agricultural in agricultural
        )

    dissolved = {id_ for id_, what in here.items() if _dissolved_since(what, period_starts)}
    return {
        "HTX-ACTIVE": of(COOPERATIVE),
        "HTX-AGRI": of(COOPERATIVE, agricultural=(True,)),
        "HTX-OTHER": of(COOPERATIVE, agricultural=(False,)),
        "UNION-ALL": of(UNION),
        "UNION-AGRI": of(UNION, agricultural=(True,)),
        "UNION-OTHER": of(UNION, agricultural=(False,)),
        "GROUP-ALL": of(GROUP),
        "DISSOLVED": frozenset(dissolved),
    }


def _dissolved_since(what: OnDay, period_starts: date | None) -> bool:
    return (
        what.settled
        and what.kind == COOPERATIVE
        and what.status == DISSOLVED
        and what.status_since is not None
        and (period_starts is None or period_starts <= what.status_since)
    )


def _to_be_settled(everywhere: Mapping[int, OnDay], here: Mapping[int, OnDay]) -> Unsettled:
    """A place that is not resolved is in no named territory, so places are counted everywhere."""
    counted_kinds = (COOPERATIVE, UNION, GROUP)

    def of(rows: Mapping[int, OnDay]) -> Iterable[tuple[int, OnDay]]:
        return ((id_, what) for id_, what in rows.items() if what.kind in counted_kinds)

    return Unsettled(
        organisations=frozenset(id_ for id_, what in of(here) if not what.settled),
        places=frozenset(
            id_
            for id_, what in of(everywhere)
            if what.commune is None and (what.active or not what.settled)
        ),
        sectors=frozenset(
            id_ for id_, what in of(here) if what.active and what.agricultural is None
        ),
    )
