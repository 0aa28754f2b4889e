"""The graph read from the tables: the figure's own sets, whatever the register holds."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.agreements.graph_columns import graph_columns
from linkage.agreements.models import Linkage
from linkage.catalogue.models import Commodity, Transformation, Unit
from linkage.coverage.inputs import read_inputs
from linkage.coverage.rule import compute
from linkage.graph import graph_on, linked_share
from linkage.registry.models import Organisation
from tests.coverage.histories import (
    DAYS,
    FIRST,
    LEVELS,
    History,
    cooperative,
    linkage,
    random_history,
    store,
    stored,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db


@given(
    r=st.randoms(use_true_random=False),
    day=st.sampled_from(DAYS),
    level=st.sampled_from(LEVELS),
    communes=st.sampled_from([None, frozenset({"11824"})]),
)
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_it_gives_the_figures_own_sets(
    r: Random, day: date, level: str, communes: frozenset[str] | None
) -> None:
    with stored(random_history(r)):
        rows, columns = read_inputs(), graph_columns()
    figures = compute(
        rows.organisations, rows.linkages, as_of=day, evidence=level, communes=communes
    )
    graph = graph_on(columns, day, level)
    for code, agricultural in (("LINK-ALL", False), ("LINK-AGRI", True)):
        share, said = linked_share(graph, agricultural=agricultural, communes=communes), figures
        assert (share.members, share.linked) == (
            said.shares[code].members,
            said.shares[code].linked,
        )


@pytest.fixture
def pair() -> list[int]:
    """A cooperative that sells to another one."""
    return store(History([cooperative(), cooperative()], [linkage(0, 1)]))


def test_an_edge_carries_what_the_contract_says(pair: list[int]) -> None:
    tree = Commodity.objects.create(code="bi", level=1, dimension="mass", stage="production")
    kilogram = Unit.objects.create(code="kg", dimension="mass", base_units=1_000)
    Linkage.objects.update(commodity=tree, quantity=5_000, unit=kilogram, ends=DAYS[-1])
    edges = graph_on(graph_columns(), FIRST, "verified").edges(data=True)
    assert list(edges) == [
        (*pair, {
            "commodity": "bi", "starts": FIRST, "ends": DAYS[-1], "level": "verified",
            "quantity": 5_000, "measure": "mass",
        })
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "edges"), [(" ", 0), ("01", 1)])
def test_what_a_member_declared_counts_with_its_number_alone(
    pair: list[int], number: str, edges: int
) -> None:
    Linkage.objects.update(
        origin="declared", contract_number=number, confirmed_on=None, verified_on=None
    )
    assert graph_on(graph_columns(), FIRST, "declared").number_of_edges() == edges


def test_a_quantity_without_a_unit_says_nothing(pair: list[int]) -> None:
    Linkage.objects.update(quantity=5_000, unit=None)
    ((_seller, _buyer, edge),) = graph_on(graph_columns(), FIRST, "verified").edges(data=True)
    assert (edge["quantity"], edge["measure"]) == (None, None)


def test_what_was_merged_is_the_survivors_and_links_nobody_with_itself(pair: list[int]) -> None:
    third, *_ = store(History([cooperative()], []))
    Linkage.objects.create(**linkage_of(third, pair[1], "02"))
    Organisation.objects.filter(pk=pair[0]).update(merged_into=third)
    graph = graph_on(graph_columns(), FIRST, "verified")
    assert set(graph) == {pair[1], third}
    assert [(seller, buyer) for seller, buyer in graph.edges()] == [(third, pair[1])] * 2
    Organisation.objects.filter(pk=pair[1]).update(merged_into=third)
    assert list(graph_on(graph_columns(), FIRST, "verified").edges()) == []


def linkage_of(seller: int, buyer: int, number: str) -> dict[str, object]:
    plain = linkage(0, 1, contract_number=number)
    return {**plain, "seller": None, "buyer": None, "seller_id": seller, "buyer_id": buyer}


def test_what_becomes_what_comes_with_its_yield(pair: list[int]) -> None:
    paddy, rice = (
        Commodity.objects.create(code=code, level=1, dimension="mass", stage=stage)
        for code, stage in (("paddy", "production"), ("rice", "first_processing"))
    )
    Transformation.objects.create(
        from_commodity=paddy, to_commodity=rice, stage="first_processing", yield_num=65,
        yield_den=100, source="-",
    )  # fmt: skip
    columns = graph_columns()
    one, codes = columns.transformations, columns.commodities.codes
    assert [codes[place] for place in (one.source[0], one.product[0])] == ["paddy", "rice"]
    assert (one.yield_num.tolist(), one.yield_den.tolist()) == ([65], [100])


@pytest.mark.parametrize("size", [3, 60])
def test_it_asks_as_much_of_any_size(django_assert_num_queries, size: int) -> None:
    store(random_history(Random(7), organisations=size, linkages=size))
    with django_assert_num_queries(10):
        graph_columns()
