"""The value-chain graph of one day at one level of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

import networkx as nx
import numpy as np

from linkage.graph import stages
from linkage.graph.columns import KINDS, MEASURES, STATUSES, UNSET, Flags, Ints
from linkage.graph.onday import LEVELS, in_force_on, levels_on, organisations_on
from linkage.graph.tables import STAGES, GraphColumns

Graph: TypeAlias = "nx.MultiDiGraph[int]"
Attributes = dict[str, Any]


def graph_on(columns: GraphColumns, day: date, level: str) -> Graph:
    """Return organisations as nodes and the linkages that count on `day` at `level` as edges.

    Every organisation is a node, under its id, in rising order, whether or not it is linked:
    `kind`, `status`, `sector`, `place` (a commune's code), `district` (words, or None where the
    fact is not known), `agricultural` (None where the sector is not known), `works` (it deals on
    the day), `settled`, `active` (as the figure has it), `htx` (an active cooperative) and `stage`,
    its layer by the rule of `stages` over all that it sells and buys (None without a linkage of a
    known commodity).

    An edge runs from seller to buyer under the linkage's id: `commodity` (a code, or None),
    `starts`, `ends` (or None), `level` (the highest proved on the day), `quantity` in base units
    of `measure` (both or None). A linkage counts if it is in force on the day and proved at
    `level` or a higher one; its partners' status does not matter.

    Raises: ValueError, if `level` is not one of LEVELS.
    """
    on = day.toordinal()
    rows = counting_rows(columns, on, level)
    graph: Graph = nx.MultiDiGraph(day=day, level=level)
    graph.add_nodes_from(_nodes(columns, on, rows))
    for seller, buyer, id_, attributes in _edges(columns, on, rows):
        graph.add_edge(seller, buyer, key=id_, **attributes)
    return graph


def counting(columns: GraphColumns, day: int, level: str) -> Flags:
    """Which linkages count on `day` at `level`. Raises: ValueError, if it is not of LEVELS."""
    if level not in LEVELS:
        raise ValueError(level)
    proved = levels_on(columns.linkages, day) >= LEVELS.index(level)
    counts: Flags = proved & in_force_on(columns.linkages, day)
    return counts


def counting_rows(columns: GraphColumns, day: int, level: str) -> Ints:
    """The rows of the linkages that count, in order of id. Raises: ValueError."""
    rows = np.flatnonzero(counting(columns, day, level))
    return rows[np.argsort(columns.linkages.id[rows], kind="stable")]


def _nodes(columns: GraphColumns, day: int, rows: Ints) -> Iterator[tuple[int, Attributes]]:
    who = organisations_on(columns.organisations, day)
    sectors, communes = columns.sectors, columns.communes
    farms: Sequence[bool] = sectors.agricultural.tolist()
    fields = {
        "kind": _words(KINDS, who.kind),
        "status": _words(STATUSES, who.status),
        "sector": _words(sectors.codes, who.sector),
        "agricultural": _words(farms, who.sector),
        "place": _words(communes.codes, who.commune),
        "district": _words(communes.districts, who.commune),
        "works": who.works.tolist(),
        "settled": who.settled.tolist(),
        "active": who.active.tolist(),
        "htx": who.htx.tolist(),
        "stage": _words(STAGES, _stages(columns, rows)),
    }
    order = np.argsort(columns.organisations.id)
    ids = columns.organisations.id.tolist()
    for row in order.tolist():
        yield ids[row], {name: values[row] for name, values in fields.items()}


def _stages(columns: GraphColumns, rows: Ints) -> Ints:
    """Each organisation's layer over all its linkages of known commodities."""
    known = rows[columns.linkages.commodity[rows] != UNSET]
    ids = columns.organisations.id
    by_id = np.argsort(ids)
    commodity = columns.linkages.commodity[known]
    shape = len(ids), len(columns.commodities)

    def flags(party: Ints) -> Flags:
        row = by_id[np.searchsorted(ids, party[known], sorter=by_id)]
        return stages.table(row, commodity, shape)

    sold, bought = flags(columns.linkages.seller), flags(columns.linkages.buyer)
    return stages.layers(stages.done(sold, bought, columns.commodities))


def _edges(
    columns: GraphColumns, day: int, rows: Ints
) -> Iterator[tuple[int, int, int, Attributes]]:
    links = columns.linkages
    days = _Days()
    fields = zip(
        _words(columns.commodities.codes, links.commodity[rows]),
        map(days.get, links.starts[rows].tolist()),
        map(days.get, links.ends[rows].tolist()),
        _words(LEVELS, levels_on(links, day)[rows]),
        (None if quantity == UNSET else quantity for quantity in links.quantity[rows].tolist()),
        _words(MEASURES, links.measure[rows]),
        strict=True,
    )
    parties = zip(
        *(column[rows].tolist() for column in (links.seller, links.buyer, links.id)), strict=True
    )
    names = ("commodity", "starts", "ends", "level", "quantity", "measure")
    for (seller, buyer, id_), values in zip(parties, fields, strict=True):
        yield seller, buyer, id_, dict(zip(names, values, strict=True))


def _words(words: Sequence[Any], places: Ints) -> list[Any]:
    """The word at each place, None for UNSET."""
    return [None if place == UNSET else words[place] for place in places.tolist()]


class _Days:
    """One date for each ordinal, however many linkages have it."""

    def __init__(self) -> None:
        self._known: dict[int, date | None] = {UNSET: None}

    def get(self, day: int) -> date | None:
        """The day, None for UNSET."""
        if day not in self._known:
            self._known[day] = date.fromordinal(day)
        return self._known[day]
