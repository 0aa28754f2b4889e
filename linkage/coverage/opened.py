"""A snapshot's figure opened, for every door: its stored values, its organisations, their linkages.

From the rows that the snapshot stored: what the register says later changes nothing here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from linkage.agreements.models import Evidence, Linkage
from linkage.coverage import document, queries, targets
from linkage.coverage.models import Snapshot, SnapshotValue
from linkage.coverage.queries import HEADLINES, Report
from linkage.coverage.rule import Share
from linkage.errors import NotFound
from linkage.registry.models import Organisation
from linkage.text import search_key


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of a figure's denominator, with the linkages that make it count."""

    id: int
    name: str
    linked: bool
    linkages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """The same with the rows themselves."""

    organisation: Organisation
    is_linked: bool
    linkages: Sequence[Linkage]


@dataclass(frozen=True, slots=True)
class Opened:
    """An indicator's two sets, and each organisation's linkages that count."""

    share: Share
    linkages_of: Mapping[int, tuple[int, ...]]

    def organisations(self, shown: str = "all", words: str = "") -> QuerySet[Organisation]:
        """All of them in Vietnamese order, or those that are "linked" or "not_linked".

        `words` are looked for in the name, with or without marks.
        """
        ids: Collection[int] = self.share.members
        if shown == "linked":
            ids = self.share.linked
        elif shown == "not_linked":
            ids = self.share.members - self.share.linked
        rows = Organisation.objects.filter(pk__in=ids)
        if words:
            rows = rows.filter(search_key__contains=search_key(words))
        return rows.order_by("sort_key", "pk")

    def members(self, rows: Iterable[Organisation]) -> list[Member]:
        """The rows as members, in their order."""
        return [
            Member(row.pk, row.name, row.pk in self.share.linked, self.linkages_of.get(row.pk, ()))
            for row in rows
        ]

    def with_linkages(self, rows: Iterable[Organisation]) -> list[MemberRow]:
        """The rows with their linkages that count, in one query for all of them."""
        organisations = list(rows)
        wanted = {id_ for row in organisations for id_ in self.linkages_of.get(row.pk, ())}
        linkages = Linkage.objects.select_related("seller", "buyer", "commodity").in_bulk(wanted)
        return [
            MemberRow(
                row,
                row.pk in self.share.linked,
                [linkages[id_] for id_ in self.linkages_of.get(row.pk, ()) if id_ in linkages],
            )
            for row in organisations
        ]


def get(snapshot_id: int) -> Snapshot:
    """One snapshot. Raises: NotFound."""
    snapshot = Snapshot.objects.filter(pk=snapshot_id).first()
    if snapshot is None:
        raise NotFound
    return snapshot


def snapshots(as_of: date | None) -> QuerySet[Snapshot]:
    """All snapshots, or a day's, without the territories they hold."""
    rows = Snapshot.objects.defer("territories")
    return rows if as_of is None else rows.filter(as_of=as_of)


def report_of(snapshot: Snapshot, *, evidence: str, territory: str | None, today: date) -> Report:
    """The figures from the rows that the snapshot stored.

    Raises: NotFound for no level of evidence; UnknownTerritory.
    """
    if evidence not in Evidence.values:
        raise NotFound
    return queries.report_of(snapshot, evidence=evidence, territory=territory, today=today)


def open_indicator(report: Report, indicator: str) -> Opened:
    """The two sets of an indicator that is computed. Raises: NotFound."""
    try:
        share = queries.share_of(report.figures, indicator)
    except KeyError:
        raise NotFound from None
    return Opened(share, report.figures.linkages_of)


def values_of(snapshot: Snapshot) -> QuerySet[SnapshotValue]:
    """All values that the snapshot stored."""
    return SnapshotValue.objects.filter(snapshot=snapshot)


def headline_values(snapshot: Snapshot) -> QuerySet[SnapshotValue]:
    """The headline values of the whole register, at each level of evidence."""
    return values_of(snapshot).filter(indicator_code__in=HEADLINES, territory="")


def public_document(snapshot: Snapshot) -> dict[str, Any]:
    """What everybody may see: the two headline values as stored, verified, whole register."""
    stored = headline_values(snapshot).filter(evidence=Evidence.VERIFIED)
    return {
        "snapshot": snapshot,
        "as_of": snapshot.as_of.isoformat(),
        "evidence": Evidence.VERIFIED,
        "territory": None,
        "planned": False,
        "indicators": {
            row.indicator_code: _share(row, snapshot.as_of)
            for row in stored.order_by("-indicator_code")
        },
        "counts": None,
        "reported": None,
        "to_be_settled": None,
    }


def _share(row: SnapshotValue, as_of: date) -> dict[str, Any]:
    whole = row.denominator or 0
    target = queries.target_for(row.indicator_code, as_of)
    standing = targets.standing(numerator=row.numerator, denominator=whole, target=target)
    return document.of_stored(row.numerator, whole, standing)
