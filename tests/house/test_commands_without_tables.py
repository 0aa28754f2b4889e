"""Commands on a database that was never migrated say so in one line, and print nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.house import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    ("coverage", "--as-of", "2025-12-31", "--evidence", "verified", "--json"),
    ("import_register", str(ROOT / "linkage/intake/sample/so_theo_doi_htx.xlsx"), "--json"),
    ("export_register", "never-written.xlsx"),
    ("load_reference",),
    ("audit_invariants", "--json"),
    ("audit_verify", "--json"),
    ("retry_messages",),
    ("serve", "--port", str(free_port())),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_without_tables_is_one_line_and_exit_2(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=bare | {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "migrate" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "never-written.xlsx").exists()
