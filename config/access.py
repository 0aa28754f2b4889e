"""Every address of every door, with its row of the access matrix: what no row covers is found here.

`addresses()` reads the resolver alone; `gaps()` compares it with the matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, get_resolver

import api.access
import web.access
from linkage.registry.access import IN_AREA, TABLE, Capability, Relation
from linkage.registry.access_table import Column, Condition, Resource, Row, permits, rows
from linkage.registry.models import Role

# Of no door's own: who watches the server, and the way in, which is allauth's.
_OTHERS = rows(
    {
        Resource.REFERENCE: "livez:R readyz:R",
        Resource.SIGN_IN: (
            "account_signup:R/U account_login:R/U account_logout:R/U account_inactive:R"
            " account_reauthenticate:R/U account_email:R/U account_email_verification_sent:R"
            " account_change_password:R/U account_set_password:R/U account_reset_password:R/U"
            " account_confirm_login_code:R/U account_confirm_email:R/U"
            " account_reset_password_from_key_done:R account_reset_password_from_key:R/U"
            " account_reset_password_done:R"
        ),
    }
)
ROWS: Mapping[str, Row] = {
    **_OTHERS,
    **{f"api:{name}": row for name, row in api.access.ROWS.items()},
    **{f"web:{name}": row for name, row in web.access.ROWS.items()},
}
# Whom a door without an office is for.
_COLUMNS = {
    None: (Column.ANYONE,),
    Relation.PERSON: (Column.PERSON,),
    Relation.MEMBER: (Column.OWNER, Column.ADMIN, Column.COUNTERPART, Column.PARTY),
    Relation.ACTING: (Column.OWNER, Column.ADMIN, Column.COUNTERPART, Column.PARTY),
    Relation.OFFICER: (Column.FIELD_OFFICER,),
}
# What the matrix gives a field officer in its area and these doors keep to the offices: the members
# of a figure, the events in law, and what it does at other addresses, on behalf or on paper.
SHUT_TO_OFFICERS = frozenset(
    {
        "GET api:coverage_members",
        "GET api:snapshots",
        "GET api:fairness",
        "GET api:fairness_co_ops",
        "GET web:fairness",
        "GET web:fairness_report",
        "GET web:fairness_co_ops",
        "GET web:coverage_members",
        "GET web:coverage_members_csv",
        "GET api:registry_events",
        "GET web:registry_events",
        "POST api:linkages",
        "POST api:office_codes",
    }
)
# Shut: 404 whoever asks, so there is nothing to allow.
_SHUT = ("config.urls",)


@dataclass(frozen=True, slots=True)
class Address:
    """A pattern of the resolver by one of its methods; `row` None: the matrix does not know it.

    `needs` None: open to all. `words` is the pattern as it is written.
    """

    name: str
    words: str
    arguments: tuple[str, ...]
    view: Any
    method: str
    needs: Capability | Relation | None
    row: Row | None

    @property
    def letter(self) -> str:
        """The letter of the matrix that the method takes."""
        return self.row.letter(self.method) if self.row else ""

    @property
    def is_open_in_area(self) -> bool:
        """Whether the door lets a field officer in, to read or do this in its area."""
        door = getattr(self.view, "view_class", self.view)
        return getattr(door, "in_area", False) and self.needs in IN_AREA

    def __str__(self) -> str:
        return f"{self.method} {self.name or self.words}"


@cache
def addresses() -> tuple[Address, ...]:
    """Every address that answers, once for each method: pages, API, the way in."""
    return tuple(_addresses(get_resolver().url_patterns, "", ""))


def _addresses(patterns: Sequence[Any], space: str, before: str) -> Iterator[Address]:
    for pattern in patterns:
        words = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, inner, words)
            continue
        name = f"{space}{pattern.name}" if pattern.name else ""
        names = tuple(pattern.pattern.converters or pattern.pattern.regex.groupindex)
        for method, needs in _needs(pattern.callback).items():
            yield Address(name, words, names, pattern.callback, method, needs, ROWS.get(name))


def _needs(view: Any) -> Mapping[str, Capability | Relation | None]:
    """By method whom the view asks for. What declares nothing is open, by GET and by POST."""
    by_method = getattr(getattr(view, "view_class", None), "needs", None)
    if by_method is not None:
        return dict(by_method)
    methods = [one for one in getattr(view, "_allowed", ("GET", "POST")) if one != "HEAD"]
    return dict.fromkeys(methods, getattr(view, "needs", None))


def gaps() -> list[str]:
    """Where the matrix and the addresses do not agree; empty if they do.

    A method of an address without a row; a door that asks for other offices, or for another
    relation, than the row's letter is given to, a field officer in its area too; a row, or a door
    kept from officers, of an address that is gone.
    """
    known = [address for address in addresses() if not _is_shut(address)]
    uncovered = [f"{address}: no row" for address in known if address.row is None]
    wrong = [f"{address}: {why}" for address in known if (why := _disagreement(address))]
    gone = sorted(set(ROWS) - {address.name for address in known})
    shut = sorted(SHUT_TO_OFFICERS - {str(address) for address in known})
    return [
        *uncovered,
        *wrong,
        *(f"{name}: a row of no address" for name in gone),
        *(f"{name}: shut to officers and of no address" for name in shut),
    ]


def _disagreement(address: Address) -> str:
    if address.row is None:
        return ""
    resource, letter = address.row.resource, address.letter
    if isinstance(address.needs, Capability):
        asked = {role.value for role, may in TABLE.items() if address.needs in may}
        given = {role.value for role in Role if permits(resource, Column(role.value), letter)}
        if address.is_open_in_area:
            asked.add(Role.FIELD_OFFICER.value)
        if _is_given_in_area(address):
            given.add(Role.FIELD_OFFICER.value)
        odd = sorted(asked ^ given)
        return f"{resource.value} {letter} is not so for {', '.join(odd)}" if odd else ""
    columns = _COLUMNS[address.needs]
    # Who meets a condition is asked inside.
    under = frozenset(Condition)
    if not any(permits(resource, column, letter, under=under) for column in columns):
        return (
            f"{resource.value} {letter} is given to none of {', '.join(c.value for c in columns)}"
        )
    return ""


def _is_given_in_area(address: Address) -> bool:
    if address.row is None or str(address) in SHUT_TO_OFFICERS:
        return False
    under = {Condition.AREA}
    return permits(address.row.resource, Column.FIELD_OFFICER, address.letter, under=under)


def _is_shut(address: Address) -> bool:
    return not address.name and address.view.__module__ in _SHUT
