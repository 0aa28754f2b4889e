"""A new organisation that the register may have already is asked about before it is entered."""

from __future__ import annotations

import pytest

from linkage.registry.models import Organisation
from linkage.registry.services import OrganisationAlike, create_organisation

pytestmark = pytest.mark.django_db
NAME = "HTX Nhấn Đúp"


@pytest.fixture
def enter(officer, sectors, communes, now):
    """Enters what may be a twin in one line."""

    def act(name=NAME, commune="1", *, is_another=False, **details):
        return create_organisation(
            actor=officer, kind="cooperative", sector_code="agriculture", commune_code=commune,
            details={"name": name, **details}, now=now, is_another=is_another,
        )  # fmt: skip

    return act


def test_a_twin_is_refused_naming_the_first_until_it_is_said_to_be_another(enter):
    first = enter()
    with pytest.raises(OrganisationAlike) as refusal:
        enter("  htx NHẤN  đúp ")
    assert [one.pk for one in refusal.value.alike] == [first.pk]
    assert Organisation.objects.count() == 1
    enter(is_another=True)
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"commune": None}, {"commune": "1"}),
        ({"commune": "1"}, {"commune": None}),
        ({}, {"tax_code": "0201234569"}),
        (
            {"commune": "1", "representative": "Bà Mai", "phone": "0912345678"},
            {"commune": "2", "representative": "Bà Mai", "phone": "+84 912 345 678"},
        ),
        (
            {"commune": "1", "tax_code": "0314409058"},
            {"commune": "2", "tax_code": "0314409058-002"},
        ),
    ],
)
def test_what_neither_place_nor_code_tells_apart_is_asked_about(enter, first, second):
    enter(**first)
    with pytest.raises(OrganisationAlike):
        enter(**second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"commune": "1"}, {"commune": "2"}),
        ({"tax_code": "0314409058"}, {"tax_code": "0201234569"}),
        ({"name": "HTX Tân"}, {"name": "HTX Tấn"}),
    ],
)
def test_what_a_place_a_code_or_a_mark_tells_apart_is_taken_at_once(enter, first, second):
    enter(**first)
    enter(**second)
    assert Organisation.objects.count() == 2
