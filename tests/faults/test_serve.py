"""The one command that starts everything ends everything, however it ends."""

from __future__ import annotations

import os
import signal
import socket

import pytest

from tests.faults.house import House, Process, descendants, none_lives, wait_for


@pytest.fixture
def served(house: House) -> tuple[Process, dict[int, str]]:
    """The running command and all that it started, down to the pool's children."""
    process = house.serve()
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
    assert "No directory" not in process.output()


def test_a_killed_parent_leaves_no_child(served):
    process, below = served
    process.child.kill()
    wait_for(lambda: none_lives(below), "the guardian ends all")


def test_when_one_ends_all_end_and_the_exit_code_says_so(served):
    process, below = served
    worker = min(pid for pid, line in below.items() if "worker.app worker" in line)
    os.kill(worker, signal.SIGKILL)
    assert process.child.wait(timeout=30) == 1
    assert "worker đã dừng với mã -9" in process.output()
    assert none_lives(below)


def test_work_goes_on_where_everything_was_killed_in_the_middle_of_it(house):
    first = house.serve()
    job = house.submit("fault.effect")
    house.wait_until_inside(job.pk)
    below = descendants(first.child.pid)
    for pid in (first.child.pid, *below):
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: none_lives(below), "all are dead")
    house.open_gate(job.pk)
    assert house.job(job.pk).state == "running"
    house.serve()
    assert house.wait_until("done", job.pk).attempts == 2
    assert house.effects(job.pk) == 1


def test_a_busy_port_is_said_in_one_line(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = house.start("manage.py", "serve", "--port", str(port))
        assert process.child.wait(timeout=30) == 2
    (line,) = process.output().strip().splitlines()
    assert f"Cổng {port} đang được dùng" in line
