"""How the commands of this folder end where they cannot do what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from linkage.errors import DatabaseNotReady, DomainError
from linkage.intake import paths

WRONG_USAGE = 2


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """What the domain, the database or the disk refuses inside is one line, and exit 2."""
    try:
        yield
    except DatabaseError as error:
        raise _ended(DatabaseNotReady(error=_one_line(error))) from error
    except DomainError as error:
        raise _ended(error) from error
    except OSError as error:
        raise _ended(paths.meaning(error, error.filename) if error.filename else error) from error


def _ended(error: Exception) -> CommandError:
    return CommandError(_one_line(error), returncode=WRONG_USAGE)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
