"""Databases of a test's own on the PostgreSQL server of DATABASE_URL."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings


def is_used() -> bool:
    """Whether the tests run on PostgreSQL."""
    return settings.DATABASE_URL.startswith("postgres")


def url_of(database: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{database}"))


def administer(statement: str) -> None:
    """Run a statement that makes or drops a database."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(statement)
