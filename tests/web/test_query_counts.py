"""A query count is a promise: a golden file a page, and no growth with the number of rows.

UPDATE_QUERY_COUNTS=1 rewrites the file; the change is then seen in review.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.coverage.models import Snapshot
from linkage.intake.models import ImportBatch
from linkage.jobs.services import submit
from linkage.notices.models import Kind
from linkage.notices.services import News, tell_organisation
from linkage.registry.models import (
    AccessCode,
    JoinRequest,
    Membership,
    Organisation,
    Role,
    User,
)
from tests.web import register

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).with_name("query_counts.json")


def _batch() -> ImportBatch:
    return ImportBatch.objects.create(
        file_name="so.xlsx",
        stored_as="x",
        sha256="0" * 64,
        came_from="x",
        legal_basis="x",
        state=ImportBatch.State.PREVIEWED,
        created_at=timezone.now(),
    )


def _pages(snapshot: Snapshot) -> dict[str, str]:
    linked = Organisation.objects.get(name="HTX Liên Kết 0")
    buyer = linked.sales.get().buyer_id
    job = submit(kind="coverage.series", args={}, now=timezone.now())
    return {
        "home": "/",
        "dashboard": "/dashboard/",
        "members": f"/coverage/{snapshot.pk}/LINK-ALL/verified/",
        "members_csv": f"/coverage/{snapshot.pk}/LINK-ALL/verified/csv/",
        "organisations": "/organisations/",
        "organisation": f"/organisations/{linked.pk}/",
        "organisation_edit": f"/organisations/{linked.pk}/edit/",
        "organisation_merge": f"/organisations/{linked.pk}/merge/",
        "organisation_merge_into": f"/organisations/{linked.pk}/merge/{buyer}/",
        "organisation_part_add": f"/organisations/{linked.pk}/certificates/add/",
        "linkages": "/linkages/",
        "linkage": f"/linkages/{linked.sales.get().pk}/",
        "imports": "/imports/",
        "import": f"/imports/{_batch().pk}/",
        "job": f"/jobs/{job.pk}/",
        "job_progress": f"/jobs/{job.pk}/progress/",
        "programmes": "/programmes/",
        "accounts": "/people/",
        **_people(linked),
        "market_offers": "/market/offers/",
    }


def _people(coop: Organisation) -> dict[str, str]:
    """The administrator acts for the cooperative too, and has notices and requests to read."""
    user = User.objects.get(username=Role.ADMINISTRATOR)
    Membership.objects.get_or_create(
        user=user, organisation=coop, defaults={"role": "admin", "starts": "2020-01-01"}
    )
    asked = JoinRequest.objects.create(user=user, name="HTX Mới", created_at=timezone.now())
    news = News(Kind.MEMBERS, "joined", "organisation", coop.pk, "k")
    tell_organisation(organisation_id=coop.pk, news=news, now=timezone.now())
    return {
        "inbox": "/inbox/",
        "join": "/mine/join/",
        "join_find": "/mine/join/find/?q=HTX",
        "member_home": f"/mine/{coop.pk}/",
        "member_people": f"/mine/{coop.pk}/people/",
        "join_requests": "/members/",
        "join_request": f"/members/requests/{asked.pk}/",
        "office_people": f"/members/{coop.pk}/",
    }


def _more_people(coop: Organisation, number: int) -> None:
    now = timezone.now()
    user = User.objects.create(username=f"nguoi-{number}")
    Membership.objects.create(user=user, organisation=coop, role="member", starts="2020-01-01")
    AccessCode.objects.create(
        organisation=coop, role="member", way="letter", digest=str(number), issued_at=now,
        expires_at=now + timedelta(days=30), used_by=user, used_at=now,
    )  # fmt: skip
    news = News(Kind.MEMBERS, "joined", "organisation", coop.pk, f"k-{number}")
    tell_organisation(organisation_id=coop.pk, news=news, now=now)
    reader = User.objects.get(username=Role.ADMINISTRATOR)
    for asker in (user, reader):
        JoinRequest.objects.create(user=asker, name=f"HTX {number}", created_at=now)


def _counts(client: Client, pages: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, name
        found[name] = len(captured)
    return found


def test_each_page_asks_as_many_queries_as_the_golden_file_says(administrator: Client) -> None:
    found = _counts(administrator, _pages(register.whole_register()))
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        GOLDEN.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(GOLDEN.read_text())


def test_no_page_asks_more_queries_for_more_rows(administrator: Client) -> None:
    few = _counts(administrator, _pages(register.whole_register(linked=5, alone=5)))
    buyer = Organisation.objects.get(name="Công ty Thu Mua")
    for number in range(100, 200):
        register.linkage(register.organisation(f"HTX Thêm {number}"), buyer, f"{number}/HĐ")
        register.organisation(f"HTX Khác {number}")
        _more_people(Organisation.objects.get(name="HTX Liên Kết 0"), number)
    many = _counts(administrator, _pages(register.snapshot()))
    assert {name: count for name, count in many.items() if count > few[name]} == {}
