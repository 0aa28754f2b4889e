"""Holds a worker, for good, at the first row of a table that it comes to write.

The modules that name the table are loaded by JOBS_EXTRA_HANDLERS; whoever collects doctests imports
them too, and only the worker that was told to is held.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models import Model


def hold_before(table: type[Model], *, loaded: str, sign: str) -> None:
    """Stop before the first INSERT into the table, and leave a file called `sign` to say so.

    `loaded`: the name of the module that asks.
    """
    if loaded != settings.JOBS_EXTRA_HANDLERS:
        return

    def hold(execute: Any, sql: str, params: Any, many: bool, about: Any) -> Any:
        if sql.startswith("INSERT") and f'"{table._meta.db_table}"' in sql:
            (Path(settings.VAR_DIR) / sign).touch()
            Event().wait()
        return execute(sql, params, many, about)

    def watch(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(hold)

    connection_created.connect(watch, weak=False)
