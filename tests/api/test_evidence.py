"""Scans through the API: the upload rows of bad input, once, downloads, the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.agreements import services
from linkage.agreements.models import EvidenceFile
from linkage.jobs.models import Event
from linkage.registry.models import Role
from linkage.scans import HEADERS, LARGEST_SCAN
from tests.api import talks
from tests.api.conftest import MEMBER, PARTNER, make_linkage
from tests.scans import JPEG, PDF, PNG, named, scan

JSON = "application/json"


@pytest.fixture
def member(client_of, world):
    return client_of(MEMBER)


@pytest.fixture
def address(world):
    return f"/api/v1/organisations/{world.coop.pk}/linkages/{world.linkage.pk}/evidence"


@pytest.mark.parametrize("content", [PDF, JPEG, PNG])
def test_a_scan_is_attached_and_listed(member, address, content):
    made = member.post(address, {"file": named(content, "x.bin")})
    assert made.status_code == 201
    listed = member.get(address).json()
    assert (listed["waits"], [one["id"] for one in listed["scans"]]) == (True, [made.json()["id"]])


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<html><script>1</script>", 415, "not_a_scan"),
        (b"<svg/>", 415, "not_a_scan"),
        (b"MZ\x90", 415, "not_a_scan"),
        (b"GIF89a", 415, "not_a_scan"),
        (b"", 422, "scan_empty"),
        (PDF + b"\0" * LARGEST_SCAN, 413, "scan_too_large"),
    ],
    ids=["html", "svg", "exe", "gif", "empty", "large"],
)
def test_what_is_no_scan_is_refused_with_its_code(member, address, content, status, code):
    answer = member.post(address, {"file": named(content, "hop-dong.pdf")})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../x", "a%00.pdf", "a\r\nX-Evil: 1", "\u202efdp.exe", "d" * 400]
)
def test_a_name_does_no_harm(member, address, name):
    made = member.post(address, {"file": scan(name=name)})
    assert made.status_code == 201
    answer = member.get(f"{address}/{made.json()['id']}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "X-Evil" not in answer


def test_a_body_over_the_bound_is_not_read(member, address):
    answer = member.generic("POST", address, b"", "multipart/form-data; boundary=x",
                            CONTENT_LENGTH=str(10**9))  # fmt: skip
    assert answer.status_code == 413


def test_json_is_no_way_to_send_a_file(member, address):
    assert member.post(address, {"file": "x"}, content_type=JSON).status_code == 415


def test_sent_twice_with_one_key_it_is_attached_once(member, address):
    headers = {"idempotency-key": "khoa-thu-nghiem-1"}
    first = member.post(address, {"file": scan()}, headers=headers)
    again = member.post(address, {"file": scan()}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = member.post(address, {"file": scan("khác")}, headers=headers)
    assert other.status_code == 422
    assert EvidenceFile.objects.count() == 1


def test_the_same_file_under_another_key_is_there_already(member, address):
    member.post(address, {"file": scan()})
    again = member.post(address, {"file": scan()})
    assert (again.status_code, again.json()["code"]) == (409, "evidence_is_attached_once")


def test_each_reader_gets_the_file_as_a_download(world, client_of, member):
    kept = talks.scan(world)
    own = f"/api/v1/organisations/{world.coop.pk}/linkages/{kept.linkage_id}/evidence/{kept.pk}"
    office = f"/api/v1/linkages/{kept.linkage_id}/evidence/{kept.pk}"
    for client, at in ((member, own), (client_of(Role.VERIFIER), office)):
        answer = client.get(at)
        assert b"".join(answer.streaming_content).startswith(PDF)
        assert answer["Content-Disposition"].startswith("attachment")
        assert {name: answer[name] for name in HEADERS} == HEADERS
    assert Event.objects.filter(kind="evidence_read").count() == 1


def test_an_auditor_reads_the_digest_alone(world, client_of):
    kept = talks.scan(world)
    auditor = client_of(Role.AUDITOR)
    listed = auditor.get(f"/api/v1/linkages/{kept.linkage_id}/evidence").json()["scans"][0]
    assert (listed["sha256"], listed["name"], listed["size"]) == (kept.sha256, None, None)
    assert auditor.get(f"/api/v1/linkages/{kept.linkage_id}/evidence/{kept.pk}").status_code == 403


def test_the_queue_is_paged_the_oldest_first(world, client_of):
    now, ids = timezone.now(), []
    for number in range(5):
        linkage = make_linkage(world.coop, world.firm, f"HD-{number}")
        whom = {**talks.as_(world, MEMBER), "now": now - timedelta(minutes=number // 2)}
        services.attach_evidence(**whom, linkage_id=linkage.pk, file=scan(str(number)))
        ids.append(linkage.pk)
    seen, at = [], "/api/v1/verification?page_size=2"
    while at:
        page = client_of(Role.VERIFIER).get(at).json()
        seen += [row["id"] for row in page["results"]]
        at = page["next"]
    assert seen == [ids[4], ids[2], ids[3], ids[0], ids[1]]


def test_a_verifier_sends_back_and_the_side_reads_why(world, client_of, member, address):
    talks.scan(world)
    answer = client_of(Role.VERIFIER).post(
        f"/api/v1/linkages/{world.linkage.pk}/send-back", {"reason": "Thiếu trang ký"},
        content_type=JSON, headers={"if-match": '"1"'},
    )  # fmt: skip
    assert answer.status_code == 200
    listed = member.get(address).json()
    assert (listed["waits"], listed["last"]["reason"]) == (False, "Thiếu trang ký")
    assert client_of(Role.VERIFIER).get("/api/v1/verification").json()["results"] == []


def test_a_new_scan_makes_the_verifiers_version_stale(world, client_of):
    own = f"/api/v1/organisations/{world.firm.pk}/linkages/{world.linkage.pk}/evidence"
    client_of(PARTNER).post(own, {"file": scan()})
    answer = client_of(Role.VERIFIER).post(
        f"/api/v1/linkages/{world.linkage.pk}/verify", {"verified_on": "2025-02-01"},
        content_type=JSON, headers={"if-match": '"1"'},
    )  # fmt: skip
    assert answer.status_code == 412


def test_without_scan_and_paper_the_field_is_named(world, client_of):
    answer = client_of(Role.VERIFIER).post(
        f"/api/v1/linkages/{world.linkage.pk}/verify", {"verified_on": "2025-02-01"},
        content_type=JSON, headers={"if-match": '"1"'},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "paper")


def test_a_longer_queue_makes_no_more_queries(world, client_of):
    verifier, counts = client_of(Role.VERIFIER), []
    for number in range(31):
        linkage = make_linkage(world.coop, world.firm, f"HD-{number}")
        whom = talks.as_(world, MEMBER)
        services.attach_evidence(**whom, linkage_id=linkage.pk, file=scan(str(number)))
        if number in (0, 30):
            with CaptureQueriesContext(connection) as captured:
                found = verifier.get("/api/v1/verification").json()["results"]
            counts.append((len(found), len(captured)))
    assert [found for found, _ in counts] == [1, 31]
    assert counts[0][1] == counts[1][1]
