"""The embedded broker: messages whole, in order, each to one taker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu import Connection

from worker.broker import Transport


@pytest.fixture
def folders(tmp_path):
    # kombu remembers in the process which queues it bound, whatever the folder.
    Transport.global_state.clear()
    for name in ("messages", "taken", "control"):
        (tmp_path / name).mkdir()
    return {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "processed_folder": str(tmp_path / "taken"),
        "control_folder": str(tmp_path / "control"),
    }


@pytest.fixture
def connect(folders):
    return lambda: Connection(
        "filesystem://localhost", transport="worker.broker.Transport", transport_options=folders
    )


def take_all(connect):
    taken = []
    with connect() as connection:
        queue = connection.SimpleQueue("q")
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return taken
            taken.append(message.payload)
            message.ack()


def put(connect, numbers):
    with connect() as connection:
        queue = connection.SimpleQueue("q")
        for number in numbers:
            queue.put(number)


def test_messages_come_in_the_order_in_which_they_were_sent(connect):
    put(connect, range(50))
    assert take_all(connect) == list(range(50))


def test_each_message_has_one_taker_while_others_still_send(connect):
    # The queue is there before the threads are: kombu notes in the process that it is bound
    # before it is, and a thread that sends in between loses its message (a hint may be lost).
    put(connect, [])
    with ThreadPoolExecutor(8) as pool:
        senders = [pool.submit(put, connect, range(n, n + 50)) for n in range(0, 200, 50)]
        takers = [pool.submit(take_all, connect) for _ in range(4)]
        for sender in senders:
            sender.result()
        taken = [number for taker in takers for number in taker.result()]
    assert sorted(taken + take_all(connect)) == list(range(200))


def test_a_half_written_message_is_not_taken(connect, tmp_path):
    put(connect, [1])
    (tmp_path / "messages" / "00000000000000000001_x.half").write_text("{")
    assert take_all(connect) == [1]


def test_nothing_is_left_of_a_message_that_was_taken(connect, tmp_path):
    put(connect, [1, 2])
    take_all(connect)
    assert list((tmp_path / "taken").iterdir()) == []
