"""Scans as files: what is taken in, where it lies, what is read back. Knows no rows.

A file lies under MEDIA_ROOT in a folder of its own, under a name made here. Until its row is
committed its name ends in `.new`, so that what a broken upload left behind can be told from a file
whose row is gone.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linkage.errors import NotFound, TooLarge, Unprocessable, UnsupportedType
from linkage.text import clean

FOLDER = "evidence"
LARGEST_SCAN = 10 * 1024 * 1024
LONGEST_NAME = 255
_UNFINISHED = ".new"
# Type -> the bytes that a file of it begins with, and how its name ends for whoever downloads it.
_SIGNATURES: Mapping[str, tuple[bytes, tuple[str, ...]]] = {
    "application/pdf": (b"%PDF-", (".pdf",)),
    "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg")),
    "image/png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", (".png",)),
}
MEDIA_TYPES = sorted(_SIGNATURES)
# What every door says when it hands a scan out, beside that it is an attachment: a browser runs
# nothing of it, guesses no other type, keeps no copy.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


class ScanTooLarge(TooLarge):
    """Over the bound of one scan."""

    code = "scan_too_large"
    words = _("A scan is at most %(megabytes)s MB.")


class ScanEmpty(Unprocessable):
    """A file of no bytes."""

    code = "scan_empty"
    words = _("The file is empty.")


class NotAScan(UnsupportedType):
    """Neither PDF nor JPEG nor PNG by its first bytes, whatever it is called."""

    code = "not_a_scan"
    words = _("Only PDF, JPEG and PNG files are taken; this file is none of them.")


class Upload(Protocol):
    """A file that came in: its own name is shown, never used as a path."""

    @property
    def name(self) -> str | None: ...

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it was taken in and written; `stored_as` is its path below MEDIA_ROOT."""

    stored_as: str
    sha256: str
    media_type: str
    size: int
    name: str


def take_in(file: Upload) -> Scan:
    """Read a file that came in and write it whole; it is unfinished until `finish`.

    Raises: ScanTooLarge, ScanEmpty, NotAScan; nothing is written then.
    """
    # One byte more than the bound shows that there is more, whatever length was announced.
    content = file.read(LARGEST_SCAN + 1)
    if len(content) > LARGEST_SCAN:
        raise ScanTooLarge(megabytes=LARGEST_SCAN // 1024**2)
    if not content:
        raise ScanEmpty
    media_type = media_type_of(content)
    random = uuid.uuid4().hex
    stored_as = f"{FOLDER}/{random[:2]}/{random}.bin"
    _write(_unfinished(stored_as), content)
    digest = hashlib.sha256(content).hexdigest()
    return Scan(stored_as, digest, media_type, len(content), shown_name(file.name))


def media_type_of(content: bytes) -> str:
    """Say what a file is by its first bytes. Raises: NotAScan.

    >>> media_type_of(b"%PDF-1.7 ...")
    'application/pdf'
    """
    for media_type, (begins, _endings) in _SIGNATURES.items():
        if content.startswith(begins):
            return media_type
    raise NotAScan


def shown_name(name: str | None) -> str:
    r"""Return a file's own name as people may read it: no folders, nothing invisible.

    Cut to 255 bytes in UTF-8, the end kept.

    >>> shown_name("..\\..\\Hợp đồng\r\n.pdf"), shown_name("")
    ('Hợp đồng.pdf', 'scan')
    """
    bare = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    # Controls, and what turns the direction of reading: "fdp.exe" is not to look like "exe.pdf".
    visible = "".join(char for char in bare if unicodedata.category(char)[0] != "C")
    stem, dot, ending = clean(visible).rpartition(".")
    tail = f"{dot}{ending}" if stem and len(ending.encode()) < 10 else ""
    head = stem if tail else clean(visible)
    room = LONGEST_NAME - len(tail.encode())
    cut = head.encode()[:room].decode(errors="ignore") + tail
    return cut if cut.strip(". ") else "scan"


def download_name(name: str, media_type: str) -> str:
    """Return the name with the ending of what the file is.

    >>> download_name("hop-dong.exe", "application/pdf")
    'hop-dong.exe.pdf'
    """
    endings = _SIGNATURES[media_type][1]
    return name if name.lower().endswith(endings) else f"{name}{endings[0]}"


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


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies in the folder; `changed_at` in seconds: written, or given its name."""

    stored_as: str
    is_finished: bool
    changed_at: float


def lying() -> Iterator[Lying]:
    """Return every file in the folder, in no order; what vanishes meanwhile is left out."""
    root = Path(settings.MEDIA_ROOT)
    for path in (root / FOLDER).glob("*/*"):
        try:
            changed_at = path.stat().st_ctime
        except FileNotFoundError:
            continue
        name = path.relative_to(root).as_posix()
        yield Lying(name.removesuffix(_UNFINISHED), not name.endswith(_UNFINISHED), changed_at)


def _path(stored_as: str) -> Path:
    return Path(settings.MEDIA_ROOT) / stored_as


def _unfinished(stored_as: str) -> Path:
    return Path(settings.MEDIA_ROOT) / f"{stored_as}{_UNFINISHED}"


def _write(path: Path, content: bytes) -> None:
    """Write the file and its folder's entry to the disk, or leave nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as kept:
            kept.write(content)
            kept.flush()
            os.fsync(kept.fileno())
        _sync(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
