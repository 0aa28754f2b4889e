"""What the system says of a path that cannot be read or written, in words that help."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from linkage.errors import Invalid


class PathUnusable(Invalid):
    """A file or folder that is not as it must be; the class says which way."""

    code = "path_unusable"
    words = _("%(path)s cannot be used: %(error)s.")


class NoSuchFile(PathUnusable):
    """There is no file there to be read."""

    code = "no_such_file"
    words = _("There is no file %(path)s.")


class NotAFile(PathUnusable):
    """A folder, a device or a pipe where a workbook should be."""

    code = "not_a_file"
    words = _("%(path)s is a folder or no ordinary file: name a workbook (.xlsx).")


class NoSuchFolder(PathUnusable):
    """There is no folder to write into."""

    code = "no_such_folder"
    words = _("There is no folder %(folder)s to write the file into.")


class PathForbidden(PathUnusable):
    """The account that runs the command may not."""

    code = "path_forbidden"
    words = _("You may not read or write %(path)s.")


class DiskFull(PathUnusable):
    """Nothing more fits."""

    code = "disk_full"
    words = _("There is no room left on the disk for %(path)s.")


_MEANINGS: dict[int, type[PathUnusable]] = {
    errno.ENOENT: NoSuchFile,
    errno.EISDIR: NotAFile,
    errno.EACCES: PathForbidden,
    errno.EPERM: PathForbidden,
    errno.EROFS: PathForbidden,
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
}


def require_readable(path: Path) -> None:
    """Raises: NoSuchFile, NotAFile, PathForbidden."""
    try:
        if not path.is_file():
            raise NotAFile(path=path) if path.exists() else NoSuchFile(path=path)
        path.open("rb").close()
    except (OSError, ValueError) as error:
        raise meaning(error, path) from error


def require_place(path: Path) -> None:
    """Whether a file can be put at `path`. Raises: NoSuchFolder, NotAFile, PathForbidden."""
    try:
        if not path.parent.is_dir():
            raise NoSuchFolder(folder=path.parent)
        if path.exists() and not path.is_file():
            raise NotAFile(path=path)
    except (OSError, ValueError) as error:
        raise meaning(error, path) from error


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Whatever the system refuses inside is about `path`: a full disk names no file by itself."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def meaning(error: OSError | ValueError, path: Path | str) -> PathUnusable:
    """What the system's error means to who named the path."""
    number = error.errno if isinstance(error, OSError) else None
    meant = _MEANINGS.get(number or 0)
    if meant is not None:
        return meant(path=path)
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return PathUnusable(path=path, error=said)
