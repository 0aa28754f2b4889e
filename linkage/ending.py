"""How a command ends where it cannot do what was asked: one line, and exit 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from linkage.errors import DatabaseNotReady, DomainError

WRONG_USAGE = 2


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """What the domain or the database refuses inside ends the command."""
    try:
        yield
    except DatabaseError as error:
        raise ended(DatabaseNotReady(error=_one_line(error))) from error
    except DomainError as error:
        raise ended(error) from error


def ended(error: Exception) -> CommandError:
    """The end of a command for that reason."""
    return CommandError(_one_line(error), returncode=WRONG_USAGE)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
