"""A wrong value in the environment is one clear line and exit 2, not a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "postgres://a@localhost:99999999/x"),
        ("JOBS_CONCURRENCY", "many"),
        ("MODE", "fast"),
    ],
)
@pytest.mark.parametrize("command", ["demo", "coverage", "migrate"])
def test_it_is_said_in_one_line(tmp_path: Path, command: str, variable: str, value: str) -> None:
    around = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), variable: value}
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT, env=around, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.strip().splitlines()
    assert variable in line


def test_a_database_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    around = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "sqlite:////no/such/folder/x.sqlite3",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", "65000"],
        cwd=ROOT, env=around, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
