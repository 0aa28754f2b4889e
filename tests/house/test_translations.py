"""The Vietnamese locale is complete: every text of the source is in it, translated, none fuzzy."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PO = Path("locale/vi/LC_MESSAGES/django.po")
NAMED = re.compile(r"%\(\w+\)[sd]")
UNNAMED = re.compile(r"(?<!%)%[sdf]")


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    return _catalogue(ROOT / PO)


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_every_text_is_translated_and_none_is_fuzzy(vietnamese: Catalog) -> None:
    entries = [message for message in vietnamese if message.id]
    assert len(entries) > 100
    unfinished = [m.id for m in entries if m.fuzzy or not all(_texts(m.string))]
    assert unfinished == []


def test_placeholders_are_named_and_kept(vietnamese: Catalog) -> None:
    for message in vietnamese:
        for text in _texts(message.id):
            assert not UNNAMED.search(text), text
        wanted = {hole for text in _texts(message.id) for hole in NAMED.findall(text)}
        for text in _texts(message.string):
            assert set(NAMED.findall(text)) <= wanted, message.id


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_the_catalogue_holds_every_text_of_the_source(tmp_path: Path, vietnamese: Catalog) -> None:
    copy = tmp_path / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "tests", "__pycache__", "*.mo")
    shutil.copytree(ROOT, copy, ignore=ignored)
    python = ROOT / ".venv" / "bin" / "python"
    command = [python, "manage.py", "makemessages", "-l", "vi", "--no-obsolete", "-v", "0"]
    subprocess.run(command, cwd=copy, check=True)
    in_source = {message.id for message in _catalogue(copy / PO) if message.id}
    assert in_source == {message.id for message in vietnamese if message.id}
