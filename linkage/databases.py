"""Databases told apart, and one that no migration can bring further."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader

# SQLite takes no more than some 32,000 values in one query; more ids than these are not named.
MOST_NAMED = 10_000


def told_apart(database: Mapping[str, Any]) -> str:
    """Name what is kept for one database outside of it, by Django's settings of that database.

    >>> told_apart({"HOST": "db", "PORT": 5432, "NAME": "noichuoi"})
    'noichuoi-014092ef'
    >>> told_apart({"NAME": "/srv/demo.sqlite3"})[:5]
    'demo-'
    """
    where = [str(database.get(key, "")) for key in ("HOST", "PORT", "NAME")]
    digest = sha256("\n".join(where).encode()).hexdigest()[:8]
    return f"{Path(where[-1]).stem}-{digest}"


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
