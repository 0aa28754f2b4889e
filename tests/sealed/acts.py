"""What everybody may do and read, cell by cell: every address, each method, each relation.

Reading was walked already; here every other method is tried with nothing in the body, and taken
back. `relations` says what the matrix allows. What it does not allow has to be answered as what is
not there is: as an address that is none, or as the same address with numbers of nothing.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from itertools import product
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import reverse

from config.access import Address, addresses
from tests.sealed import relations, walk
from tests.sealed.relations import Ties
from tests.sealed.walk import Answer, Key, Reader

NOTHING = 999_999
# Kept of a request whatever comes of it: the session, and the answer under a key.
_OF_THE_DOOR = ("django_session", "jobs_idempotentanswer", "axes_")


@dataclass(frozen=True)
class Judged:
    """One cell: who, by which method, where; whether the matrix allows it, and what came back.

    `absent` is the answer for what is not there, with its address; None where nobody asked for it.
    """

    who: str
    method: str
    address: str
    route: str
    allowed: bool
    answer: Answer
    absent: tuple[str, Answer] | None

    @property
    def is_as_absent(self) -> bool:
        if self.absent is None:
            return False
        return _face(self.address, self.answer) == _face(*self.absent)

    @property
    def wrote(self) -> list[str]:
        """What it changed in the database beside the door's own rows."""
        wrote = self.answer.wrote
        return [sql for sql in wrote if not any(table in sql for table in _OF_THE_DOOR)]

    def __str__(self) -> str:
        return f"{self.who} {self.method} {self.address} {self.answer.status}"


def everything_judged(
    readers: Mapping[str, Reader], ties: Ties, answers: Mapping[Key, Answer]
) -> list[Judged]:
    """Judge what was read, then try what was not. Nothing is left changed."""
    found = []
    for who, reader in readers.items():
        asks = _Asks(who, reader.client, ties)
        for (reading, address), answer in answers.items():
            if reading == who:
                found.append(asks.judge("GET", address, answer))
        for method, address in _tries(ties, who, reader):
            found.append(asks.judge(method, address, asks.ask(method, address)))
    return found


class _Asks:
    """One reader's requests, with the answers for what is not there, asked once for each door."""

    def __init__(self, who: str, client: Client, ties: Ties) -> None:
        self._who, self._client, self._ties = who, client, ties
        self._absent: dict[tuple[str, str], Answer] = {}

    def judge(self, method: str, address: str, answer: Answer) -> Judged:
        may = relations.allowed(self._ties, self._who, address, method)
        route = relations.named(address, method)[0].name
        absent = None if may else self._like(method, address, answer)
        return Judged(self._who, method, address, route, may, answer, absent)

    def _like(self, method: str, address: str, answer: Answer) -> tuple[str, Answer]:
        """The answer at an address that is none, else at this one with numbers of nothing."""
        door = "/api/v1/" if address.startswith("/api/") else "/"
        nowhere = self._once(method, f"{door}khong-co/")
        if _face(address, answer) == _face(*nowhere):
            return nowhere
        return self._once(method, _emptied(self._ties, self._who, method, address))

    def _once(self, method: str, address: str) -> tuple[str, Answer]:
        if (method, address) not in self._absent:
            self._absent[method, address] = self.ask(method, address)
        return address, self._absent[method, address]

    def ask(self, method: str, address: str) -> Answer:
        """Ask with an empty body, and take back whatever it did: who signed out is still in."""
        signed_in = self._client.cookies.output()
        with transaction.atomic():
            answer, _ = walk.answered(lambda: _send(self._client, method, address))
            transaction.set_rollback(True)
        self._client.cookies = SimpleCookie()
        for line in signed_in.splitlines():
            self._client.cookies.load(line.removeprefix("Set-Cookie: "))
        return answer


def _send(client: Client, method: str, address: str) -> Any:
    send: Callable[..., Any] = getattr(client, method.lower())
    if method == "GET":
        return send(address)
    if not address.startswith("/api/"):
        return send(address, {})
    headers = {"if-match": '"1"', "idempotency-key": uuid.uuid4().hex}
    return send(address, {}, content_type="application/json", headers=headers)


def _tries(ties: Ties, who: str, reader: Reader) -> Iterator[tuple[str, str]]:
    """Of each address one that is allowed, one inside the own organisation that is not, one out."""
    for one in addresses():
        if one.method == "GET" or one.row is None or not one.name:
            continue
        chosen: dict[tuple[bool, bool], str] = {}
        for names in _values(one, reader):
            address = reverse(one.name, kwargs=names)
            inside = names.get("organisation_id") == ties.home(who)
            chosen.setdefault((relations.allowed(ties, who, address, one.method), inside), address)
        yield from ((one.method, address) for address in chosen.values())


def _values(one: Address, reader: Reader) -> Iterator[dict[str, Any]]:
    wanted = [axis for axis in reader.axes if not set(one.arguments).isdisjoint(axis[0])]
    for chosen in product(*wanted):
        values = {name: value for some in chosen for name, value in some.items()}
        yield {name: values[name] for name in one.arguments}


def _emptied(ties: Ties, who: str, method: str, address: str) -> str:
    """The same address with numbers of nothing; the reader's own organisation stays."""
    one, names = relations.named(address, method)
    own = ties.home(who)
    values = {
        name: NOTHING if isinstance(value, int) and value != own else value
        for name, value in names.items()
        if name in one.arguments
    }
    query = urlsplit(address).query
    return reverse(one.name, kwargs=values) + (f"?{query}" if query else "")


def _face(address: str, answer: Answer) -> Answer:
    """What a reader sees of it: body, status and headers but the methods that the address takes.

    The address that was asked for comes back in a link to try it again, to sign in, to the page
    above.
    """
    path = urlsplit(address).path
    headers = tuple(
        (name, re.sub("[0-9]+", "#", value.partition("?next=")[0]) if name == "Location" else value)
        for name, value in answer.headers
        if name not in ("Allow", "Content-Length")
    )
    content = answer.content.replace(path.encode(), b"#")
    return replace(answer, headers=headers, content=content, asked=(), wrote=())
