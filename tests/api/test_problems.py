"""A refusal: its shape, its language, its headers, and what it never tells."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from api.problems import handle
from linkage import errors
from linkage.registry.access import Actor
from tests.statuses import STATUSES

VIETNAMESE = {"accept-language": "vi"}


@pytest.mark.parametrize(("error", "status"), STATUSES)
def test_each_meaning_has_its_status(error, status, db):
    response = handle(error(), {})
    assert response.status_code == status
    assert response.data["code"] == error.code
    assert response.data["status"] == status


def test_an_unforeseen_error_is_left_to_the_server(db):
    assert handle(ZeroDivisionError(), {}) is None


def test_whoever_holds_no_office_cannot_tell_forbidden_from_absent(db):
    class View:
        actor = Actor(1, frozenset())

    forbidden = handle(errors.NotAllowed(), {"view": View})
    absent = handle(errors.NotFound(), {"view": View})
    assert forbidden.data == absent.data
    assert forbidden.status_code == absent.status_code == 404


def test_a_problem_has_all_its_members(staff):
    response = staff.post("/api/v1/coverage/jobs", {}, content_type="application/json")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:noi-chuoi:problem:invalid",
        "title": "Not valid",
        "status": 400,
        "detail": "The request is not valid; each wrong field is listed.",
        "code": "invalid",
        "errors": [{"field": "as_of", "code": "required", "detail": "This field is required."}],
    }


def test_each_wrong_field_is_one_entry_with_its_path(staff, world):
    body = {
        "programme": "",
        "indicator": 3,
        "comparison": "none",
        "minimum": {"num": -1, "den": 0, "rest": 1},
        "maximum": {"num": -1, "den": 1},
        "from_date": "x",
    }
    response = staff.post("/api/v1/targets", body, content_type="application/json")
    assert {(error["field"], error["code"]) for error in response.json()["errors"]} == {
        ("programme", "blank"),
        ("indicator", "not_text"),
        ("comparison", "invalid_choice"),
        ("minimum.rest", "unknown_field"),
        ("maximum.num", "min_value"),
        ("from_date", "no_such_date"),
        ("source", "required"),
    }


def test_words_follow_the_readers_language_and_codes_do_not(staff):
    english = staff.get("/api/v1/jobs/99").json()
    vietnamese = staff.get("/api/v1/jobs/99", headers=VIETNAMESE).json()
    assert vietnamese["code"] == english["code"] == "not_found"
    assert staff.get("/api/v1/jobs/99", headers=VIETNAMESE)["Content-Language"] == "vi"


def test_a_change_without_the_csrf_token_is_refused(client_of):
    signed_in = client_of("city_staff")
    assert Session.objects.count() == 1
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.cookies = signed_in.cookies
    response = client.post(
        "/api/v1/coverage/jobs", {"as_of": "2025-12-31"}, content_type="application/json"
    )
    assert response.status_code == 403
    assert response.json()["code"] == "csrf_failed"


def test_an_account_that_is_switched_off_is_nobody(client_of, django_user_model):
    client = client_of("city_staff")
    django_user_model.objects.update(is_active=False)
    assert client.get("/api/v1/jobs").status_code == 401


def test_nobody_may_ask_without_end_whatever_address_they_claim(client_of):
    client = client_of("anonymous")
    statuses = {
        client.get("/api/v1/units", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
        for n in range(121)
    }
    assert statuses == {200, 429}
    refused = client.get("/api/v1/units")
    assert int(refused["Retry-After"]) > 0
    assert refused.json()["code"] == "throttled"
