"""A query count is a promise: a golden file a page, and no growth with the number of rows.

UPDATE_QUERY_COUNTS=1 rewrites the file; the change is then seen in review.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkage.coverage.models import Snapshot
from linkage.intake.models import ImportBatch
from linkage.jobs.services import submit
from linkage.registry.models import Organisation
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
    job = submit(kind="coverage.series", args={}, now=timezone.now())
    return {
        "home": "/",
        "dashboard": "/dashboard/",
        "members": f"/coverage/{snapshot.pk}/LINK-ALL/verified/",
        "members_csv": f"/coverage/{snapshot.pk}/LINK-ALL/verified/csv/",
        "organisations": "/organisations/",
        "organisation": f"/organisations/{linked.pk}/",
        "organisation_edit": f"/organisations/{linked.pk}/edit/",
        "linkages": "/linkages/",
        "linkage": f"/linkages/{linked.sales.get().pk}/",
        "imports": "/imports/",
        "import": f"/imports/{_batch().pk}/",
        "job": f"/jobs/{job.pk}/",
        "job_progress": f"/jobs/{job.pk}/progress/",
        "programmes": "/programmes/",
        "accounts": "/people/",
        "market_offers": "/market/offers/",
    }


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
    many = _counts(administrator, _pages(register.snapshot()))
    assert {name: count for name, count in many.items() if count > few[name]} == {}
