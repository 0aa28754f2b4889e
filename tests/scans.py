"""Files that are scans, and files that only say so."""

from __future__ import annotations

import io

PDF = b"%PDF-1.7\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def named(content: bytes, name: str) -> io.BytesIO:
    """A file as a door hands it over."""
    file = io.BytesIO(content)
    file.name = name
    return file


def scan(words: str = "", name: str = "hợp đồng.pdf") -> io.BytesIO:
    """A PDF; of other words it has other bytes."""
    return named(PDF + words.encode(), name)
