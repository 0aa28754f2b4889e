"""Handlers as ever, and a worker that stays inside the transaction that stores a plan, for good.

Loaded by JOBS_EXTRA_HANDLERS.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

from linkage.suggestions.models import PlanFigure

HANDLERS: dict[str, Any] = {}


def _hold(execute: Any, sql: str, params: Any, many: bool, about: Any) -> Any:
    """Result and lines are written, the figures come next."""
    if sql.startswith("INSERT") and f'"{PlanFigure._meta.db_table}"' in sql:
        (Path(settings.VAR_DIR) / "storing").touch()
        Event().wait()
    return execute(sql, params, many, about)


def _watch(connection: Any, **_: Any) -> None:
    connection.execute_wrappers.append(_hold)


# Whoever collects doctests imports this module too; only the worker that was told to is held.
if __name__ == settings.JOBS_EXTRA_HANDLERS:
    connection_created.connect(_watch, weak=False)
