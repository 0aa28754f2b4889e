"""What everybody reads in a world, at every address of the resolver, byte for byte.

`everything_read` asks each address that can be read for each reader. Addresses come from the
resolver: a new one whose arguments are known to nobody's axes raises, and so does a new filter
without an example. What each answer makes anew, such as a form's token, is cut out of it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import urlencode, urlsplit

import openpyxl
from django.apps import apps
from django.core import cache as caches
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve, reverse

from config import access
from linkage.registry.access import IN_AREA, Actor, Capability, Relation, allows
from web.forms import audit as audit_forms
from web.forms import chains as chain_forms
from web.forms import linkages as linkage_forms
from web.forms import market as market_forms
from web.forms import organisations as organisation_forms
from web.forms import returns as return_forms
from web.forms import talks as talk_forms

# A form's token, a page's nonce, the name under which an export lies.
_MADE_ANEW = re.compile(
    rb'(?:name="csrfmiddlewaretoken" value=|nonce=|"X-CSRFToken": )"[^"]*"|[0-9a-f]{32}(?=\.xlsx)'
)
_RANDOM = re.compile(r"(?:[0-9a-f]{2}/)?[0-9a-f]{32,}")
_HEADERS = (
    *("Allow", "Cache-Control", "Content-Disposition", "Content-Length", "Content-Type", "ETag"),
    *("Last-Modified", "Link", "Location", "Retry-After", "Vary"),
)
_WRITES = ("INSERT", "UPDATE", "DELETE")
_SAVEPOINT = re.compile(r"SAVEPOINT \S+")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a door says to whom it does not let in, beside leading to the way in.
_REFUSALS = (401, 403, 404)

Axis = Sequence[Mapping[str, Any]]
Key = tuple[str, str]
Asks = Callable[[str, str], bool]

# The pages' filters; the API's are read from its views.
FORMS = {
    "web:organisations": organisation_forms.FilterForm,
    **dict.fromkeys(("web:audit", "web:audit_csv"), audit_forms.FilterForm),
    "web:linkages": linkage_forms.FilterForm,
    "web:returns": return_forms.ReturnFilterForm,
    "web:own_linkages": talk_forms.OwnFilterForm,
    **dict.fromkeys(
        ("web:chains", "web:chain", "web:chain_file", "web:organisation_chain", "web:own_chain"),
        chain_forms.ChainForm,
    ),
    **dict.fromkeys(
        ("web:search_offers", "web:search_needs", "web:market_offers", "web:market_needs"),
        market_forms.SearchForm,
    ),
}
# Parameters of pages that no form reads.
BARE = {
    "web:coverage_members": ("?shown=linked", "?q=tan", "?territory=hai-phong-old"),
    "web:coverage_members_csv": ("?shown=linked",),
    "web:chain_changes": ("?from=2026-01-01&to=2026-06-30", "?commodity=bi-xanh"),
    "web:chain_changes_csv": ("?from=2026-01-01&to=2026-06-30",),
    "web:commodities": ("?commodity=bi",),
    "web:dashboard": ("?as_of=2025-12-31",),
    "web:import_row": ("?sheet=HTX&row=9",),
    "web:invitations": ("?account=no",),
    "web:join_find": ("?q=tan",),
    "web:join_new": ("?name=HTX",),
    "web:need_add": ("?chosen=garlic",),
    "web:needs": ("?state=published", "?state=draft"),
    "web:offer_add": ("?chosen=garlic",),
    "web:offers": ("?state=published", "?state=draft"),
    "web:organisation_create": ("?name=HTX",),
    "web:organisation_merge": ("?q=tan",),
    "web:quick": ("?item=0123456789ab",),
    "web:registry_merger": ("?q=tan",),
    "web:registry_split_choose": ("?q=tan",),
}
# Values for each filter: of one with choices those that it offers, else the first.
FILTERS: Mapping[str, Sequence[str]] = {
    "as_of": ["2025-12-31"],
    "certifications": ["vietgap"],
    "commodity": ["bi-xanh"],
    "commune": ["11824"],
    # Answers name it themselves: `next` is followed.
    "cursor": [],
    # Of whatever day: the world is of today.
    "day": ["2026-01-01"],
    "ends": ["2026-06-30"],
    "evidence": ["verified"],
    "from": ["2026-01-01"],
    "in_force_on": ["2026-01-01"],
    "indicator": ["LINK-ALL"],
    "into": ["2"],
    "kind": ["intake.export", "cooperative", "read"],
    "linked": ["true", "no"],
    "near": ["11824"],
    "number": ["1"],
    "on": ["2026-01-01"],
    "origin": ["platform"],
    "page": ["2"],
    "page_size": ["1"],
    "post": ["1"],
    "post_kind": ["offer"],
    "q": ["bí"],
    "quantity": ["3000"],
    "sector": ["trong-trot"],
    "settle": ["place"],
    "shown": ["linked", "nobody"],
    "starts": ["2026-06-01"],
    "state": ["published", "agreed", "done", "open", "accepted"],
    "status": ["active"],
    "subject": ["linkage"],
    "subject_kind": ["linkage"],
    "territory": ["hai-phong-old"],
    "to": ["2026-06-30"],
    "to_be_settled": ["true"],
    "unit": ["kg"],
    "unread": ["true"],
    "username": ["auditor"],
    "view": ["new", "proposed"],
    "with_account": ["false"],
    "within_km": ["50"],
    "year": ["2024"],
}
# What some filters do not go without.
WITH = {
    "post": {"post_kind": "offer"},
    "quantity": {"unit": "kg"},
    "unit": {"quantity": "2000"},
    "within_km": {"near": "11824"},
}
# Asked of nobody: the watcher's question goes to the database by another connection, which does not
# see a transaction of ours.
UNASKED = {"readyz"}
# Made of the code and of the person alone: some readers are enough.
ASKED_BY_FEW = {"api:schema": ("anonymous",), "account_": ("anonymous", "person")}


@dataclass(frozen=True)
class Reader:
    """Somebody who asks; each of `axes` gives arguments of addresses values that go together.

    `narrows`: also by every filter of what is listed.
    """

    client: Client
    actor: Actor | None
    axes: Sequence[Axis]
    narrows: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back, and what was asked of the database for it: a time that does not wobble."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    asked: tuple[str, ...]
    # The statements that changed a row.
    wrote: tuple[str, ...] = ()

    @property
    def is_refusal(self) -> bool:
        where = dict(self.headers).get("Location", "")
        return self.status in _REFUSALS or where.startswith("/accounts/login/")


@dataclass(frozen=True)
class Route:
    """A pattern of the resolver that can be read."""

    name: str
    arguments: tuple[str, ...]
    # What the pattern says of an address without a name.
    words: str
    needs: Capability | Relation | None
    filters: Mapping[str, Any]
    in_area: bool

    def addresses(self, reader: Reader) -> list[str]:
        """The address with every combination of values, the first of them narrowed as well.

        Where the door is shut, one address. Raises: KeyError for an argument or a filter that has
        no value.
        """
        inside, shut = [], []
        for values in self._values(reader.axes):
            address = self._filled({name: values[name] for name in self.arguments})
            (inside if self._lets_in(reader.actor, values) else shut).append(address)
        queries = list(self.queries())
        if not reader.narrows:
            # What answers nothing without a query is asked with the least one.
            queries = queries[: any(field.required for field in self.filters.values())]
        # The first one has the reader's own values.
        return [
            *inside,
            *(address + query for address in inside[:1] for query in queries),
            *shut[:1],
        ]

    def _values(self, axes: Sequence[Axis]) -> Iterator[dict[str, Any]]:
        wanted = [axis for axis in axes if not set(self.arguments).isdisjoint(axis[0])]
        for chosen in product(*wanted):
            yield {name: value for one in chosen for name, value in one.items()}

    def _lets_in(self, actor: Actor | None, values: Mapping[str, Any]) -> bool:
        if self.needs is None:
            return True
        if actor is None:
            return False
        if self.needs is Relation.OFFICER:
            return actor.is_officer
        if isinstance(self.needs, Relation) and "organisation_id" in values:
            own, acting = values["organisation_id"], self.needs is Relation.ACTING
            member = actor.acts_for(own) or (acting and actor.stands_in_for(own))
            return member or self.needs is Relation.PERSON
        if self.in_area and actor.is_officer and self.needs in IN_AREA:
            return True
        return not isinstance(self.needs, Capability) or allows(actor, self.needs)

    def _filled(self, values: Mapping[str, Any]) -> str:
        if not self.name:
            return "/" + self.words.replace("^", "")
        return reverse(self.name, kwargs=values)

    def queries(self) -> Iterator[str]:
        """The query strings that narrow what it shows, beside what it does not go without.

        Raises: KeyError for an unknown filter.
        """
        needed = {name: FILTERS[name][0] for name, field in self.filters.items() if field.required}
        if needed:
            yield "?" + urlencode(needed)
        for name in self.filters:
            for value in self._values_of(name) if name not in needed else ():
                yield "?" + urlencode({**needed, **WITH.get(name, {}), name: value})
        yield from BARE.get(self.name, ())

    def _values_of(self, name: str) -> Sequence[str]:
        offered = getattr(self.filters[name], "choices", None)
        if not offered or hasattr(self.filters[name], "queryset"):
            return FILTERS[name][:1]
        known = {str(value) for value, _words in getattr(offered, "items", lambda: offered)()}
        fitting = [value for value in FILTERS[name] if value in known]
        if not fitting:
            raise KeyError(name)
        return fitting


@cache
def routes() -> tuple[Route, ...]:
    """Every address that can be read, of pages, API and accounts."""
    return tuple(
        Route(
            one.name,
            one.arguments,
            one.words,
            one.needs,
            _filters(one.name, one.view),
            _in_area(one.view),
        )
        for one in access.addresses()
        if one.method == "GET" and one.name not in UNASKED
    )


def _in_area(view: Any) -> bool:
    return bool(getattr(getattr(view, "view_class", view), "in_area", False))


def _filters(name: str, view: Any) -> Mapping[str, Any]:
    query = getattr(getattr(view, "view_class", None), "query", None)
    if query is not None:
        return dict(query().fields)
    return FORMS[name].base_fields if name in FORMS else {}


def route_name(address: str) -> str:
    """The name of the route that answers at the address."""
    return resolve(urlsplit(address).path).view_name


def everything_read(
    readers: Mapping[str, Reader], asks: Asks = lambda who, address: True
) -> dict[Key, Answer]:
    """What each reader is answered at each address that `asks` picks."""
    found: dict[Key, Answer] = {}
    for who, reader in readers.items():
        for address in addresses(who, reader):
            if asks(who, address):
                found |= {(who, at): one for at, one in _read(reader.client, address)}
    return found


class Log(logging.Handler):
    """Keeps what is logged, in its formatted words, and lets nothing through to the console."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def logged() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, exceptions too; refusals come by the hundred."""
    root, log = logging.getLogger(), Log()
    before, level, root.handlers = root.handlers, root.level, [log]
    root.setLevel(logging.INFO)
    try:
        yield log.lines
    finally:
        root.handlers = before
        root.setLevel(level)


