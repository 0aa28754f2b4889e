"""Lines entered by hand at the REST door."""

from __future__ import annotations

from linkage.registry.models import Role
from tests.api.cases import MANUAL_VALUE
from tests.scans import named, scan

JSON = "application/json"
VALUES = "/api/v1/manual-values"


def test_a_value_is_entered_with_its_source(world, staff):
    made = staff.post(VALUES, MANUAL_VALUE, content_type=JSON)
    assert made.status_code == 201
    assert (made.json()["version"], made.json()["numerator"]) == (1, 7)
    found = staff.get(VALUES, {"indicator": "INSURANCE"}).json()["results"]
    assert [row["as_of"] for row in found] == ["2024-12-31", "2023-12-31"]
    assert found[0]["versions"][0]["source"] == "Báo cáo 1"


def test_a_correction_comes_first_and_the_first_version_stays(world, staff):
    address = f"{VALUES}/{world.manual_value.pk}/correction"
    body = {"numerator": 5, "denominator": 10, "source": "Báo cáo 2", "reason": "Nhầm"}
    assert staff.post(address, body, content_type=JSON).status_code == 201
    (found,) = staff.get(VALUES).json()["results"]
    assert [row["numerator"] for row in found["versions"]] == [5, 6]
    again = staff.post(address, body, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (412, "stale_version")


def test_a_computed_line_is_nobodys_to_enter(world, staff):
    body = {**MANUAL_VALUE, "indicator": "LINK-ALL"}
    refused = staff.post(VALUES, body, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "line_is_computed")


def test_a_value_without_source_or_above_its_whole_is_refused(world, staff):
    for changes, field in (({"source": " "}, "source"), ({"numerator": 11}, "value_invalid")):
        refused = staff.post(VALUES, {**MANUAL_VALUE, **changes}, content_type=JSON)
        assert refused.status_code == 400
        assert field in refused.content.decode()


def attach(client, value, file):
    return client.post(f"{VALUES}/{value.pk}/files", {"file": file})


def test_the_report_is_attached_listed_and_handed_out(world, staff, client_of):
    made = attach(staff, world.manual_value, scan("báo cáo", "bao-cao.pdf"))
    assert (made.status_code, made.json()["name"]) == (201, "bao-cao.pdf")
    (entry,) = staff.get(VALUES).json()["results"]
    assert entry["versions"][0]["files"] == [made.json()]
    address = f"{VALUES}/{world.manual_value.pk}/files/{made.json()['id']}"
    opened = client_of(Role.VERIFIER).get(address)
    assert b"".join(opened.streaming_content) == scan("báo cáo").getvalue()
    assert opened["Content-Disposition"].startswith("attachment")


def test_an_auditor_sees_the_digest_and_opens_nothing(world, staff, client_of):
    made = attach(staff, world.manual_value, scan()).json()
    auditor = client_of(Role.AUDITOR)
    (entry,) = auditor.get(VALUES).json()["results"]
    (file,) = entry["versions"][0]["files"]
    assert (file["sha256"], file["name"], file["size"]) == (made["sha256"], None, None)
    address = f"{VALUES}/{world.manual_value.pk}/files/{made['id']}"
    assert auditor.get(address).json()["code"] == "not_allowed"


def test_what_is_no_scan_or_is_there_already_is_refused(world, staff):
    for file, status, code in (
        (named(b"<html>", "a.pdf"), 415, "not_a_scan"),
        (named(b"", "a.pdf"), 422, "scan_empty"),
    ):
        refused = attach(staff, world.manual_value, file)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    attach(staff, world.manual_value, scan())
    again = attach(staff, world.manual_value, scan())
    assert (again.status_code, again.json()["code"]) == (409, "source_is_attached_once")
