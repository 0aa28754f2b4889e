"""Files that are no honest workbook are refused by class, quickly and in little memory."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from linkage.errors import TooLarge, Unprocessable, UnsupportedType
from linkage.intake.reading import package
from linkage.intake.reading.records import read_records
from linkage.intake.reading.workbook import read_workbook
from tests.intake.reading.conftest import repack

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BILLION_LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'

# Reads the file in a fresh process and prints: the error's class, seconds, peak of memory in MB.
MEASURE = """
import os, re, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from pathlib import Path
from linkage.errors import DomainError
from linkage.intake.reading.workbook import read_workbook
started = time.perf_counter()
try:
    read_workbook(Path(sys.argv[1]))
    name = "read"
except DomainError as error:
    name = type(error).__mro__[1].__name__
# The peak of this program alone: ru_maxrss would count the parent that started it.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(name, time.perf_counter() - started, peak)
"""


def _measured(path: Path) -> str:
    """Open `path` in a process of its own; the class of its refusal, within 2 s and 200 MB."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True, text=True, check=True, timeout=60,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    name, seconds, megabytes = run.stdout.split()
    assert float(seconds) < 2
    assert float(megabytes) < 200
    return name


def _declare(doctype: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if name != SHEET:
            return content
        return re.sub(rb"^(<\?xml[^>]*\?>)?", rb'<?xml version="1.0"?>' + doctype, content, count=1)

    return change


def _sheet_of(body: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if name != SHEET:
            return content
        rows = b"<sheetData>" + body + b"</sheetData>"
        return re.sub(rb"<sheetData>.*</sheetData>", lambda _: rows, content, flags=re.DOTALL)

    return change


def test_a_bomb_is_refused_from_the_directory(register: Path) -> None:
    repack(register, xl__media__image1_dot_xml=b" " * (200 * 1024 * 1024))
    assert _measured(register) == "TooLarge"


def test_a_big_member_that_packs_too_well_is_refused(register: Path) -> None:
    repack(register, _sheet_of(b"<row><c><v>1</v></c></row>" * 200_000))
    assert _measured(register) == "TooLarge"


def test_a_directory_that_lies_about_a_size_is_not_believed(register: Path) -> None:
    """The directory promises 1,000 bytes with their right checksum; the member has 300 MB."""
    repack(register, xl__lie_dot_xml=b" " * (300 * 1024 * 1024))
    data = bytearray(register.read_bytes())
    entry = data.rindex(b"xl/lie.xml") - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<L", data, entry + 16, zlib.crc32(b" " * 1000))
    struct.pack_into("<L", data, entry + 24, 1000)
    register.write_bytes(data)
    assert _measured(register) == "TooLarge"


def test_a_small_lie_about_a_size_is_a_broken_file(register: Path) -> None:
    repack(register, xl__lie_dot_xml=b"<a/>" * 100)
    data = bytearray(register.read_bytes())
    entry = data.rindex(b"xl/lie.xml") - 46
    struct.pack_into("<L", data, entry + 24, 4)
    register.write_bytes(data)
    with pytest.raises(Unprocessable):
        read_workbook(register)


def test_too_many_members_are_refused(register: Path) -> None:
    repack(register, **{f"xl__part{n}_dot_bin": b"x" for n in range(200)})
    assert _measured(register) == "TooLarge"


def test_one_endless_row_is_refused(register: Path) -> None:
    cells = b"".join(b"<c><v>%d</v></c>" % (n * 7919) for n in range(60_000))
    repack(register, _sheet_of(b"<row>" + cells + b"</row>"))
    assert _measured(register) == "TooLarge"


def test_a_style_sheet_of_a_million_tags_is_refused(register: Path) -> None:
    styles = b"".join(b'<xf a="%x"/>' % (n * 2654435761 % 2**32) for n in range(1_100_000))
    repack(register, xl__styles2_dot_xml=b"<s>" + styles + b"</s>")
    assert _measured(register) == "TooLarge"


def test_a_zip_in_the_zip_is_refused(register: Path) -> None:
    inner = register.read_bytes()
    assert _measured(repack(register, xl__embeddings__object1_dot_bin=inner)) == "Unprocessable"


@pytest.mark.parametrize("doctype", [BILLION_LAUGHS, XXE, b"<!DOCTYPE plain>"])
def test_declared_types_and_entities_are_refused(register: Path, doctype: bytes) -> None:
    assert _measured(repack(register, _declare(doctype))) == "Unprocessable"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_declaration_cannot_hide_in_another_encoding(register: Path, encoding: str) -> None:
    part = ('<?xml version="1.0"?>' + XXE.decode() + "<x/>").encode(encoding)
    with pytest.raises(package.UnsafeXml):
        read_workbook(repack(register, xl__other_dot_xml=part))


def test_a_workbook_behind_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000)
    with pytest.raises(package.EncryptedWorkbook) as refusal:
        read_workbook(path)
    assert isinstance(refusal.value, Unprocessable)


def test_a_zip_with_encrypted_members_is_refused(register: Path) -> None:
    data = bytearray(register.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    register.write_bytes(data)
    with pytest.raises(package.EncryptedWorkbook):
        read_workbook(register)


@pytest.mark.parametrize(
    "content",
    [
        OLE + b"\0" * 4000,
        "STT,Tên đơn vị\n1,HTX Minh họa".encode(),
        b"<html><table></table></html>",
        b"%PDF-1.7",
    ],
    ids=["xls", "csv", "html", "pdf"],
)
def test_another_format_with_the_name_of_a_workbook_is_refused(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnsupportedType):
        read_workbook(path)


def test_macros_are_refused(register: Path) -> None:
    with pytest.raises(package.MacroWorkbook):
        read_workbook(repack(register, xl__vbaProject_dot_bin=b"\xcc\x61"))


def test_the_content_type_of_macros_is_refused(register: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    with pytest.raises(package.MacroWorkbook):
        read_workbook(repack(register, change))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "xin chào")
    with pytest.raises(UnsupportedType):
        read_workbook(path)


@pytest.mark.parametrize("keep", [0, 4, 100, 3000])
def test_a_cut_file_is_refused(register: Path, keep: int) -> None:
    register.write_bytes(register.read_bytes()[:keep])
    with pytest.raises(Unprocessable):
        read_workbook(register)


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/styles.xml"])
def test_a_part_that_is_no_xml_is_refused(register: Path, part: str) -> None:
    with pytest.raises(Unprocessable):
        read_workbook(repack(register, lambda name, c: b"<a><b></a>" if name == part else c))


def test_every_bit_flip_is_read_or_refused(register: Path) -> None:
    """Whatever breaks, the answer is one of the three refusals and never another error."""
    sound = register.read_bytes()
    for place in range(0, len(sound), 97):
        data = bytearray(sound)
        data[place] ^= 0x55
        register.write_bytes(data)
        try:
            read_workbook(register)
        except (TooLarge, UnsupportedType, Unprocessable):
            continue


def test_a_dimension_of_the_whole_sheet_costs_nothing(register: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content)

    repack(register, change)
    assert _measured(register) == "read"
    assert len(read_records(register).records) == 2


def test_a_merge_of_the_whole_sheet_costs_nothing(register: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        merge = b'</sheetData><mergeCells><mergeCell ref="J1:XFD1048576"/></mergeCells>'
        return content.replace(b"</sheetData>", merge) if name == SHEET else content

    repack(register, change)
    assert _measured(register) == "read"
    assert len(read_records(register).records) == 2


def test_a_cell_at_the_far_corner_is_refused_by_its_column(register: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    repack(register, lambda _, content: content.replace(b"</sheetData>", far))
    assert _measured(register) == "TooLarge"


def test_a_file_over_the_bound_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(package.MAX_FILE_BYTES + 1)
    with pytest.raises(TooLarge):
        read_workbook(path)


def test_a_sheet_whose_part_is_not_there_is_not_passed_over(register: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"worksheets/sheet1.xml", b"worksheets/sheet9.xml")

    with pytest.raises(Unprocessable):
        read_workbook(repack(register, change))
