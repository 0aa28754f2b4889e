"""Organisations and linkages as the graph's columns, read from the tables: all, or a part.

Nothing is decided here: dated facts and linkages go in as they stand, and `linkage.graph` says what
holds on a day. Merged organisations are left out and their linkages are the survivor's, as in the
figure; one between two rows of the same organisation links nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from linkage.agreements.models import COUNTING_STATES, Linkage, Origin
from linkage.catalogue.models import Commodity, Sector
from linkage.catalogue.queries import transformations
from linkage.databases import MOST_NAMED
from linkage.graph import (
    KINDS,
    MEASURES,
    STAGES,
    STATUSES,
    UNSET,
    CommodityColumns,
    CommuneTable,
    FactColumns,
    GraphColumns,
    Ints,
    LinkageColumns,
    OrganisationColumns,
    SectorTable,
    TransformationColumns,
    ordinal,
)
from linkage.registry.models import (
    Commune,
    CommuneFact,
    KindFact,
    Organisation,
    SectorFact,
    StatusFact,
)
from linkage.registry.survivors import survivors

_DAYS = ("starts", "ends", "terminated_on", "confirmed_on", "verified_on")
_SIDES = ("seller_id", "buyer_id")
_COLUMNS = (
    *("id", *_SIDES, "commodity_id", "state", "origin", "contract_number"),
    *("quantity", "unit__dimension", *_DAYS),
)


@dataclass(frozen=True)
class _Places:
    """The place of each code in its table."""

    commodities: Mapping[str, int]
    sectors: Mapping[str, int]
    communes: Mapping[str, int]


def graph_columns(*, agreed_of: Collection[int] | None = None) -> GraphColumns:
    """The whole register as the graph's columns, in ten queries whatever its size.

    `agreed_of`: of what two sides agreed on the platform, volumes where one of them is among these
    alone; None: all.
    """
    commodities = list(Commodity.objects.order_by("code").values_list("code", "parent_id", "stage"))
    sectors = list(Sector.objects.order_by("code").values_list("code", "agricultural"))
    communes = list(Commune.objects.order_by("code").values_list("code", "former_district"))
    places = _Places(_numbered(commodities), _numbered(sectors), _numbered(communes))
    rows = list(Organisation.objects.order_by("id").values_list("id", "founded_on", "merged_into"))
    went_to = survivors({id_: into for id_, _, into in rows})
    return GraphColumns(
        organisations=_organisations([row for row in rows if row[2] is None], places),
        linkages=_linkages(_rows(went_to, agreed_of), places),
        commodities=_commodities(commodities, places),
        transformations=_transformations(places),
        sectors=SectorTable(
            tuple(code for code, _ in sectors), np.array([farm for _, farm in sectors], dtype=bool)
        ),
        communes=_communes(communes),
    )


def columns_around(
    own: Collection[int],
    codes: Collection[str],
    commodities: Sequence[tuple[str, str | None, str]],
    on: date,
) -> GraphColumns:
    """The part that what is suggested to one organisation is read from, in six queries at most.

    `own`: the organisation and those merged into it. The linkages of `codes` and of whatever its
    own linkages are of, as far as they can be in force on the day, with both sides of each: where
    they are and whether they work. Kinds, sectors and transformations are left out, and so are
    linkages of other commodities: nothing else is to be asked of such a graph.
    `commodities`: the tree as (code, parent, stage).
    """
    places = _Places(_numbered(sorted(commodities)), {}, {})
    merges = Organisation.objects.filter(merged_into__isnull=False)
    went_to = survivors(dict(merges.values_list("id", "merged_into")))
    rows = list(_of_survivors(_rows_around(own, codes, on), went_to))
    parties = {row[side] for row in rows for side in _SIDES}
    # Nobody deals in any of it: then nothing is asked of whoever it is, or where.
    kept = {*parties, *(went_to.get(one, one) for one in own)} if rows else set()
    founded = _of(Organisation.objects.order_by("id"), "pk", kept)
    found = [row for row in founded.values_list("id", "founded_on") if row[0] in kept]
    districts = Commune.objects.order_by("code").values_list("code", "former_district")
    communes = list(districts if rows else ())
    places = replace(places, communes=_numbered(communes))
    return GraphColumns(
        organisations=_organisations(found, places, whole=False),
        linkages=_linkages(rows, places),
        commodities=_commodities(sorted(commodities), places),
        transformations=TransformationColumns(*(_ints(()) for _ in range(4))),
        sectors=SectorTable((), np.array([], dtype=bool)),
        communes=_communes(communes),
    )


def _rows(
    went_to: Mapping[int, int], agreed_of: Collection[int] | None
) -> Iterator[dict[str, Any]]:
    """Every linkage; a volume that is kept back is as one that was not stated."""
    shown_of = None if agreed_of is None else frozenset(agreed_of)
    for row in _of_survivors(Linkage.objects.order_by("id").values(*_COLUMNS), went_to):
        agreed = row["origin"] == Origin.PLATFORM
        if agreed and shown_of is not None and shown_of.isdisjoint(row[side] for side in _SIDES):
            row["quantity"] = None
        yield row


def _of_survivors(
    rows: Iterable[dict[str, Any]], went_to: Mapping[int, int]
) -> Iterator[dict[str, Any]]:
    """The rows, changed in place, as of the merges: none links an organisation with itself."""
    for one in rows:
        one.update({side: went_to.get(one[side], one[side]) for side in _SIDES})
        if one["seller_id"] != one["buyer_id"]:
            yield one


def _rows_around(own: Collection[int], codes: Collection[str], on: date) -> list[dict[str, Any]]:
    """Rows of linkages, more of them than the graph will have: it decides which are in force."""
    own_ones = Linkage.objects.filter(Q(seller__in=own) | Q(buyer__in=own))
    of_them = own_ones.filter(commodity__isnull=False).values("commodity")
    asked = Q(commodity__in=sorted(codes)) | Q(commodity__in=of_them)
    asked |= Q(seller__in=own) | Q(buyer__in=own)
    begun = Q(starts__lte=on) & (Q(ends=None) | Q(ends__gte=on))
    rows = Linkage.objects.filter(asked, begun, state__in=sorted(COUNTING_STATES))
    return list(rows.order_by("id").values(*_COLUMNS))


def _organisations(
    rows: Sequence[tuple[Any, ...]], places: _Places, *, whole: bool = True
) -> OrganisationColumns:
    """`whole`: also of what kind they are, and of which sector."""
    kept = {row[0] for row in rows}
    nothing = FactColumns(_ints(()), _ints(()), _ints(()))
    return OrganisationColumns(
        id=_ints(row[0] for row in rows),
        founded=_ints(ordinal(row[1]) for row in rows),
        statuses=_facts(StatusFact, "status", kept, _places_of(STATUSES)),
        kinds=_facts(KindFact, "kind", kept, _places_of(KINDS)) if whole else nothing,
        sectors=_facts(SectorFact, "sector_id", kept, places.sectors) if whole else nothing,
        communes=_facts(CommuneFact, "commune_id", kept, places.communes),
    )


def _facts(model: type[Any], column: str, kept: set[int], places: Mapping[str, int]) -> FactColumns:
    rows = _of(model.objects.order_by("id"), "organisation", kept)
    told = rows.values_list("organisation_id", "since", column)
    facts = [fact for fact in told if fact[0] in kept]
    return FactColumns(
        _ints(owner for owner, _, _ in facts),
        _ints(ordinal(since) for _, since, _ in facts),
        _at(places, (value for _, _, value in facts)),
    )


def _of(rows: QuerySet[Any], column: str, kept: Collection[int]) -> QuerySet[Any]:
    """The rows of these organisations; all, where a query could not name so many."""
    return rows.filter(**{f"{column}__in": sorted(kept)}) if len(kept) <= MOST_NAMED else rows


def _linkages(read: Iterable[dict[str, Any]], places: _Places) -> LinkageColumns:
    rows = list(read)
    measures = _places_of(MEASURES)
    # A quantity whose unit is not known says nothing.
    told = [row["quantity"] is not None and row["unit__dimension"] in measures for row in rows]
    stated = list(zip(rows, told, strict=True))
    return LinkageColumns(
        id=_ints(row["id"] for row in rows),
        seller=_ints(row["seller_id"] for row in rows),
        buyer=_ints(row["buyer_id"] for row in rows),
        commodity=_at(places.commodities, (row["commodity_id"] for row in rows)),
        counts=np.array([row["state"] in COUNTING_STATES for row in rows], dtype=bool),
        declared=np.array([_is_declared(row) for row in rows], dtype=bool),
        quantity=_ints(row["quantity"] if is_told else UNSET for row, is_told in stated),
        measure=_ints(
            measures[row["unit__dimension"]] if is_told else UNSET for row, is_told in stated
        ),
        **{name: _ints(ordinal(row[name]) for row in rows) for name in _DAYS},
    )


def _commodities(rows: Sequence[tuple[str, str | None, str]], places: _Places) -> CommodityColumns:
    return CommodityColumns(
        tuple(code for code, _, _ in rows),
        _at(places.commodities, (parent for _, parent, _ in rows)),
        _ints(STAGES.index(stage) for _, _, stage in rows),
    )


def _communes(rows: Sequence[tuple[str, str]]) -> CommuneTable:
    return CommuneTable(
        tuple(code for code, _ in rows), tuple(district or None for _, district in rows)
    )


def _is_declared(row: Mapping[str, Any]) -> bool:
    """As the figure has it: a member's or an officer's paper needs its number."""
    return row["origin"] != Origin.DECLARED or bool(row["contract_number"].strip())


def _transformations(places: _Places) -> TransformationColumns:
    rows = transformations()
    return TransformationColumns(
        _at(places.commodities, (row.from_commodity_id for row in rows)),
        _at(places.commodities, (row.to_commodity_id for row in rows)),
        _ints(UNSET if row.yield_num is None else row.yield_num for row in rows),
        _ints(UNSET if row.yield_den is None else row.yield_den for row in rows),
    )


def _numbered(rows: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    return {row[0]: place for place, row in enumerate(rows)}


def _places_of(words: Sequence[str]) -> dict[str, int]:
    return {word: place for place, word in enumerate(words)}


def _at(places: Mapping[str, int], codes: Iterable[str | None]) -> Ints:
    """The place of each code; UNSET where there is none."""
    return _ints(UNSET if code is None else places[code] for code in codes)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)
