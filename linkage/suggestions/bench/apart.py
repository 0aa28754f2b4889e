"""Runs `bench_night` in a database of its own, with hints of its own, and takes both away again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from psycopg.conninfo import conninfo_to_dict


def bench(*, scale: int, seed: int, broken: bool, postgres: str | None) -> dict[str, Any]:
    """What `night.measure` says. Raises: CommandError without PostgreSQL and Redis."""
    if not postgres or not settings.REDIS_URL:
        raise CommandError("set REDIS_URL, and --postgres or DATABASE_URL", returncode=2)
    with _database(postgres) as (name, url), TemporaryDirectory() as folder:
        around = {
            **os.environ,
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "JOBS_REDIS_PREFIX": f"{name}:",
            "VAR_DIR": folder,
        }
        asked = ["--scale", str(scale), "--seed", str(seed), *(["--broken"] if broken else [])]
        for command in (["migrate", "--verbosity", "0"], ["load_reference"]):
            _manage(command, around, stdout=subprocess.DEVNULL)
        told = _manage(["bench_night", *asked], around, stdout=subprocess.PIPE)
    report: dict[str, Any] = json.loads(told)
    return report


def _manage(command: list[str], around: dict[str, str], *, stdout: int) -> bytes:
    done = subprocess.run(  # noqa: S603  # fixed commands, no shell
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=around,
        stdout=stdout,
        check=True,
    )
    return done.stdout


@contextmanager
def _database(postgres: str) -> Iterator[tuple[str, str]]:
    """The name and the URL of a new database on that server."""
    name = f"bench_{uuid4().hex[:12]}"
    parts = {key: quote(str(value), safe="") for key, value in conninfo_to_dict(postgres).items()}
    user = parts.get("user", "") + (f":{parts['password']}" if "password" in parts else "")
    host = f"{parts.get('host', '127.0.0.1')}:{parts.get('port', '5432')}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield name, f"postgres://{user}@{host}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
