"""An xlsx file's parts, taken out of its zip within stated bounds before any XML is parsed.

A workbook comes from outside, so nothing it says about itself is believed: the zip directory is
checked first (it refuses an ordinary bomb in no time), then each part is unpacked in steps with
the bounds counted again (a directory can lie), and the parser is given these bytes only.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from linkage.errors import TooLarge, Unprocessable, UnsupportedType

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_MEMBERS = 200
# An honest sheet of figures packs 10 to 20 times; small members may pack better.
MAX_RATIO = 100
RATIO_COUNTS_FROM_BYTES = 1024 * 1024
# A tag costs the parser some 300 bytes and 2 microseconds; 5,000 rows of a register have 200,000.
MAX_SHEET_TAGS = 6_000_000
MAX_OTHER_TAGS = 1_000_000
# The parser holds one row at a time; this many tags in one are no row of a register.
MAX_TAGS_BETWEEN_ROWS = 100_000

_STEP = 256 * 1024
_LOCAL_HEADER_BYTES = 30
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_XML_NAMES = (".xml", ".rels", ".vml")
_NESTED_NAMES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".jar", ".7z", ".gz", ".rar")
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
# ISO 29500 strict files differ from ordinary ones in these addresses only, as far as we read.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main",
     b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
)  # fmt: skip
_ROW_MARK = re.compile(rb"<(?:\w+:)?row[\s/>]")


class WorkbookTooLarge(TooLarge):
    """The file, or what it unpacks to, is over a bound."""

    code = "workbook_too_large"
    words = _("The workbook is too large: %(what)s is over %(limit)s.")


class NotAWorkbook(UnsupportedType):
    """The file is no xlsx workbook, whatever its name says."""

    code = "not_an_xlsx_workbook"
    words = _("The file is not an .xlsx workbook. Save it as Excel Workbook (.xlsx) and try again.")


class OldWorkbook(UnsupportedType):
    """The binary format of Excel 97-2003, or xlsb."""

    code = "old_workbook_format"
    words = _("The file is an older or binary Excel format. Save it as Excel Workbook (.xlsx).")


class MacroWorkbook(UnsupportedType):
    """The workbook carries macros."""

    code = "workbook_with_macros"
    words = _("The workbook contains macros. Save it as Excel Workbook (.xlsx) without macros.")


class EncryptedWorkbook(Unprocessable):
    """The workbook is protected by a password."""

    code = "workbook_encrypted"
    words = _("The workbook is protected by a password. Remove the password and try again.")


class BrokenWorkbook(Unprocessable):
    """The file is damaged, or is not built as a workbook is."""

    code = "workbook_broken"
    words = _("The workbook is damaged and cannot be read (%(where)s).")


class NestedArchive(Unprocessable):
    """A file packed inside the workbook could hide anything."""

    code = "workbook_holds_archive"
    words = _("The workbook contains another packed file (%(where)s), which is not accepted.")


class UnsafeXml(Unprocessable):
    """A part declares a document type or entities: no workbook program writes that."""

    code = "workbook_unsafe_xml"
    words = _("A part of the workbook (%(where)s) contains declarations that are not accepted.")


def read_package(path: Path) -> dict[str, bytes]:
    """The XML parts of the workbook at `path`, by name; other parts are checked and left out.

    Raises: WorkbookTooLarge; NotAWorkbook, OldWorkbook, MacroWorkbook; EncryptedWorkbook,
    BrokenWorkbook, NestedArchive, UnsafeXml. Unpacks at most MAX_UNPACKED_BYTES.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise WorkbookTooLarge(what=_in_mb(path.stat().st_size), limit=_in_mb(MAX_FILE_BYTES))
    with path.open("rb") as file:
        _require_zip(file)
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                _check_directory(members)
                parts = _unpack(file, members)
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError) as error:
            raise BrokenWorkbook(where="zip") from error
        except (NotImplementedError, UnicodeDecodeError) as error:
            raise BrokenWorkbook(where="zip") from error
    _require_workbook(parts)
    return parts


def _in_mb(size: int) -> str:
    """Rounded up: what is over a bound never reads like the bound.

    >>> _in_mb(50 * 1024 * 1024), _in_mb(50 * 1024 * 1024 + 1)
    ('50 MB', '51 MB')
    """
    return f"{-(-size // (1024 * 1024))} MB"


