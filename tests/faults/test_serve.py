"""The one command that starts everything ends everything, however it ends."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.faults.house import House, Process, wait_for


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


@pytest.fixture
def served(house: House) -> tuple[Process, dict[int, str]]:
    """The running command and all that it started, down to the pool's children."""
    process = house.start("manage.py", "serve", "--port", str(free_port()))
    wait_for(lambda: "http://127.0.0.1:" in process.output(), "the address is printed")
    job = house.submit("fault.effect")
    house.open_gate(job.pk)
    house.wait_until("done", job.pk)
    below = descendants(process.child.pid)
    for part in ("granian", "worker.app worker", "worker.app beat", "worker.guardian"):
        assert any(part in line for line in below.values()), part
    return process, below


def test_ctrl_c_leaves_no_child(served):
    process, below = served
    process.child.send_signal(signal.SIGINT)
    assert process.child.wait(timeout=30) == 0
    assert none_lives(below)
    assert "Warning" not in process.output()


def test_a_killed_parent_leaves_no_child(served):
    process, below = served
    process.child.kill()
    wait_for(lambda: none_lives(below), "the guardian ends all")


def test_when_one_ends_all_end_and_the_exit_code_says_so(served):
    process, below = served
    worker = min(pid for pid, line in below.items() if "worker.app worker" in line)
    os.kill(worker, signal.SIGKILL)
    assert process.child.wait(timeout=30) == 1
    assert "worker ended with code -9" in process.output()
    assert none_lives(below)


def test_a_busy_port_is_said_in_one_line(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = house.start("manage.py", "serve", "--port", str(port))
        assert process.child.wait(timeout=30) == 2
    (line,) = process.output().strip().splitlines()
    assert f"Port {port} is in use" in line
