"""Columns that cannot be are refused, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from linkage.graph import columns as c
from linkage.graph import tables as t
from linkage.graph.building import graph_on
from tests.graph.worlds import (
    FIRST,
    World,
    commodity_columns,
    cooperative,
    flags,
    ints,
    linkage,
    transformation_columns,
)


def valid() -> t.GraphColumns:
    rows = [cooperative(1), cooperative(2), cooperative(3)]
    links = [linkage(5, 1, 2), linkage(6, 2, 3, ends=FIRST)]
    return World(rows, links, {5: ("paddy", 10, "mass")}).columns()


def changed(column: Any, value: Any) -> Any:
    copy = column.copy()
    copy[1] = value
    return copy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 5),
        ("buyer", 2),
        ("starts", 0),
        ("starts", c.UNSET),
        ("ends", FIRST.toordinal() - 1),
        ("ends", -2),
        ("terminated_on", 0),
        ("confirmed_on", c.LAST_DAY + 1),
        ("verified_on", -2),
        ("commodity", -2),
        ("quantity", 4),
        ("measure", 3),
        ("measure", 1),
    ],
)
def test_a_linkage_that_cannot_be_names_its_column(name: str, value: int) -> None:
    links = valid().linkages
    with pytest.raises(c.ColumnsInvalid, match="column"):
        replace(links, **{name: changed(getattr(links, name), value)})


def test_a_linkage_has_two_parties() -> None:
    with pytest.raises(c.ColumnsInvalid, match="column buyer"):
        World([cooperative(1)], [linkage(1, 1, 1)]).columns()


def test_a_quantity_has_its_measure_and_a_measure_its_quantity() -> None:
    links = valid().linkages
    with pytest.raises(c.ColumnsInvalid, match="column measure"):
        replace(links, measure=ints([-1, -1]))
    with pytest.raises(c.ColumnsInvalid, match="column measure"):
        replace(links, measure=ints([0, 0]))


def test_a_quantity_is_one_or_more() -> None:
    links = valid().linkages
    with pytest.raises(c.ColumnsInvalid, match="column quantity"):
        replace(links, quantity=ints([10, 0]), measure=ints([0, 0]))
    assert len(replace(links, quantity=ints([10, 1]), measure=ints([0, 0]))) == 2


@pytest.mark.parametrize("name", ["seller", "buyer"])
def test_parties_are_among_the_organisations(name: str) -> None:
    whole = valid()
    links = replace(whole.linkages, **{name: changed(getattr(whole.linkages, name), 99)})
    with pytest.raises(c.ColumnsInvalid, match=f"column {name}"):
        replace(whole, linkages=links)


def test_a_commodity_is_in_the_tree() -> None:
    whole = valid()
    links = replace(whole.linkages, commodity=ints([0, len(commodity_columns())]))
    with pytest.raises(c.ColumnsInvalid, match="column commodity"):
        replace(whole, linkages=links)


def test_columns_have_one_length_and_the_stated_type() -> None:
    links = valid().linkages
    with pytest.raises(c.ColumnsInvalid, match="column ends"):
        replace(links, ends=links.ends[:1])
    with pytest.raises(c.ColumnsInvalid, match="column counts"):
        replace(links, counts=links.counts.astype(np.int64))
    with pytest.raises(c.ColumnsInvalid, match="column quantity"):
        replace(links, quantity=links.quantity.astype(np.float64))
    with pytest.raises(c.ColumnsInvalid, match="column starts"):
        replace(links, starts=links.starts.tolist())


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("statuses", ([1], [-1], [len(c.STATUSES)])),
        ("statuses", ([1], [-1], [c.UNSET])),
        ("kinds", ([1], [-1], [len(c.KINDS)])),
        ("kinds", ([99], [-1], [0])),
    ],
)
def test_facts_are_of_the_organisations_and_of_known_words(name: str, facts: Any) -> None:
    whole = valid().organisations
    with pytest.raises(c.ColumnsInvalid, match=f"column {name}"):
        replace(whole, **{name: c.FactColumns(*map(ints, facts))})


@pytest.mark.parametrize("name", ["sectors", "communes"])
def test_sectors_and_communes_are_in_their_tables(name: str) -> None:
    whole = valid()
    facts = c.FactColumns(ints([1]), ints([-1]), ints([7]))
    organisations = replace(whole.organisations, **{name: facts})
    with pytest.raises(c.ColumnsInvalid, match=f"column {name}"):
        replace(whole, organisations=organisations)


def test_facts_have_days() -> None:
    for since in (0, -2, c.LAST_DAY + 1):
        with pytest.raises(c.ColumnsInvalid, match="column since"):
            c.FactColumns(ints([1]), ints([since]), ints([0]))
    with pytest.raises(c.ColumnsInvalid, match="column since"):
        c.FactColumns(ints([1]), ints([]), ints([0]))


def test_organisations_are_known_once_and_founded_on_a_day() -> None:
    whole = valid().organisations
    with pytest.raises(c.ColumnsInvalid, match="column id"):
        replace(whole, id=ints([1, 2, 2]))
    with pytest.raises(c.ColumnsInvalid, match="column founded"):
        replace(whole, founded=ints([0, 1, 1]))


@pytest.mark.parametrize(
    "parents", [[1, 0, -1], [0, -1, -1], [-1, 2, 1], [-1, 3, -1], [-2, -1, -1]]
)
def test_a_tree_has_its_parents_and_no_ring(parents: list[int]) -> None:
    with pytest.raises(c.ColumnsInvalid, match="column parent"):
        t.CommodityColumns(("a", "b", "c"), ints(parents), ints([0, 0, 0]))


def test_commodities_have_a_code_each_and_a_stage_that_makes() -> None:
    with pytest.raises(c.ColumnsInvalid, match="column codes"):
        t.CommodityColumns(("a", "a"), ints([-1, -1]), ints([0, 0]))
    for stage in (-1, 4):
        with pytest.raises(c.ColumnsInvalid, match="column stage"):
            t.CommodityColumns(("a",), ints([-1]), ints([stage]))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("product", ([1], [1], [-1], [-1])),
        ("product", ([1, 1], [2, 2], [-1, -1], [-1, -1])),
        ("yield_num", ([1], [2], [0], [1])),
        ("yield_den", ([1], [2], [1], [0])),
        ("yield_den", ([1], [2], [1], [-1])),
        ("yield_den", ([1], [2], [-1], [5])),
    ],
)
def test_a_transformation_is_of_two_and_its_yield_is_whole(name: str, rows: Any) -> None:
    with pytest.raises(c.ColumnsInvalid, match=f"column {name}"):
        t.TransformationColumns(*map(ints, rows))


def test_transformations_are_of_the_tree() -> None:
    for name in ("source", "product"):
        with pytest.raises(c.ColumnsInvalid, match=f"column {name}"):
            replace(
                valid(),
                transformations=replace(transformation_columns(), **{name: ints([0, 1, 99, 3])}),
            )


def test_tables_have_one_length() -> None:
    with pytest.raises(c.ColumnsInvalid, match="column districts"):
        t.CommuneTable(("1", "2"), (None,))
    with pytest.raises(c.ColumnsInvalid, match="column agricultural"):
        t.SectorTable(("a", "b"), flags([True]))


def test_nothing_is_a_graph_of_nothing() -> None:
    empty = t.GraphColumns(
        World().columns().organisations,
        World().columns().linkages,
        t.CommodityColumns((), ints([]), ints([])),
        t.TransformationColumns(ints([]), ints([]), ints([]), ints([])),
        t.SectorTable((), flags([])),
        t.CommuneTable((), ()),
    )
    assert len(graph_on(empty, FIRST, "declared")) == 0


def test_a_level_is_one_of_three() -> None:
    with pytest.raises(ValueError, match="certain"):
        graph_on(valid(), FIRST, "certain")
