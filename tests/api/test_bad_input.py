"""Bodies and parameters that no reader could be sure of: refused, with nothing done."""

from __future__ import annotations

import json

import pytest

from linkage.coverage.models import Programme
from linkage.jobs.models import Job
from linkage.registry.models import Organisation
from tests.api.cases import PROGRAMME

JOBS = "/api/v1/coverage/jobs"
JSON = "application/json"
BODIES = {
    "empty": (b"", "invalid"),
    "spaces": (b"  ", "json_malformed"),
    "malformed": (b'{"as_of": ', "json_malformed"),
    "not UTF-8": (b'{"as_of": "\xff"}', "json_malformed"),
    "two objects": (b"{}{}", "json_malformed"),
    "array": (b"[1]", "json_not_an_object"),
    "text": (b'"a"', "json_not_an_object"),
    "null": (b"null", "json_not_an_object"),
    "deep arrays": (b'{"as_of": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "json_malformed"),
    "deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json_malformed"),
    "33 levels": (b'{"a":' * 33 + b"1" + b"}" * 33, "json_malformed"),
    "NaN": (b'{"as_of": NaN}', "json_number_out_of_range"),
    "Infinity": (b'{"as_of": -Infinity}', "json_number_out_of_range"),
    "1e400": (b'{"as_of": 1e400}', "json_number_out_of_range"),
    "5,000 digits": (b'{"as_of": ' + b"9" * 5000 + b"}", "json_number_out_of_range"),
    "duplicate key": (b'{"as_of": "2025-01-01", "as_of": "2025-01-02"}', "json_duplicate_key"),
    "NUL": (b'{"as_of": "2025\\u0000"}', "json_text_not_storable"),
    "lone surrogate": (b'{"as_of": "\\ud83d"}', "json_text_not_storable"),
    "surrogate in a key": (b'{"\\udc00": 1}', "json_text_not_storable"),
}


@pytest.mark.parametrize(("body", "code"), BODIES.values(), ids=BODIES.keys())
def test_an_uncertain_body_is_refused(body, code, staff):
    response = staff.post(JOBS, body, content_type=JSON)
    assert response.status_code == 400
    assert response.json()["code"] == code
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-30", "no_such_date"),
        ("0000-01-01", "no_such_date"),
        ("9999-01-01", "date_out_of_range"),
        ("2101-01-01", "date_out_of_range"),
        ("1944-12-31", "date_out_of_range"),
        ("31/12/2025", "no_such_date"),
        ("２０２５-12-31", "no_such_date"),
        (20251231, "no_such_date"),
        (["2025-12-31"], "no_such_date"),
        (None, "null"),
        (True, "no_such_date"),
    ],
)
def test_a_day_is_a_day_of_the_calendar_in_one_notation(day, code, staff):
    response = staff.post(JOBS, {"as_of": day}, content_type=JSON)
    assert response.status_code == 400
    assert [(e["field"], e["code"]) for e in response.json()["errors"]] == [("as_of", code)]


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\x07", "\x1b", "\U000e0041"]
)
def test_a_name_with_a_character_that_cannot_be_seen_is_refused(hidden, staff, world):
    body = {"name": f"HTX{hidden} An", "kind": "cooperative"}
    before = Organisation.objects.count()
    response = staff.post("/api/v1/organisations", body, content_type=JSON)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "hidden_character"
    assert Organisation.objects.count() == before


def test_text_is_stored_composed_and_found_decomposed(staff, world):
    decomposed = "HTX Ha\u0309i Pho\u0300ng"
    body = {"name": decomposed, "kind": "cooperative"}
    made = staff.post("/api/v1/organisations", body, content_type=JSON).json()
    assert made["name"] == "HTX Hải Phòng"
    found = staff.get("/api/v1/organisations", {"q": decomposed}).json()["results"]
    assert [row["id"] for row in found] == [made["id"]]


@pytest.mark.parametrize("field", ["status", "verified", "id", "__class__", "source.name"])
def test_a_field_that_cannot_be_written_is_refused_by_name(field, staff, world):
    response = staff.patch(
        f"/api/v1/organisations/{world.coop.pk}",
        {field: "x"},
        content_type=JSON,
        headers={"if-match": '"1"'},
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field
    assert response.json()["errors"][0]["code"] == "unknown_field"
    world.coop.refresh_from_db()
    assert world.coop.version == 1


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (-1, "min_value"),
        (10**12, "max_value"),
        (3.0, "not_a_whole_number"),
        ("3", "not_a_whole_number"),
        (True, "not_a_whole_number"),
        ([], "not_a_whole_number"),
    ],
)
def test_a_number_out_of_bounds_is_told_its_bound(members, code, staff, world):
    response = staff.patch(
        f"/api/v1/organisations/{world.coop.pk}",
        {"members": members},
        content_type=JSON,
        headers={"if-match": '"1"'},
    )
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["code"] == code
    assert {"min_value": "0", "max_value": "1000000"}.get(code, "") in error["detail"]


