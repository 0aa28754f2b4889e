"""Every key of a real report is declared in the schema, and each entry has what is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rest_framework import serializers

from api.views.imports import ReportOut
from linkage.registry.models import Organisation
from tests.intake.test_certificates import GOOD, certified
from tests.intake.workbooks import CODES, applied, coop, firm, link, previewed, workbook

LISTS = (
    "refused", "duplicates", "likely_duplicates", "corrections", "warnings", "unmapped_columns",
    "not_in_file", "changes", "conflicts", "skipped",
)  # fmt: skip


@pytest.fixture
def report(reference: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """A report with something in every list."""
    settings.MEDIA_ROOT, settings.BACKUP_DIR = tmp_path / "media", tmp_path / "backups"
    path = tmp_path / "so.xlsx"
    known = [coop(code=CODES[0]), coop("HTX Không Còn", code=CODES[2])]
    applied(certified(workbook(path, known, [firm()], [link()]), GOOD))
    Organisation.objects.filter(tax_code=CODES[1]).update(hand_edited=["name"])
    coops = [
        coop(code=CODES[0], founded=2011),
        coop(code=CODES[0], members="1.000"),
        coop(code=CODES[0], commune="Xã An Lão"),
        coop("HTX Hai"),
        coop("HTX Hai", founded="1/2/2016"),
        coop("CỘNG", kind=None, sector=None, commune=None, founded=None, status=None),
    ]
    firms = [firm("Công ty Khác"), firm("Công ty Khác")]
    path = workbook(path, coops, firms, [link(ends="30/06/2027", product="vàng mười")])
    return previewed(certified(path, (*GOOD[:6], "1/1/2029"), headers=(*HEADERS, "Ghi chú")))


HEADERS = ("STT", "Tên HTX", "MST", "Chứng nhận", "Số GCN", "Cơ quan cấp", "Ngày cấp", "Hết hạn")


def test_every_key_is_declared(report: dict[str, Any]) -> None:
    assert set(report) == set(ReportOut().fields)


@pytest.mark.parametrize("name", LISTS)
def test_each_entry_has_what_is_declared(report: dict[str, Any], name: str) -> None:
    declared = ReportOut().fields[name]
    assert isinstance(declared, serializers.ListSerializer)
    assert report[name], "the workbook of this test should have some"
    for entry in report[name]:
        assert set(entry) == set(declared.child.fields), entry


@pytest.mark.parametrize("name", ["created", "updated", "unchanged", "certificates"])
def test_each_count_is_declared(report: dict[str, Any], name: str) -> None:
    declared = ReportOut().fields[name]
    assert isinstance(declared, serializers.Serializer)
    assert set(report[name]) == set(declared.fields)
