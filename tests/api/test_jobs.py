"""Jobs at the REST door."""

from __future__ import annotations

import pytest

from linkage.jobs.models import Job
from linkage.jobs.services import submit
from tests.api.conftest import NOW

LIST = "/api/v1/jobs"


def test_a_job_says_how_far_it_is(world, staff):
    Job.objects.update(progress_done=3, progress_total=12)
    found = staff.get(f"{LIST}/{world.job.pk}").json()
    assert (found["state"], found["progress_done"], found["progress_total"]) == ("waiting", 3, 12)


def test_who_holds_a_job_is_told_to_nobody(world, staff):
    assert "lease_token" not in staff.get(f"{LIST}/{world.job.pk}").json()


def test_a_waiting_job_is_cancelled_once(world, staff):
    assert (
        staff.post(f"{LIST}/{world.job.pk}/cancel", b"", content_type="application/json").json()[
            "state"
        ]
        == "cancelled"
    )
    again = staff.post(f"{LIST}/{world.job.pk}/cancel", b"", content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "job_ended")


def test_a_cancelled_job_is_tried_again(world, staff):
    staff.post(f"{LIST}/{world.job.pk}/cancel", b"", content_type="application/json")
    response = staff.post(f"{LIST}/{world.job.pk}/retry", b"", content_type="application/json")
    assert (response.status_code, response.json()["state"]) == (202, "waiting")


def test_a_waiting_job_cannot_be_tried_again(world, staff):
    response = staff.post(f"{LIST}/{world.job.pk}/retry", b"", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (409, "job_not_retriable")


def test_an_act_takes_no_body(world, staff):
    response = staff.post(
        f"{LIST}/{world.job.pk}/cancel", {"force": True}, content_type="application/json"
    )
    assert response.json()["errors"][0]["code"] == "unknown_field"
    assert Job.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("query", "count"),
    [({}, 2), ({"kind": "coverage.series"}, 1), ({"state": "done"}, 0), ({"page_size": 1}, 1)],
)
def test_jobs_are_listed_newest_first(query, count, world, staff):
    submit(kind="coverage.series", args={}, now=NOW)
    ids = [row["id"] for row in staff.get(LIST, query).json()["results"]]
    assert len(ids) == count
    assert ids == sorted(ids, reverse=True)
