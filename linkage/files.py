"""Files that rows name: where one lies, and how it comes and goes with its row. Knows no model.

A file lies under MEDIA_ROOT in the folder of its kind, under a name made by whoever keeps it
(`stored_as`). Until its row is committed the name ends in `.new`, so that what a broken upload left
behind can be told from a file whose row is gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from linkage.errors import NotFound

# The folders of what is kept.
SCANS, WORKBOOKS, CONSENTS, SOURCES = "evidence", "imports", "consents", "sources"
# What an upload that broke off left is cleared away after this.
BROKEN_OFF_AFTER = timedelta(days=1)
_UNFINISHED = ".new"
Keep: TypeAlias = Callable[[str, Iterable[bytes]], None]


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies in a folder; `changed_at` in seconds: written, or given its name."""

    stored_as: str
    is_finished: bool
    changed_at: float


@contextmanager
def beside_its_row() -> Iterator[Keep]:
    """Stand inside the transaction of the row and write its file by what this yields.

    What fails before the commit takes the files away; the commit gives them their names. Whether a
    commit that fails was one is not known here: then a file stays unfinished, and `clear_broken`
    looks for its row.
    """
    written: list[str] = []

    def keep(stored_as: str, content: Iterable[bytes]) -> None:
        write(stored_as, content)
        written.append(stored_as)
        # Robust: what is committed is not refused because its file keeps its unfinished name.
        transaction.on_commit(partial(finish, stored_as), robust=True)

    try:
        yield keep
    except BaseException:
        for stored_as in written:
            discard(stored_as)
        raise


def write(stored_as: str, content: Iterable[bytes]) -> None:
    """Write the file and its folder's entry to the disk, unfinished, or leave nothing."""
    path = _unfinished(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as kept:
            kept.writelines(content)
            kept.flush()
            os.fsync(kept.fileno())
        _sync(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def finish(stored_as: str) -> None:
    """Give the file its name, once its row is committed; done twice is done once."""
    try:
        _unfinished(stored_as).replace(_path(stored_as))
    except FileNotFoundError:
        return
    _sync(_path(stored_as).parent)


def discard(stored_as: str) -> None:
    """Remove the file, finished or not, if it is there."""
    for path in (_unfinished(stored_as), _path(stored_as)):
        path.unlink(missing_ok=True)


def path_of(stored_as: str) -> Path:
    """Return where the file is. Raises: NotFound, if it is lost.

    A process that died between the commit of the row and `finish` leaves it unfinished.
    """
    for path in (_path(stored_as), _unfinished(stored_as)):
        if path.is_file():
            return path
    raise NotFound


def lying(folder: str) -> Iterator[Lying]:
    """Return every file in the folder, in no order; what vanishes meanwhile is left out."""
    root = Path(settings.MEDIA_ROOT)
    for path in (root / folder).rglob("*"):
        try:
            changed_at = path.stat().st_ctime
        except FileNotFoundError:
            continue
        if path.is_file():
            name = path.relative_to(root).as_posix()
            yield Lying(name.removesuffix(_UNFINISHED), not name.endswith(_UNFINISHED), changed_at)


def clear_broken(folder: str, *, rows: QuerySet[Any], now: datetime) -> int:
    """Name what lies unfinished beside its row, remove what broke off a day ago; how many went.

    `rows` say `stored_as` of the folder's files. A finished file without a row is left alone:
    `audit_invariants` names it for a person to see.
    """
    old = (now - BROKEN_OFF_AFTER).timestamp()
    broken = [one for one in lying(folder) if not one.is_finished and one.changed_at < old]
    removed = 0
    for one in broken:
        if rows.filter(stored_as=one.stored_as).exists():
            finish(one.stored_as)
        else:
            discard(one.stored_as)
            removed += 1
    return removed


def _path(stored_as: str) -> Path:
    return Path(settings.MEDIA_ROOT) / stored_as


def _unfinished(stored_as: str) -> Path:
    return Path(settings.MEDIA_ROOT) / f"{stored_as}{_UNFINISHED}"


def _sync(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
