"""Programmes, indicators and targets as data at the REST door."""

from __future__ import annotations

from linkage.coverage.models import Programme, Target
from tests.api.cases import PROGRAMME, PROGRAMME_CHANGE, TARGET, TARGET_CHANGE

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


def change(client, address, body, version=1):
    headers = {"if-match": f'"{version}"'}
    return client.patch(f"/api/v1/{address}", body, content_type=JSON, headers=headers)


def test_a_programme_is_put_right_and_keeps_what_the_body_leaves_out(world, staff):
    plan = Programme.objects.get()
    before = staff.get(f"/api/v1/programmes/{plan.pk}")
    assert before["ETag"] == '"1"'
    assert [line["indicator"] for line in before.json()["targets"]] == ["LINK-ALL"]
    after = change(staff, f"programmes/{plan.pk}", PROGRAMME_CHANGE)
    assert (after.status_code, after["ETag"]) == (200, '"2"')
    assert after.json() == {**before.json(), "ends": "2026-06-30", "version": 2}
    stale = change(staff, f"programmes/{plan.pk}", PROGRAMME_CHANGE)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_a_target_is_put_right_and_keeps_what_the_body_leaves_out(world, staff):
    address = f"targets/{Target.objects.get().pk}"
    before = staff.get(f"/api/v1/{address}").json()
    after = change(staff, address, TARGET_CHANGE).json()
    said = {name: TARGET_CHANGE[name] for name in ("minimum", "source")}
    assert after == {**before, **said, "version": 2}
    assert change(staff, address, TARGET_CHANGE).status_code == 412
    body = {"maximum": None, "official": "returns", "reason": "Đổi"}
    assert change(staff, address, body, 2).json()["maximum"] is None


def test_a_change_says_why_and_what(world, staff):
    address = f"targets/{Target.objects.get().pk}"
    for body, code in (
        ({"source": "Nghị quyết 1"}, "required"),
        ({"reason": "Đổi"}, "nothing_to_change"),
        ({"reason": "Đổi", "indicator": "LINK-AGRI"}, "unknown_field"),
    ):
        refused = change(staff, address, body)
        assert refused.status_code == 400
        assert [error["code"] for error in refused.json()["errors"]] == [code]
    over = change(staff, address, {"minimum": {"num": 101, "den": 100}, "reason": "Đổi"})
    assert over.json()["code"] == "bound_invalid"
    assert Target.objects.get().version == 1
