"""What an address says behind its question mark, read so that anything may stand there."""

from __future__ import annotations

from django.http import HttpRequest


def whole_number(request: HttpRequest, name: str) -> int | None:
    """The number that the address gives for `name`; None for anything else."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
