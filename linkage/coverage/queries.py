"""The reads of the figure: live, as known at a time, its parts and its targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from linkage.coverage import inputs as stored
from linkage.coverage import reported, reported_read, rule, steps, targets, territory
from linkage.coverage.inputs import Inputs, read_inputs
from linkage.coverage.models import Programme, Series, Snapshot, Target
from linkage.coverage.reported import Reported, ReportedValue
from linkage.coverage.rule import LINK_AGRI, LINK_ALL, Figures, Share, Unsettled
from linkage.coverage.steps import Bridge
from linkage.coverage.targets import Bound, Standing, TargetRow
from linkage.coverage.territory import CommuneRow, Territory
from linkage.registry.models import Commune

HEADLINES = (LINK_ALL, LINK_AGRI)
# The nightly run is missing if today's figure is older than a day and two hours.
NIGHTLY_WITHIN = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Report:
    """One day's figures with how they stand to their targets: what command, page and API show."""

    figures: Figures
    territory: Territory
    standings: dict[str, Standing]
    # The day is in the future: what the dates on record would give.
    planned: bool
    # Not known before the first snapshot.
    known: bool = True
    # The lines that no register gives, each with its source and its own day.
    reported: tuple[ReportedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Two days' figures and, for each indicator, what led from one to the other."""

    before: Report
    after: Report
    bridges: dict[str, Bridge]


@dataclass(frozen=True, slots=True)
class _Known:
    """The register and its territories, now or as a snapshot holds them."""

    inputs: Inputs
    named: dict[str, frozenset[str]]
    # None: now, or before the first snapshot.
    snapshot: Snapshot | None = None
    anything: bool = True
    told: Reported = reported.NOTHING


@dataclass(frozen=True, slots=True)
class Freshness:
    """Since when nothing was computed, and whether the nightly run is missing."""

    # When a day's own figure was last computed; where none ever was, the newest of any day.
    taken_at: datetime | None
    overdue: bool


def report(
    *,
    as_of: date,
    evidence: str,
    today: date,
    territory: str | None = None,
    known_at: date | datetime | None = None,
) -> Report:
    """The figures on `as_of`, from the tables, or from the newest snapshot taken by `known_at`.

    Before the first snapshot nothing is known: every set is empty. Raises: UnknownTerritory.
    """
    known = _known(known_at)
    where = find_territory(territory, known.named)
    return _report(known, where, as_of, evidence, today=today)


def report_of(
    snapshot: Snapshot, *, evidence: str, today: date, territory: str | None = None
) -> Report:
    """The figures of a snapshot's day from the rows that it stored. Raises: UnknownTerritory."""
    named = snapshot_territories(snapshot)
    where = find_territory(territory, named)
    known = _of(snapshot, named)
    return _report(known, where, snapshot.as_of, evidence, today=today)


def change(  # noqa: PLR0913  # two days and what a report is of
    *,
    from_day: date,
    to_day: date,
    evidence: str,
    today: date,
    territory: str | None = None,
    known_at: date | datetime | None = None,
) -> Change:
    """The figures on two days and the steps between them, from one reading of the register.

    Raises: UnknownTerritory; ValueError, if `from_day` is the later one.
    """
    known = _known(known_at)
    where = find_territory(territory, known.named)
    before = _report(known, where, from_day, evidence, today=today)
    after = _report(known, where, to_day, evidence, today=today)
    bridges = steps.bridges(
        known.inputs.organisations,
        known.inputs.linkages,
        before=before.figures,
        after=after.figures,
        communes=where.communes,
    )
    return Change(before, after, bridges)


def _report(known: _Known, where: Territory, as_of: date, evidence: str, *, today: date) -> Report:
    own = known.snapshot if known.snapshot and known.snapshot.as_of == as_of else None
    computed = rule.compute(
        known.inputs.organisations,
        known.inputs.linkages,
        as_of=as_of,
        evidence=evidence,
        communes=where.communes,
        period_starts=own.period_starts if own else period_starts(as_of),
    )
    standings = {
        code: targets.standing(
            numerator=share.numerator,
            denominator=share.denominator,
            target=target_for(code, as_of),
            known=known.anything,
        )
        for code, share in computed.shares.items()
    }
    key = where.key or ""
    told = reported_read.values_on(known.told, as_of, known.inputs, {key: where.communes})
    return Report(
        computed,
        where,
        standings,
        planned=as_of > today,
        known=known.anything,
        reported=tuple(one for one in told if one.territory == key),
    )


def figures(
    *,
    as_of: date,
    evidence: str,
    territory: str | None = None,
    known_at: date | datetime | None = None,
) -> Figures:
    """The figures of `report` alone. Raises: UnknownTerritory."""
    return report(
        as_of=as_of, evidence=evidence, territory=territory, known_at=known_at, today=as_of
    ).figures


def to_be_settled(on: date) -> Unsettled:
    """Who waits for a person on the day, from the register as it is now, by the rule itself."""
    rows = read_inputs().organisations
    return rule.compute(rows, (), as_of=on, evidence=rule.EVIDENCE[0]).to_be_settled


def _known(known_at: date | datetime | None) -> _Known:
    if known_at is None:
        return _Known(read_inputs(), territories(), told=reported_read.read_reported())
    snapshot = snapshot_at(known_at)
    if snapshot is None:
        return _Known(stored.NOTHING, territories(), anything=False)
    return _of(snapshot, snapshot_territories(snapshot))


def _of(snapshot: Snapshot, named: dict[str, frozenset[str]]) -> _Known:
    return _Known(snapshot_inputs(snapshot), named, snapshot, told=reported_read.stored(snapshot))


def territories() -> dict[str, frozenset[str]]:
    """Every named territory with its communes, as the reference data has them now."""
    rows = Commune.objects.values_list("code", "former_province", "former_district")
    return territory.named_territories(CommuneRow(*row) for row in rows)


def find_territory(words: str | None, named: dict[str, frozenset[str]] | None = None) -> Territory:
    """The territory that `words` name. Raises: UnknownTerritory."""
    return territory.find(words, territories() if named is None else named)


# --- Snapshots ------------------------------------------------------------------------------
def snapshot_at(known_at: date | datetime) -> Snapshot | None:
    """The newest snapshot taken by `known_at`; a date means its end in Hai Phong."""
    return (
        Snapshot.objects.filter(taken_at__lt=_after(known_at)).order_by("-taken_at", "-id").first()
    )


def newest(today: date) -> Snapshot | None:
    """The present figure: the last taken of the latest day that is not in the future."""
    return Snapshot.objects.filter(as_of__lte=today).order_by("-as_of", "-taken_at", "-id").first()


def latest(as_of: date) -> Snapshot | None:
    """The last taken of one day."""
    return Snapshot.objects.filter(as_of=as_of).order_by("-taken_at", "-id").first()


def snapshot_inputs(snapshot: Snapshot) -> Inputs:
    """The rows the rule read when the snapshot was taken."""
    organisations = snapshot.organisations.order_by("organisation_id")
    linkages = snapshot.linkages.order_by("linkage_id")
    return Inputs(
        tuple(
            stored.organisation_row(id_, fields)
            for id_, fields in organisations.values_list("organisation_id", "fields")
        ),
        tuple(
            stored.linkage_row(id_, fields)
            for id_, fields in linkages.values_list("linkage_id", "fields")
        ),
    )


def snapshot_territories(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Every named territory with its communes, as they were when the snapshot was taken."""
    return {key: frozenset(codes) for key, codes in snapshot.territories.items()}


def freshness(now: datetime) -> Freshness:
    """When the figure of the day itself was last computed; loud if the nightly run is missing."""
    rows = Snapshot.objects.order_by("-taken_at").values_list("taken_at", "as_of")
    taken = list(rows[:500])
    own_day = next((at for at, as_of in taken if timezone.localdate(at) == as_of), None)
    if own_day is None:
        return Freshness(taken[0][0] if taken else None, overdue=True)
    return Freshness(own_day, overdue=now - own_day > NIGHTLY_WITHIN)


def latest_series() -> Series | None:
    """The newest values at quarter ends, or None if they were never computed."""
    return Series.objects.order_by("-computed_at", "-id").first()


def _after(known_at: date | datetime) -> datetime:
    """The first moment that `known_at` does not include."""
    zone = timezone.get_default_timezone()
    if isinstance(known_at, datetime):
        aware = known_at if timezone.is_aware(known_at) else known_at.replace(tzinfo=zone)
        return aware + timedelta(microseconds=1)
    return datetime.combine(known_at + timedelta(days=1), time(), tzinfo=zone)


# --- Programmes and targets -----------------------------------------------------------------
def target_for(indicator: str, as_of: date) -> TargetRow | None:
    """The last target set on or before `as_of`; before the first one, the earliest."""
    rows = Target.objects.filter(indicator_id=indicator).select_related("programme")
    return targets.in_force_on([target_row(row) for row in rows], as_of)


def target_row(row: Target) -> TargetRow:
    """A stored target as the pure module takes it."""
    maximum = None
    if row.max_num is not None and row.max_den is not None:
        maximum = Bound(row.max_num, row.max_den)
    minimum = Bound(row.min_num, row.min_den)
    return TargetRow(
        row.programme.code, row.comparison, minimum, maximum, row.from_date, row.official
    )


def period_starts(as_of: date) -> date | None:
    """The day from which DISSOLVED counts: the first one of the programme whose target it meets.

    Without a target, of the programme running on `as_of`. Of both the last one begun, else the
    first: as `targets.in_force_on` chooses the target that is shown.
    """
    line = FilteredRelation("targets", condition=Q(targets__indicator="DISSOLVED"))
    programmes = Programme.objects.annotate(line=line)
    rows = list(programmes.values_list("line__from_date", "code", "starts"))
    dated = sorted(row for row in rows if row[0]) or sorted((row[2], *row[1:]) for row in rows)
    begun = [row for row in dated if row[0] <= as_of]
    chosen = begun[-1:] or dated[:1]
    return chosen[0][2] if chosen else None


def first_programme_starts() -> date | None:
    """The first day of the earliest programme, or None where there is none."""
    return Programme.objects.order_by("starts").values_list("starts", flat=True).first()


# --- What a figure is made of ---------------------------------------------------------------
def share_of(found: Figures, indicator: str) -> Share:
    """An indicator's two sets; a count is its own whole. Raises: KeyError."""
    if indicator == rule.LINK_AGRI_OF_ALL:
        return found.other_reading
    if indicator in found.shares:
        return found.shares[indicator]
    ids = found.counted[indicator]
    return Share(ids, ids)
