"""The commands of docker-compose.yml do what they are for, run here without containers.

They run as they stand; only ports and paths are this test's own.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import psycopg
import pytest
import redis
from django.conf import settings

from tests import postgres
from tests.faults.house import ROOT, descendants, free_port, none_lives, wait_for
from tests.house.test_compose import SERVICES

pytestmark = pytest.mark.skipif(
    not (postgres.is_used() and settings.REDIS_URL),
    reason="production runs on PostgreSQL and Redis: set DATABASE_URL and REDIS_URL",
)
SITE = "noichuoi.example.invalid"
LASTING = ("web", "worker", "beat")
SUBMIT = """
import django
django.setup()
from django.utils import timezone
from linkage.jobs.services import submit
print(submit(kind="coverage.snapshot", args={"as_of": "2025-12-31"}, now=timezone.now()).pk)
"""


class Installation:
    """What the containers are in production: one environment and a few processes."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.port = folder, url, free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.prefix = f"compose-{uuid.uuid4().hex}:"
        self.env = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "MODE": "production",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": SITE,
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "JOBS_REDIS_PREFIX": self.prefix,
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "STATIC_DIR": str(folder / "static"),
        }

    def own(self, command: list[str]) -> list[str]:
        """The command with this test's port and paths."""
        return [
            part.replace("8000", str(self.port))
            .replace("0.0.0.0", "127.0.0.1")
            .replace("/srv/noichuoi/var", str(self.folder / "var"))
            .replace("/app/static", str(self.folder / "static"))
            for part in command
        ]

    def run(self, command: list[str]) -> str:
        """Run what ends by itself, and ends well."""
        done = subprocess.run(
            self.own(command), cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=180,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                self.own(SERVICES[name]["command"]),
                cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def answer(self, path: str) -> int:
        """The status of an address, asked for as the proxy does."""
        headers = {"Host": SITE, "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as found:
                return int(found.status)
        except HTTPError as error:
            return error.code
        except (URLError, OSError):
            return 0

    def job_state(self, job_id: int) -> str:
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT state FROM jobs_job WHERE id = %s", [job_id])
            (state,) = row.fetchone() or ("missing",)
        return str(state)

    def close(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            for key in client.scan_iter(f"{self.prefix}*"):
                client.delete(key)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    name = f"compose_{uuid.uuid4().hex}"
    postgres.administer(f'CREATE DATABASE "{name}"')
    installation = Installation(tmp_path, postgres.url_of(name))
    try:
        yield installation
    finally:
        installation.close()
        postgres.administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def collecting() -> str:
    """The Dockerfile's own command for static files."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    (found,) = [part.strip() for part in text.split("&&") if "collectstatic" in part]
    return found


def health_check(name: str) -> list[str]:
    how, *command = SERVICES[name]["healthcheck"]["test"]
    assert how == "CMD"
    return command


def test_what_compose_starts_serves_works_and_ends(installation: Installation) -> None:
    installation.run(["sh", "-c", collecting()])
    installation.run(SERVICES["migrate"]["command"])
    for name in LASTING:
        installation.start(name)
    wait_for(lambda: installation.answer("/readyz") == 200, "it is ready")
    for name in ("web", "worker"):
        installation.run(health_check(name))
    assert installation.answer("/accounts/login/") == 200
    job_id = int(installation.run([sys.executable, "-c", SUBMIT]))
    wait_for(lambda: installation.job_state(job_id) == "done", "the job is done")

    below = {
        pid: line
        for process in installation.processes.values()
        for pid, line in descendants(process.pid).items()
    }
    assert below
    for process in installation.processes.values():
        process.terminate()
    for name, process in installation.processes.items():
        assert process.wait(timeout=60) == 0, installation.log(name)
        assert "Traceback" not in installation.log(name)
    assert none_lives(below)
