"""The reads of what is reported: for a figure, and as the pages and the API list it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linkage.coverage.models import Indicator, ManualValue, Snapshot, SnapshotReportedValue
from linkage.coverage.reported import ManualRow, Reported, ReportedValue, read_stored
from linkage.errors import NotFound


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


def read_reported() -> Reported:
    """What is reported now, in one query: of each value the last version, unless taken back."""
    last: dict[tuple[str, str, object], ManualValue] = {}
    for row in ManualValue.objects.order_by("version", "id"):
        last[row.indicator_id, row.territory, row.as_of] = row
    return Reported(tuple(sorted(_rows(last.values()), key=lambda row: row.id)))


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
    rows = ManualValue.objects.select_related("entered_by", "indicator")
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
