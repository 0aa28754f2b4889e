"""A field officer's key for programs: its area and its consents, as far as its scopes go."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from api.views import officers
from linkage.agreements import services as agreements
from linkage.agreements.models import Linkage
from linkage.agreements.services.parties import ActedForOtherSide
from linkage.agreements.services.verifying import VerifiedByParty
from linkage.jobs.models import Event
from linkage.market.models import Offer
from linkage.registry import services
from linkage.registry.access import NotConsented, actor_of, narrowed
from linkage.registry.models import Membership, OfficerAct, Role, RoleGrant
from linkage.registry.token_scopes import SCOPES
from tests.market import town
from tests.officers import field


@pytest.fixture
def today():
    return localdate()


def let(user, organisation, today, **changes):
    return field.consent(
        user, organisation, now=timezone.now(), given_on=today,
        until=today + timedelta(days=60), **changes,
    )  # fmt: skip


@pytest.fixture
def key(user, today):
    """A client with a key of the officer's office."""

    def make(*scopes, role="field_officer"):
        made = services.make_token(
            actor=actor_of(user, on=today), name="Máy", scopes=scopes, role=role,
            ends=today + timedelta(days=9), now=timezone.now(),
        )  # fmt: skip
        return Client(headers={"authorization": f"Bearer {made.secret}"})

    return make


def address(name, *args):
    return reverse(f"api:{name}", args=args)


def send(client, there, body):
    headers = {"idempotency-key": uuid.uuid4().hex}
    return client.post(there, body, content_type="application/json", headers=headers)


def offer(today):
    return {
        "commodity": "garlic", "quantity": 3, "unit": "tan", "starts": today.isoformat(),
        "ends": (today + timedelta(days=20)).isoformat(), "publish": True,
    }  # fmt: skip


def status(response):
    body = response.json()
    return response.status_code, body.get("code") if response.status_code >= 400 else ""


def test_it_reads_its_area_alone_and_each_look_is_noted(key, user, coop, elsewhere):
    client = key("register:read")
    shown = client.get(address("organisations")).json()["results"]
    assert [one["id"] for one in shown] == [coop.pk]
    assert client.get(address("organisation", coop.pk)).status_code == 200
    assert status(client.get(address("organisation", elsewhere.pk))) == (404, "not_found")
    looks = Event.objects.filter(kind="read", actor_id=user.pk)
    assert [look.data["page"] for look in looks.order_by("pk")] == [
        "api:organisations",
        "api:organisation",
    ]


def test_the_list_of_whom_to_ring_goes_on_at_its_next_page(key, coop, firm, today, monkeypatch):
    monkeypatch.setattr(officers, "LARGEST_PAGE", 1)
    second = town.organisation("HTX Tỏi Hai", product="garlic")
    town.post(firm, town.NEED, starts=today, ends=today + timedelta(days=30))
    client, shown, there = key("calls:read"), [], address("calls")
    while there:
        body = client.get(there).json()
        assert body["count"] == 2
        shown += [one["organisation_id"] for one in body["results"]]
        there = body["next"]
    assert sorted(shown) == sorted([coop.pk, second.pk])
    assert status(client.get(f"{address('calls')}?page=0")) == (400, "invalid")
    assert client.get(f"{address('calls')}?page=9").json()["results"] == []


def test_whom_to_ring_needs_its_own_scope(key, coop):
    assert status(key("register:read").get(address("calls"))) == (403, "scope_missing")
    client = key("calls:read")
    assert client.get(address("call", coop.pk)).status_code == 200
    said = {"outcome": "no_answer"}
    assert status(send(client, address("call", coop.pk), said)) == (403, "scope_missing")
    assert send(key("calls:write"), address("call", coop.pk), said).status_code == 201


