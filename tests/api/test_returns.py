"""Yearly returns at the REST door: filed by the co-op or the office, decided by another officer."""

from __future__ import annotations

import pytest

from linkage.coverage.models import YearReturn
from linkage.registry.models import Role
from tests.api.cases import RETURN
from tests.api.conftest import COLLEAGUE, MEMBER, PARTNER

JSON = "application/json"


def own(world):
    return f"/api/v1/organisations/{world.coop.pk}/returns"


def send(client, address, body, version=None, method="post"):
    headers = {"if-match": f'"{version}"'} if version else {}
    return getattr(client, method)(address, body, content_type=JSON, headers=headers)


def test_a_draft_is_kept_changed_and_sent(world, client_of):
    client = client_of(MEMBER)
    draft = send(client, own(world), {**RETURN, "send": False})
    assert (draft.status_code, draft["ETag"], draft.json()["state"]) == (201, '"1"', "draft")
    body = {"facts": {"workers": 20, "profit_vnd": -5_000_000, "rating": "fair"}, "send": True}
    sent = send(client, f"{own(world)}/2024", body, 1, "patch").json()
    assert (sent["state"], sent["version"]) == ("sent", 2)
    # What the body leaves out is not answered any more.
    said = {name: value for name, value in sent["facts"].items() if value not in (None, "")}
    assert said == body["facts"]
    read = client.get(f"{own(world)}/2024")
    assert (read.json(), read["ETag"]) == (sent, '"2"')


def test_its_people_see_which_years_are_open_and_what_was_filed(world, client_of):
    send(client_of(MEMBER), own(world), RETURN)
    found = client_of(COLLEAGUE).get(own(world)).json()["results"]
    filed = {row["year"]: row["filed"] for row in found}
    assert filed[2024]["facts"]["insured"] == 3
    assert None in filed.values()


def test_a_return_of_a_year_is_filed_once_and_sent_again_under_its_key(world, client_of):
    client, headers = client_of(MEMBER), {"idempotency-key": "to-khai-2024"}
    first = client.post(own(world), RETURN, content_type=JSON, headers=headers)
    again = client.post(own(world), RETURN, content_type=JSON, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert send(client, own(world), RETURN).json()["code"] == "stale_version"
    assert YearReturn.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**RETURN, "facts": {"workers": 1, "insured": 2}}, "insured"),
        ({**RETURN, "facts": {"workers": -1}}, "facts.workers"),
        ({**RETURN, "facts": {"land": "yes"}}, "facts.land"),
        ({**RETURN, "facts": {"state": "accepted"}}, "facts.state"),
        ({**RETURN, "facts": {"income_vnd": -1}}, "income_vnd"),
        ({**RETURN, "year": 0}, "year"),
        ({"year": 2024, "facts": {}}, "send"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(world, client_of, body, field):
    refused = send(client_of(MEMBER), own(world), body)
    assert refused.status_code == 400, refused.content
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert not YearReturn.objects.exists()


def test_a_change_names_the_version_that_it_is_made_from(world, client_of):
    client = client_of(MEMBER)
    send(client, own(world), {**RETURN, "send": False})
    body = {"facts": RETURN["facts"], "send": False}
    assert send(client, f"{own(world)}/2024", body, method="patch").status_code == 428
    assert send(client, f"{own(world)}/2024", body, 7, "patch").status_code == 412
    assert send(client, f"{own(world)}/2023", body, 1, "patch").status_code == 404


def test_another_organisations_people_find_nothing(world, client_of):
    send(client_of(MEMBER), own(world), RETURN)
    theirs = client_of(PARTNER)
    assert theirs.get(own(world)).status_code == 404
    assert theirs.get(f"{own(world)}/2024").status_code == 404
    assert send(theirs, own(world), RETURN).status_code == 404


def test_the_office_finds_what_was_sent_and_accepts_it(world, client_of, staff):
    send(client_of(MEMBER), own(world), RETURN)
    (row,) = staff.get("/api/v1/returns?state=sent&year=2024").json()["results"]
    assert row["organisation"] == {"id": world.coop.pk, "name": world.coop.name}
    address = f"/api/v1/returns/{row['id']}"
    assert staff.get(address).json() == row
    taken = send(staff, f"{address}/accept", {}, row["version"])
    assert (taken.json()["state"], taken["ETag"]) == ("accepted", '"2"')
    back = send(staff, f"{address}/send-back", {"reason": "Thiếu số"}, 2).json()
    assert (back["state"], back["reason"], back["version"]) == ("sent_back", "Thiếu số", 3)
    assert staff.get("/api/v1/returns?state=sent").json()["results"] == []


def test_a_draft_is_in_no_list_of_the_office(world, client_of, staff):
    made = send(client_of(MEMBER), own(world), {**RETURN, "send": False}).json()
    assert staff.get("/api/v1/returns").json()["results"] == []
    assert staff.get(f"/api/v1/returns/{made['id']}").status_code == 404


def test_whoever_filed_it_for_a_cooperative_does_not_accept_it(world, client_of, staff):
    office = f"/api/v1/office/organisations/{world.coop.pk}/returns"
    made = send(staff, office, RETURN).json()
    address = f"/api/v1/returns/{made['id']}/accept"
    refused = send(staff, address, {}, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "accepted_by_who_filed")
    other = client_of(Role.ADMINISTRATOR)
    assert send(other, address, {}, 1).json()["state"] == "accepted"
    reads = staff.get(f"{office}/2024").json()
    assert reads["state"] == "accepted"