def addresses(who: str, reader: Reader) -> list[str]:
    """Every address, plain and narrowed, as it is for the reader."""
    found: dict[str, None] = {}
    for route in routes():
        few = [them for start, them in ASKED_BY_FEW.items() if route.name.startswith(start)]
        if all(who in them for them in few):
            found |= dict.fromkeys(route.addresses(reader))
    return list(found)


def _read(client: Client, address: str) -> Iterator[tuple[str, Answer]]:
    """The answer, and those of the pages that follow it."""
    while address:
        # Some reads leave a line: what was read before is no part of the world either.
        with transaction.atomic():
            read, answer = answered(lambda at=address: client.get(at))
            transaction.set_rollback(True)
        yield address, read
        address = _next(answer)


def answered(ask: Callable[[], Any]) -> tuple[Answer, Any]:
    """What comes back, as it is kept and as it came."""
    # How often somebody asked before is no part of the world.
    caches.cache.clear()
    asked: list[str] = []
    wrote: list[str] = []
    # Where a savepoint stands among what was written: going back to it takes the rest away.
    stands: dict[str, int] = {}

    def noting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(_SAVEPOINT.sub("SAVEPOINT", sql))
        done = execute(sql, params, many, context)
        # Of an INSERT that gives back its number SQLite counts nothing until that is read.
        if sql.startswith("INSERT") or (sql.startswith(_WRITES) and context["cursor"].rowcount > 0):
            wrote.append(sql)
        verb, _, point = sql.partition("SAVEPOINT ")
        if point and not verb:
            stands[point] = len(wrote)
        elif verb == "ROLLBACK TO ":
            del wrote[stands[point] :]
        return done

    with connection.execute_wrapper(noting):
        answer = ask()
    headers = tuple((name, answer[name]) for name in _HEADERS if name in answer)
    content = _content(answer)
    return Answer(answer.status_code, headers, content, tuple(asked), tuple(wrote)), answer