def test_it_acts_for_whom_lets_the_officer_as_far_as_scopes_and_consent_go(key, user, coop, today):
    there = address("own_offers", coop.pk)
    assert status(send(key(*SCOPES), there, offer(today))) == (404, "not_found")
    let(user, coop, today, deeds=["posts"])
    assert status(send(key("market:read"), there, offer(today))) == (403, "scope_missing")
    made = send(key("market:write"), there, offer(today))
    assert made.status_code == 201, made.json()
    assert Offer.objects.get().created_by_id == user.pk
    assert OfficerAct.objects.get().consent.officer_id == user.pk
    assert Event.objects.get(kind="post_published").data["on_behalf"] == coop.pk


def test_a_consent_for_something_else_is_not_enough(key, user, coop, today):
    let(user, coop, today, deeds=["papers"])
    refused = send(key(*SCOPES), address("own_offers", coop.pk), offer(today))
    assert status(refused) == (409, NotConsented.code)


def test_no_key_records_or_ends_a_consent(key, user, coop, today):
    held = let(user, coop, today)
    client = key(*SCOPES)
    for there in (
        address("call_consents", coop.pk),
        address("call_consent_withdraw", coop.pk, held.pk),
    ):
        assert status(send(client, there, {})) == (403, "scope_missing")


def test_a_key_of_another_office_or_organisation_has_no_area(key, user, coop, today):
    RoleGrant.objects.create(user=user, role="auditor", starts=date(2020, 1, 1))
    let(user, coop, today)
    client = key(*SCOPES, role="auditor")
    assert status(client.get(address("calls"))) == (404, "not_found")
    assert status(client.get(address("own_offers", coop.pk))) == (404, "not_found")


def test_with_the_office_and_with_the_consent_ends_what_the_key_opens(key, user, coop, today):
    held = let(user, coop, today)
    client, there = key("market:read", "calls:read"), address("own_offers", coop.pk)
    assert client.get(there).status_code == 200
    services.withdraw_consent(
        actor=field.acting(user, on=today), organisation_id=coop.pk, consent_id=held.pk,
        now=timezone.now(),
    )  # fmt: skip
    assert client.get(there).status_code == 404
    RoleGrant.objects.filter(user=user).update(ends=today - timedelta(days=1))
    assert client.get(address("calls")).status_code == 404


@pytest.fixture
def contract(coop, firm):
    return Linkage.objects.create(
        seller=coop, buyer=firm, contract_number="1", starts=date(2026, 1, 1), state="in_force",
        origin="register",
    )  # fmt: skip


def test_who_is_of_one_side_speaks_for_the_other_by_no_key(user, coop, firm, contract, today):
    """A key of the office leaves the membership out, which makes its owner no stranger to it."""
    Membership.objects.create(user=user, organisation=firm, role="member", starts=date(2020, 1, 1))
    let(user, coop, today)
    actor = narrowed(actor_of(user, on=today), organisation_id=None, role="field_officer")
    assert actor.stands_in_for(coop.pk)
    with pytest.raises(ActedForOtherSide):
        agreements.enter_delivery(
            actor=actor, organisation_id=coop.pk, linkage_id=contract.pk, on=today, quantity=1,
            unit="tan", now=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize("near", ["member", "area"])
def test_a_verifiers_key_judges_nothing_that_is_near_to_its_owner(
    user, coop, firm, contract, today, near
):
    RoleGrant.objects.create(user=user, role="verifier", starts=date(2020, 1, 1))
    if near == "member":
        RoleGrant.objects.filter(user=user, role="field_officer").delete()
        Membership.objects.create(
            user=user, organisation=firm, role="member", starts=date(2020, 1, 1)
        )
    actor = narrowed(actor_of(user, on=today), organisation_id=None, role="verifier")
    assert (actor.roles, actor.memberships, actor.area) == ({Role.VERIFIER}, {}, frozenset())
    with pytest.raises(VerifiedByParty):
        agreements.verify_linkage(
            actor=actor, linkage_id=contract.pk, version=contract.version, verified_on=today,
            paper="Tủ 1", now=timezone.now(),
        )  # fmt: skip
