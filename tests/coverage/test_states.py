"""Linkages in every state the model allows, all dated in force: which of them move the figure."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from linkage.agreements.models import COUNTING_STATES, Origin, State
from linkage.coverage import rule
from tests.coverage import way_graph, way_rule, way_sql
from tests.coverage.histories import DAYS, History, cooperative, linkage, store
from tests.coverage.mutations import MUTATIONS, mutated

pytestmark = pytest.mark.django_db

PAIRS = [(state, origin) for state in State.values for origin in Origin.values]
DAY = DAYS[5]


@pytest.fixture
def by_state() -> dict[int, str]:
    """A cooperative for each state and origin, with one confirmed linkage in force on every day."""
    firm = cooperative(kinds=[(None, "enterprise")])
    rows = [
        linkage(
            place,
            len(PAIRS),
            state=state,
            origin=origin,
            terminated_on=date(2030, 1, 1) if state == State.TERMINATED else None,
            verified_on=DAYS[0] if state in COUNTING_STATES else None,
        )
        for place, (state, origin) in enumerate(PAIRS)
    ]
    ids = store(History([*(cooperative() for _ in PAIRS), firm], rows))
    return {id_: state for id_, (state, _) in zip(ids, PAIRS, strict=False)}


def linked(way: Any, level: str) -> set[int]:
    members: set[int] = way(DAY, level, None)["LINK-ALL"][1]
    return members


@pytest.mark.parametrize("way", [way_rule, way_sql, way_graph])
@pytest.mark.parametrize("level", rule.EVIDENCE)
def test_only_agreed_in_force_ended_and_terminated_ones_count(
    by_state: dict[int, str], way: Any, level: str
) -> None:
    expected = {id_ for id_, state in by_state.items() if state in COUNTING_STATES}
    assert linked(way.answer, level) == expected


@pytest.mark.parametrize(
    ("module", "text", "broken"),
    [
        pytest.param(*row[1:], id=row[1].__name__)
        for row in MUTATIONS
        if row[0] == "state filter dropped"
    ],
)
def test_without_the_state_filter_all_of_them_would(
    by_state: dict[int, str], module: Any, text: str, broken: str
) -> None:
    fault = mutated(module, text, broken)
    way = partial(way_rule.answer, by=fault) if module is rule else fault.answer
    assert linked(way, "declared") == set(by_state)
