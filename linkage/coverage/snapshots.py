"""What a snapshot stores, and the check that the ordinary rule still gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from linkage.coverage import inputs, queries, reported, reported_read, rule
from linkage.coverage.inputs import Inputs
from linkage.coverage.models import Snapshot
from linkage.coverage.reported import Reported, ReportedValue
from linkage.coverage.rule import Figures
from linkage.coverage.territory import HAI_DUONG_OLD, HAI_PHONG_OLD
from linkage.errors import NotFound

# The territories whose values a snapshot stores; "" is every organisation in the register.
STORED_TERRITORIES = ("", HAI_PHONG_OLD, HAI_DUONG_OLD)
STEPS = len(STORED_TERRITORIES) * len(rule.EVIDENCE)

Key = tuple[str, str, str]
# A numerator and its denominator; a count has none.
Value = tuple[int, int | None]


class NoSuchSnapshot(NotFound):
    """No snapshot has the number."""

    words = _("There is no snapshot with the number %(number)s.")


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that the rule no longer gives; None where one side lacks it.

    `evidence`: a level of it, or the basis of a value that is reported.
    """

    indicator: str
    evidence: str
    territory: str
    stored: Value | None
    computed: Value | None


@dataclass(frozen=True, slots=True)
class Recomputation:
    """Whether a snapshot's rows are as stored, under the same rule, and give the same values."""

    snapshot_id: int
    inputs_ok: bool
    rule_ok: bool
    seen: int
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Nothing differs."""
        return self.inputs_ok and self.rule_ok and not self.differences


def recompute(*, snapshot_id: int) -> Recomputation:
    """Run the ordinary rule over a snapshot's stored rows and compare. Raises:
    NoSuchSnapshot.
    """
    snapshot = Snapshot.objects.filter(id=snapshot_id).first()
    if snapshot is None:
        raise NoSuchSnapshot(number=snapshot_id)
    rows = queries.snapshot_inputs(snapshot)
    named = queries.snapshot_territories(snapshot)
    computed = dict(values(rows, named, snapshot.as_of, snapshot.period_starts))
    stored = {
        (row.indicator_code, row.evidence, row.territory): (row.numerator, row.denominator)
        for row in snapshot.values.all()
    }
    told = reported_read.stored(snapshot)
    differing, told_seen = _differing_reports(snapshot, told, rows, named)
    return Recomputation(
        snapshot_id=snapshot_id,
        inputs_ok=snapshot.inputs_hash
        == inputs_hash(rows, named, snapshot.as_of, snapshot.period_starts, told),
        rule_ok=snapshot.rule_version == inputs.rule_version()
        and snapshot.reported_version in ("", inputs.reported_version()),
        seen=len(stored) + told_seen,
        differences=(
            *(
                Difference(*key, stored=stored.get(key), computed=computed.get(key))
                for key in sorted(stored.keys() | computed.keys())
                if stored.get(key) != computed.get(key)
            ),
            *differing,
        ),
    )


def _differing_reports(
    snapshot: Snapshot, told: Reported, rows: Inputs, named: Mapping[str, frozenset[str]]
) -> tuple[list[Difference], int]:
    """The reported values that are others now, in their day or source too; how many are stored."""
    now = {value.key: value for value in reported_values(told, snapshot.as_of, rows, named)}
    then = {value.key: value for value in reported_read.stored_values(snapshot)}
    differing = [
        Difference(*key, stored=_pair(then.get(key)), computed=_pair(now.get(key)))
        for key in sorted(now.keys() | then.keys())
        if now.get(key) != then.get(key)
    ]
    return differing, len(then)


def reported_values(
    told: Reported, as_of: date, rows: Inputs, named: Mapping[str, frozenset[str]]
) -> list[ReportedValue]:
    """Every reported value a snapshot stores."""
    where = {key: named[key] if key else None for key in STORED_TERRITORIES}
    return reported_read.values_on(told, as_of, rows, where)


def _pair(value: ReportedValue | None) -> Value | None:
    return None if value is None else (value.numerator, value.denominator)


def values(
    rows: Inputs,
    named: Mapping[str, frozenset[str]],
    as_of: date,
    period_starts: date | None,
    progress: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Key, Value]]:
    """Every value a snapshot stores; `progress` is called after each territory and level."""
    for territory in STORED_TERRITORIES:
        communes = named[territory] if territory else None
        for evidence in rule.EVIDENCE:
            found = rule.compute(
                rows.organisations,
                rows.linkages,
                as_of=as_of,
                evidence=evidence,
                communes=communes,
                period_starts=period_starts,
            )
            for code, value in values_of(found):
                yield (code, evidence, territory), value
            progress()


def values_of(found: Figures) -> Iterator[tuple[str, Value]]:
    """The stored values of one computation: shares, counts, what is to be settled."""
    for code, share in found.shares.items():
        yield code, (share.numerator, share.denominator)
    other = found.other_reading
    yield rule.LINK_AGRI_OF_ALL, (other.numerator, other.denominator)
    for code, ids in found.counted.items():
        yield code, (len(ids), None)
    unsettled = found.to_be_settled
    yield "SETTLE-ORGANISATIONS", (len(unsettled.organisations), None)
    yield "SETTLE-PLACES", (len(unsettled.places), None)
    yield "SETTLE-SECTORS", (len(unsettled.sectors), None)


def inputs_hash(
    rows: Inputs,
    named: Mapping[str, frozenset[str]],
    as_of: date,
    period_starts: date | None,
    told: Reported = reported.NOTHING,
) -> str:
    """The hash of everything that was read: the rows, the day, the programme, the territories.

    Where nothing was reported it is the hash of a snapshot that knows of no reports.
    """
    around: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "period_starts": period_starts.isoformat() if period_starts else None,
        "territories": {key: sorted(codes) for key, codes in named.items()},
    }
    if told != reported.NOTHING:
        around["reported"] = reported.stored_form(told)
    return inputs.fingerprint_of_inputs(rows, around)
