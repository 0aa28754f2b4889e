"""A program with a key does what its owner may at that moment, as far as its scopes go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from api.access import ROWS
from linkage.jobs.models import Event
from linkage.registry import services
from linkage.registry.access import actor_of
from linkage.registry.models import ApiToken, Membership, RoleGrant, User
from linkage.registry.token_scopes import GROUPS, OPEN, SCOPES, SHUT
from tests.api.conftest import MEMBER, STRANGER

TODAY = timezone.localdate()


@pytest.fixture
def make(world):
    """Makes a key of MEMBER for the cooperative, or as told, and gives a client that sends it."""

    def call(scopes=("market:read",), who=MEMBER, ends=None, **standing):
        user = User.objects.get(username=who)
        standing = standing or {"organisation_id": world.coop.pk}
        made = services.make_token(
            actor=actor_of(user, on=TODAY), name="Phần mềm", scopes=scopes,
            ends=ends or TODAY + timedelta(days=30), now=timezone.now(), **standing,
        )  # fmt: skip
        client = Client(
            enforce_csrf_checks=True, headers={"authorization": f"Bearer {made.secret}"}
        )
        return client, made.token

    return call


def own(world, what="offers"):
    return f"/api/v1/organisations/{world.coop.pk}/{what}"


def refused(response):
    body = response.json()
    return response.status_code, body["code"], response["WWW-Authenticate"]


INVALID = 401, "token_invalid", 'Bearer realm="api", error="invalid_token"'


def test_a_key_reads_what_its_scope_names_and_asks_for_no_csrf_token(make, world):
    client, token = make(["market:read", "market:write"])
    assert client.get(own(world)).status_code == 200
    offer = world.coop.offers.get()
    headers = {"if-match": f'"{offer.version}"', "idempotency-key": "một-khoá-1".encode().hex()}
    paused = client.post(
        f"{own(world)}/{offer.pk}/pause", {}, content_type="application/json", headers=headers
    )
    assert paused.status_code == 200, paused.content
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize(
    ("scopes", "method", "what"),
    [
        (["market:read"], "post", "offers"),
        (["market:read"], "get", "linkages"),
        (["linkages:read", "linkages:write"], "get", "offers"),
        (["figures:read", "register:read", "linkages:read"], "get", "own-chain"),
        (["register:write"], "get", "returns"),
    ],
)
def test_a_key_does_nothing_beside_its_scopes(make, world, scopes, method, what):
    client, _ = make(scopes)
    response = getattr(client, method)(own(world, what))
    assert (response.status_code, response.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("address", ["me", "inbox", "me/tokens", "me/memberships", "findable?q=ab"])
def test_what_is_the_persons_own_is_shut_to_keys(make, address):
    client, _ = make(SCOPES)
    assert client.get(f"/api/v1/{address}").json()["code"] == "scope_missing"


def test_every_address_of_the_api_is_in_one_scope_or_in_none_on_purpose():
    of = [*GROUPS.values(), SHUT]
    for resource in {row.resource for row in ROWS.values()} - OPEN:
        assert sum(resource in things for things in of) == 1, resource


def test_chains_and_yearly_returns_are_read_with_their_scopes(make, world):
    client, _ = make(["chains:read", "returns:read"])
    for what in ("own-chain", "returns"):
        assert client.get(own(world, what)).status_code == 200, what


@pytest.mark.parametrize(
    ("scope", "answer"),
    [("linkages:write", (403, "scope_missing")), ("verification:write", (404, "not_found"))],
)
def test_a_key_for_linkages_moves_no_official_figure(make, scope, answer):
    """Whoever steals it can enter and correct; what is verified has a scope of its own."""
    member = User.objects.get(username=MEMBER)
    RoleGrant.objects.create(user=member, role="verifier", starts=date(2020, 1, 1))
    client, _ = make([scope], role="verifier")
    said = {"verified_on": TODAY.isoformat(), "paper": "1"}
    there = client.post(
        "/api/v1/linkages/999999/verify", said, content_type="application/json",
        headers={"if-match": '"1"', "idempotency-key": "verify-1"},
    )  # fmt: skip
    assert (there.status_code, there.json()["code"]) == answer


def test_a_key_makes_no_key_and_no_member(make, world):
    client, _ = make(SCOPES)
    for address in ("/api/v1/me/tokens", own(world, "codes"), own(world, "leave")):
        answer = client.post(address, {}, content_type="application/json")
        assert answer.json()["code"] == "scope_missing", address


def test_a_key_is_for_one_organisation_alone(make, world):
    member = User.objects.get(username=MEMBER)
    Membership.objects.create(
        user=member, organisation=world.firm, role="member", starts=date(2020, 1, 1)
    )
    client, _ = make(["market:read"])
    other = client.get(f"/api/v1/organisations/{world.firm.pk}/offers")
    assert (other.status_code, other.json()["code"]) == (404, "not_found")


def test_a_key_for_an_organisation_has_no_office(make, world):
    member = User.objects.get(username=MEMBER)
    RoleGrant.objects.create(user=member, role="city_staff", starts=date(2020, 1, 1))
    client, _ = make(["register:read"])
    assert client.get("/api/v1/organisations").status_code == 404
    office, _ = make(["register:read"], role="city_staff")
    assert office.get("/api/v1/organisations").status_code == 200
    assert office.get(own(world, "memberships")).status_code == 403


def test_what_its_owner_lost_the_key_lost(make, world):
    client, _ = make()
    Membership.objects.filter(user__username=MEMBER).update(ends=TODAY - timedelta(days=1))
    assert client.get(own(world)).status_code == 404


def test_a_key_of_an_office_ends_with_the_office(make, world):
    member = User.objects.get(username=MEMBER)
    grant = RoleGrant.objects.create(user=member, role="auditor", starts=date(2020, 1, 1))
    client, _ = make(["figures:read"], role="auditor")
    assert client.get("/api/v1/programmes").status_code == 200
    grant.delete()
    assert client.get("/api/v1/programmes").status_code == 404


def test_a_key_follows_a_merged_organisation(make, world):
    client, _ = make()
    kept = world.firm
    world.coop.merged_into = kept
    world.coop.save()
    assert client.get(f"/api/v1/organisations/{kept.pk}/offers").status_code == 200


def test_a_bad_an_ended_and_a_revoked_key_and_one_of_a_shut_account_answer_alike(make, world):
    client, token = make()
    assert client.get(own(world)).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(ends=TODAY - timedelta(days=1))
    ended = client.get(own(world))
    ApiToken.objects.filter(pk=token.pk).update(ends=TODAY, revoked_at=timezone.now())
    revoked = client.get(own(world))
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=None)
    User.objects.filter(username=MEMBER).update(is_active=False)
    shut = client.get(own(world))
    bad = Client(headers={"authorization": "Bearer noichuoi_nothing"}).get(own(world))
    for response in (ended, revoked, shut, bad):
        assert refused(response) == INVALID
        assert response.content == bad.content


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Basic YTpi", "Bearer " + "x" * 300])
def test_a_header_that_is_no_key_is_refused(db, header):
    response = Client(headers={"authorization": header}).get("/api/v1/units")
    assert refused(response) == INVALID


def test_a_key_counts_and_not_the_cookie_beside_it(make, client_of, world):
    signed_in = client_of(MEMBER)
    response = signed_in.get(own(world), headers={"authorization": "Bearer noichuoi_nothing"})
    assert refused(response) == INVALID


def test_a_key_is_good_on_its_last_day(make, world):
    client, _ = make(ends=TODAY)
    assert client.get(own(world)).status_code == 200


def test_a_key_is_throttled_by_itself(make, world, monkeypatch):
    rates = {"anon": "2/min", "token": "3/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    client, _ = make()
    other, _ = make()
    assert [client.get(own(world)).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert other.get(own(world)).status_code == 200


def test_guesses_are_throttled(world, monkeypatch):
    cache.clear()
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "token": "9/min"})
    guess = Client(headers={"authorization": "Bearer noichuoi_guess"})
    assert [guess.get(own(world)).status_code for _ in range(3)] == [401, 401, 429]


def test_it_is_made_by_the_api_and_shown_once(client_of, world):
    client = client_of(MEMBER)
    body = {
        "name": "Kho", "scopes": ["market:read"], "organisation_id": world.coop.pk,
        "ends": TODAY.isoformat(),
    }  # fmt: skip
    sent = {"content_type": "application/json", "headers": {"idempotency-key": "khoa-cua-toi"}}
    made = client.post("/api/v1/me/tokens", body, **sent).json()
    assert made["secret"].startswith("noichuoi_")
    assert client.post("/api/v1/me/tokens", body, **sent).json()["secret"] is None
    listed = client.get("/api/v1/me/tokens")
    assert made["secret"] not in listed.content.decode()
    assert [row["name"] for row in listed.json()["results"]] == ["Kho"]
    kept = ApiToken.objects.get()
    assert made["secret"] not in (kept.digest, repr(kept.__dict__))
    assert client_of(STRANGER).get("/api/v1/me/tokens").json()["results"] == []
    theirs = client_of(STRANGER).post(
        f"/api/v1/me/tokens/{kept.pk}/revoke", {}, content_type="application/json"
    )
    assert theirs.status_code == 404
    revoke = f"/api/v1/me/tokens/{kept.pk}/revoke"
    assert client.post(revoke, {}, content_type="application/json").json()["revoked_at"]
    again = client.post(revoke, {}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "token_over")
    kinds = Event.objects.filter(subject_kind="account").values_list("kind", flat=True)
    assert list(kinds) == ["token_made", "token_revoked"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"organisation_id": None}, 400, "invalid"),
        ({"role": "auditor"}, 400, "value_unknown"),
        ({"scopes": []}, 400, "scopes_missing"),
        ({"scopes": ["people:write"]}, 400, "invalid"),
        ({"ends": "2099-01-01"}, 400, "token_end_invalid"),
        ({"ends": (TODAY - timedelta(days=1)).isoformat()}, 400, "token_end_invalid"),
    ],
)
def test_what_a_key_cannot_be(client_of, world, changed, status, code):
    body = {
        "name": "Kho", "scopes": ["market:read"], "organisation_id": world.coop.pk,
        "ends": TODAY.isoformat(), **changed,
    }  # fmt: skip
    answer = client_of(MEMBER).post("/api/v1/me/tokens", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_key_for_others(client_of, world):
    body = {"name": "Kho", "scopes": ["market:read"], "ends": TODAY.isoformat()}
    for standing in ({"organisation_id": world.firm.pk}, {"role": "auditor"}):
        answer = client_of(MEMBER).post(
            "/api/v1/me/tokens", {**body, **standing}, content_type="application/json"
        )
        assert answer.status_code == 404


def test_no_more_than_twenty_keys_are_in_use(make, client_of, world):
    for _ in range(services.tokens.MOST_TOKENS):
        make()
    with pytest.raises(services.tokens.TooManyTokens):
        make()


def test_no_resource_is_in_two_groups():
    grouped = [resource for things in GROUPS.values() for resource in things]
    assert len(grouped) == len(set(grouped))
