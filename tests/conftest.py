"""What every test gets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.backends.sqlite3.base import DatabaseOperations


@pytest.fixture(autouse=True, scope="session")
def _emptying_passes_append_only_triggers() -> Iterator[None]:
    """Lets a transactional test be cleaned up on SQLite, where emptying a table is a DELETE.

    The triggers that make a table append-only are taken off and put back round the emptying;
    PostgreSQL empties by TRUNCATE, which row triggers do not see.
    """
    ordinary = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: object, **kwargs: object) -> list[str]:
        statements = ordinary(self, *args, **kwargs)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        return [*dropped, *statements, *(sql for _, sql in triggers)] if statements else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield
