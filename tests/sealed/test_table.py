"""Every address answers as the access matrix says: each method, each office, each relation.

The cells that are judged are those of the first world: what every reader was answered at every
address that can be read, and what came of every other method. `relations` says who is what there.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import path

from config import access, urls
from linkage.jobs.models import Event
from linkage.registry import access_table
from linkage.registry.access import Capability, Relation
from linkage.registry.access_table import Column, Resource
from linkage.registry.models import Role
from linkage.registry.services.reading import SUBJECT as READING
from tests.sealed import relations
from tests.sealed.acts import Judged
from tests.sealed.reading import EVERYBODY, Read
from tests.sealed.world import COLLEAGUE, COUNTERPART, SELLER
from web.auditwords import KINDS, READ
from web.door import page

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sealed")]


# As many at least, as docs/access.md says.
CELLS = 7_500
# What they are about is named in the body, and an empty one names nothing; or it is done already.
NAMED_IN_THE_BODY = {
    "web:return_accept",
    "web:import_decide",
    "web:import_row",
    "web:need_act",
    "web:offer_act",
    "web:own_contact_remove",
}


def shown(cells: list[Judged]) -> list[str]:
    return [f"{cell} {cell.route}" for cell in cells]


def closed(first: Read) -> list[Judged]:
    return [cell for cell in first.judged if not cell.allowed]


def test_no_address_is_without_a_row():
    assert access.gaps() == []
    call_command("audit_access")


def test_an_address_without_a_row_is_found(monkeypatch):
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("new/", print, name="new")])
    found = list(access._addresses(urls.urlpatterns, "", ""))
    monkeypatch.setattr(access, "addresses", lambda: tuple(found))
    assert access.gaps() == ["GET new: no row", "POST new: no row"]
    with pytest.raises(SystemExit) as ended:
        call_command("audit_access")
    assert ended.value.code == 1


def test_a_door_for_another_office_than_the_matrix_says_is_found(monkeypatch):
    wrong = [
        replace(one, needs=Capability.READ_EVENTS) if one.name == "web:office_people" else one
        for one in access.addresses()
    ]
    monkeypatch.setattr(access, "addresses", lambda: tuple(wrong))
    assert access.gaps() == ["GET web:office_people: membership R is not so for auditor, verifier"]


@pytest.mark.parametrize(
    ("name", "in_area", "cell"),
    [
        ("web:programmes", True, "programme R"),
        ("web:linkages", False, "linkage R"),
        ("web:chains", True, "chain R"),
    ],
)
def test_a_door_that_is_open_in_an_area_otherwise_than_the_matrix_says_is_found(
    monkeypatch, name, in_area, cell
):
    one = next(one for one in access.addresses() if (one.name, one.method) == (name, "GET"))
    view = page(one.needs, in_area=in_area)(lambda request: None)
    others = [other for other in access.addresses() if other is not one]
    monkeypatch.setattr(access, "addresses", lambda: (*others, replace(one, view=view)))
    assert access.gaps() == [f"GET {name}: {cell} is not so for field_officer"]


def test_what_is_kept_from_officers_and_is_no_address_is_found(monkeypatch):
    known = access.SHUT_TO_OFFICERS | {"GET web:gone"}
    monkeypatch.setattr(access, "SHUT_TO_OFFICERS", known)
    assert access.gaps() == ["GET web:gone: shut to officers and of no address"]


def test_one_party_and_one_linkage_are_outside_of_the_officers_area(first):
    """What the officer is shown of the others it is not shown of those."""
    away = first.ties.organisations[COUNTERPART]
    there = [cell for cell in first.judged if cell.who == Role.FIELD_OFFICER]
    routes = {"web:organisation", "api:organisation", "web:call", "web:market_need"}
    named = [cell for cell in there if cell.route in routes and cell.allowed]
    assert {cell.route for cell in named} == routes
    # Whoever is signed in asks to act for it.
    asked = [(cell, *relations.named(cell.address, cell.method)) for cell in there]
    by_office = [one for one in asked if one[1].needs is not Relation.PERSON]
    of_it = [cell for cell, _one, names in by_office if names.get("organisation_id") == away]
    assert len(of_it) > 20
    assert not any(cell.allowed for cell in of_it)
    # Nor of what has both of its sides there.
    elsewhere = {one for one, sides in first.ties.sides.items() if sides <= first.ties.outside}
    of_both = [cell for cell, _one, names in asked if names.get("linkage_id") in elsewhere]
    assert len(of_both) > 10
    assert not any(cell.allowed for cell in of_both)


def test_a_row_of_an_address_that_is_gone_is_found(monkeypatch):
    row = access_table.Row(Resource.POST, "R")
    monkeypatch.setattr(access, "ROWS", {**access.ROWS, "web:gone": row})
    assert access.gaps() == ["web:gone: a row of no address"]


def test_every_address_is_judged_by_every_method_for_everybody(first):
    asked = {(cell.route, cell.method, cell.who) for cell in first.judged}
    known = {(one.name, one.method) for one in access.addresses() if one.row is not None}
    for who in EVERYBODY:
        missed = known - {(name, method) for name, method, whose in asked if whose == who}
        assert {one for one in missed if not one[0].startswith(("account_", "api:schema"))} <= {
            ("readyz", "GET")
        }, who
    # Stated in docs/access.md.
    assert len(first.judged) > CELLS


def test_what_the_matrix_allows_is_answered(first):
    """Some pages are asked with what they need to show something: one of them is enough."""
    opened = {_place(cell) for cell in first.judged if not cell.answer.is_refusal}
    allowed = [cell for cell in first.judged if cell.allowed]
    assert len(allowed) > 2_000
    refused = [cell for cell in allowed if cell.answer.is_refusal and _place(cell) not in opened]
    # The way in asks who is signed in by itself.
    refused = [cell for cell in refused if not cell.route.startswith("account_")]
    assert shown([cell for cell in refused if cell.route not in NAMED_IN_THE_BODY]) == []


def _place(cell: Judged) -> tuple[str, str, str]:
    return cell.who, cell.method, urlsplit(cell.address).path


def test_what_the_matrix_does_not_allow_is_answered_as_what_is_not_there(first):
    """Byte for byte: body, status and headers; and nothing is written."""
    assert len(closed(first)) > 3_000
    assert shown([cell for cell in closed(first) if not cell.is_as_absent]) == []
    assert shown([cell for cell in closed(first) if cell.wrote]) == []


def test_what_is_closed_is_closed_by_its_status_too(first):
    """A question that is wrong in itself is told so, whatever it is about."""
    read = [cell for cell in closed(first) if cell.method == "GET" and cell.answer.status != 400]
    assert shown([cell for cell in read if not cell.answer.is_refusal]) == []


def test_nothing_that_is_tried_fails_the_server(first):
    assert shown([cell for cell in first.judged if cell.answer.status >= 500]) == []


def test_every_kind_of_event_that_a_world_leaves_has_words(made):
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert len(kinds) > 20
    assert kinds - set(KINDS) == set()
    read = Event.objects.filter(subject_kind=READING).values_list("data__what", flat=True)
    assert {one for whats in read for one in whats} - set(READ) == set()


@pytest.mark.parametrize(
    ("who", "resource", "column"),
    [
        (SELLER, Resource.POST, Column.OWNER),
        (COLLEAGUE, Resource.ACCESS_CODE, Column.OWNER),
        (COUNTERPART, Resource.PUBLISHED_POST, Column.COUNTERPART),
        (COUNTERPART, Resource.EVIDENCE, Column.PARTY),
        (Role.AUDITOR, Resource.EVIDENCE, Column.AUDITOR),
        (Role.CITY_STAFF, Resource.EXPORT, Column.CITY_STAFF),
    ],
)
def test_a_cell_that_is_written_otherwise_is_found(first, monkeypatch, who, resource, column):
    """The control: the answers stay as they were, one cell of the matrix is turned."""
    before = access_table.MATRIX[resource]
    letters = frozenset() if before[column].letters else frozenset("CRUD")
    turned = {**before, column: replace(before[column], letters=letters)}
    if column is Column.OWNER:
        turned |= {Column.ADMIN: turned[column]}
    matrix = {**access_table.MATRIX, resource: turned}
    monkeypatch.setattr(access_table, "MATRIX", matrix)
    cells = [cell for cell in first.judged if cell.who == who]
    found = [
        cell
        for cell in cells
        if relations.allowed(first.ties, who, cell.address, cell.method) != cell.allowed
    ]
    assert {access.ROWS[cell.route].resource for cell in found} == {resource}


def test_a_page_for_the_wrong_office_is_a_cell_that_fails(monkeypatch):
    """Whoever opens a page to a capability says it in the row as well, or `gaps` names it."""
    view = page(Capability.READ_CONTACTS)(lambda request: None)
    one = next(one for one in access.addresses() if one.name == "web:organisations")
    wrong = replace(one, view=view, needs=view.needs)
    monkeypatch.setattr(access, "addresses", lambda: (wrong,))
    assert (
        "GET web:organisations: register_entry R is not so for auditor, field_officer"
        in access.gaps()
    )
