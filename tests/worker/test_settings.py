"""A wrong setting of background work stops the start and says which one it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {"MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "example.invalid"}


def start(tmp_path, **env):
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
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
