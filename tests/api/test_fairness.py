"""Whom suggestions reach at the REST door."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linkage.jobs.models import Job
from linkage.market.models import PostKind
from linkage.suggestions.services import measure_fairness, refresh_post
from tests.api.conftest import MEMBER, make_organisation, make_post

FAIRNESS = "/api/v1/fairness"


@pytest.fixture
def report(world):
    """The co-op suits the firm and is suggested to it; another one has no partner."""
    alone = make_post(make_organisation("HTX Một Mình"), PostKind.OFFER, commodity="rau")
    refresh_post(kind=PostKind.OFFER, post_id=world.coop.offers.get().pk, now=timezone.now())
    made = measure_fairness(
        now=timezone.now(), progress=lambda done, total: None, fence=lambda: None
    )
    return made, alone.organisation


def test_the_numbers_and_what_they_open_to(report, world, staff):
    made, alone = report
    found = staff.get(FAIRNESS).json()
    assert (found["id"], found["engine"], found["preference"]) == (made.pk, "1", 2_000)
    assert (found["co_ops"], found["nobody"], found["overlooked"]) == (2, 1, 0)
    assert (found["gini_num"], found["gini_den"], found["most"], found["least"]) == (1, 2, 1, 0)
    rows = staff.get(f"{FAIRNESS}/co-ops").json()["results"]
    assert [(row["id"], row["shown"], row["has_partner"]) for row in rows] == [
        (alone.pk, 0, False), (world.coop.pk, 1, True),
    ]  # fmt: skip
    nobody = staff.get(f"{FAIRNESS}/co-ops", {"shown": "nobody", "day": str(made.day)}).json()
    assert [row["id"] for row in nobody["results"]] == [alone.pk]
    assert nobody["report"]["id"] == made.pk
    first = staff.get(f"{FAIRNESS}/co-ops", {"page_size": 1}).json()
    assert [row["id"] for row in staff.get(first["next"]).json()["results"]] == [world.coop.pk]


def test_a_day_without_a_report_says_how_to_get_one(world, staff):
    answer = staff.get(FAIRNESS, {"day": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (404, "fairness_report_missing")
    assert staff.get(f"{FAIRNESS}/co-ops", {"shown": "rivals"}).status_code == 400
    job = Job.objects.get(pk=staff.post(f"{FAIRNESS}/jobs", {}, "application/json").json()["id"])
    assert (job.kind, job.args) == ("suggestions.fairness", {})


def test_no_co_op_reads_who_else_is_shown(report, client_of):
    for who, refused in ((MEMBER, 404), ("stranger", 404), ("field_officer", 403)):
        for address in (FAIRNESS, f"{FAIRNESS}/co-ops"):
            assert client_of(who).get(address).status_code == refused
    assert client_of("anonymous").get(FAIRNESS).status_code == 401
    for who in ("auditor", "verifier"):
        assert client_of(who).get(FAIRNESS).status_code == 200
        assert client_of(who).post(f"{FAIRNESS}/jobs", {}, "application/json").status_code == 403


def test_nobody_is_introduced_before_the_day_is_measured(world, staff):
    answer = staff.post(f"{FAIRNESS}/introductions", {}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_measured_today")
