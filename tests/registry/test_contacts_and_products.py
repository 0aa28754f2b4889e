"""People and products of an organisation beside the representative and the main product."""

from __future__ import annotations

import pytest

from linkage.catalogue.models import Commodity
from linkage.errors import NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.registry import services
from linkage.registry.phones import PhoneInvalid
from linkage.registry.services.contacts import ContactKnown
from linkage.registry.services.products import ProductKnown
from linkage.registry.values import TextInvalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(officer, now):
    """Calls a service on an organisation at the version it has in the database."""

    def call(service, organisation, actor=officer, **values):
        organisation.refresh_from_db()
        return service(
            actor=actor, organisation_id=organisation.pk, version=organisation.version, now=now,
            **values,
        )  # fmt: skip

    return call


@pytest.fixture
def led(make):
    """A cooperative with a representative and a main product."""
    return make("HTX B", representative="Lê A", phone="0912345678", product="Ổi")


def test_a_contact_stands_beside_the_representative(act, led):
    act(services.add_contact, led, name=" Trần  B ", phone="0912.345.679")
    rows = led.contacts.order_by("pk").values_list("name", "phone", "is_representative")
    assert list(rows) == [("Lê A", "+84912345678", True), ("Trần B", "+84912345679", False)]


def test_a_contact_needs_no_number(act, coop):
    assert act(services.add_contact, coop, name="Trần B", phone="").phone == ""


@pytest.mark.parametrize(
    ("name", "phone", "error"),
    [("", "", TextInvalid), ("B" * 151, "", TextInvalid), ("B", "12", PhoneInvalid)],
)
def test_a_contact_that_cannot_be_is_refused(act, coop, name, phone, error):
    with pytest.raises(error):
        act(services.add_contact, coop, name=name, phone=phone)
    assert not coop.contacts.exists()


def test_the_same_contact_is_there_once(act, led):
    with pytest.raises(ContactKnown):
        act(services.add_contact, led, name="Lê A", phone="0912 345 678")
    assert led.contacts.count() == 1


def test_the_history_says_that_a_person_changed_and_not_who(act, coop):
    made = act(services.add_contact, coop, name="Trần B", phone="0912345679")
    act(services.remove_contact, coop, contact_id=made.pk)
    rows = Event.objects.filter(kind__startswith="contact_").order_by("pk")
    data = list(rows.values_list("data", flat=True))
    assert data == [{"after": {"contact": "•"}}, {"before": {"contact": "•"}}]


def test_a_representative_that_is_erased_does_not_come_back_with_an_import(act, led):
    act(services.remove_contact, led, contact_id=led.contacts.get().pk)
    led.refresh_from_db()
    assert not led.contacts.exists()
    assert {"representative", "phone"} <= set(led.hand_edited)


def test_a_product_is_kept_as_written_beside_the_main_one(act, led):
    made = act(services.add_product, led, product=" Vải  thiều ")
    assert (made.as_written, made.is_main, made.commodity) == ("Vải thiều", False, None)


def test_a_product_of_the_tree_is_found_there(act, coop):
    tree = Commodity.objects.create(code="oi", level=1, dimension="mass", name_vi="Ổi")
    assert act(services.add_product, coop, product="ổi").commodity == tree


def test_the_same_product_is_there_once(act, led):
    with pytest.raises(ProductKnown):
        act(services.add_product, led, product="ỔI")
    assert led.products.count() == 1


@pytest.mark.parametrize("words", ["", "  ", "A" * 201])
def test_a_product_without_words_is_refused(act, coop, words):
    with pytest.raises(TextInvalid):
        act(services.add_product, coop, product=words)


def test_a_main_product_that_is_removed_does_not_come_back_with_an_import(act, led):
    act(services.remove_product, led, product_id=led.products.get().pk)
    led.refresh_from_db()
    assert not led.products.exists()
    assert "product" in led.hand_edited


CHANGES = [
    (services.add_contact, {"name": "B", "phone": ""}),
    (services.add_product, {"product": "Cam"}),
    (services.remove_contact, {"contact_id": "contacts"}),
    (services.remove_product, {"product_id": "products"}),
]


def of(organisation, values):
    """The values, with the id of what the organisation has in place of its name."""
    parts = {"contacts", "products"}
    return {
        key: getattr(organisation, value).get().pk if value in parts else value
        for key, value in values.items()
    }


@pytest.mark.parametrize(("service", "values"), CHANGES)
def test_those_who_only_read_change_nothing(service, values, act, led, auditor):
    with pytest.raises(NotAllowed):
        act(service, led, auditor, **of(led, values))
    assert (led.contacts.count(), led.products.count()) == (1, 1)


@pytest.mark.parametrize(("service", "values"), CHANGES)
def test_each_change_is_made_from_the_version_that_was_read(service, values, led, officer, now):
    with pytest.raises(StaleVersion):
        service(actor=officer, organisation_id=led.pk, version=9, now=now, **of(led, values))
    assert (led.contacts.count(), led.products.count()) == (1, 1)


@pytest.mark.parametrize(("service", "values"), CHANGES[2:])
def test_what_another_organisation_has_cannot_be_removed(service, values, act, coop, led):
    with pytest.raises(NotFound):
        act(service, coop, **of(led, values))
    assert (led.contacts.count(), led.products.count()) == (1, 1)
