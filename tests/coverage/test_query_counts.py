"""How many queries a figure takes does not grow with the register."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from linkage.coverage import queries
from linkage.coverage.inputs import read_inputs
from linkage.coverage.services import take_snapshot
from linkage.coverage.snapshots import recompute
from tests.coverage.histories import random_history, store

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 7)
NOW = datetime(2023, 1, 8, tzinfo=UTC)


@pytest.fixture(params=[10, 1000])
def rows(request: pytest.FixtureRequest, programme: object) -> int:
    size: int = request.param
    store(random_history(Random(size), organisations=size, linkages=size))
    return size


def test_reading_takes_six_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        assert read_inputs().organisations


def test_a_figure_takes_twelve_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(12):
        queries.figures(as_of=DAY, evidence="verified", territory="hai-phong-old")


def test_a_figure_as_known_then_takes_six_queries(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    snapshot = take_snapshot(as_of=DAY, now=NOW)
    with django_assert_num_queries(6):
        queries.figures(as_of=DAY, evidence="verified", known_at=NOW)
    with django_assert_num_queries(6):
        assert recompute(snapshot_id=snapshot.pk).ok


def test_a_snapshot_is_written_in_chunks(
    rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(32):
        take_snapshot(as_of=DAY, now=NOW)
