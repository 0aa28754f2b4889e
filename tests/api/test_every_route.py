"""Each method of each address: it works, by role, stranger, read-only, bad id; none escapes."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from linkage.agreements.models import Linkage
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Job
from linkage.market.models import Need, Offer
from linkage.registry.access import IN_AREA, TABLE, Capability, Relation
from linkage.registry.models import Role
from tests.api.cases import CASES
from tests.api.conftest import ANONYMOUS, DAY, MEMBER, NOW, PARTNER, STRANGER

NEVER = 999_999_999
GUARDED = [case for case in CASES if isinstance(case.may, Capability)]
PERSONAL = [case for case in CASES if isinstance(case.may, Relation)]
OF_MEMBERS = [case for case in CASES if case.may in (Relation.MEMBER, Relation.ACTING)]
OF_OFFICERS = [case for case in CASES if case.may is Relation.OFFICER]
OPEN = [case for case in CASES if case.may is None]
ADDRESSED = [case for case in CASES if case.ids.__name__ != "_nothing"]
ABSENT = {
    "type": "urn:noi-chuoi:problem:not_found",
    "title": "Not found",
    "status": 404,
    "detail": "There is nothing here.",
    "code": "not_found",
    "errors": [],
}


@pytest.fixture
def world(shared_world):
    return shared_world


def prepare(case, world):
    """Some acts need a state of their own."""
    if case.route == "job_retry":
        Job.objects.filter(pk=world.job.pk).update(state="failed", finished_at=NOW)
    if case.route == "import_undo":
        ImportBatch.objects.filter(pk=world.batch.pk).update(state="applied")
    if case.route in ("own_offer_publish", "own_need_publish"):
        Offer.objects.update(state="draft")
        Need.objects.update(state="draft")
    if case.route in ("own_offer_resume", "own_need_resume"):
        Offer.objects.update(state="paused")
        Need.objects.update(state="paused")
    if case.route == "linkage_withdraw":
        Linkage.objects.filter(pk=world.linkage.pk).update(verified_on=DAY)


def test_the_table_has_every_method_of_every_route():
    routes = {}
    for pattern in _patterns():
        view = pattern.callback.view_class
        routes |= {(pattern.name, method): view for method in view.needs}
    assert {(case.route, case.method) for case in CASES} == set(routes)
    for case in CASES:
        assert routes[case.route, case.method].needs[case.method] is case.may


def view_of(case):
    pattern = next(p for p in _patterns() if p.name == case.route)
    return pattern.callback.view_class


def _patterns():
    return get_resolver("api.urls").url_patterns[0].url_patterns


def may(case, role):
    """By the table, or in the area, which is all of this world's register."""
    if role == Role.FIELD_OFFICER and view_of(case).in_area:
        return case.may in IN_AREA
    return case.may in TABLE[role]


def role_for(case):
    """Who of the world's people may."""
    if isinstance(case.may, Relation):
        return case.who
    return next(role for role in Role if case.may is None or case.may in TABLE[role])


def answers(cases, ask):
    """What each case answered: status and, of a refusal, its code."""
    found = {}
    for case in cases:
        response = ask(case)
        refused = response.status_code >= 400
        found[str(case)] = (response.status_code, response.json()["code"] if refused else "")
    return found


@pytest.mark.parametrize(
    ("case", "role"),
    [(c, r) for c in GUARDED for r in Role if c.method != "GET" and c.may in TABLE[r]],
    ids=str,
)
def test_a_change_works_for_each_role_that_may(case, role, world, client_of):
    prepare(case, world)
    response = case.ask(client_of(role), world)
    assert response.status_code == case.status, response.content


@pytest.mark.parametrize("role", list(Role))
def test_a_read_works_for_each_role_that_may(role, world, client_of):
    client = client_of(role)
    reads = [case for case in GUARDED if case.method == "GET"]
    assert answers(reads, lambda case: case.ask(client, world)) == {
        str(case): (200, "") if may(case, role) else (403, "not_allowed") for case in reads
    }


