"""What happened to an organisation in law, at the REST door."""

from __future__ import annotations

import pytest

from linkage.jobs.models import Event
from linkage.registry.models import Organisation, Role
from tests.api.cases import EVENTS
from tests.api.conftest import PERSONAL_CODE

JSON = "application/json"


def record(client, organisation, act, said, version=1):
    address = f"/api/v1/organisations/{organisation.pk}/events/{act.replace('_', '-')}"
    headers = {"if-match": f'"{version}"'}
    return client.post(address, said, content_type=JSON, headers=headers)


def listed(client, organisation):
    return client.get(f"/api/v1/organisations/{organisation.pk}/events").json()["results"]


def test_a_new_name_holds_and_the_old_one_is_kept(world, staff):
    made = record(staff, world.coop, "new_name", EVENTS["new_name"])
    assert (made.status_code, made.json()["name"]) == (201, "HTX Tân Trào Mới")
    assert made["ETag"] == '"2"'
    (event,) = listed(staff, world.coop)
    assert (event["kind"], event["on"], event["source"]) == (
        "new_name", "2025-05-01", "Quyết định 7",
    )  # fmt: skip
    assert (event["before"], event["after"]) == (world.coop.name, "HTX Tân Trào Mới")


def test_out_of_a_split_comes_another_one_which_is_the_answer(world, staff):
    made = record(staff, world.coop, "split", EVENTS["split"])
    assert (made.status_code, made.json()["name"]) == (201, "HTX Tách Ra")
    new = Organisation.objects.get(name="HTX Tách Ra")
    assert (made.json()["id"], made.json()["founded_on"]) == (new.pk, "2025-05-01")
    for seen_from in (world.coop, new):
        (event,) = listed(staff, seen_from)
        assert (event["organisation"]["id"], event["other"]["id"]) == (world.coop.pk, new.pk)


def test_who_came_out_of_a_split_may_be_one_of_the_register(world, staff):
    split = {key: value for key, value in EVENTS["split"].items() if key != "name"}
    made = record(staff, world.coop, "split", {**split, "into_id": world.firm.pk})
    assert (made.status_code, made.json()["id"]) == (201, world.firm.pk)
    assert listed(staff, world.firm)[0]["organisation"]["id"] == world.coop.pk


def test_a_new_one_of_a_known_name_is_asked_about(world, staff):
    said = {**EVENTS["split"], "name": world.coop.name}
    asked = record(staff, world.coop, "split", said)
    assert (asked.status_code, asked.json()["code"]) == (409, "organisation_alike")
    assert asked.json()["organisations"] == [world.coop.pk]
    assert record(staff, world.coop, "split", {**said, "is_another": True}).status_code == 201


def test_a_merger_dissolves_the_one_and_names_the_other(world, staff):
    made = record(staff, world.coop, "merger", EVENTS["merger"](world))
    assert made.json()["status"] == "dissolved"
    assert listed(staff, world.firm)[0]["organisation"]["id"] == world.coop.pk


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        ("new_name", {"on": "2099-01-01"}, "day_not_come"),
        ("new_name", {"source": "  "}, "blank"),
        ("new_tax_code", {"tax_code": "0205198368"}, "nothing_new"),
        ("move", {"commune_code": "99999"}, "value_unknown"),
        ("split", {"into_id": 1}, "unknown_field"),
        ("split", {"name": None}, "null"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(world, staff, act, said, code):
    refused = record(staff, world.coop, act, {**EVENTS[act], **said})
    assert 400 <= refused.status_code < 500
    found = [error["code"] for error in refused.json()["errors"]]
    assert code in (refused.json()["code"], *found), refused.content
    assert listed(staff, world.coop) == []


def test_of_two_who_record_from_one_version_the_second_is_told(world, staff):
    record(staff, world.coop, "new_name", EVENTS["new_name"])
    late = record(staff, world.coop, "move", EVENTS["move"])
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")


def test_a_persons_code_is_masked_for_staff_and_its_reading_noted(world, client_of, staff):
    said = {**EVENTS["new_tax_code"], "tax_code": "031085000131"}
    assert record(staff, world.firm, "new_tax_code", said).status_code == 201
    (event,) = listed(staff, world.firm)
    assert PERSONAL_CODE not in str(event) and "031085000131" not in str(event)
    reads = Event.objects.filter(subject_kind="reading", subject_id=f"organisation:{world.firm.pk}")
    before = reads.count()
    (event,) = listed(client_of(Role.VERIFIER), world.firm)
    assert (event["before"], event["after"]) == (PERSONAL_CODE, "031085000131")
    assert reads.count() == before + 1


def test_a_wrong_one_is_withdrawn_with_its_reason(world, staff):
    record(staff, world.coop, "new_name", EVENTS["new_name"])
    (event,) = listed(staff, world.coop)
    address = f"/api/v1/organisations/{world.coop.pk}/events/{event['id']}/withdraw"
    seen = {"if-match": '"2"'}
    blank = staff.post(address, {"reason": " "}, content_type=JSON, headers=seen)
    assert blank.status_code == 400
    back = staff.post(address, {"reason": "Nhầm"}, content_type=JSON, headers=seen)
    assert (back.status_code, back.json()["name"], back["ETag"]) == (200, world.coop.name, '"3"')
    assert listed(staff, world.coop) == []
