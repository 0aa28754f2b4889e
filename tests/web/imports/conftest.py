"""The reference data, folders of the test's own, and a file to upload."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(autouse=True)
def _reference(db: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    call_command("load_reference", stdout=io.StringIO())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "so.xlsx"