@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_right_is_told_so_and_changes_nothing(role, world, client_of):
    client = client_of(role)
    denied = [case for case in GUARDED if not may(case, role)]
    assert denied
    assert set(answers(denied, lambda case: case.ask(client, world)).values()) == {
        (403, "not_allowed")
    }
    world.coop.refresh_from_db()
    world.linkage.refresh_from_db()
    # The plan that is asked about was made by a job, which is done.
    asked_for = Job.objects.exclude(state="done").count()
    assert (world.coop.version, world.linkage.version, asked_for) == (1, 1, 1)


@pytest.mark.parametrize("case", PERSONAL, ids=str)
def test_what_is_asked_of_no_office_works_for_its_people(case, world, client_of):
    prepare(case, world)
    response = case.ask(client_of(case.who), world)
    assert response.status_code == case.status, response.content


@pytest.mark.parametrize("who", [STRANGER, *Role])
def test_who_does_not_act_for_an_organisation_learns_nothing_of_it(who, world, client_of):
    client = client_of(who)
    for case in OF_MEMBERS:
        response = case.ask(client, world)
        assert (response.status_code, response.json()) == (404, ABSENT), case


@pytest.mark.parametrize("who", [STRANGER, MEMBER, *Role])
def test_who_is_no_field_officer_finds_none_of_an_officers_addresses(who, world, client_of):
    if who == Role.FIELD_OFFICER:
        return
    client = client_of(who)
    for case in OF_OFFICERS:
        response = case.ask(client, world)
        assert (response.status_code, response.json()) == (404, ABSENT), case


def test_an_auditor_changes_nothing_and_has_the_audit_log_verified():
    acts = [case for case in GUARDED if case.method != "GET" and case.may in TABLE["auditor"]]
    assert [case.route for case in acts] == ["audit_verification"]


def test_a_stranger_gets_the_answer_for_what_is_not_there(world, client_of):
    client = client_of(STRANGER)
    for case in GUARDED:
        response = case.ask(client, world)
        assert (response.status_code, response.json()) == (404, ABSENT), case


def test_nobody_is_asked_to_sign_in(world, client_of):
    client = client_of(ANONYMOUS)
    for case in (*GUARDED, *PERSONAL):
        response = case.ask(client, world)
        assert response.status_code == 401, case
        assert response["WWW-Authenticate"] == "Session"
        assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("who", [ANONYMOUS, STRANGER, Role.AUDITOR])
def test_what_is_open_answers_everybody_alike(who, world, client_of):
    client, staff = client_of(who), client_of(Role.CITY_STAFF)
    for case in OPEN:
        response = case.ask(client, world)
        assert response.status_code == 200, case
        assert response.content == case.ask(staff, world).content


def test_a_bad_id_gets_the_same_404_as_a_stranger(world, client_of):
    clients = {who: client_of(who) for who in (*Role, MEMBER, PARTNER, STRANGER)}
    for case in ADDRESSED:
        for name in case.ids(world):
            response = case.ask(clients[role_for(case)], world, **{name: NEVER})
            assert (response.status_code, response.json()) == (404, ABSENT), case


@pytest.mark.parametrize("bad", ["0", "-1", "1e3", "abc", "9" * 400, "1%00", "%F0%9F%90%9F"])
def test_what_cannot_be_an_id_is_no_address(bad, staff):
    response = staff.get(f"/api/v1/organisations/{bad}")
    assert response.status_code == 404
    assert response.json() == ABSENT


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
def test_an_address_that_is_none_is_absent_by_any_method(method, client_of):
    response = getattr(client_of(ANONYMOUS), method)("/api/v1/nothing/here")
    assert response.status_code == 404
    assert response.json() == ABSENT


def test_other_methods_are_refused_by_name(world, client_of):
    client = client_of(Role.ADMINISTRATOR)
    for case in CASES:
        response = client.put(case.address(world))
        assert response.status_code == 405, case
        assert case.method in response["Allow"]
        assert response["Content-Type"] == "application/problem+json"
        assert client.options(case.address(world)).status_code == 405


def test_an_unknown_parameter_is_refused_everywhere(world, client_of):
    clients = {who: client_of(who) for who in (*Role, MEMBER, PARTNER, STRANGER)}
    for case in CASES:
        address = case.address(world) + ("&" if case.query else "?") + "owner__password=a"
        response = getattr(clients[role_for(case)], case.method.lower())(address)
        assert response.status_code == 400, case
        assert response.json()["errors"][0]["code"] == "unknown_parameter"