def _content(answer: Any) -> bytes:
    content = b"".join(answer) if answer.streaming else answer.content
    if answer.get("Content-Type") != _WORKBOOK:
        return _MADE_ANEW.sub(b"", content)
    # Packed, it carries the time of packing.
    book = openpyxl.load_workbook(io.BytesIO(content))
    return repr([(sheet.title, list(sheet.values)) for sheet in book]).encode()


def _next(answer: Any) -> str:
    if answer.status_code != 200 or answer["Content-Type"] != "application/json":
        return ""
    body = answer.json()
    following = body.get("next") if isinstance(body, dict) else None
    if not following:
        return ""
    parts = urlsplit(following)
    return f"{parts.path}?{parts.query}"


def rows() -> dict[str, list[str]]:
    """All that the database holds, table by table; what is drawn at random is cut out."""
    return {
        model._meta.db_table: [
            _RANDOM.sub("", repr(row)) for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_models()
        if model._meta.db_table != "django_session"
    }


def reads(answer: Answer, tables: Collection[str]) -> bool:
    """Whether one of the tables was read, or written, for the answer."""
    return any(f'"{table}"' in sql for sql in answer.asked for table in tables)


def differences(one: Mapping[Key, Answer], other: Mapping[Key, Answer]) -> list[Key]:
    """Who, at which address, can tell the two worlds apart, where both were asked."""
    return [key for key in one if key in other and one[key] != other[key]]
