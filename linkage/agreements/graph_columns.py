"""Organisations and linkages as the graph's columns, read from the tables.

Nothing is decided here: dated facts and linkages go in as they stand, and `linkage.graph` says what
holds on a day. Merged organisations are left out and their linkages are the survivor's, as in the
figure; one between two rows of the same organisation links nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linkage.agreements.models import COUNTING_STATES, Linkage, Origin
from linkage.catalogue.models import Commodity, Sector
from linkage.catalogue.queries import transformations
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


@dataclass(frozen=True)
class _Places:
    """The place of each code in its table."""

    commodities: Mapping[str, int]
    sectors: Mapping[str, int]
    communes: Mapping[str, int]


def graph_columns() -> GraphColumns:
    """The whole register as the graph's columns, in ten queries whatever its size."""
    commodities = list(Commodity.objects.order_by("code").values_list("code", "parent_id", "stage"))
    sectors = list(Sector.objects.order_by("code").values_list("code", "agricultural"))
    communes = list(Commune.objects.order_by("code").values_list("code", "former_district"))
    places = _Places(_numbered(commodities), _numbered(sectors), _numbered(communes))
    rows = list(Organisation.objects.order_by("id").values_list("id", "founded_on", "merged_into"))
    went_to = survivors({id_: into for id_, _, into in rows})
    return GraphColumns(
        organisations=_organisations([row for row in rows if row[2] is None], places),
        linkages=_linkages(went_to, places),
        commodities=CommodityColumns(
            tuple(code for code, _, _ in commodities),
            _at(places.commodities, (parent for _, parent, _ in commodities)),
            _ints(STAGES.index(stage) for _, _, stage in commodities),
        ),
        transformations=_transformations(places),
        sectors=SectorTable(
            tuple(code for code, _ in sectors), np.array([farm for _, farm in sectors], dtype=bool)
        ),
        communes=CommuneTable(
            tuple(code for code, _ in communes),
            tuple(district or None for _, district in communes),
        ),
    )


def _organisations(rows: Sequence[tuple[Any, ...]], places: _Places) -> OrganisationColumns:
    kept = {id_ for id_, _, _ in rows}
    return OrganisationColumns(
        id=_ints(id_ for id_, _, _ in rows),
        founded=_ints(ordinal(founded_on) for _, founded_on, _ in rows),
        statuses=_facts(StatusFact, "status", kept, _places_of(STATUSES)),
        kinds=_facts(KindFact, "kind", kept, _places_of(KINDS)),
        sectors=_facts(SectorFact, "sector_id", kept, places.sectors),
        communes=_facts(CommuneFact, "commune_id", kept, places.communes),
    )


def _facts(model: type[Any], column: str, kept: set[int], places: Mapping[str, int]) -> FactColumns:
    told = model.objects.order_by("id").values_list("organisation_id", "since", column)
    facts = [fact for fact in told if fact[0] in kept]
    return FactColumns(
        _ints(owner for owner, _, _ in facts),
        _ints(ordinal(since) for _, since, _ in facts),
        _at(places, (value for _, _, value in facts)),
    )


def _linkages(went_to: Mapping[int, int], places: _Places) -> LinkageColumns:
    rows = [
        row
        for row in Linkage.objects.order_by("id").values(
            *("id", "seller_id", "buyer_id", "commodity_id", "state", "origin", "contract_number"),
            *("quantity", "unit__dimension", *_DAYS),
        )
        if went_to[row["seller_id"]] != went_to[row["buyer_id"]]
    ]
    measures = _places_of(MEASURES)
    # A quantity whose unit is not known says nothing.
    told = [row["quantity"] is not None and row["unit__dimension"] in measures for row in rows]
    stated = list(zip(rows, told, strict=True))
    return LinkageColumns(
        id=_ints(row["id"] for row in rows),
        seller=_ints(went_to[row["seller_id"]] for row in rows),
        buyer=_ints(went_to[row["buyer_id"]] for row in rows),
        commodity=_at(places.commodities, (row["commodity_id"] for row in rows)),
        counts=np.array([row["state"] in COUNTING_STATES for row in rows], dtype=bool),
        declared=np.array([_is_declared(row) for row in rows], dtype=bool),
        quantity=_ints(row["quantity"] if is_told else UNSET for row, is_told in stated),
        measure=_ints(
            measures[row["unit__dimension"]] if is_told else UNSET for row, is_told in stated
        ),
        **{name: _ints(ordinal(row[name]) for row in rows) for name in _DAYS},
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
