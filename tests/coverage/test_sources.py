"""The report behind a value by hand: attached as a scan, opened by who opens evidence."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linkage import files, scans
from linkage.coverage import reported_read, sources
from linkage.coverage.audit import audit
from linkage.coverage.models import ManualValue, SourceFile
from linkage.coverage.services import (
    add_indicator,
    attach_source,
    clear_broken_uploads,
    correct_value,
    enter_value,
    open_source,
)
from linkage.coverage.services.sources import MOST_SOURCES, TooManySources
from linkage.errors import Conflict, NotAllowed, NotFound
from linkage.jobs.queries import events_of
from linkage.registry.access import OPERATOR, Actor
from linkage.registry.models import MemberRole, Role
from linkage.scans import NotAScan, ScanEmpty
from tests.coverage.test_plans import NOW
from tests.scans import named, scan

pytestmark = pytest.mark.django_db
STAFF = Actor(None, frozenset({Role.CITY_STAFF}))


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def value(register: list[int]) -> ManualValue:
    add_indicator(
        code="INSURANCE", name_vi="Bảo hiểm", name_en="Insurance", measure="share", source="I.2",
        actor=OPERATOR, now=NOW,
    )  # fmt: skip
    return enter_value(
        actor=OPERATOR, indicator="INSURANCE", as_of=NOW.date(), numerator=1, denominator=2,
        source="Báo cáo 1", now=NOW,
    )  # fmt: skip


def attach(value: ManualValue, words: str = "", **changes: Any) -> SourceFile:
    base = {"actor": STAFF, "value_id": value.pk, "file": scan(words, "bao-cao.pdf"), "now": NOW}
    return attach_source(**{**base, **changes})


def test_a_report_stays_with_the_version_that_it_was_attached_to(value: ManualValue) -> None:
    kept = attach(value)
    correct_value(
        actor=OPERATOR, value_id=value.pk, numerator=2, denominator=2, source="Báo cáo 2",
        reason="Sót", now=NOW,
    )  # fmt: skip
    (entry,) = reported_read.entered("INSURANCE")
    assert sources.sources_of(entry.last, STAFF) == []
    (shown,) = sources.sources_of(entry.versions[1], STAFF)
    assert (shown.id, shown.name, shown.media_type) == (kept.pk, "bao-cao.pdf", "application/pdf")


def test_its_own_name_is_in_no_history(value: ManualValue) -> None:
    attach(value)
    told = events_of("indicator", "INSURANCE")
    assert told.last().kind == "source_attached"
    assert "bao-cao" not in str([event.data for event in told])


@pytest.mark.parametrize("role", [Role.CITY_STAFF, Role.VERIFIER, Role.ADMINISTRATOR])
def test_who_opens_evidence_opens_it_and_the_reading_is_noted(
    value: ManualValue, role: Role
) -> None:
    kept = attach(value)
    who = Actor(None, frozenset({role}))
    opened = open_source(actor=who, value_id=value.pk, source_id=kept.pk, now=NOW)
    assert (opened.path.read_bytes(), opened.name) == (scan().getvalue(), "bao-cao.pdf")
    assert events_of("indicator", "INSURANCE").last().kind == "source_read"


def test_an_auditor_reads_its_digest_alone(value: ManualValue) -> None:
    kept = attach(value)
    auditor = Actor(None, frozenset({Role.AUDITOR}))
    (entry,) = reported_read.entered("INSURANCE")
    (shown,) = sources.sources_of(entry.last, auditor)
    assert (shown.sha256, shown.name, shown.size) == (kept.sha256, None, None)
    with pytest.raises(NotAllowed):
        open_source(actor=auditor, value_id=value.pk, source_id=kept.pk, now=NOW)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"actor": Actor(None, frozenset({Role.VERIFIER}))}, NotAllowed),
        ({"actor": Actor(None, frozenset(), {1: MemberRole.ADMIN})}, NotAllowed),
        ({"value_id": 999_999}, NotFound),
        ({"file": named(b"<html>", "a.pdf")}, NotAScan),
        ({"file": named(b"", "a.pdf")}, ScanEmpty),
    ],
)
def test_what_is_refused_leaves_neither_row_nor_file(
    value: ManualValue, media: Path, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        attach(value, **changes)
    assert not SourceFile.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_the_same_file_is_attached_once_and_a_value_has_a_few(
    value: ManualValue, media: Path
) -> None:
    attach(value)
    with pytest.raises(Conflict) as refused:
        attach(value)
    assert refused.value.code == "source_is_attached_once"
    for number in range(1, MOST_SOURCES):
        attach(value, str(number))
    with pytest.raises(TooManySources):
        attach(value, "nữa")
    assert len([path for path in media.rglob("*") if path.is_file()]) == MOST_SOURCES


def test_another_values_file_is_not_found(value: ManualValue) -> None:
    kept = attach(value)
    with pytest.raises(NotFound):
        open_source(actor=STAFF, value_id=value.pk + 1, source_id=kept.pk, now=NOW)


def test_the_audit_names_a_file_that_is_lost_and_one_without_its_row(
    value: ManualValue, media: Path
) -> None:
    lost, cut = attach(value, "1"), attach(value, "2")
    assert audit(now=NOW).checks["source_rows_have_their_files"].broken == ()
    files.discard(lost.stored_as)
    os.truncate(files.path_of(cut.stored_as), 3)
    assert audit(now=NOW).checks["source_rows_have_their_files"].broken == (lost.pk, cut.pk)
    (media / "sources" / "la.bin").write_bytes(b"%PDF-")
    later = NOW + timedelta(days=10_000)
    assert audit(now=later).checks["source_files_have_their_rows"].broken == ("sources/la.bin",)


def test_an_upload_that_broke_off_goes_after_a_day(value: ManualValue) -> None:
    attach(value)
    left = scans.take_in(scan("hỏng"), folder=files.SOURCES)
    assert clear_broken_uploads(now=NOW + timedelta(days=10_000)) == 1
    with pytest.raises(NotFound):
        files.path_of(left.stored_as)
