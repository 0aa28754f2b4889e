"""What is a scan, how it lies on the disk, and under which name people read it."""

from __future__ import annotations

import unicodedata

import pytest

from linkage import files, scans
from linkage.errors import NotFound
from tests.scans import JPEG, PDF, PNG, named


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def on_disk(tmp_path):
    return sorted(path for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")],
)
def test_the_type_is_what_the_first_bytes_say_whatever_the_name(content, media_type):
    taken = scans.take_in(named(content, "anh.exe"))
    assert (taken.media_type, taken.size) == (media_type, len(content))
    assert files.path_of(taken.stored_as).read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"MZ\x90\x00\x03",
        b"GIF89a",
        b"PK\x03\x04",
        b" %PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"%PD",
    ],
    ids=["html", "svg", "exe", "gif", "zip", "pdf not at the start", "png without", "cut"],
)
def test_what_is_called_pdf_and_is_none_is_refused_and_not_kept(content, tmp_path):
    with pytest.raises(scans.NotAScan):
        scans.take_in(named(content, "hop-dong.pdf"))
    assert on_disk(tmp_path) == []


def test_a_file_of_no_bytes_is_refused(tmp_path):
    with pytest.raises(scans.ScanEmpty):
        scans.take_in(named(b"", "a.pdf"))
    assert on_disk(tmp_path) == []


def test_the_bound_is_ten_megabytes_and_a_byte_more_is_refused(tmp_path):
    most = PDF + b"\0" * (scans.LARGEST_SCAN - len(PDF))
    assert scans.take_in(named(most, "a.pdf")).size == 10 * 1024 * 1024
    with pytest.raises(scans.ScanTooLarge):
        scans.take_in(named(most + b"\0", "a.pdf"))
    assert len(on_disk(tmp_path)) == 1


HARMFUL = [
    "../../x",
    "..\\..\\windows\\x.pdf",
    "/etc/passwd",
    "a\x00b.pdf",
    "a\r\nSet-Cookie: x.pdf",
    "hop\u202efdp.exe",
    "\u200b\u200d.pdf",
    "..",
    "",
    None,
    "ạ" * 300 + ".pdf",
    "x" * 300 + "." + "y" * 300,
    "\ud800.pdf",
]


@pytest.mark.parametrize("name", HARMFUL, ids=ascii)
def test_a_name_is_for_people_and_never_a_path(name, tmp_path):
    taken = scans.take_in(named(PDF, name))
    assert 0 < len(taken.name.encode()) <= 255
    assert not any(unicodedata.category(char)[0] == "C" for char in taken.name)
    assert not set(taken.name) & set("/\\")
    assert unicodedata.is_normalized("NFC", taken.name)
    # The name made here: hexadecimal digits, in a folder of its first two.
    folder, place, made = taken.stored_as.split("/")
    assert (folder, place, made[-4:]) == ("evidence", made[:2], ".bin")
    assert set(made[:-4]) <= set("0123456789abcdef")
    assert [path.relative_to(tmp_path).parts[0] for path in on_disk(tmp_path)] == ["evidence"]


def test_a_name_of_parts_is_stored_composed():
    apart = unicodedata.normalize("NFD", "Hợp đồng.pdf")
    assert scans.shown_name(apart) == unicodedata.normalize("NFC", "Hợp đồng.pdf")


def test_a_long_name_keeps_its_ending_and_whole_letters():
    shown = scans.shown_name("ạ" * 300 + ".pdf")
    assert shown.endswith("ạ.pdf")
    assert len(shown.encode()) <= 255


def test_it_is_downloaded_with_the_ending_of_what_it_is():
    assert scans.download_name("x.exe", "application/pdf") == "x.exe.pdf"
    assert scans.download_name("Ảnh.JPEG", "image/jpeg") == "Ảnh.JPEG"


def test_it_is_unfinished_until_it_is_finished_and_read_either_way(tmp_path):
    taken = scans.take_in(named(PDF, "a.pdf"))
    assert [path.suffix for path in on_disk(tmp_path)] == [".new"]
    assert files.path_of(taken.stored_as).read_bytes() == PDF
    for _twice in range(2):
        files.finish(taken.stored_as)
        assert [path.suffix for path in on_disk(tmp_path)] == [".bin"]
        assert files.path_of(taken.stored_as).read_bytes() == PDF


def test_what_is_discarded_is_gone(tmp_path):
    taken = scans.take_in(named(PDF, "a.pdf"))
    files.discard(taken.stored_as)
    assert on_disk(tmp_path) == []
    with pytest.raises(NotFound):
        files.path_of(taken.stored_as)


def test_nobody_else_on_the_machine_reads_it(tmp_path):
    scans.take_in(named(PDF, "a.pdf"))
    assert [path.stat().st_mode & 0o077 for path in on_disk(tmp_path)] == [0]


def test_a_disk_that_is_full_leaves_nothing(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        scans.take_in(named(PDF, "a.pdf"))
    assert on_disk(tmp_path) == []
