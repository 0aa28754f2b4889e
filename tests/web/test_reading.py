"""A page that shows an office people or deals leaves its line; any other leaves none."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from linkage.agreements.models import Linkage
from linkage.jobs.models import Event
from linkage.registry.models import ContactPerson, RegistryEvent
from tests.agreements import deals
from tests.web import register

pytestmark = pytest.mark.django_db
PERSONAL = "031188012345"


@pytest.fixture
def house():
    """Two households with a person's tax code and a contact each."""
    made = [
        register.organisation(name, tax_code=code)
        for name, code in (("Hộ ông Tân", PERSONAL), ("Hộ bà Bí", "031188012346"))
    ]
    for one in made:
        ContactPerson.objects.create(organisation=one, name="Tân", is_representative=True)
    return made


def lines():
    found = Event.objects.filter(subject_kind="reading").order_by("pk")
    return [(event.data["of"], event.data["ids"], event.data["what"]) for event in found]


def shown(client, route, *args):
    answer = client.get(reverse(f"web:{route}", args=args))
    assert answer.status_code == 200
    return lines()


def test_the_page_of_an_organisation(house, staff):
    assert shown(staff, "organisation", house[0].pk) == [
        ("organisation", [house[0].pk], ["contacts"])
    ]


def test_its_edit_form(house, staff):
    assert shown(staff, "organisation_edit", house[0].pk) == [
        ("organisation", [house[0].pk], ["contacts"])
    ]


def test_the_form_of_an_access_code(house, staff):
    assert len(shown(staff, "code_issue", house[0].pk)) == 1


def test_taking_a_contact_away(house, staff):
    args = house[0].pk, "contacts", house[0].contacts.get().pk
    assert len(shown(staff, "organisation_part_remove", *args)) == 1


def test_both_sides_of_a_merge(house, staff):
    ids = sorted(one.pk for one in house)
    found = shown(staff, "organisation_merge_into", house[0].pk, house[1].pk)
    assert found == [("organisation", ids, ["contacts"])]


def test_personal_codes_in_a_list_are_one_line(house, verifier, staff):
    assert shown(staff, "organisations") == []
    ids = sorted(one.pk for one in house)
    assert shown(verifier, "organisations") == [("organisation", ids, ["personal_tax_code"])]


def test_an_auditor_sees_nobody_and_leaves_none(house, auditor):
    assert shown(auditor, "organisation", house[0].pk) == []
    assert shown(auditor, "organisations") == []


def test_what_two_sides_agreed(staff, verifier):
    deal = deals.make()
    deal.agreed(3)
    linkage = Linkage.objects.get()
    due = ("linkage", [linkage.pk], ["agreed_volume"])
    assert shown(staff, "linkage", linkage.pk) == [due]
    assert shown(staff, "linkage_edit", linkage.pk) == [due, due]
    assert shown(staff, "linkages") == [due, due]
    assert shown(verifier, "linkage", linkage.pk) == [due] * 3


def test_what_stands_on_paper_in_the_register_leaves_none(house, staff):
    made = register.linkage(*house, quantity=1_000_000)
    assert shown(staff, "linkage", made.pk) == []


def test_a_persons_old_and_new_code_in_its_events(house, verifier, staff, administrator):
    RegistryEvent.objects.create(
        organisation=house[0], kind="new_tax_code", on=date(2024, 5, 1), before="031188012347",
        after=PERSONAL, source="-", recorded_at=timezone.now(),
    )  # fmt: skip
    assert shown(staff, "registry_events", house[0].pk) == []
    due = ("organisation", [house[0].pk], ["personal_tax_code"])
    assert shown(verifier, "registry_events", house[0].pk) == [due]
    assert due in shown(administrator, "registry_events", house[0].pk)[1:]
