"""Handlers as ever, and a worker that stays inside the first suggestion that it makes, for good.

Loaded by JOBS_EXTRA_HANDLERS.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

from linkage.notices.models import Notice

HANDLERS: dict[str, Any] = {}


def _hold(execute: Any, sql: str, params: Any, many: bool, about: Any) -> Any:
    """The rows are written, the notices come next."""
    if sql.startswith("INSERT") and f'"{Notice._meta.db_table}"' in sql:
        (Path(settings.VAR_DIR) / "telling").touch()
        Event().wait()
    return execute(sql, params, many, about)


def _watch(connection: Any, **_: Any) -> None:
    connection.execute_wrappers.append(_hold)


# Whoever collects doctests imports this module too; only the worker that was told to is held.
if __name__ == settings.JOBS_EXTRA_HANDLERS:
    connection_created.connect(_watch, weak=False)
