"""Worker and server processes for a bench, started by the commands of an installation."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

WAIT_SECONDS = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")
CELERY = ("-m", "celery", "--quiet", "--app", "worker.app")


class TooLong(Exception):  # it tells what did not come
    """What a bench waited for did not come."""


def wait_until(what: Callable[[], bool], why: str, seconds: float = WAIT_SECONDS) -> None:
    """Return once it is so. Raises: TooLong."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TooLong(why)
        time.sleep(0.05)


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor, and the most memory of a process, of a process and its children."""

    cpu_s: float
    peak_mb: int


@contextmanager
def workers(many: int) -> Iterator[list[int]]:
    """So many prefork workers of one child each, as long as the block lasts; their ids."""
    one = (*CELERY, "worker", "--loglevel", "WARNING", "--without-mingle", "--concurrency", "1")
    with _running([(*one, "--hostname", name_of(number)) for number in range(many)]) as pids:
        yield pids


def name_of(worker: int) -> str:
    """By which a worker's heartbeat is known."""
    return f"night-{worker}@bench"


@contextmanager
def server() -> Iterator[str]:
    """Web server, worker and Beat as `make serve` starts them; the address of the site."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with _running([("manage.py", "serve", "--port", str(port))]):
        yield f"127.0.0.1:{port}"


@contextmanager
def _running(commands: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    children = [
        subprocess.Popen(  # noqa: S603  # fixed commands, no shell
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for command in commands
    ]
    try:
        yield [child.pid for child in children]
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait(WAIT_SECONDS)


def spent(pids: Sequence[int]) -> Spent:
    """What these processes and their living children used so far (Linux says it)."""
    parents = _parents()
    family = {*pids, *(pid for pid, parent in parents.items() if parent in pids)}
    return Spent(
        cpu_s=sum(_cpu_ticks(pid) for pid in family) / _TICKS,
        peak_mb=max(_peak_mb(pid) for pid in family),
    )


def _parents() -> Mapping[int, int]:
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):  # it ended in this moment
            continue
    return found


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:13])


def _peak_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
