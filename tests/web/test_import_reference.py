"""Without the reference data no word of a workbook is known: nothing is previewed or applied."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from linkage.catalogue.models import Sector
from linkage.intake import services
from linkage.intake.models import ImportBatch
from linkage.jobs.models import Job
from linkage.registry.access import OPERATOR
from tests.intake.workbooks import coop, workbook

pytestmark = pytest.mark.django_db
SENTENCE = "Chưa nạp dữ liệu danh mục"


@pytest.fixture
def book(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return workbook(tmp_path / "so.xlsx", [coop()])


def test_a_workbook_is_not_brought_in(staff: Client, book: Path) -> None:
    with book.open("rb") as file:
        given = {"file": file, "came_from": "Sở", "legal_basis": "Luật"}
        answer = staff.post("/imports/add/", given)
    assert SENTENCE in answer.content.decode()
    assert (ImportBatch.objects.count(), Job.objects.count()) == (0, 0)


@pytest.fixture
def batch(book: Path) -> ImportBatch:
    """One that was previewed before the reference data went."""
    call_command("load_reference", stdout=io.StringIO())
    with book.open("rb") as file:
        made = services.upload(
            actor=OPERATOR, file=file, came_from="Sở", legal_basis="Luật", now=timezone.now()
        )
    services.preview(batch_id=made.pk, now=timezone.now())
    Sector.objects.all().delete()
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("what", ["preview", "apply"])
def test_one_that_is_there_is_neither_previewed_nor_applied(
    staff: Client, batch: ImportBatch, what: str
) -> None:
    answer = staff.post(f"/imports/{batch.pk}/{what}/", follow=True)
    assert SENTENCE in answer.content.decode()
    assert not Job.objects.exists()


def test_nothing_is_settled_that_cannot_be_previewed(staff: Client, batch: ImportBatch) -> None:
    answer = staff.post(f"/imports/{batch.pk}/columns/", {"version": batch.version}, follow=True)
    assert SENTENCE in answer.content.decode()
    assert ImportBatch.objects.get().version == batch.version
    assert not Job.objects.exists()
