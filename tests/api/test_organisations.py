"""Organisations at the REST door: lists, the card, changes by version."""

from __future__ import annotations

import pytest

from linkage.registry.models import Role
from tests.api.conftest import PERSONAL_CODE, make_organisation

LIST = "/api/v1/organisations"
JSON = "application/json"


def send(client, address, body, version='"1"', method="post"):
    headers = {"if-match": version} if version else {}
    return getattr(client, method)(address, body, content_type=JSON, headers=headers)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"kind": "cooperative"}, ["HTX Rau sạch Tân Trào"]),
        ({"kind": "household_business"}, ["Hộ kinh doanh Mẫu"]),
        ({"status": "dissolved"}, []),
        ({"sector": "trong-trot", "q": "tan trao"}, ["HTX Rau sạch Tân Trào"]),
        ({"q": "TÂN"}, ["HTX Rau sạch Tân Trào"]),
        ({"q": "0205198368"}, ["HTX Rau sạch Tân Trào"]),
        ({"q": PERSONAL_CODE}, []),
        ({"commune": "11824", "to_be_settled": "false"}, 2),
        ({"to_be_settled": "true"}, 0),
        ({"commune": "00000"}, 0),
    ],
)
def test_a_list_is_narrowed_by_what_is_declared(query, names, world, staff):
    found = [row["name"] for row in staff.get(LIST, query).json()["results"]]
    assert (len(found) if isinstance(names, int) else found) == names


def test_the_card_has_dated_facts_and_linkages(world, staff):
    response = staff.get(f"{LIST}/{world.coop.pk}")
    card = response.json()
    assert response["ETag"] == '"1"'
    assert {fact["field"]: fact["since"] for fact in card["facts"]} == dict.fromkeys(
        ("status", "kind", "sector", "commune")
    )
    assert [row["id"] for row in card["linkages"]] == [world.linkage.pk]
    assert card["linkages"][0]["buyer"]["name"] == "Hộ kinh doanh Mẫu"
    assert (card["status"], card["kind"], card["to_be_settled"]) == ("active", "cooperative", False)


@pytest.mark.parametrize(
    ("role", "contacts"),
    [(Role.CITY_STAFF, True), (Role.VERIFIER, True), (Role.AUDITOR, False)],
)
def test_contacts_are_for_those_who_may_see_them(role, contacts, world, client_of):
    card = client_of(role).get(f"{LIST}/{world.coop.pk}").json()
    seen = None if card["contacts"] is None else card["contacts"][0]["phone"]
    assert seen == ("+84912345678" if contacts else None)


@pytest.mark.parametrize(
    ("role", "seen"), [(Role.CITY_STAFF, False), (Role.VERIFIER, True), (Role.AUDITOR, False)]
)
def test_a_persons_tax_code_is_masked_in_list_and_card(role, seen, world, client_of):
    client = client_of(role)
    pages = [client.get(LIST), client.get(f"{LIST}/{world.firm.pk}")]
    assert [PERSONAL_CODE in page.content.decode() for page in pages] == [seen, seen]


def test_a_change_without_a_version_asks_for_one(world, staff):
    response = send(staff, f"{LIST}/{world.coop.pk}", {"members": 1}, None, "patch")
    assert (response.status_code, response.json()["code"]) == (428, "version_required")


@pytest.mark.parametrize("version", ['"7"', 'W/"1"', '"1", "2"', "1", '"x"', '"99999999999"'])
def test_a_change_from_another_version_is_stale(version, world, staff):
    response = send(staff, f"{LIST}/{world.coop.pk}", {"members": 1}, version, "patch")
    assert (response.status_code, response.json()["code"]) == (412, "stale_version")
    world.coop.refresh_from_db()
    assert world.coop.members is None


