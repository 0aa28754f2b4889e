"""Idempotency-Key: what creates something is carried out once a key, account and route."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from linkage.errors import Conflict
from linkage.jobs.models import IdempotentAnswer
from linkage.jobs.services import answered_once, forget_answers
from linkage.registry.models import Organisation, Role
from tests.api.conftest import NOW

LIST = "/api/v1/organisations"
JSON = "application/json"
KEY = {"idempotency-key": "a-key-of-mine"}
BODY = {"name": "HTX Mới", "kind": "cooperative"}


def create(client, body=BODY, headers=KEY):
    return client.post(LIST, body, content_type=JSON, headers=headers)


def made():
    return Organisation.objects.filter(name=BODY["name"]).count()


def test_sent_twice_it_is_done_once_and_answered_alike(world, staff):
    first, second = create(staff), create(staff)
    assert (first.status_code, second.status_code, made()) == (201, 201, 1)
    assert json.loads(first.content) == json.loads(second.content)
    assert first["ETag"] == second["ETag"]
    assert second["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(world, staff):
    create(staff)
    response = create(staff, {**BODY, "name": "HTX Khác"})
    assert (response.status_code, response.json()["code"]) == (
        422, "idempotency_key_used_otherwise",
    )  # fmt: skip
    assert not Organisation.objects.filter(name="HTX Khác").exists()


@pytest.mark.parametrize("key", ["", "short", "x" * 101, "có dấu cách"])
def test_a_missing_or_unusable_key_is_refused(world, staff, key):
    response = create(staff, headers={"idempotency-key": key.encode().decode("latin-1")})
    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")
    assert made() == 0


def test_a_key_belongs_to_one_account(world, staff, client_of):
    create(staff)
    other = create(client_of(Role.ADMINISTRATOR), {**BODY, "name": "HTX Khác"})
    assert other.status_code == 201


def test_what_was_refused_can_be_sent_again_mended(world, staff):
    assert create(staff, {**BODY, "kind": "club"}).status_code == 400
    assert create(staff).status_code == 201


def test_an_effect_that_fails_leaves_no_answer(db):
    def fail():
        raise Conflict

    asked = {"user_id": 1, "route": "r", "key": "k", "body_sha256": "0", "now": NOW}
    with pytest.raises(Conflict):
        answered_once(**asked, act=fail)
    assert not IdempotentAnswer.objects.exists()


def test_old_answers_are_forgotten(world, staff):
    create(staff)
    kept = IdempotentAnswer.objects.get()
    assert forget_answers(now=kept.created_at + timedelta(days=1)) == 0
    assert forget_answers(now=kept.created_at + timedelta(days=1, seconds=1)) == 1
