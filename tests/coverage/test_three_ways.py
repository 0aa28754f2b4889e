"""SQL, the plain rule and a graph give one figure, and each notices the others' faults."""

from __future__ import annotations

from datetime import date
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.agreements.models import COUNTING_STATES
from linkage.coverage import rule
from tests.coverage import way_graph, way_rule, way_sql
from tests.coverage.histories import DAYS, LEVELS, TERRITORIES, random_history, store, stored
from tests.coverage.mutations import MUTATIONS, mutated
from tests.examples import examples

pytestmark = pytest.mark.django_db

WAYS = {"rule": way_rule.answer, "sql": way_sql.answer, "graph": way_graph.answer}
QUESTIONS = [
    *[(day, "declared", None) for day in DAYS],
    *[(day, level, None) for day in DAYS[4:8] for level in ("verified", "confirmed")],
    (DAYS[6], "declared", "hai-phong-old"),
    (DAYS[6], "declared", "hai-duong-old"),
]


@given(
    r=st.randoms(use_true_random=False),
    day=st.sampled_from(DAYS),
    level=st.sampled_from(LEVELS),
    territory=st.sampled_from(TERRITORIES),
)
@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_three_ways_give_one_figure_on_any_history(
    r: Random, day: date, level: str, territory: str | None
) -> None:
    with stored(random_history(r)):
        answers = {name: way(day, level, territory) for name, way in WAYS.items()}
    assert answers["rule"] == answers["sql"] == answers["graph"]


@pytest.fixture
def big_register() -> None:
    store(random_history(Random(20211231), organisations=220, linkages=260))


def test_the_three_ways_agree_on_the_big_register(big_register: None) -> None:
    found = [[way(*question) for way in WAYS.values()] for question in QUESTIONS]
    assert all(one == two == three for one, two, three in found)
    assert any(one["LINK-AGRI"][1] for one, _, _ in found), "nobody is linked: it shows nothing"


@pytest.mark.parametrize(
    ("module", "text", "broken"),
    [pytest.param(*row[1:], id=f"{row[1].__name__.split('.')[-1]}: {row[0]}") for row in MUTATIONS],
)
def test_a_broken_way_is_noticed_by_the_other_two(
    big_register: None, module: Any, text: str, broken: str
) -> None:
    fault = mutated(module, text, broken)
    wrong = partial(way_rule.answer, by=fault) if module is rule else fault.answer
    right = [way for way in WAYS.values() if way.__module__ != module.__name__]
    right = right[1:] if module is rule else right
    assert any(
        wrong(*question) != right[0](*question) == right[1](*question) for question in QUESTIONS
    )


def test_the_rule_and_the_models_name_the_same_counting_states() -> None:
    assert {str(state) for state in COUNTING_STATES} == rule.COUNTING_STATES
