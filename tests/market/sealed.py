"""Paired worlds: what everybody reads, before and after one sealed number differs.

`everything_read` asks every GET address of pages and API for each reader and returns what came
back, byte for byte (but for the tokens that each answer makes anew). Two worlds that differ in one
price limit must give equal answers to everybody but its owner. A part that adds addresses with an
argument of its own adds a value for it to `Readers.arguments`; others are walked by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.urls.exceptions import NoReverseMatch

from api.urls import v1
from web.urls import urlpatterns

_TOKENS = re.compile(rb'(name="csrfmiddlewaretoken" value=|nonce=)"[^"]*"')
ANONYMOUS = "anonymous"
_HEADERS = ("ETag", "Content-Length", "Location", "Last-Modified", "Content-Disposition")


@dataclass(frozen=True)
class Readers:
    """Who reads, which values stand in addresses, and which searches are asked besides.

    Each of `arguments` gives every name of an argument one value; an address is tried with each of
    them (1 for a name that is not given). `queries`: the query strings of an address by its name.
    """

    clients: Mapping[str, Client]
    arguments: Sequence[Mapping[str, Any]]
    queries: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back; `asked`: how many queries it took, a measure of time that does not wobble."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    asked: int


def everything_read(
    readers: Readers, *, at: Collection[str] | None = None
) -> dict[tuple[str, str], Answer]:
    """Every reader's answer at every address, or at those that are named."""
    found = {}
    for who, client in readers.clients.items():
        # How often somebody asked before is no part of the world.
        cache.clear()
        for address in sorted(addresses(readers) if at is None else at):
            if who == ANONYMOUS and address.startswith("/api/"):
                cache.clear()
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(address)
            content = b"".join(answer) if answer.streaming else answer.content
            headers = tuple((name, answer[name]) for name in _HEADERS if name in answer)
            found[who, address] = Answer(
                answer.status_code, headers, _TOKENS.sub(b"", content), len(captured)
            )
    return found


def addresses(readers: Readers) -> set[str]:
    """Every address of pages and API with every combination of values."""
    found: set[str] = set()
    for namespace, patterns in (("web", urlpatterns), ("api", v1)):
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and _is_read(pattern.callback):
                for plain in _filled(namespace, pattern, readers.arguments):
                    found.add(plain)
                    found |= {plain + query for query in readers.queries.get(pattern.name, ())}
    return found


def _filled(
    namespace: str, pattern: URLPattern, arguments: Sequence[Mapping[str, Any]]
) -> set[str]:
    names = pattern.pattern.converters
    found = set()
    for one in arguments:
        try:
            found.add(
                reverse(
                    f"{namespace}:{pattern.name}", kwargs={name: one.get(name, 1) for name in names}
                )
            )
        except NoReverseMatch:
            continue
    return found


def _is_read(view: Any) -> bool:
    """An address that takes no GET answers 405 to everybody."""
    needs = getattr(getattr(view, "view_class", None), "needs", None)
    return needs is None or "GET" in needs


def differences(
    one: Mapping[tuple[str, str], Answer], other: Mapping[tuple[str, str], Answer]
) -> list[tuple[str, str]]:
    """Who, at which address, can tell the two worlds apart."""
    assert one.keys() == other.keys()
    return [key for key in one if one[key] != other[key]]
