"""A whole installation for one test: its own database, broker and processes."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import redis
from django.db import connection
from django.utils import timezone
from kombu import Connection

from linkage.jobs import services
from linkage.jobs.models import Event, Job
from worker.broker import Transport
from worker.tasks import deliver, run_job

ROOT = Path(__file__).resolve().parent.parent.parent
# Of what comes at all: a slow machine is no failure.
DEADLINE_SECONDS = 120.0
FAST = {
    "JOBS_LEASE_SECONDS": "4",
    "JOBS_HEARTBEAT_SECONDS": "1",
    "JOBS_SWEEP_SECONDS": "1",
    # No second hint while a test waits; test_hints shows what the reminder does.
    "JOBS_FORGOTTEN_SECONDS": "3600",
    "JOBS_RETRY_SECONDS": "0",
    "JOBS_CONCURRENCY": "4",
    "JOBS_EXTRA_HANDLERS": "tests.faults.handlers",
}


T = TypeVar("T")


def wait_for(what: Callable[[], T], why: str, *, seconds: float = DEADLINE_SECONDS) -> T:
    """What comes true, as soon as it does; fails with `why` at the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not in {seconds:.0f} s: {why}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def parents() -> dict[int, int]:
    """The parent of every process that lives (one that waits to be buried does not)."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


def descendants(pid: int) -> dict[int, str]:
    """Command lines of all below a process."""
    tree, found, layer = parents(), set(), {pid}
    while layer:
        layer = {child for child, parent in tree.items() if parent in layer}
        found |= layer
    return {child: Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in found}


def none_lives(pids: dict[int, str]) -> bool:
    return not set(pids) & set(parents())


class Process:
    """A child in a process group of its own; what it says goes to a file."""

    def __init__(self, command: list[str], *, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as file:
            self.child = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def signal_group(self, number: int) -> None:
        os.killpg(self.child.pid, number)

    def kill(self) -> None:
        """kill -9 of the whole group, frozen or not."""
        if self.child.poll() is None:
            self.signal_group(signal.SIGKILL)
        self.child.wait()

    def stands_still(self) -> bool:
        """Whether SIGSTOP has reached each of its threads."""
        pids = [self.child.pid, *descendants(self.child.pid)]
        stats = [stat for pid in pids for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
        return all(stat.read_text().rpartition(")")[2].split()[0] == "T" for stat in stats)

    def output(self) -> str:
        return self.log.read_text(errors="replace")


class House:
    """`folder` is its VAR_DIR, `url` its database; the test's own ORM reads and writes there."""

    def __init__(self, *, folder: Path, url: str, redis_url: str) -> None:
        self.folder = folder
        self.redis_url = redis_url
        self.prefix = f"{folder.name}-{os.getpid()}:"
        self.processes: list[Process] = []
        self.site = ""
        self.env = {
            **os.environ,
            **FAST,
            "VAR_DIR": str(folder),
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "JOBS_REDIS_PREFIX": self.prefix,
        }
        if not redis_url:
            # kombu remembers in the process which queues it bound, whatever the folder.
            Transport.global_state.clear()
            for name in ("messages", "taken", "control"):
                (folder / "broker" / name).mkdir(parents=True, exist_ok=True)

    def start(self, *command: str, **env: str) -> Process:
        log = self.folder / f"process-{len(self.processes)}.log"
        process = Process(list(command), env={**self.env, **env}, log=log)
        self.processes.append(process)
        return process

    def worker(self, name: str, *options: str, **env: str) -> Process:
        celery = ("-m", "celery", "--quiet", "--app", "worker.app", "worker")
        usual = ("--loglevel", "INFO", "--without-mingle", "--without-gossip")
        return self.start(*celery, *usual, "--hostname", f"{name}@test", *options, **env)

    def freeze(self, worker: Process) -> None:
        """Stop a worker where it holds no lock: its first sweep over, no transaction open."""
        night = Job.objects.filter(kind="coverage.snapshot", state="done")
        wait_for(night.exists, "the worker has done what it does at its start")
        while True:
            worker.signal_group(signal.SIGSTOP)
            # A thread that is inside the kernel stops only when it comes back from there.
            wait_for(worker.stands_still, "every thread has stopped")
            if self._nobody_writes():
                return
            worker.signal_group(signal.SIGCONT)
            wait_for(self._nobody_writes, "the worker has ended its transaction")

    def _nobody_writes(self) -> bool:
        """Whether no other process is in a transaction: a frozen one would keep its locks."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
                    " AND state <> 'idle'"
                )
                return cursor.fetchone() == (0,)
        with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0.2)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True

    def worker_with_beat(self, name: str, *options: str, **env: str) -> Process:
        schedule = str(self.folder / f"beat-{name}")
        return self.worker(name, "--beat", "--schedule", schedule, *options, **env)

    def serve(self, **env: str) -> Process:
        """Web server, worker and Beat by the one command; `site` is where the pages are then."""
        port = free_port()
        process = self.start("manage.py", "serve", "--port", str(port), **env)
        self.site = f"http://127.0.0.1:{port}"
        wait_for(lambda: f"{self.site}/" in process.output(), "the address is printed")
        return process

    def submit(self, kind: str, **args: object) -> Job:
        return services.submit(kind=kind, args=args, now=timezone.now())

    def job(self, job_id: int) -> Job:
        return Job.objects.get(pk=job_id)

    def wait_until_inside(self, job_id: int) -> None:
        wait_for(lambda: self.job(job_id).progress_done, f"job {job_id} is inside")

    def wait_until_writing(self, job_id: int) -> None:
        path = self.folder / f"writing-{job_id}"
        wait_for(path.exists, f"job {job_id} is in the middle of its transaction")

    def wait_until(self, state: str, job_id: int) -> Job:
        wait_for(lambda: self.job(job_id).state == state, f"job {job_id} is {state}")
        return self.job(job_id)

    def do_another(self) -> Job:
        """Another job from submission to its end: whatever was swept or sent before, was taken."""
        job = self.submit("fault.effect")
        self.open_gate(job.pk)
        return self.wait_until("done", job.pk)

    def open_gate(self, job_id: int) -> None:
        (self.folder / f"gate-{job_id}").touch()

    def effects(self, job_id: int) -> int:
        return Event.objects.filter(subject_kind="fault", subject_id=str(job_id)).count()

    def someone_was_turned_away(self, job_id: int) -> bool:
        return any(self.folder.glob(f"lost-{job_id}-*"))

    def hint(self, job_id: int, *, times: int = 1) -> None:
        with self._broker() as broker:
            for _ in range(times):
                run_job.apply_async((job_id,), connection=broker, retry=False)

    def hint_outbox(self) -> None:
        with self._broker() as broker:
            deliver.apply_async(connection=broker, retry=False)

    def wake(self, job_ids: list[int]) -> None:
        """Stands where settings.JOBS_WAKE points: hints go to this house's broker."""
        for job_id in job_ids:
            self.hint(job_id)
        if not job_ids:
            self.hint_outbox()

    def empty_broker(self) -> int:
        """Lose every hint that is on the way; how many were."""
        if self.redis_url:
            with redis.Redis.from_url(self.redis_url) as client:
                keys = list(client.scan_iter(f"{self.prefix}*"))
                return int(client.delete(*keys)) if keys else 0
        messages = list((self.folder / "broker" / "messages").iterdir())
        for message in messages:
            message.unlink(missing_ok=True)
        return len(messages)

    def close(self) -> None:
        """kill -9 of all that was started and of what these started, in sessions of their own."""
        below = [pid for process in self.processes for pid in descendants(process.child.pid)]
        for process in self.processes:
            process.kill()
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.empty_broker()

    def _broker(self) -> Connection:
        if self.redis_url:
            options = {"global_keyprefix": self.prefix}
            return Connection(self.redis_url, transport_options=options)
        broker = self.folder / "broker"
        options = {
            "data_folder_in": str(broker / "messages"),
            "data_folder_out": str(broker / "messages"),
            "processed_folder": str(broker / "taken"),
            "control_folder": str(broker / "control"),
        }
        return Connection(
            "filesystem://localhost", transport="worker.broker.Transport", transport_options=options
        )
