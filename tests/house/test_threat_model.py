"""Each sentence of THREAT_MODEL.md names a test, and each test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINES = [line for line in MODEL.splitlines() if line.startswith("- ")]


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    """The tests that a text names and nobody wrote."""
    return [
        f"{path}::{name}"
        for path, name in NAMED.findall(text)
        if not (ROOT / path).is_file() or name not in _tests_of(ROOT / path)
    ]


def test_every_line_ends_with_the_test_that_fails_when_it_is_not_so() -> None:
    assert len(LINES) > 20
    assert [line for line in LINES if not NAMED.search(line.rsplit(". ", 1)[-1])] == []


def test_every_test_that_it_names_is_there() -> None:
    assert missing(MODEL) == []


def test_a_test_that_is_gone_is_found() -> None:
    gone = "`tests/house/test_threat_model.py::test_nothing` `tests/house/none.py::test_it`"
    assert len(missing(gone)) == 2


def test_it_is_one_page() -> None:
    assert len(MODEL.split()) < 1_100
