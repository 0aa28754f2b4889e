"""A snapshot's figure opened: to the public's two numbers, to its organisations and linkages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from linkage.agreements.models import Evidence
from linkage.coverage import document, queries, targets
from linkage.coverage.models import Snapshot, SnapshotValue
from linkage.coverage.queries import HEADLINES, Report
from linkage.coverage.rule import Share
from linkage.errors import NotFound
from linkage.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of a figure's denominator, with the linkages that make it count."""

    id: int
    name: str
    linked: bool
    linkages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An indicator's two sets, and each organisation's linkages that count."""

    share: Share
    linkages_of: Mapping[int, tuple[int, ...]]

    def organisations(self, shown: str) -> QuerySet[Organisation]:
        """All of them, or those that are "linked" or "not_linked"."""
        ids = {
            "all": self.share.members,
            "linked": self.share.linked,
            "not_linked": self.share.members - self.share.linked,
        }
        return Organisation.objects.filter(pk__in=ids[shown])

    def members(self, rows: Sequence[Organisation]) -> list[Member]:
        """The rows as members, in their order."""
        return [
            Member(row.pk, row.name, row.pk in self.share.linked, self.linkages_of.get(row.pk, ()))
            for row in rows
        ]


def newest(today: date) -> Snapshot | None:
    """The last taken of the latest day that has come."""
    rows = snapshots(None).filter(as_of__lte=today)
    return rows.order_by("-as_of", "-taken_at", "-id").first()


def snapshots(as_of: date | None) -> QuerySet[Snapshot]:
    """All snapshots, or a day's, without the territories they hold."""
    rows = Snapshot.objects.defer("territories")
    return rows if as_of is None else rows.filter(as_of=as_of)


def report_of(snapshot: Snapshot, *, evidence: str, territory: str | None, today: date) -> Report:
    """The figures from the rows that the snapshot stored. Raises: UnknownTerritory."""
    return queries.report(
        as_of=snapshot.as_of,
        evidence=evidence,
        today=today,
        territory=territory,
        known_at=snapshot.taken_at,
    )


def open_indicator(report: Report, indicator: str) -> Opened:
    """The two sets of an indicator that is computed. Raises: NotFound."""
    try:
        share = queries.share_of(report.figures, indicator)
    except KeyError:
        raise NotFound from None
    return Opened(share, report.figures.linkages_of)


def public_document(snapshot: Snapshot) -> dict[str, Any]:
    """What everybody may see: the two headline values as stored, verified, whole register."""
    stored = SnapshotValue.objects.filter(
        snapshot=snapshot,
        indicator_code__in=HEADLINES,
        evidence=Evidence.VERIFIED,
        territory="",
    ).order_by("-indicator_code")
    return {
        "snapshot": snapshot,
        "as_of": snapshot.as_of.isoformat(),
        "evidence": Evidence.VERIFIED,
        "territory": None,
        "planned": False,
        "indicators": {row.indicator_code: _share(row, snapshot.as_of) for row in stored},
        "counts": None,
        "to_be_settled": None,
    }


def _share(row: SnapshotValue, as_of: date) -> dict[str, Any]:
    whole = row.denominator or 0
    target = queries.target_for(row.indicator_code, as_of)
    standing = targets.standing(numerator=row.numerator, denominator=whole, target=target)
    return document.of_stored(row.numerator, whole, standing)
