"""Computing the figure and keeping it: snapshots, and the series at quarter ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import models, transaction

from linkage.coverage import inputs, queries, reported, reported_read, snapshots, staleness
from linkage.coverage.inputs import Inputs
from linkage.coverage.models import (
    Series,
    Snapshot,
    SnapshotLinkage,
    SnapshotOrganisation,
    SnapshotReport,
    SnapshotReportedValue,
    SnapshotValue,
)
from linkage.coverage.reported import Reported, ReportedValue
from linkage.coverage.snapshots import Key, Value
from linkage.one_view import one_view

# Called between transactions with how much is done, of how much; it may raise to call it off.
Progress = Callable[[int, int], None]
# Called first in the transaction that writes: raises if somebody else has the job by now.
Fence = Callable[[], None]

CHUNK = 500
# Reading and hashing beside the values. Writing is no step: what is committed is not called off.
_AROUND = 2

M = TypeVar("M", bound=models.Model)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _unfenced() -> None:
    """Nobody else can have this work."""


def take_snapshot(
    *,
    as_of: date,
    now: datetime,
    taken_by_id: int | None = None,
    job_id: int | None = None,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> Snapshot:
    """Store the figures of `as_of` with every row they were computed from.

    A job that is delivered twice makes one snapshot: the second delivery gets the first one's.
    Reading and computing come before the one transaction that writes; if `fence` or `progress`
    raises, nothing is written.
    """
    said, total = progress or _silent, snapshots.STEPS + _AROUND
    done = _counter(said, total)
    with one_view():
        rows, named = inputs.read_inputs(), queries.territories()
        told = reported_read.read_reported()
        period_starts, events = queries.period_starts(as_of), staleness.seen()
    done()
    values = list(snapshots.values(rows, named, as_of, period_starts, progress=done))
    reported_values = snapshots.reported_values(told, as_of, rows, named)
    digest = snapshots.inputs_hash(rows, named, as_of, period_starts, told)
    done()
    with transaction.atomic():
        (fence or _unfenced)()
        snapshot, made = _row_of_job(
            job_id,
            as_of=as_of,
            taken_at=now,
            rule_version=inputs.rule_version(),
            reported_version=inputs.reported_version(),
            inputs_hash=digest,
            period_starts=period_starts,
            territories={key: sorted(codes) for key, codes in named.items()},
            **events,
            taken_by_id=taken_by_id,
        )
        if made:
            _store(snapshot, rows, values)
            _store_reported(snapshot, told, reported_values)
    return snapshot


def compute_series(
    *,
    now: datetime,
    today: date,
    job_id: int | None = None,
    progress: Progress | None = None,
    fence: Fence | None = None,
) -> Series:
    """Store both headline figures at every quarter end since the first programme began.

    One reading of the register serves all of them; a job delivered twice makes one series.
    """
    with one_view():
        rows, named = inputs.read_inputs(), queries.territories()
        first = queries.first_programme_starts() or today
    days = quarter_ends(first, today)
    done = _counter(progress or _silent, len(days) * snapshots.STEPS)
    points = [
        {
            "as_of": day.isoformat(),
            "territory": territory,
            "evidence": evidence,
            "indicator": code,
            "numerator": value[0],
            "denominator": value[1],
        }
        for day in days
        for (code, evidence, territory), value in snapshots.values(
            rows, named, day, None, progress=done
        )
        if code in queries.HEADLINES
    ]
    with transaction.atomic():
        (fence or _unfenced)()
        values = {"computed_at": now, "rule_version": inputs.rule_version(), "points": points}
        if job_id is None:
            series = Series.objects.create(**values)
        else:
            series, _ = Series.objects.get_or_create(job_id=job_id, defaults=values)
    return series


def quarter_ends(first: date, last: date) -> list[date]:
    """The last days of the quarters from the one of `first`, and `last` itself.

    >>> [day.isoformat() for day in quarter_ends(date(2025, 2, 1), date(2025, 8, 15))]
    ['2025-03-31', '2025-06-30', '2025-08-15']
    """
    days: list[date] = []
    year, month = first.year, (first.month - 1) // 3 * 3 + 4
    while True:
        year, month = (year + 1, 1) if month > 12 else (year, month)
        end = date(year, month, 1) - timedelta(days=1)
        if end >= last:
            return [*days, last]
        days.append(end)
        month += 3


def _counter(progress: Progress, total: int) -> Callable[[], None]:
    """A function that says one more of `total` is done each time it is called."""
    steps = iter(range(1, total + 1))

    def done() -> None:
        progress(next(steps), total)

    return done


def _row_of_job(job_id: int | None, **fields: object) -> tuple[Snapshot, bool]:
    if job_id is None:
        return Snapshot.objects.create(**fields), True
    return Snapshot.objects.get_or_create(job_id=job_id, defaults=fields)


def _store(snapshot: Snapshot, rows: Inputs, values: Iterable[tuple[Key, Value]]) -> None:
    _insert(
        SnapshotOrganisation,
        (
            SnapshotOrganisation(
                snapshot=snapshot, organisation_id=row.id, fields=inputs.organisation_fields(row)
            )
            for row in rows.organisations
        ),
    )
    _insert(
        SnapshotLinkage,
        (
            SnapshotLinkage(snapshot=snapshot, linkage_id=row.id, fields=inputs.linkage_fields(row))
            for row in rows.linkages
        ),
    )
    _insert(
        SnapshotValue,
        (
            SnapshotValue(
                snapshot=snapshot,
                indicator_code=code,
                evidence=evidence,
                territory=territory,
                numerator=value[0],
                denominator=value[1],
            )
            for (code, evidence, territory), value in values
        ),
    )


def _store_reported(snapshot: Snapshot, told: Reported, values: Iterable[ReportedValue]) -> None:
    _insert(
        SnapshotReport,
        (
            SnapshotReport(snapshot=snapshot, basis=basis, row_id=id_, fields=fields)
            for basis, id_, fields in reported.stored_rows(told)
        ),
    )
    _insert(
        SnapshotReportedValue,
        (
            SnapshotReportedValue(
                snapshot=snapshot,
                indicator_code=value.indicator,
                territory=value.territory,
                basis=value.basis,
                as_of=value.as_of,
                numerator=value.numerator,
                denominator=value.denominator,
                source=value.source,
                answered=value.answered,
                asked=value.asked,
            )
            for value in values
        ),
    )


def _insert(model: type[M], rows: Iterable[M]) -> None:
    model._default_manager.bulk_create(rows, batch_size=CHUNK)
