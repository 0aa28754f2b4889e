"""Talks, deliveries and contracts on paper at the REST door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linkage.agreements.models import Linkage, TermsVersion
from linkage.catalogue.models import Unit
from linkage.registry.models import Organisation
from tests.api import talks
from tests.api.conftest import MEMBER, PARTNER

JSON = "application/json"


def address(of, linkage, act=""):
    return f"/api/v1/organisations/{of.pk}/linkages/{linkage.pk}{act}"


def send(client, there, body=None, version=1, **headers):
    headers = {"if-match": f'"{version}"', **headers}
    return client.post(there, body or {}, content_type=JSON, headers=headers)


def errors(response):
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def test_a_talk_shows_what_was_said_and_what_may_follow(world, client_of):
    talk = talks.talk(world)
    found = client_of(MEMBER).get(address(world.coop, talk)).json()
    assert (found["side"], found["linkage"]["state"]) == ("seller", "proposed")
    assert found["acts"] == ["accept", "answer", "decline", "propose", "share_contact"]
    assert [message["text"] for message in found["messages"]] == ["Còn hàng không?"]
    (terms,) = found["terms"]
    assert (terms["quantity"], terms["unit"], terms["price"]) == ("1", "kg", "6000")
    assert found["contacts"] is None


def test_the_whole_way_by_api(world, client_of):
    seller, buyer = client_of(MEMBER), client_of(PARTNER)
    posts = {"offer_id": talks.offer(world).pk, "need_id": talks.need(world).pk}
    asked = send(buyer, f"/api/v1/organisations/{world.firm.pk}/talks", {**posts, "text": "Còn?"})
    assert (asked.status_code, asked["ETag"]) == (201, '"1"')
    linkage = Linkage.objects.get(origin="platform")
    send(seller, address(world.coop, linkage, "/messages"), {"text": "Còn"})
    offered = send(buyer, address(world.firm, linkage, "/terms"), talks.proposal())
    assert (offered.status_code, offered["ETag"]) == (201, '"2"')
    countered = send(
        seller, address(world.coop, linkage, "/terms"), talks.proposal(price=7000), version=2
    )
    assert countered["ETag"] == '"3"'
    agreed = send(buyer, address(world.firm, linkage, "/accept"), version=3)
    assert agreed.json()["linkage"]["state"] == "agreed"
    assert agreed.json()["contacts"] == [{"name": "Người Đại Diện", "phone": "+84912345678"}]
    today = timezone.localdate().isoformat()
    said = {"on": today, "quantity": "0.5", "unit": "kg"}
    entered = send(seller, address(world.coop, linkage, "/deliveries"), said).json()
    assert entered["quantity"] == 500
    confirm = address(world.firm, linkage, f"/deliveries/{entered['id']}/confirm")
    assert send(buyer, confirm).json()["state"] == "confirmed"


def test_what_was_delivered_is_entered_for_thirty_days_after_the_end(world, client_of):
    linkage, client = talks.agreed(world), client_of(MEMBER)
    there, today = address(world.coop, linkage), timezone.localdate()
    seen = []
    for days in (1, 30, 31):
        starts, ends = today - timedelta(days=90), today - timedelta(days=days)
        Linkage.objects.filter(pk=linkage.pk).update(state="ended", starts=starts, ends=ends)
        acts = client.get(there).json()["acts"]
        said = {"on": ends.isoformat(), "quantity": "0.5", "unit": "kg"}
        answered = send(client, f"{there}/deliveries", said)
        seen.append((acts, answered.status_code, answered.json().get("code")))
    offered = (["deliver"], 201, None)
    assert seen == [offered, offered, ([], 409, "delivery_too_late")]


@pytest.mark.parametrize(
    ("said", "changed", "answer"),
    [
        ({"quantity": "99"}, {}, (409, "more_than_is_left")),
        ({"quantity": "99", "sure": True}, {}, (201, None)),
        ({"quantity": "999999", "sure": True}, {}, (400, "far_more_than_agreed")),
        ({"quantity": "1"}, {"state": "terminated", "terminated_on": True}, (409, "never_began")),
    ],
)
def test_what_can_hardly_have_been_delivered_is_asked_or_refused(
    said, changed, answer, world, client_of
):
    linkage, today = talks.agreed(world), timezone.localdate()
    if "terminated_on" in changed:
        changed["terminated_on"] = today
    Linkage.objects.filter(pk=linkage.pk).update(starts=today, quantity=50_000, **changed)
    there = address(world.coop, linkage, "/deliveries")
    sent = send(client_of(MEMBER), there, {"on": today.isoformat(), "unit": "kg", **said})
    body = sent.json()
    code = body.get("code") or next((one["code"] for one in body.get("errors", ())), None)
    assert (sent.status_code, code) == answer


def test_of_two_sides_that_became_one_the_talk_says_why_nothing_comes_of_it(world, client_of):
    linkage = talks.talk(world)
    there = address(world.coop, linkage)
    assert client_of(MEMBER).get(there).json()["hindrance"] is None
    Organisation.objects.filter(pk=world.firm.pk).update(merged_into=world.coop)
    assert client_of(MEMBER).get(there).json()["hindrance"] == "one_organisation_on_both_sides"


def test_a_side_terminates_nothing_that_ended_by_itself(world, client_of):
    linkage, client = talks.agreed(world), client_of(PARTNER)
    there, today = address(world.firm, linkage), timezone.localdate()
    assert "terminate" in client.get(there).json()["acts"]
    starts, ends = today - timedelta(days=9), today - timedelta(days=1)
    Linkage.objects.filter(pk=linkage.pk).update(state="in_force", starts=starts, ends=ends)
    assert "terminate" not in client.get(there).json()["acts"]
    refused = send(client, f"{there}/terminate", {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (400, "terminated_after_end")
    linkage.refresh_from_db()
    assert (linkage.state, linkage.terminated_on) == ("in_force", None)


def test_a_price_has_a_unit_of_its_own(world, client_of):
    for code, dimension, base in (("tan", "mass", 1_000_000), ("qua", "count", 1)):
        values = {"dimension": dimension, "base_units": base, "name_vi": code, "name_en": code}
        Unit.objects.get_or_create(code=code, defaults=values)
    there = address(world.coop, talks.talk(world), "/terms")
    given = talks.proposal(quantity="0.001", unit="tan", price=8500)
    refused = send(client_of(MEMBER), there, {**given, "price_unit": "qua"})
    assert errors(refused) == {"price_unit": "unit_not_of_commodity"}
    answered = send(client_of(MEMBER), there, {**given, "price_unit": "kg"})
    assert answered.json()["terms"][-1]["price"] == "8500000"
    assert TermsVersion.objects.last().price == 8_500_000


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"price_unit": "stone"}, "price_unit", "value_unknown"),
        ({"quantity": 0}, "quantity", "amount_out_of_range"),
        ({"quantity": -1}, "quantity", "amount_out_of_range"),
        ({"quantity": 10**12}, "quantity", "amount_out_of_range"),
        ({"quantity": "0.0000001"}, "quantity", "amount_out_of_range"),
        ({"quantity": "0.0001", "unit": "kg"}, "quantity", "quantity_not_exact"),
        ({"quantity": "1,5"}, "quantity", "not_an_amount"),
        ({"quantity": True}, "quantity", "not_an_amount"),
        ({"price": 0}, "price", "min_value"),
        ({"price": 1.5}, "price", "not_a_whole_number"),
        ({"starts": "2026-02-30"}, "starts", "no_such_date"),
        ({"ends": "9999-01-01"}, "ends", "date_out_of_range"),
        ({"ends": "2020-01-01"}, "ends", "window_inverted"),
        ({"starts": "2019-01-01", "ends": "2020-01-01"}, "ends", "window_is_over"),
        ({"unit": "stone"}, "unit", "value_unknown"),
        ({"note": "a\u202eb"}, "note", "hidden_character"),
        ({"state": "agreed"}, "state", "unknown_field"),
        ({"payment_days": 366}, "payment_days", "max_value"),
    ],
    ids=str,
)
def test_terms_that_cannot_be_are_refused_by_field(world, client_of, changed, field, code):
    talk = talks.talk(world)
    response = send(
        client_of(MEMBER), address(world.coop, talk, "/terms"), talks.proposal(**changed)
    )
    assert response.status_code == 400
    assert errors(response) == {field: code}
    assert TermsVersion.objects.count() == 1


def test_a_proposal_sent_twice_is_one_version(world, client_of):
    talk, client = talks.talk(world), client_of(MEMBER)
    there, key = address(world.coop, talk, "/terms"), {"idempotency-key": "one-proposal"}
    first, second = (send(client, there, talks.proposal(), **key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert TermsVersion.objects.count() == 2


def test_without_a_version_428_and_with_a_stale_one_412(world, client_of):
    talk, client = talks.talk(world), client_of(MEMBER)
    there = address(world.coop, talk, "/accept")
    assert client.post(there, {}, content_type=JSON).status_code == 428
    assert send(client, there, version=7).status_code == 412


def test_an_act_that_does_not_fit_the_state_is_409(world, client_of):
    talk, client = talks.talk(world), client_of(PARTNER)
    refused = send(client, address(world.firm, talk, "/accept"))
    assert (refused.status_code, refused.json()["code"]) == (409, "own_proposal")
    refused = send(client, address(world.firm, talk, "/terminate"), {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_in_that_state")


def test_the_other_sides_post_that_is_not_published_is_not_there(world, client_of):
    offer, need = talks.offer(world), talks.need(world)
    offer.state = "paused"
    offer.save()
    body = {"offer_id": offer.pk, "need_id": need.pk, "text": "?"}
    hidden = send(client_of(PARTNER), f"/api/v1/organisations/{world.firm.pk}/talks", body)
    absent = send(
        client_of(PARTNER),
        f"/api/v1/organisations/{world.firm.pk}/talks",
        {**body, "offer_id": 999_999},
    )
    assert (hidden.status_code, hidden.json()) == (404, absent.json())
