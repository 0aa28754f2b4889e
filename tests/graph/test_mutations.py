"""Every listed way to break the graph makes a test of its subject fail; unbroken, none does."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.graph import breaking, worlds
from tests.graph.mutations import MUTATIONS

SUBJECTS = sorted({subject for *_, subject in MUTATIONS})


def against_copy(
    folder: Path, subject: str, change: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run the subject's tests against a copy of the package with this change."""
    tests = importlib.import_module(f"tests.graph.test_{subject}")
    monkeypatch.syspath_prepend(str(folder))
    name = breaking.copied(folder, *change)
    try:
        for module in (worlds, tests):
            breaking.rebind(module, name, monkeypatch)
        breaking.run(tests)
    finally:
        breaking.forget(name)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_copy_with_nothing_broken_passes(
    subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    against_copy(tmp_path, subject, ("columns", "UNSET = -1", "UNSET = -1"), monkeypatch)


@pytest.mark.parametrize(
    ("change", "subject"),
    [pytest.param(tuple(row[1:4]), row[4], id=f"{row[1]}: {row[0]}") for row in MUTATIONS],
)
def test_a_broken_rule_is_noticed(
    change: tuple[str, str, str], subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Any fault but a name that is not there, which would be a slip in the list.
    with pytest.raises((Exception, pytest.fail.Exception)) as noticed:
        against_copy(tmp_path, subject, change, monkeypatch)
    assert not isinstance(noticed.value, NameError | SyntaxError | ImportError)
    assert "nothing to break" not in str(noticed.value)
