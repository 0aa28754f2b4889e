"""The reads of what is reported: for a figure, and as the pages and the API list it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from linkage.coverage import reported, rule
from linkage.coverage.inputs import NOTHING, Inputs, read_inputs
from linkage.coverage.models import (
    Indicator,
    ManualValue,
    Snapshot,
    SnapshotReportedValue,
    YearReturn,
)
from linkage.coverage.reported import (
    ManualRow,
    Reported,
    ReportedValue,
    ReturnRow,
    of_line,
    read_stored,
)
from linkage.coverage.returns_read import listing, return_row
from linkage.errors import NotFound
from linkage.registry.access import Actor


@dataclass(frozen=True, slots=True)
class EnteredValue:
    """A value of a line by hand with all its versions, the last first."""

    versions: list[ManualValue]

    @property
    def last(self) -> ManualValue:
        return self.versions[0]

    @property
    def is_withdrawn(self) -> bool:
        return self.last.numerator is None


@dataclass(frozen=True, slots=True)
class LineRow:
    """An accepted return with what it says of one line: a part and its whole."""

    found: YearReturn
    part: int
    whole: int
    # Whether the line's sum in the figure takes it.
    is_counted: bool


def read_reported() -> Reported:
    """What is reported now, in two queries: of each value by hand the last version, unless taken
    back, and the accepted returns.
    """
    last: dict[tuple[str, str, object], ManualValue] = {}
    for row in ManualValue.objects.order_by("version", "id"):
        last[row.indicator_id, row.territory, row.as_of] = row
    return Reported(
        manual=tuple(sorted(_rows(last.values()), key=lambda row: row.id)),
        returns=_accepted(),
    )


def _accepted() -> tuple[ReturnRow, ...]:
    rows = YearReturn.objects.filter(state=YearReturn.State.ACCEPTED)
    return _one_each(rows.select_related("organisation"))


def _one_each(rows: Iterable[YearReturn]) -> tuple[ReturnRow, ...]:
    """These returns; one of what was merged is its survivor's, unless that has its own."""
    found: dict[tuple[int, int], YearReturn] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        into = row.organisation.merged_into_id
        key = (into or row.organisation_id, row.year)
        if into is None or key not in found:
            found[key] = row
    said = (return_row(row, organisation_id) for (organisation_id, _), row in found.items())
    return tuple(sorted(said, key=lambda row: row.id))


def values_on(
    told: Reported, day: date, rows: Inputs, territories: Mapping[str, frozenset[str] | None]
) -> list[ReportedValue]:
    """What was reported by the day; the sums of returns in these territories (None: everywhere).

    Which cooperatives a sum is over the rule says: those active at the end of the returns' year.
    """
    year = reported.returns_year(told, day)
    if year is None:
        return reported.values_on(told, day)
    active = {key: _active(rows, year, communes) for key, communes in territories.items()}
    return reported.values_on(told, day, active)


def _active(rows: Inputs, year: int, communes: frozenset[str] | None) -> frozenset[int]:
    found = rule.compute(
        rows.organisations,
        (),
        as_of=date(year, 12, 31),
        evidence=rule.EVIDENCE[0],
        communes=communes,
    )
    return found.counted["HTX-ACTIVE"]


def rows_of_line(*, actor: Actor, indicator: str, year: int) -> list[LineRow]:
    """The accepted returns of a year that answer a line: those that its sum is of, then the rest.

    Of the whole register as it is now, both in Vietnamese order. Raises: NotAllowed.
    """
    listed = listing(actor=actor, year=year, state=YearReturn.State.ACCEPTED)
    rows = list(listed.order_by("organisation__sort_key", "pk"))
    active = _active(read_inputs(), year, None) if rows else frozenset[int]()
    summed = {row.id for row in _one_each(rows) if row.organisation in active}
    found = [
        LineRow(row, *said, is_counted=row.pk in summed)
        for row in rows
        if (said := of_line(return_row(row), indicator)) is not None
    ]
    return sorted(found, key=lambda row: not row.is_counted)


def _rows(values: Iterable[ManualValue]) -> Iterable[ManualRow]:
    for row in values:
        if row.numerator is not None:
            yield ManualRow(
                id=row.pk,
                indicator=row.indicator_id,
                territory=row.territory,
                as_of=row.as_of,
                numerator=row.numerator,
                denominator=row.denominator,
                source=row.source,
            )


def values_now(today: date) -> list[ReportedValue]:
    """What is reported by today in the whole register, from the tables as they are."""
    told = read_reported()
    # Without a return nobody asks who was active.
    rows = read_inputs() if told.returns else NOTHING
    return [one for one in values_on(told, today, rows, {"": None}) if not one.territory]


def stored(snapshot: Snapshot) -> Reported:
    """What was reported when the snapshot was taken."""
    return read_stored(snapshot.reports.values_list("basis", "row_id", "fields"))


def stored_values(snapshot: Snapshot) -> list[ReportedValue]:
    """The reported values that the snapshot stored, in order of key."""
    rows = SnapshotReportedValue.objects.filter(snapshot=snapshot)
    return [
        ReportedValue(
            indicator=row.indicator_code,
            territory=row.territory,
            basis=row.basis,
            as_of=row.as_of,
            numerator=row.numerator,
            denominator=row.denominator,
            source=row.source,
            answered=row.answered,
            asked=row.asked,
        )
        for row in rows.order_by("indicator_code", "basis", "territory")
    ]


def reported_line(code: str) -> Indicator:
    """A line of the plans that is reported. Raises: NotFound, also for one that is computed."""
    found = Indicator.objects.filter(pk=code, how=Indicator.How.REPORTED).first()
    if found is None:
        raise NotFound
    return found


def entered(indicator: str | None = None) -> list[EnteredValue]:
    """The values by hand of a line, or of all, the latest day first, in the plan's order."""
    rows = ManualValue.objects.select_related("entered_by", "indicator").prefetch_related("files")
    if indicator is not None:
        rows = rows.filter(indicator_id=indicator)
    order = ("indicator__order", "indicator_id", "-as_of", "territory", "-version")
    found: dict[tuple[str, object, str], list[ManualValue]] = {}
    for row in rows.order_by(*order):
        found.setdefault((row.indicator_id, row.as_of, row.territory), []).append(row)
    return [EnteredValue(versions) for versions in found.values()]


def version_of(value_id: int) -> ManualValue:
    """One version of a value. Raises: NotFound."""
    found = ManualValue.objects.select_related("indicator").filter(pk=value_id).first()
    if found is None:
        raise NotFound
    return found
