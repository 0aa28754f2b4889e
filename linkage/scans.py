"""Scans as files: what is taken in, under which name, and what is handed out. Knows no rows."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from linkage import files
from linkage.errors import TooLarge, Unprocessable, UnsupportedType
from linkage.text import clean

LARGEST_SCAN = 10 * 1024 * 1024
LONGEST_NAME = 255
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


class Kept(Protocol):
    """A row of a scan: its fields are those of `Scan`."""

    stored_as: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A scan to be handed to its reader."""

    path: Path
    name: str
    media_type: str


def take_in(file: Upload, keep: files.Keep = files.write, *, folder: str = files.SCANS) -> Scan:
    """Read a file that came in and have it kept; it is unfinished until its row is committed.

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
    stored_as = f"{folder}/{random[:2]}/{random}.bin"
    keep(stored_as, [content])
    digest = hashlib.sha256(content).hexdigest()
    return Scan(stored_as, digest, media_type, len(content), shown_name(file.name))


def opened(scan: Kept) -> Opened:
    """Return a scan that was kept, to be handed out. Raises: NotFound, if it is lost."""
    name = download_name(scan.name, scan.media_type)
    return Opened(files.path_of(scan.stored_as), name, scan.media_type)


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
