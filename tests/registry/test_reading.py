"""What an office sees of people leaves a line, each time, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linkage.jobs.models import Event
from linkage.jobs.queries import events_of
from linkage.registry import queries, reading
from linkage.registry.models import ContactPerson, MemberRole
from tests.registry.conftest import NOW

pytestmark = pytest.mark.django_db
PERSONAL = "031188012345"


@pytest.fixture
def house(make, officer):
    """A household with a person's tax code and a contact."""
    made = make("Hộ ông Tân", tax_code=PERSONAL)
    ContactPerson.objects.create(organisation=made, name="Tân", is_representative=True)
    return made


def lines():
    return [
        (event.subject_id, event.actor_id, event.data["what"])
        for event in Event.objects.filter(subject_kind="reading").order_by("pk")
    ]


def opened(actor, of):
    return reading.open_card(actor=actor, organisation_id=of.pk, on=NOW.date(), now=NOW)


def test_each_office_leaves_a_line_of_what_it_was_shown(house, officer, verifier):
    for _twice in range(2):
        opened(officer, house)
    opened(verifier, house)
    subject = f"organisation:{house.pk}"
    assert lines() == [
        (subject, 7, ["contacts"]),
        (subject, 7, ["contacts"]),
        (subject, 8, ["contacts", "personal_tax_code"]),
    ]


def test_what_is_masked_was_not_read(house, auditor):
    assert opened(auditor, house).contacts is None
    assert lines() == []


def test_a_card_that_shows_nobody_leaves_no_line(make, officer):
    opened(officer, make("HTX Bí xanh", tax_code="0100112437"))
    assert lines() == []


def test_ones_own_leaves_none(house, verifier):
    own = replace(verifier, memberships={house.pk: MemberRole.MEMBER})
    opened(own, house)
    reading.note_codes(actor=own, organisations=[house], now=NOW)
    assert lines() == []


def test_a_list_is_one_line_that_names_all_whose_codes_it_shows(house, make, officer, verifier):
    other = make("Hộ bà Bí", tax_code="031188012346")
    make("HTX Bí xanh", tax_code="0100112437")
    rows = list(queries.listing(actor=verifier, on=NOW.date()))
    for actor in (officer, verifier):
        reading.note_codes(actor=actor, organisations=rows, now=NOW)
    (line,) = Event.objects.filter(subject_kind="reading")
    assert (line.subject_id, line.actor_id) == ("organisation", 8)
    assert line.data == {
        "of": "organisation",
        "ids": sorted([house.pk, other.pk]),
        "what": ["personal_tax_code"],
    }
    assert PERSONAL not in str(line.data)


def test_an_organisations_own_history_does_not_grow_by_being_read(house, officer):
    before = events_of("organisation", house.pk).count()
    opened(officer, house)
    assert events_of("organisation", house.pk).count() == before