@pytest.mark.parametrize("quantity", [0, -5, 10**19, 1.0000001])
def test_a_quantity_that_cannot_be_is_refused(quantity, staff, world):
    response = staff.patch(
        f"/api/v1/linkages/{world.linkage.pk}",
        json.dumps({"quantity": quantity}),
        content_type=JSON,
        headers={"if-match": '"1"'},
    )
    assert response.status_code == 400


def test_a_window_that_ends_before_it_starts_is_refused(staff, world):
    body = {**PROGRAMME, "starts": "2031-01-01"}
    response = staff.post("/api/v1/programmes", body, content_type=JSON)
    assert response.status_code == 400
    assert response.json()["code"] == "programme_ends_before_it_starts"
    assert Programme.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("_connector=OR", "unknown_parameter"),
        ("owner__password__startswith=a", "unknown_parameter"),
        ("ordering=unknown", "unknown_parameter"),
        ("page=1000000000", "unknown_parameter"),
        ("format=xml", "unknown_parameter"),
        ("page_size=0", "min_value"),
        ("page_size=-1", "not_a_whole_number"),
        ("page_size=x", "not_a_whole_number"),
        ("kind=cooperative&kind=union", "repeated_parameter"),
        ("kind=none", "invalid_choice"),
        ("sector=a b", "code_invalid"),
        ("sector=a%00", "null_characters_not_allowed"),
        ("to_be_settled=1", "not_a_boolean"),
        ("q=" + "a" * 201, "max_length"),
        ("q=" + "a" * 100_000, "max_length"),
        ("q=a%00b", "hidden_character"),
        ("q=a%E2%80%AEb", "hidden_character"),
        ("cursor=x", "cursor_invalid"),
        ("cursor=WyJhIiwxXQ:1tX:zz", "cursor_invalid"),
    ],
)
def test_a_parameter_that_is_not_declared_or_not_valid_is_refused(query, code, staff):
    response = staff.get(f"/api/v1/organisations?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == code


def test_a_search_is_words_and_never_a_pattern(staff, world):
    assert staff.get("/api/v1/organisations", {"q": "%_%_%"}).json()["results"] == []
    assert staff.get("/api/v1/linkages", {"q": "%"}).json()["results"] == []
    assert len(staff.get("/api/v1/linkages", {"q": "hd-01"}).json()["results"]) == 1


def test_a_page_is_never_over_a_hundred(staff, world):
    assert staff.get("/api/v1/organisations?page_size=1000000").status_code == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "text/json"]
)
def test_another_type_of_body_is_unsupported(kind, staff):
    response = staff.post(JOBS, b"as_of=2025-12-31", content_type=kind)
    assert response.status_code == 415
    assert response.json()["code"] == "unsupported_media_type"


def test_json_where_a_form_is_taken_is_unsupported(staff):
    response = staff.post("/api/v1/imports", {"came_from": "Sở"}, content_type=JSON)
    assert response.status_code == 415


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "text/csv"])
def test_another_representation_is_not_acceptable(accept, staff):
    response = staff.get("/api/v1/jobs", headers={"accept": accept})
    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused_before_it_is_read(staff, settings):
    response = staff.post(JOBS, b"{}", content_type=JSON, headers={"content-length": "1000000000"})
    assert response.status_code == 413
    assert response.json()["code"] == "body_too_large"


def test_a_body_that_is_longer_than_it_says_is_cut_at_the_limit(staff, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = staff.post(JOBS, b'{"as_of": "' + b"x" * 2000 + b'"}', content_type=JSON)
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "abc", "1e9"])
def test_a_length_that_is_no_number_is_refused(length, staff):
    response = staff.post(JOBS, b"{}", content_type=JSON, headers={"content-length": length})
    assert response.status_code == 400


def test_a_broken_form_is_refused(staff):
    response = staff.post(
        "/api/v1/imports", b"--x\r\nbroken", content_type="multipart/form-data; boundary="
    )
    assert response.status_code == 400
