"""Tables that are only added to, and databases that no migration can bring further."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

_SQLITE = """
CREATE TRIGGER {trigger} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{what} are append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{what} are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""  # noqa: E501
_POSTGRESQL = """
CREATE TRIGGER {trigger} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()
"""


def append_only(
    *tables: str, what: str, function: str, prefix: str = "{table}", never_emptied: bool = False
) -> RunPython:
    """Return the operation by which the database refuses UPDATE and DELETE of these tables' rows.

    `what` they are is said by the refusal; `function` is its name on PostgreSQL, `prefix` how the
    triggers' names begin. `never_emptied`: PostgreSQL refuses TRUNCATE too, which triggers of rows
    do not see; SQLite has no such statement, its DELETE of all rows is refused row by row.
    """

    def refused(vendor: str) -> list[dict[str, str]]:
        verbs = [("UPDATE", "ROW"), ("DELETE", "ROW")]
        if never_emptied and vendor == "postgresql":
            verbs.append(("TRUNCATE", "STATEMENT"))
        return [
            {
                "table": table, "verb": verb, "each": each, "what": what, "function": function,
                "trigger": f"{prefix.format(table=table)}_refuses_{verb.lower()}",
            }
            for table in tables
            for verb, each in verbs
        ]  # fmt: skip

    def refuse(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(_POSTGRESQL_FUNCTION.format(function=function, what=what))
        template = _POSTGRESQL if vendor == "postgresql" else _SQLITE
        for one in refused(vendor):
            schema_editor.execute(template.format(**one))

    def allow(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        where = " ON {table}" if vendor == "postgresql" else ""
        for one in refused(vendor):
            schema_editor.execute(f"DROP TRIGGER {{trigger}}{where}".format(**one))
        if vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {function}()")

    return RunPython(refuse, allow)


def refuse_what_stopped_half_way(sender: object, *, using: str, **signalled: object) -> None:
    """Before migrating: refuse a database with a part of the migrations that one took the place of.

    Django would pass over that one in silence. Raises: CommandError.
    """
    loader = MigrationLoader(connections[using])
    for (app, name), migration in loader.disk_migrations.items():
        gone = [one for one in migration.replaces if one not in loader.disk_migrations]
        done = [one for one in gone if one in loader.applied_migrations]
        if done and len(done) < len(gone) and (app, name) not in loader.applied_migrations:
            raise CommandError(
                f"{app}: this database has {len(done)} of {len(gone)} migrations that {name} took"
                " the place of; run `migrate` of the version before first."
            )
