"""Numbers that an address or a form gives, read so that anything may stand there."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict


def whole_number(request: HttpRequest, name: str) -> int | None:
    """The number that the address gives for `name`; None for anything else."""
    return _number(request.GET, name)


def posted_number(request: HttpRequest, name: str) -> int | None:
    """The number that the form gives for `name`; None for anything else."""
    return _number(request.POST, name)


def _number(given: QueryDict, name: str) -> int | None:
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
