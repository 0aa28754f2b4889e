"""A page that shows an office people or deals leaves its line; any other leaves none."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from linkage.agreements.models import Linkage
from linkage.catalogue.models import Unit
from linkage.jobs.models import Event
from linkage.registry.models import (
    CommuneFact,
    ContactPerson,
    Membership,
    RegistryEvent,
    Role,
    RoleGrant,
    User,
)
from tests.agreements import deals
from tests.web import register
from web import presentation

pytestmark = pytest.mark.django_db
PERSONAL = "031188012345"
# A day on which the deal is in force.
ON = "2026-07-01"


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


def shown(client, route, *args, **query):
    answer = client.get(reverse(f"web:{route}", args=args), query)
    assert answer.status_code == 200
    return lines()


def body(client, route, *args, **query):
    answer = client.get(reverse(f"web:{route}", args=args), query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


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


@pytest.fixture
def dealt():
    """What two sides agreed on the platform: 3 t of the vegetable."""
    deal = deals.make()
    deal.agreed(3)
    return Linkage.objects.get()


def test_agreed_volumes_in_a_chain_and_its_files(dealt, staff):
    due = ("linkage", [dealt.pk], ["agreed_volume"])
    assert f'"quantity": {dealt.quantity}' in body(staff, "chain_file", "bi-xanh", "json", on=ON)
    assert shown(staff, "chain", "bi-xanh", on=ON) == [due] * 2
    assert shown(staff, "organisation_chain", dealt.seller_id, on=ON) == [due] * 3


def test_an_auditor_sees_no_agreed_volume(dealt, auditor, staff):
    assert presentation.quantity_words(dealt) in body(staff, "linkage", dealt.pk)
    before = lines()
    assert presentation.quantity_words(dealt) not in body(auditor, "linkage", dealt.pk)
    assert f",{dealt.quantity}," not in body(auditor, "chain_file", "bi-xanh", "linkages", on=ON)
    assert '"quantity": null' in body(auditor, "chain_file", "bi-xanh", "json", on=ON)
    assert lines() == before
    dealt.refresh_from_db()
    assert dealt.quantity == 3_000_000


class TestAnAuditorWhoIsAFieldOfficerToo:
    """The office of each linkage decides: by the area what is in it, and all else without."""

    @pytest.fixture
    def both(self, signed_in):
        client = signed_in(Role.AUDITOR, Role.FIELD_OFFICER)
        commune = register.commune()
        RoleGrant.objects.get(role=Role.FIELD_OFFICER).communes.add(commune)
        return client

    def says_it(self, client, linkage):
        """Whether each page, file and answer does; all or none."""
        figure = f'"quantity": {linkage.quantity}'
        place = client.get(f"/api/v1/organisations/{linkage.seller_id}/chain?as_of={ON}").json()
        of_one = client.get(f"/api/v1/linkages/{linkage.pk}").json()
        listed = client.get("/api/v1/linkages").json()["results"]
        said = {
            presentation.quantity_words(linkage) in body(client, "linkage", linkage.pk),
            figure in body(client, "chain_file", "bi-xanh", "json", on=ON),
            place["graph"]["edges"][0]["quantity"] is not None,
            of_one["quantity"] is not None,
            next(one for one in listed if one["id"] == linkage.pk)["quantity"] is not None,
        }
        assert len(said) == 1, said
        return said.pop()

    def test_sees_no_volume_of_elsewhere(self, dealt, both):
        assert not self.says_it(both, dealt)
        assert lines() == []

    @pytest.mark.parametrize("side", ["seller", "buyer"])
    def test_sees_what_has_a_side_in_the_area_and_leaves_lines(self, dealt, both, side):
        CommuneFact.objects.create(organisation=getattr(dealt, side), commune_id="11824")
        assert self.says_it(both, dealt)
        assert lines() == [("linkage", [dealt.pk], ["agreed_volume"])] * 5

    def test_sees_what_its_own_organisation_agreed_and_leaves_none(self, dealt, both):
        user = User.objects.get(role_grants__role=Role.AUDITOR)
        Membership.objects.create(
            user=user, organisation=dealt.buyer, role="member", starts=date(2020, 1, 1)
        )
        assert self.says_it(both, dealt)
        assert lines() == []


def test_an_auditor_sees_what_stands_on_paper(house, auditor):
    kilo = Unit.objects.create(code="kg", dimension="mass", base_units=1000, name_vi="kg")
    of = {"commodity": register.commodity(), "unit": kilo}
    made = register.linkage(*house, quantity=1_000_000, **of)
    assert '"quantity": 1000000' in body(auditor, "chain_file", made.commodity_id, "json")


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