def test_of_two_changes_from_one_version_the_second_is_stale(world, staff):
    first = send(staff, f"{LIST}/{world.coop.pk}", {"members": 1}, '"1"', "patch")
    assert (first.status_code, first["ETag"]) == (200, '"2"')
    assert first.json()["members"] == 1
    assert send(staff, f"{LIST}/{world.coop.pk}", {"members": 2}, '"1"', "patch").status_code == 412
    assert send(staff, f"{LIST}/{world.coop.pk}", {"members": 2}, '"2"', "patch").status_code == 200


def test_a_change_of_nothing_is_refused(world, staff):
    response = send(staff, f"{LIST}/{world.coop.pk}", {}, '"1"', "patch")
    assert response.json()["errors"][0]["code"] == "nothing_to_change"


def test_a_status_is_dated(world, staff):
    body = {"status": "dissolved", "since": "2025-05-01"}
    card = send(staff, f"{LIST}/{world.coop.pk}/status", body).json()
    assert card["status"] == "dissolved"
    assert {"field": "status", "since": "2025-05-01", "value": "dissolved", "as_written": ""} in (
        card["facts"]
    )


def test_an_end_on_an_unknown_day_is_to_be_settled_until_it_is(world, staff):
    body = {"status": "stopped", "since": None}
    card = send(staff, f"{LIST}/{world.coop.pk}/status", body).json()
    assert card["to_settle"] == ["end_day_missing"]
    settled = send(staff, f"{LIST}/{world.coop.pk}/settle", {"ended_on": "2025-05-01"}, '"2"')
    assert settled.json()["to_settle"] == []


def test_the_day_of_a_change_has_to_be_said(world, staff):
    response = send(staff, f"{LIST}/{world.coop.pk}/kind", {"kind": "union"})
    assert response.json()["errors"][0] == {
        "field": "since",
        "code": "required",
        "detail": "This field is required.",
    }


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("sector", {"sector_code": "none", "since": None}),
        ("commune", {"commune_code": "99999", "since": None}),
    ],
)
def test_a_code_that_names_nothing_is_refused_at_its_field(act, body, world, staff):
    response = send(staff, f"{LIST}/{world.coop.pk}/{act}", body)
    assert response.status_code == 400
    assert response.json()["errors"][0] == {
        **response.json()["errors"][0],
        "field": act,
        "code": "value_unknown",
    }


def test_a_tax_code_is_used_once(world, staff):
    body = {"name": "HTX Khác", "kind": "cooperative", "tax_code": "0205198368"}
    response = staff.post(LIST, body, content_type=JSON)
    assert response.status_code == 409


def test_a_tax_code_that_cannot_be_is_refused(world, staff):
    body = {"name": "HTX Khác", "kind": "cooperative", "tax_code": "0205198369"}
    response = staff.post(LIST, body, content_type=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "tax_code_invalid")


def test_pages_follow_each_other_without_gap_or_repetition(world, staff):
    for number in range(7):
        make_organisation(f"HTX Cùng tên {number % 2}")
    seen, address = [], f"{LIST}?page_size=2"
    while address:
        page = staff.get(address).json()
        assert len(page["results"]) <= 2
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    whole = [row["id"] for row in staff.get(LIST).json()["results"]]
    assert seen == whole
    assert len(set(whole)) == 9


def test_a_cursor_belongs_to_its_list(world, staff):
    for number in range(3):
        make_organisation(f"HTX {number}")
    cursor = staff.get(f"{LIST}?page_size=1").json()["next"].split("cursor=")[1].split("&")[0]
    response = staff.get(f"/api/v1/linkages?cursor={cursor}")
    assert response.json()["errors"][0]["code"] == "cursor_invalid"


def test_a_twin_is_a_conflict_that_names_the_first(world, staff):
    body = {"name": "HTX Nhấn Đúp", "kind": "cooperative"}
    first = send(staff, LIST, body, version=None).json()["id"]
    refusal = send(staff, LIST, body, version=None)
    problem = refusal.json()
    assert (refusal.status_code, problem["code"]) == (409, "organisation_alike")
    assert problem["organisations"] == [first]
    assert send(staff, LIST, {**body, "is_another": True}, version=None).status_code == 201
