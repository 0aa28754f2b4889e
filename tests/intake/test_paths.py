"""Paths that cannot be read or written: one clear sentence and exit 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from linkage.intake.management.ending import refused_in_one_line
from linkage.intake.paths import DiskFull, about, meaning
from tests.intake.workbooks import coop, workbook

pytestmark = pytest.mark.django_db


def _said(*command: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command(*command)
    assert caught.value.returncode == 2
    words = str(caught.value)
    assert "\n" not in words
    assert "Errno" not in words
    return words


def test_a_folder_that_is_not_there_cannot_be_written_into() -> None:
    said = _said("export_register", "/no/such/folder/x.xlsx")
    assert said == "Không có thư mục /no/such/folder để ghi tệp vào."


def test_a_folder_is_no_workbook(tmp_path: Path) -> None:
    for command in ("export_register", "import_register"):
        assert "là thư mục" in _said(command, str(tmp_path))


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    path = str(tmp_path / "x.xlsx")
    assert _said("import_register", path) == f"Không có tệp {path}."


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    book, mapping = tmp_path / "x.xlsx", str(tmp_path / "m.json")
    book.write_bytes(b"PK")
    assert _said("import_register", str(book), "--mapping", mapping) == f"Không có tệp {mapping}."


def test_a_folder_for_backups_that_takes_nothing_is_named_and_not_the_workbook(
    tmp_path: Path, settings: Any
) -> None:
    in_the_way = tmp_path / "backups"
    in_the_way.write_bytes(b"")
    settings.BACKUP_DIR, settings.MEDIA_ROOT = str(in_the_way), str(tmp_path / "media")
    book = workbook(tmp_path / "x.xlsx", [coop()])
    said = _said("import_register", str(book), "--apply")
    assert str(in_the_way) in said
    assert str(book) not in said


def test_a_full_disk_names_the_file_that_did_not_fit() -> None:
    """The system itself names no file when a write finds no room; /dev/full is such a disk."""
    disk, backup = Path("/dev/full"), Path("/backups/x")
    with pytest.raises(CommandError) as ended, refused_in_one_line(), about(backup):
        disk.write_bytes(b"x")
    assert str(ended.value) == str(DiskFull(path="/backups/x"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "x"), "path_forbidden"),
        (OSError(28, "x"), "disk_full"),
        (OSError(36, "File name too long"), "path_unusable"),
    ],
)
def test_what_the_system_says_has_a_code_and_words(error: OSError, code: str) -> None:
    found = meaning(error, Path("/x"))
    assert found.code == code
    assert "/x" in str(found)
