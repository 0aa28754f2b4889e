"""Entering and correcting organisations."""

from __future__ import annotations

from datetime import date

import pytest

from linkage.errors import Conflict, NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.registry.models import ContactPerson, Organisation, Product
from linkage.registry.phones import PhoneInvalid
from linkage.registry.services import create_organisation, edit_organisation
from linkage.registry.services.organisations import (
    MembersOutOfRange,
    PhoneWithoutPerson,
)
from linkage.registry.tax_codes import TaxCodeInvalid
from linkage.registry.values import DayOutOfRange, TextInvalid, ValueUnknown

pytestmark = pytest.mark.django_db


def edit(actor, organisation, now, **details):
    return edit_organisation(
        actor=actor, organisation_id=organisation.pk, version=organisation.version,
        details=details, now=now,
    )  # fmt: skip


def events(organisation):
    rows = Event.objects.filter(subject_kind="organisation", subject_id=str(organisation.pk))
    return list(rows.order_by("pk"))


def test_a_new_organisation_is_active_from_the_start(coop):
    assert coop.status_facts.get().status == "active"
    assert coop.kind_facts.get().since is None
    assert coop.sector_facts.get().sector_id == "agriculture"
    assert coop.commune_facts.get().commune_id == "1"


def test_its_name_is_stored_clean_with_its_keys(make):
    organisation = make("  HTX  Tân\u200b Trào ")
    assert organisation.name == "HTX Tân Trào"
    assert organisation.search_key == "htx tan trao"


def test_entering_it_leaves_a_line_of_history(coop):
    (line,) = events(coop)
    assert (line.kind, line.actor_id) == ("created", 7)
    assert line.data["after"]["name"] == "HTX Tân Trào"


@pytest.mark.parametrize("name", ["", "  ", "A" * 301, "HTX \x00", "HTX \x07"])
def test_a_name_that_cannot_be_stored_is_refused(make, name):
    with pytest.raises(TextInvalid):
        make(name)


@pytest.mark.parametrize("field", ["kind", "sector_code", "commune_code"])
def test_an_unknown_code_is_refused(officer, sectors, communes, now, field):
    values = {"kind": "cooperative", field: "nowhere"}
    with pytest.raises(ValueUnknown):
        create_organisation(actor=officer, details={"name": "HTX"}, now=now, **values)
    assert not Organisation.objects.exists()


def test_an_edit_is_saved_marked_and_noted(coop, officer, now):
    edited = edit(
        officer, coop, now, members=12, tax_code="02 0123 4569", founded_on=date(2020, 1, 2)
    )
    assert (edited.members, edited.tax_code, edited.version) == (12, "0201234569", 2)
    assert {"founded_on", "members", "tax_code"} <= set(edited.hand_edited)
    assert events(coop)[-1].data == {
        "before": {"members": None, "tax_code": None, "founded_on": None},
        "after": {"members": 12, "tax_code": "0201234569", "founded_on": "2020-01-02"},
    }


def test_a_field_that_is_not_named_stays(make, officer, now):
    organisation = make(members=5)
    assert edit(officer, organisation, now, role_in_chain="Thu mua").members == 5


def test_the_second_of_two_readers_is_refused(coop, officer, now):
    edit(officer, coop, now, members=1)
    with pytest.raises(StaleVersion):
        edit(officer, coop, now, members=2)
    assert Organisation.objects.get(pk=coop.pk).members == 1


def test_what_does_not_exist_cannot_be_edited(coop, officer, now):
    coop.pk += 1
    with pytest.raises(NotFound):
        edit(officer, coop, now, members=1)


def test_those_who_only_read_cannot_write(coop, verifier, auditor, stranger, now):
    for actor in (verifier, auditor, stranger):
        with pytest.raises(NotAllowed):
            edit(actor, coop, now, members=1)
    assert Organisation.objects.get(pk=coop.pk).version == 1


@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"tax_code": "0201234567"}, TaxCodeInvalid),
        ({"members": -1}, MembersOutOfRange),
        ({"members": 10**9}, MembersOutOfRange),
        ({"founded_on": date(9999, 1, 1)}, DayOutOfRange),
        ({"representative": "Lê A", "phone": "12"}, PhoneInvalid),
        ({"phone": "0912345678"}, PhoneWithoutPerson),
    ],
)
def test_a_value_that_cannot_be_changes_nothing(coop, officer, now, details, error):
    with pytest.raises(error):
        edit(officer, coop, now, **{"role_in_chain": "Bán lẻ", **details})
    kept = Organisation.objects.get(pk=coop.pk)
    assert (kept.version, kept.role_in_chain) == (1, "")


def test_a_tax_code_is_used_once(make, coop, officer, now):
    make("HTX B", tax_code="0201234569")
    with pytest.raises(Conflict) as refusal:
        edit(officer, coop, now, tax_code="0201234569")
    assert refusal.value.code == "organisation_tax_code_is_used_once"


def test_a_representative_is_kept_and_not_copied_into_the_history(coop, officer, now):
    edit(officer, coop, now, representative="Lê Văn A", phone="0912.345.678")
    person = ContactPerson.objects.get()
    assert (person.name, person.phone, person.is_representative) == (
        "Lê Văn A", "+84912345678", True,
    )  # fmt: skip
    assert "Lê Văn A" not in str(events(coop)[-1].data)
    assert "912345678" not in str(events(coop)[-1].data)


def test_a_person_is_erased_by_an_empty_name(coop, officer, now):
    edited = edit(officer, coop, now, representative="Lê Văn A", phone="0912345678")
    edit(officer, edited, now, representative="", phone="")
    assert not ContactPerson.objects.exists()


def test_a_citizen_id_is_masked_in_the_history(coop, officer, now):
    edit(officer, coop, now, tax_code="031188012345")
    assert events(coop)[-1].data["after"]["tax_code"] == "•••••••••345"


def test_the_main_product_is_replaced(coop, officer, now):
    edited = edit(officer, coop, now, product="Vải thiều")
    edit(officer, edited, now, product="Ổi")
    assert Product.objects.get().as_written == "Ổi"
