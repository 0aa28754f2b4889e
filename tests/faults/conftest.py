"""A house for each test, copied from one that was migrated once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import pytest
from django.db import connections

from tests import postgres
from tests.faults.house import ROOT, House

current: list[House] = []


def wake(job_ids: list[int]) -> None:
    current[-1].wake(job_ids)


@contextmanager
def prepared(folder: Path, *commands: str) -> Iterator[str]:
    """The name of a database on which these commands of manage.py ran; it goes in the end."""
    name = f"faults_{uuid.uuid4().hex}" if postgres.is_used() else str(folder / "template.sqlite3")
    if postgres.is_used():
        postgres.administer(f'CREATE DATABASE "{name}"')
    url = postgres.url_of(name) if postgres.is_used() else f"sqlite:///{name}"
    for command in commands:
        subprocess.run(
            [sys.executable, "manage.py", command, "--verbosity", "0"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, "VAR_DIR": str(folder), "REDIS_URL": ""},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    yield name
    if postgres.is_used():
        postgres.administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated, empty database."""
    with prepared(tmp_path_factory.mktemp("template"), "migrate") as name:
        yield name


@pytest.fixture
def database(template: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own."""
    if not postgres.is_used():
        shutil.copy(template, tmp_path / "house.sqlite3")
        yield f"sqlite:///{tmp_path / 'house.sqlite3'}"
        return
    name = f"faults_{uuid.uuid4().hex}"
    postgres.administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield postgres.url_of(name)
    postgres.administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def house(database, tmp_path, settings, django_db_blocker) -> Iterator[House]:
    house = House(folder=tmp_path, url=database, redis_url=settings.REDIS_URL)
    current.append(house)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOBS_WAKE = "tests.faults.conftest.wake"
    before, name = connections["default"], connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = environ.Env.db_url_config(database)["NAME"]
    with django_db_blocker.unblock():
        connections["default"] = connections.create_connection("default")
        try:
            yield house
        finally:
            house.close()
            connections["default"].close()
            connections["default"] = before
            connections.settings["default"]["NAME"] = name
            current.pop()
