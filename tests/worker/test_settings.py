"""A wrong setting of background work stops the start and says which one it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {"MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "example.invalid"}


def start(tmp_path, show="MODE", **env):
    return subprocess.run(
        [sys.executable, "-c", f"from config.settings import {show}; print({show})"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path), **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"JOBS_LEASE_SECONDS": "soon"}, "JOBS_LEASE_SECONDS"),
        ({"JOBS_LEASE_SECONDS": "10", "JOBS_HEARTBEAT_SECONDS": "6"}, "JOBS_HEARTBEAT_SECONDS"),
        ({"REDIS_URL": "amqp://h"}, "REDIS_URL"),
        ({"MATCH_PREFERENCE": "10001"}, "MATCH_PREFERENCE"),
        ({**PRODUCTION, "JOBS_LEASE_OFF": "true"}, "JOBS_LEASE_OFF"),
        ({**PRODUCTION, "JOBS_EXTRA_HANDLERS": "m"}, "JOBS_EXTRA_HANDLERS"),
    ],
)
def test_a_wrong_value_stops_the_start(tmp_path, env, named):
    told = start(tmp_path, **env)
    assert told.returncode != 0
    assert named in told.stderr.splitlines()[-1]


def test_right_values_start(tmp_path):
    assert start(tmp_path, JOBS_LEASE_SECONDS="10", JOBS_HEARTBEAT_SECONDS="5").returncode == 0


def media_of(tmp_path, **env):
    told = start(tmp_path, **env, show="MEDIA_ROOT")
    return Path(told.stdout.strip())


def test_the_files_of_each_database_lie_in_a_folder_of_its_own(tmp_path):
    one, other = (
        media_of(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / name}") for name in ("a", "b")
    )
    assert one != other
    assert one.parent == other.parent == tmp_path / "media"
    assert one.name.startswith("a-")


@pytest.mark.parametrize("kept", ["evidence", "imports"])
def test_files_that_an_older_version_laid_are_used_where_they_lie(tmp_path, kept):
    (tmp_path / "media" / kept).mkdir(parents=True)
    assert media_of(tmp_path) == tmp_path / "media"


def test_the_folder_of_files_is_a_setting(tmp_path):
    assert media_of(tmp_path, MEDIA_DIR=str(tmp_path / "there")) == tmp_path / "there"
