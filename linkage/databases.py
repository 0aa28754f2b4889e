"""Databases told apart: what lies beside one is never taken for another's."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

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
