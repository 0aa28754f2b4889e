"""How the commands of this folder, which read and write files, end where they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from linkage import ending
from linkage.intake import paths


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """What the domain, the database or the disk refuses inside is one line, and exit 2."""
    try:
        with ending.refused_in_one_line():
            yield
    except OSError as error:
        meant = paths.meaning(error, error.filename) if error.filename else error
        raise ending.ended(meant) from error
