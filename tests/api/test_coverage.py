"""The figure at the REST door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linkage.agreements.models import Linkage
from linkage.coverage import document, queries
from linkage.coverage.services import take_snapshot
from linkage.jobs.models import Job
from tests.api.conftest import DAY, NOW, make_organisation

COVERAGE = "/api/v1/coverage"


@pytest.fixture
def verified(world):
    """One of two cooperatives has a verified linkage; a second snapshot knows it."""
    make_organisation("HTX Hai")
    Linkage.objects.update(verified_on=DAY)
    return take_snapshot(as_of=DAY, now=timezone.now())


def test_everybody_reads_the_two_headline_figures_of_the_newest_snapshot(verified, client_of):
    found = client_of("anonymous").get(COVERAGE).json()
    assert found["snapshot"]["id"] == verified.pk
    assert (found["evidence"], found["counts"], found["to_be_settled"]) == ("verified", None, None)
    assert list(found["indicators"]) == ["LINK-ALL", "LINK-AGRI"]
    assert found["indicators"]["LINK-ALL"] == {
        "numerator": 1,
        "denominator": 2,
        "percent_tenths": 500,
        "target_min": {"num": 60, "den": 100},
        "target_max": {"num": 70, "den": 100},
        "missing": 1,
        "status": "below",
    }


def test_a_day_to_come_is_not_the_public_figure(world, client_of):
    take_snapshot(as_of=timezone.localdate() + timedelta(days=9), now=timezone.now())
    found = client_of("anonymous").get(COVERAGE).json()
    assert found["as_of"] == DAY.isoformat()


def test_only_an_office_asks_for_more(world, client_of):
    assert client_of("anonymous").get(COVERAGE, {"evidence": "declared"}).status_code == 401
    assert client_of("stranger").get(COVERAGE, {"evidence": "declared"}).status_code == 404


@pytest.mark.parametrize("evidence", ["verified", "confirmed", "declared"])
@pytest.mark.parametrize("territory", [None, "hai-phong-old", "hai-duong-old", "11824"])
def test_an_office_gets_the_document_of_the_command(evidence, territory, verified, staff):
    asked = {"as_of": "2025-12-31", "evidence": evidence}
    found = staff.get(COVERAGE, {**asked, **({"territory": territory} if territory else {})})
    report = queries.report(
        as_of=DAY, evidence=evidence, today=timezone.localdate(), territory=territory
    )
    wanted = document.of_report(report)
    assert {name: found.json()[name] for name in wanted} == wanted


def test_a_snapshot_is_read_as_it_was_taken(verified, staff):
    Linkage.objects.update(verified_on=None)
    found = staff.get(COVERAGE, {"as_of": "2025-12-31"}).json()
    assert found["indicators"]["LINK-ALL"]["numerator"] == 1


def test_a_day_without_a_snapshot_tells_how_to_ask_for_one(world, staff):
    response = staff.get(COVERAGE, {"as_of": "2024-12-31"})
    assert response.status_code == 404
    assert response.json()["code"] == "snapshot_missing"
    assert "POST /api/v1/coverage/jobs" in response.json()["detail"]


def test_before_the_first_snapshot_there_is_no_public_figure(client_of):
    response = client_of("anonymous").get(COVERAGE)
    assert (response.status_code, response.json()["code"]) == (404, "snapshot_missing")


def test_an_unknown_territory_is_not_valid(world, staff):
    response = staff.get(COVERAGE, {"territory": "nowhere"})
    assert (response.status_code, response.json()["code"]) == (400, "territory_unknown")


def test_a_figure_opens_to_its_organisations_and_linkages(verified, world, staff):
    found = staff.get(f"{COVERAGE}/members", {"indicator": "LINK-ALL"}).json()
    assert (found["numerator"], found["denominator"]) == (1, 2)
    rows = {row["name"]: row for row in found["results"]}
    assert rows["HTX Rau sạch Tân Trào"]["linkages"] == [world.linkage.pk]
    assert rows["HTX Rau sạch Tân Trào"]["linked"]
    assert rows["HTX Hai"] == {**rows["HTX Hai"], "linked": False, "linkages": []}


@pytest.mark.parametrize(
    ("shown", "names"),
    [("linked", ["HTX Rau sạch Tân Trào"]), ("not_linked", ["HTX Hai"])],
)
def test_its_two_parts_can_be_asked_for(shown, names, verified, staff):
    asked = {"indicator": "LINK-AGRI", "shown": shown}
    found = staff.get(f"{COVERAGE}/members", asked).json()["results"]
    assert [row["name"] for row in found] == names


def test_an_indicator_that_is_not_computed_cannot_be_opened(world, staff):
    response = staff.get(f"{COVERAGE}/members", {"indicator": "NONE"})
    assert response.status_code == 404


def test_asking_for_a_day_gives_a_job_that_waits(world, staff):
    response = staff.post(
        f"{COVERAGE}/jobs", {"as_of": "2025-06-30"}, content_type="application/json"
    )
    assert response.status_code == 202
    job = Job.objects.latest("pk")
    assert response["Location"] == f"/api/v1/jobs/{job.pk}"
    assert (job.kind, job.args, job.state) == (
        "coverage.snapshot", {"as_of": "2025-06-30"}, "waiting",
    )  # fmt: skip
    assert job.created_by_id is not None


def test_snapshots_are_listed_newest_first_and_by_day(verified, world, staff):
    take_snapshot(as_of=DAY.replace(day=1), now=NOW)
    ids = [row["id"] for row in staff.get("/api/v1/snapshots").json()["results"]]
    assert ids == sorted(ids, reverse=True)
    found = staff.get("/api/v1/snapshots", {"as_of": "2025-12-31"}).json()["results"]
    assert {row["id"] for row in found} == {verified.pk, world.snapshot.pk}
