"""Programmes, indicators and targets as data at the REST door."""

from __future__ import annotations

from linkage.coverage.models import Target
from tests.api.cases import PROGRAMME, TARGET

JSON = "application/json"


def test_the_next_programme_is_added_as_data(world, staff):
    made = staff.post("/api/v1/programmes", PROGRAMME, content_type=JSON)
    assert made.status_code == 201
    assert {**made.json(), **PROGRAMME} == made.json()
    listed = staff.get("/api/v1/programmes").json()["results"]
    assert [row["code"] for row in listed] == ["215/KH-UBND", "KH-2026-2030"]


def test_a_programme_is_added_once(world, staff):
    staff.post("/api/v1/programmes", PROGRAMME, content_type=JSON)
    again = staff.post("/api/v1/programmes", PROGRAMME, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "programme_known")


def test_a_programme_has_a_territory_that_exists(world, staff):
    body = {**PROGRAMME, "territory": "nowhere"}
    response = staff.post("/api/v1/programmes", body, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "territory_unknown")


def test_indicators_come_in_order_with_their_targets(world, staff):
    found = staff.get("/api/v1/indicators").json()["results"]
    assert [row["code"] for row in found] == ["LINK-ALL", "LINK-AGRI", "INSURANCE"]
    target = found[0]["targets"][0]
    assert target["minimum"] == {"num": 60, "den": 100}
    assert target["maximum"] == {"num": 70, "den": 100}
    assert target["source"] == "I.2"


def test_a_target_is_set_with_its_source(world, staff):
    response = staff.post("/api/v1/targets", TARGET, content_type=JSON)
    assert response.status_code == 201
    assert {**response.json(), **TARGET, "maximum": None} == response.json()
    assert Target.objects.count() == 2


def test_a_days_target_is_set_once(world, staff):
    staff.post("/api/v1/targets", TARGET, content_type=JSON)
    again = staff.post("/api/v1/targets", TARGET, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "target_known")


def test_a_share_over_the_whole_is_refused(world, staff):
    body = {**TARGET, "minimum": {"num": 101, "den": 100}}
    response = staff.post("/api/v1/targets", body, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "bound_invalid")


def test_a_target_of_no_programme_is_refused(world, staff):
    response = staff.post("/api/v1/targets", {**TARGET, "programme": "x"}, content_type=JSON)
    assert response.status_code == 404
