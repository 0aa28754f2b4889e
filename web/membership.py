"""A stored figure opened to its organisations and their linkages, from the snapshot's own rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from linkage import text
from linkage.agreements.models import Evidence, Linkage
from linkage.coverage import queries, rule
from linkage.coverage.models import Snapshot
from linkage.coverage.rule import Figures, Share
from linkage.errors import NotFound
from linkage.registry.models import Organisation


@dataclass(frozen=True)
class Opened:
    """A figure's two sets, and for each member the linkages that make it count."""

    snapshot: Snapshot
    indicator: str
    evidence: str
    territory: str
    share: Share
    linkages_of: Mapping[int, Sequence[int]]


def open_figure(*, snapshot_id: int, indicator: str, evidence: str, territory: str) -> Opened:
    """Run the rule over what the snapshot stored. Raises: NotFound, UnknownTerritory."""
    snapshot = Snapshot.objects.filter(pk=snapshot_id).first()
    if snapshot is None or evidence not in Evidence.values:
        raise NotFound
    found = _figures(snapshot, evidence, territory)
    try:
        share = queries.share_of(found, indicator)
    except KeyError:
        raise NotFound from None
    return Opened(snapshot, indicator, evidence, territory, share, found.linkages_of)


def _figures(snapshot: Snapshot, evidence: str, territory: str) -> Figures:
    where = queries.find_territory(territory, queries.snapshot_territories(snapshot))
    rows = queries.snapshot_inputs(snapshot)
    return rule.compute(
        rows.organisations,
        rows.linkages,
        as_of=snapshot.as_of,
        evidence=evidence,
        communes=where.communes,
        period_starts=snapshot.period_starts,
    )


def members(opened: Opened, *, shown: str, words: str) -> QuerySet[Organisation]:
    """Its organisations in Vietnamese order; `shown` is "linked", "not_linked" or all."""
    ids: Collection[int] = opened.share.members
    if shown == "linked":
        ids = opened.share.linked
    elif shown == "not_linked":
        ids = opened.share.members - opened.share.linked
    rows = Organisation.objects.filter(pk__in=ids)
    if words:
        rows = rows.filter(search_key__contains=text.search_key(words))
    return rows.order_by("sort_key", "pk")


@dataclass(frozen=True)
class MemberRow:
    """One organisation of the list."""

    organisation: Organisation
    is_linked: bool
    linkages: Sequence[Linkage]


def rows_of(opened: Opened, organisations: Sequence[Organisation]) -> list[MemberRow]:
    """Each organisation with its linkages that count, in one query for all of them."""
    wanted = {
        linkage_id
        for organisation in organisations
        for linkage_id in opened.linkages_of.get(organisation.pk, ())
    }
    linkages = Linkage.objects.select_related("seller", "buyer", "commodity").in_bulk(wanted)
    return [
        MemberRow(
            organisation,
            organisation.pk in opened.share.linked,
            [
                linkages[linkage_id]
                for linkage_id in opened.linkages_of.get(organisation.pk, ())
                if linkage_id in linkages
            ],
        )
        for organisation in organisations
    ]


def sheet_rows(opened: Opened, rows: Sequence[MemberRow]) -> list[list[Any]]:
    """The list as cells: name, tax code of 10 digits, linked, contract numbers."""
    return [
        [
            row.organisation.name,
            _public_tax_code(row.organisation.tax_code),
            int(row.is_linked),
            "; ".join(linkage.contract_number for linkage in row.linkages),
            _iso(opened.snapshot.as_of),
            opened.evidence,
        ]
        for row in rows
    ]


def _public_tax_code(code: str | None) -> str:
    """Twelve digits are a person's number and stay out of a file."""
    return "" if code is None or len(code) == 12 else code


def _iso(day: date) -> str:
    return day.isoformat()
