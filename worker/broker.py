"""The embedded broker: kombu's filesystem transport, with files that appear and vanish whole.

kombu opens a message under its final name before it writes it, and makes an exchange's file the
same way, so a second process can read half of it and stop. Here a message is renamed into place
and renamed out of it, and bindings are read and written under one lock.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    def _put(  # type: ignore[override]  # kombu's two base classes name `payload` differently
        self, queue: str, payload: Any, **kwargs: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        # Nanoseconds of the wall clock: the order of names is the order of sending.
        name = f"{time.time_ns():020}_{uuid.uuid4()}"
        (folder / f"{name}.half").write_text(dumps(payload), encoding="utf-8")
        (folder / f"{name}.half").rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder) / name
            try:
                (Path(self.data_folder_in) / name).rename(taken)
            except FileNotFoundError:  # another worker was faster
                continue
            payload = taken.read_text(encoding="utf-8")
            taken.unlink()
            return loads(payload)
        raise Empty

    def get_table(self, exchange: str) -> Any:
        with self._bindings_locked():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._bindings_locked():
            super()._queue_bind(*args)

    @contextmanager
    def _bindings_locked(self) -> Iterator[None]:
        with (self.control_folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel
