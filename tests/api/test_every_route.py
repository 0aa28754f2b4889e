"""Each method of each address: it works, by role, stranger, read-only, bad id; none escapes."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from linkage.agreements.models import Linkage
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Job
from linkage.registry.access import TABLE
from linkage.registry.models import Role
from tests.api.cases import CASES
from tests.api.conftest import ANONYMOUS, DAY, NOW, STRANGER

NEVER = 999_999_999
GUARDED = [case for case in CASES if case.may is not None]
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


def prepare(case, world):
    """Some acts need a state of their own."""
    if case.route == "job_retry":
        Job.objects.filter(pk=world.job.pk).update(state="failed", finished_at=NOW)
    if case.route == "import_undo":
        ImportBatch.objects.filter(pk=world.batch.pk).update(state="applied")
    if case.route == "linkage_withdraw":
        Linkage.objects.filter(pk=world.linkage.pk).update(verified_on=DAY)


def test_the_table_has_every_method_of_every_route():
    routes = {}
    for pattern in get_resolver("api.urls").url_patterns[0].url_patterns:
        view = pattern.callback.view_class
        routes |= {(pattern.name, method): view for method in view.needs}
    assert {(case.route, case.method) for case in CASES} == set(routes)
    for case in CASES:
        assert routes[case.route, case.method].needs[case.method] is case.may


@pytest.mark.parametrize(("case", "role"), [(c, r) for c in GUARDED for r in Role], ids=str)
def test_it_works_for_the_roles_that_may_and_for_no_other(case, role, world, client_of):
    prepare(case, world)
    response = case.ask(client_of(role), world)
    if case.may in TABLE[role]:
        assert response.status_code == case.status, response.content
    else:
        assert response.status_code == 403
        assert response.json()["code"] == "not_allowed"


@pytest.mark.parametrize("case", GUARDED, ids=str)
def test_a_stranger_gets_the_answer_for_what_is_not_there(case, world, client_of):
    response = case.ask(client_of(STRANGER), world)
    assert response.status_code == 404
    assert response.json() == ABSENT


@pytest.mark.parametrize("case", GUARDED, ids=str)
def test_nobody_is_asked_to_sign_in(case, world, client_of):
    response = case.ask(client_of(ANONYMOUS), world)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Session"
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("case", OPEN, ids=str)
@pytest.mark.parametrize("who", [ANONYMOUS, STRANGER, Role.AUDITOR])
def test_what_is_open_answers_everybody_alike(case, who, world, client_of):
    response = case.ask(client_of(who), world)
    assert response.status_code == 200
    assert response.content == case.ask(client_of(Role.CITY_STAFF), world).content


@pytest.mark.parametrize("case", ADDRESSED, ids=str)
def test_a_bad_id_gets_the_same_404_as_a_stranger(case, world, client_of):
    role = next(role for role in Role if case.may in TABLE[role])
    for name in case.ids(world):
        response = case.ask(client_of(role), world, **{name: NEVER})
        assert response.status_code == 404
        assert response.json() == ABSENT


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


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_role_that_only_reads_changes_nothing_anywhere(case, world, client_of):
    response = case.ask(client_of(Role.AUDITOR), world)
    assert response.status_code == (200 if case.method == "GET" else 403)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_other_methods_are_refused_by_name(case, world, client_of):
    response = client_of(Role.ADMINISTRATOR).put(case.address(world))
    assert response.status_code == 405
    assert case.method in response["Allow"]
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_unknown_parameter_is_refused(case, world, client_of):
    role = next(role for role in Role if case.may is None or case.may in TABLE[role])
    mark = "&" if case.query else "?"
    address = case.address(world) + mark + "owner__password__startswith=a"
    response = getattr(client_of(role), case.method.lower())(address)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "unknown_parameter"