def _require_zip(file: BinaryIO) -> None:
    head = file.read(8)
    if head == _OLE:
        rest = file.read()
        raise EncryptedWorkbook if _ENCRYPTED_STREAM in rest else OldWorkbook
    if not head:
        raise BrokenWorkbook(where="0 bytes")
    if not head.startswith(_ZIP):
        raise NotAWorkbook
    file.seek(0)


def _check_directory(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise WorkbookTooLarge(what=len(members), limit=MAX_MEMBERS)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise WorkbookTooLarge(what=_in_mb(unpacked), limit=_in_mb(MAX_UNPACKED_BYTES))
    if len({member.filename for member in members}) < len(members):
        raise BrokenWorkbook(where="zip")
    for member in members:
        _check_ratio(member.file_size, member.compress_size)
        if member.flag_bits & 0x1:
            raise EncryptedWorkbook
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BrokenWorkbook(where="zip")
        name = member.filename.lower()
        if name.endswith("vbaproject.bin"):
            raise MacroWorkbook
        if name.endswith(_NESTED_NAMES):
            raise NestedArchive(where=member.filename)


def _check_ratio(unpacked: int, packed: int) -> None:
    if unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * max(packed, 1):
        raise WorkbookTooLarge(what=f"{unpacked}:{packed}", limit=f"{MAX_RATIO}:1")


def _unpack(file: BinaryIO, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    for member in members:
        content = _unpack_member(file, member, left)
        left -= len(content)
        if content.startswith(_ZIP):
            raise NestedArchive(where=member.filename)
        if member.filename.lower().endswith(_XML_NAMES) or b"<?xml" in content[:64]:
            parts[member.filename] = _checked_xml(member.filename, content)
    return parts


def _unpack_member(file: BinaryIO, member: zipfile.ZipInfo, limit: int) -> bytes:
    """The member's bytes, unpacked step by step; the directory's sizes are not believed."""
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER_BYTES)
    if len(header) < _LOCAL_HEADER_BYTES or not header.startswith(_ZIP):
        raise BrokenWorkbook(where=member.filename)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, 1)
    packed = file.read(member.compress_size)
    stored = member.compress_type == zipfile.ZIP_STORED
    content = packed if stored else _inflate(packed, limit)
    if len(content) > limit:
        raise WorkbookTooLarge(what=member.filename, limit=_in_mb(MAX_UNPACKED_BYTES))
    _check_ratio(len(content), len(packed))
    if len(content) != member.file_size or zlib.crc32(content) != member.CRC:
        raise BrokenWorkbook(where=member.filename)
    return content


def _inflate(packed: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    steps: list[bytes] = []
    size = 0
    while not inflater.eof and size <= limit:
        step = inflater.decompress(packed, _STEP)
        packed = inflater.unconsumed_tail
        if not step and not packed:
            break
        steps.append(step)
        size += len(step)
    return b"".join(steps)


def _checked_xml(name: str, content: bytes) -> bytes:
    if any(word in content for word in _DECLARATIONS):
        raise UnsafeXml(where=name)
    is_sheet = name.lower().startswith("xl/worksheets/")
    limit = MAX_SHEET_TAGS if is_sheet else MAX_OTHER_TAGS
    tags = content.count(b"<")
    if tags > limit:
        raise WorkbookTooLarge(what=name, limit=limit)
    if is_sheet and tags > MAX_TAGS_BETWEEN_ROWS:
        _check_rows(name, content)
    for strict, ordinary in _STRICT:
        if strict in content:
            content = content.replace(strict, ordinary)
    return content


def _check_rows(name: str, content: bytes) -> None:
    starts = [match.start() for match in _ROW_MARK.finditer(content)]
    for start, end in zip([0, *starts], [*starts, len(content)], strict=True):
        # The shortest tag has four bytes, so a short stretch needs no counting.
        if end - start < 4 * MAX_TAGS_BETWEEN_ROWS:
            continue
        if content.count(b"<", start, end) > MAX_TAGS_BETWEEN_ROWS:
            raise WorkbookTooLarge(what=name, limit=MAX_TAGS_BETWEEN_ROWS)


def _require_workbook(parts: dict[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml")
    if types is None:
        raise NotAWorkbook
    if b"sheet.binary" in types:
        raise OldWorkbook
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise MacroWorkbook
    if b"spreadsheetml.sheet.main" not in types and b"spreadsheetml.template.main" not in types:
        raise NotAWorkbook


def repack(parts: dict[str, bytes]) -> BytesIO:
    """The checked parts as a plain zip in memory: all that the parser ever opens."""
    plain = BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    plain.seek(0)
    return plain
