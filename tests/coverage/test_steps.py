"""The bridge between two days: one reason for each that came or went, and sums that are exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.coverage.inputs import read_inputs
from linkage.coverage.rule import LinkageRow, OrganisationRow, compute
from linkage.coverage.steps import Bridge, bridges
from tests.coverage.histories import DAYS, LEVELS, random_history, stored
from tests.coverage.test_rule import FIRM, HTX, LINK
from tests.examples import examples

FROM, TO = date(2024, 12, 31), date(2025, 12, 31)
BETWEEN = date(2025, 6, 1)
HERE = frozenset({"11824"})


def bridge_of(
    *rows: OrganisationRow, links: tuple[LinkageRow, ...] = (), evidence: str = "declared"
) -> Bridge:
    before, after = (
        compute(rows, links, as_of=day, evidence=evidence, communes=HERE) for day in (FROM, TO)
    )
    return bridges(rows, links, before=before, after=after, communes=HERE)["LINK-AGRI"]


def named(steps: Any) -> dict[str, int]:
    return {name: step.change for name, step in steps.items() if step.change}


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"founded_on": BETWEEN}, {"founded": 1}),
        ({"statuses": ((None, "active"), (BETWEEN, "suspended"))}, {"suspended": -1}),
        ({"statuses": ((None, "active"), (BETWEEN, "stopped"))}, {"stopped": -1}),
        ({"statuses": ((None, "active"), (BETWEEN, "dissolved"))}, {"dissolved": -1}),
        ({"statuses": ((date(2020, 1, 1), "stopped"), (BETWEEN, "active"))}, {"resumed": 1}),
        ({"statuses": ((BETWEEN, "active"),)}, {"status_known": 1}),
        ({"kinds": ((None, "union"), (BETWEEN, "cooperative"))}, {"became_cooperative": 1}),
        ({"kinds": ((None, "cooperative"), (BETWEEN, "union"))}, {"ceased_cooperative": -1}),
        ({"communes": ((None, "10507"), (BETWEEN, "11824"))}, {"moved_in": 1}),
        ({"communes": ((None, "11824"), (BETWEEN, None))}, {"moved_out": -1}),
        ({"sectors": ((None, None), (BETWEEN, True))}, {"entered_sector": 1}),
        ({"sectors": ((None, True), (BETWEEN, False))}, {"left_sector": -1}),
    ],
)
def test_each_way_into_and_out_of_the_denominator_has_its_name(
    changes: dict[str, Any], step: dict[str, int]
) -> None:
    assert named(bridge_of(replace(HTX, **changes)).denominator) == step


@pytest.mark.parametrize(
    ("changes", "evidence", "step"),
    [
        ({"starts": BETWEEN}, "declared", {"linkage_started": 1}),
        ({"starts": FROM, "verified_on": BETWEEN}, "verified", {"linkage_verified": 1}),
        ({"starts": FROM, "confirmed_on": BETWEEN}, "confirmed", {"linkage_confirmed": 1}),
        ({"starts": BETWEEN, "verified_on": FROM}, "verified", {"linkage_started": 1}),
        ({"starts": FROM, "ends": BETWEEN}, "declared", {"linkage_expired": -1}),
        ({"starts": FROM, "terminated_on": BETWEEN}, "declared", {"linkage_terminated": -1}),
        (
            {"starts": FROM, "ends": BETWEEN, "terminated_on": BETWEEN + timedelta(days=9)},
            "declared",
            {"linkage_expired": -1},
        ),
    ],
)
def test_each_way_into_and_out_of_the_numerator_has_its_name(
    changes: dict[str, Any], evidence: str, step: dict[str, int]
) -> None:
    links = (replace(LINK, **changes),)
    assert named(bridge_of(HTX, FIRM, links=links, evidence=evidence).numerator) == step


def test_a_linked_cooperative_that_stops_leaves_with_its_denominator() -> None:
    stopped = replace(HTX, statuses=((None, "active"), (BETWEEN, "stopped")))
    found = bridge_of(stopped, FIRM, links=(replace(LINK, starts=FROM),))
    assert named(found.numerator) == {"left_population": -1}


def test_a_bridge_is_not_walked_backwards() -> None:
    late, early = (compute([], [], as_of=day, evidence="declared") for day in (TO, FROM))
    with pytest.raises(ValueError, match="2025"):
        bridges([], [], before=late, after=early, communes=None)


@pytest.mark.django_db
@given(
    r=st.randoms(use_true_random=False),
    days=st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted),
    level=st.sampled_from(LEVELS),
    communes=st.sampled_from([None, HERE]),
)
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_that_came_or_went_has_exactly_one_reason(
    r: Random, days: list[date], level: str, communes: frozenset[str] | None
) -> None:
    with stored(random_history(r)):
        rows = read_inputs()
    before, after = (
        compute(rows.organisations, rows.linkages, as_of=day, evidence=level, communes=communes)
        for day in days
    )
    found = bridges(
        rows.organisations, rows.linkages, before=before, after=after, communes=communes
    )
    for code, bridge in found.items():
        old, new = before.shares[code], after.shares[code]
        for steps, was, is_ in (
            (bridge.denominator, old.members, new.members),
            (bridge.numerator, old.linked, new.linked),
        ):
            entered = [id_ for step in steps.values() for id_ in step.entered]
            left = [id_ for step in steps.values() for id_ in step.left]
            assert sorted(entered) == sorted(is_ - was)
            assert sorted(left) == sorted(was - is_)
