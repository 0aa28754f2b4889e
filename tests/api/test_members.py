"""People, codes and requests through the API: what is shown once, counted apart, and refused."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from linkage.jobs.models import IdempotentAnswer
from linkage.registry.models import CodeTries, JoinRequest, Membership, User
from tests.api.conftest import COLLEAGUE, MEMBER, PARTNER, STRANGER, issue

JSON = "application/json"
KEY = {"idempotency-key": "a-key-of-mine"}


def post(client, address, body, **headers):
    return client.post(f"/api/v1{address}", body, content_type=JSON, headers=headers)


def test_a_code_for_a_letter_is_in_the_first_answer_alone(world, staff):
    address = f"/api/v1/office/organisations/{world.coop.pk}/codes"
    body = {"role": "admin", "way": "letter"}
    first, second = (staff.post(address, body, content_type=JSON, headers=KEY) for _ in range(2))
    secret = first.json()["code"]
    assert len(secret) == 11
    assert first["Cache-Control"] == "no-store"
    assert {**first.json(), "code": None} == second.json()
    assert secret not in json.dumps(list(IdempotentAnswer.objects.values("body")))


def test_a_sent_code_is_in_no_answer(world, client_of):
    body = {"role": "member", "way": "email", "address": "moi@example.org"}
    answer = post(client_of(MEMBER), f"/organisations/{world.coop.pk}/codes", body)
    assert (answer.status_code, answer.json()["code"]) == (201, None)


def test_a_code_that_is_entered_makes_a_member(world, client_of):
    client, secret = client_of(STRANGER), issue(world.coop).secret
    answer = post(client, "/me/memberships", {"code": secret})
    assert answer.json()["organisation"] == {"id": world.coop.pk, "name": world.coop.name}
    me = client.get("/api/v1/me").json()
    assert [row["role"] for row in me["memberships"]] == ["member"]
    assert me["roles"] == []


def test_sent_again_under_its_key_it_is_one_membership(world, client_of):
    client, secret = client_of(STRANGER), issue(world.coop).secret
    answers = [
        client.post("/api/v1/me/memberships", {"code": secret}, content_type=JSON, headers=KEY)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Membership.objects.filter(user__username=STRANGER).count() == 1


def test_wrong_codes_are_counted_though_each_is_refused(world, client_of):
    client = client_of(STRANGER)
    found = [post(client, "/me/memberships", {"code": "AAAAA-AAAAA"}) for _ in range(11)]
    assert [(a.status_code, a.json()["code"]) for a in found] == [
        *[(400, "code_not_valid")] * 10, (409, "too_many_tries"),
    ]  # fmt: skip
    assert CodeTries.objects.get(user__username=STRANGER).tries == 10


def test_who_only_acts_for_it_is_told_that_another_manages_it(world, client_of):
    client = client_of(COLLEAGUE)
    assert client.get(f"/api/v1/organisations/{world.coop.pk}/memberships").status_code == 200
    for answer in (
        client.get(f"/api/v1/organisations/{world.coop.pk}/codes"),
        post(client, f"/organisations/{world.coop.pk}/codes",
             {"role": "admin", "way": "email", "address": "a@example.org"}),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_member_of_another_organisation_is_told_nothing(world, client_of):
    client = client_of(PARTNER)
    for part in ("memberships", "codes"):
        answer = client.get(f"/api/v1/organisations/{world.coop.pk}/{part}")
        assert answer.json()["code"] == "not_found"


def test_a_change_names_the_version_that_was_read(world, client_of):
    client = client_of(MEMBER)
    address = f"/api/v1/organisations/{world.coop.pk}/memberships/{world.colleague.pk}"
    body = {"role": "admin"}
    assert client.patch(address, body, content_type=JSON).status_code == 428
    stale = client.patch(address, body, content_type=JSON, headers={"if-match": '"9"'})
    assert stale.status_code == 412
    saved = client.patch(address, body, content_type=JSON, headers={"if-match": '"1"'})
    assert (saved.status_code, saved["ETag"]) == (200, '"2"')


def test_another_persons_request_is_not_there(world, client_of):
    answer = post(client_of(PARTNER), f"/me/requests/{world.request.pk}/withdraw", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_request_that_is_decided_is_not_decided_again(world, staff):
    for status in (200, 409):
        answer = post(staff, f"/join-requests/{world.request.pk}/refuse", {"reason": "vì"})
        assert answer.status_code == status


def test_a_persons_code_in_a_request_is_masked_to_staff(world, staff):
    JoinRequest.objects.create(
        user=User.objects.get(username=PARTNER), name="Hộ Lan", kind="household_business",
        tax_code="031188012345", created_at=timezone.now(),
    )  # fmt: skip
    listed = staff.get("/api/v1/join-requests").content.decode()
    assert "031188012345" not in listed


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"name": "Công ty Mới"}, "required"),
        ({"name": "Công ty Mới", "kind": "club"}, "invalid_choice"),
        ({"organisation_id": 0}, "min_value"),
        ({"name": "x", "kind": "enterprise", "state": "approved"}, "unknown_field"),
        ({"name": "Công ty\u202eMới", "kind": "enterprise"}, "hidden_character"),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_field(world, client_of, body, code):
    answer = post(client_of(STRANGER), "/me/requests", body)
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_an_organisation_is_found_with_no_more_than_its_card(world, client_of):
    found = client_of(STRANGER).get("/api/v1/findable?q=tan trao").json()["results"]
    assert [sorted(row) for row in found] == [["commune", "id", "kind", "name", "tax_code"]]
    assert client_of(STRANGER).get("/api/v1/findable?q=" + "x" * 201).status_code == 400


def test_an_inbox_is_read(world, client_of):
    client = client_of(MEMBER)
    (line,) = client.get("/api/v1/inbox?unread=true").json()["results"]
    assert line["sentence"] == f"You no longer act for {world.coop.name}."
    assert post(client, "/inbox/read", {"ids": [line["id"]]}).json() == {"read": 1}
    assert client.get("/api/v1/inbox?unread=true").json()["results"] == []
    assert client_of(PARTNER).get("/api/v1/inbox").json()["results"] == []
