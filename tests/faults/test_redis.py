"""Redis away, frozen or wiped: what was asked for is done, and no request hangs."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from tests.faults.house import ROOT, House

ASK = """
import django, time
django.setup()
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from linkage.jobs import queries, services
# Held up by the broker, not by reading modules.
import_string(settings.JOBS_WAKE)
import kombu.transport.redis
started = time.monotonic()
job = services.submit(kind="fault.effect", args={}, now=timezone.now())
print(queries.get(job.pk).state, time.monotonic() - started)
"""


class Line:
    """A line to Redis that a test can cut: connections end, and new ones are refused."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._far = (parts.hostname, parts.port or 6379)
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{self.port}"))
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for end in self._ends:
            end.close()

    def mend(self) -> None:
        self._ends = []
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        door = self._door
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            pair = (near, socket.create_connection(self._far))
            self._ends += pair
            threading.Thread(target=self._carry, args=pair, daemon=True).start()

    @staticmethod
    def _carry(near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        try:
            while True:
                for end in select.select([near, far], [], [], 1)[0]:
                    if not (data := end.recv(65536)):
                        raise ConnectionError
                    other[end].sendall(data)
        except (OSError, ValueError):
            near.close()
            far.close()


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A server that takes connections and never says a word, as a frozen Redis does."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


def ask(house: House, redis_url: str) -> tuple[str, float]:
    """Submit a job in a process of its own; its state, and how long the caller was held up."""
    told = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**house.env, "DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": redis_url},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    state, seconds = told.stdout.split()
    return state, float(seconds)


def test_an_absent_redis_loses_nothing_and_holds_up_nobody(house):
    state, seconds = ask(house, "redis://127.0.0.1:1/0")
    assert state == "waiting"
    assert seconds < 5


def test_a_frozen_redis_loses_nothing_and_holds_up_nobody_for_long(house, silent_url):
    state, seconds = ask(house, silent_url)
    assert state == "waiting"
    assert seconds < 5


@pytest.mark.redis
@pytest.mark.skipif(not settings.REDIS_URL, reason="the embedded broker has no line to cut")
def test_a_redis_that_comes_back_empty_goes_on_by_itself(house):
    line = Line(settings.REDIS_URL)
    house.env |= {"REDIS_URL": line.url, "JOBS_FORGOTTEN_SECONDS": "1"}
    first = house.submit("fault.effect")
    house.worker_with_beat("only")
    house.wait_until_inside(first.pk)
    line.cut()
    second = house.submit("fault.effect")
    house.empty_broker()
    line.mend()
    for job in (first, second):
        house.open_gate(job.pk)
        assert house.wait_until("done", job.pk).attempts == 1
        assert house.effects(job.pk) == 1
