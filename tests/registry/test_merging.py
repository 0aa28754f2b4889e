"""Saying that two organisations are one: what goes over, what stays, what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.catalogue.models import Certification
from linkage.errors import NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.registry.access import OPERATOR
from linkage.registry.models import Organisation
from linkage.registry.queries import merge_sides
from linkage.registry.services import (
    add_contact,
    add_product,
    edit_organisation,
    merge_organisations,
)
from linkage.registry.services.merging import MergedIntoItself, TaxCodesDiffer
from linkage.registry.values import TextInvalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(make):
    return make(
        "HTX Tân  Trào.", tax_code="0201234569", founded_on=date(2020, 1, 1),
        representative="Trần Thị B", phone="0912345678", product="Vải thiều",
    )  # fmt: skip


@pytest.fixture
def holds(db):
    """Records that an organisation holds VietGAP from a year on."""
    vietgap = Certification.objects.create(
        code="vietgap", name_vi="VietGAP", name_en="VietGAP", family="gap", issuer="", source=""
    )

    def record(organisation, year, ends=None):
        return organisation.certificates.create(
            certification=vietgap, starts=date(year, 1, 1), ends=ends
        )

    return record


@pytest.fixture
def merge(officer, now):
    def call(kept, merged, *, actor=officer, reason="Một đơn vị ghi hai lần", **changes):
        versions = {"version": kept.version, "merged_version": merged.version, **changes}
        return merge_organisations(
            actor=actor, organisation_id=kept.pk, merged_id=merged.pk, reason=reason, now=now,
            **versions,
        )  # fmt: skip

    return call


def last_event(organisation):
    rows = Event.objects.filter(subject_kind="organisation", subject_id=str(organisation.pk))
    return rows.latest("pk").data


def test_the_survivor_takes_over_what_it_lacks(coop, other, merge):
    kept = merge(coop, other)
    assert (kept.tax_code, kept.founded_on) == ("0201234569", date(2020, 1, 1))
    assert Organisation.objects.get(pk=other.pk).merged_into_id == coop.pk


def test_the_survivor_keeps_what_it_has(make, other, merge):
    kept = merge(make("HTX C", founded_on=date(2015, 1, 1)), other)
    assert kept.founded_on == date(2015, 1, 1)


def test_people_and_products_go_over_in_their_office(coop, other, merge):
    kept = merge(coop, other)
    assert kept.contacts.get(is_representative=True).name == "Trần Thị B"
    assert kept.products.get(is_main=True).as_written == "Vải thiều"


def test_a_second_representative_and_main_product_become_ordinary_ones(make, other, merge):
    kept = merge(make("HTX C", representative="Lê A", product="Ổi"), other)
    assert kept.contacts.get(is_representative=True).name == "Lê A"
    assert kept.contacts.get(is_representative=False).name == "Trần Thị B"
    assert kept.products.get(is_main=True).as_written == "Ổi"
    assert kept.products.get(is_main=False).as_written == "Vải thiều"


def test_what_both_have_is_there_once(make, other, merge):
    same = {"representative": "Trần Thị B", "phone": "0912345678", "product": "VẢI  thiều"}
    kept = merge(make("HTX C", **same), other)
    assert (kept.contacts.count(), kept.products.count()) == (1, 1)
    assert (other.contacts.count(), other.products.count()) == (0, 0)


def test_a_representative_whom_the_survivor_has_as_a_contact_takes_the_office(
    coop, other, merge, officer, now
):
    add_contact(actor=officer, organisation_id=coop.pk, version=1, name="TRẦN THỊ  B",
                phone="0912345678", now=now)  # fmt: skip
    coop.refresh_from_db()
    kept = merge(coop, other)
    assert [(one.name, one.is_representative) for one in kept.contacts.all()] == [
        ("TRẦN THỊ B", True)
    ]


def test_a_main_product_that_the_survivor_has_beside_others_becomes_its_main_one(
    coop, other, merge, officer, now
):
    add_product(actor=officer, organisation_id=coop.pk, version=1, product="VẢI thiều", now=now)
    coop.refresh_from_db()
    kept = merge(coop, other)
    assert [(one.as_written, one.is_main) for one in kept.products.all()] == [("VẢI thiều", True)]


def test_a_merge_is_as_many_queries_however_much_moves(
    make, other, merge, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as one:
        merge(make("HTX C"), other)
    more = make("HTX D", representative="Lê A", product="Ổi")
    for number in range(5):
        more.contacts.create(name=f"Người {number}")
        more.products.create(as_written=f"Hàng {number}")
    with django_assert_num_queries(len(one)):
        merge(make("HTX E"), more)


def test_a_person_with_another_number_is_another_contact(make, other, merge):
    kept = merge(make("HTX C", representative="Trần Thị B", phone="0912345679"), other)
    assert kept.contacts.count() == 2


def test_a_certificate_goes_over(coop, other, holds, merge):
    holds(coop, 2025)
    before = holds(other, 2024, date(2024, 12, 31))
    assert before in merge(coop, other).certificates.all()


@pytest.mark.parametrize("ends", [date(2025, 1, 1), None])
def test_a_certificate_stays_if_the_survivor_holds_it_on_one_of_its_days(
    ends, coop, other, holds, merge
):
    holds(coop, 2025)
    overlapping = holds(other, 2024, ends)
    assert overlapping not in merge(coop, other).certificates.all()


def test_both_histories_say_so_and_why(coop, other, merge):
    contact, product = other.contacts.get(), other.products.get()
    merge(coop, other)
    assert last_event(coop) == {
        "merged": other.pk,
        "reason": "Một đơn vị ghi hai lần",
    }
    told = last_event(other)
    # What an undo needs: see test_unmerging.
    del told["undo"]
    assert told == {
        "into": coop.pk,
        "reason": "Một đơn vị ghi hai lần",
        "moved": {"contacts": [contact.pk], "products": [product.pk], "certificates": []},
    }


@pytest.mark.parametrize("reason", ["", "  ", "a" * 501])
def test_a_merge_without_a_reason_is_refused(reason, coop, other, merge):
    with pytest.raises(TextInvalid):
        merge(coop, other, reason=reason)
    assert Organisation.objects.get(pk=other.pk).merged_into is None


@pytest.mark.parametrize("stale", ["version", "merged_version"])
def test_each_side_is_merged_from_the_version_that_was_read(stale, coop, other, merge):
    with pytest.raises(StaleVersion):
        merge(coop, other, **{stale: 9})
    assert set(Organisation.objects.values_list("version", "merged_into")) == {(1, None)}


def test_a_merged_one_cannot_be_changed_any_more(coop, other, merge, officer, now):
    merge(coop, other)
    with pytest.raises(NotFound):
        edit_organisation(actor=officer, organisation_id=other.pk, version=2,
                          details={"members": 1}, now=now)  # fmt: skip


def test_two_tax_codes_are_two_organisations(make, other, merge):
    with pytest.raises(TaxCodesDiffer):
        merge(make("HTX C", tax_code="0314409058-002"), other)
    assert Organisation.objects.get(pk=other.pk).merged_into is None


def test_nobody_is_merged_into_itself(coop, merge):
    with pytest.raises(MergedIntoItself):
        merge(coop, coop)


@pytest.mark.parametrize("who", ["auditor", "verifier", "stranger"])
def test_those_who_only_read_cannot_merge(who, coop, other, merge, request):
    with pytest.raises(NotAllowed):
        merge(coop, other, actor=request.getfixturevalue(who))
    assert Organisation.objects.get(pk=other.pk).merged_into is None


def test_a_chain_of_merges_leads_to_the_last_survivor(make, coop, other, merge):
    kept = merge(coop, other)
    merge(make("HTX D"), kept)
    last = Organisation.objects.get(name="HTX D")
    assert set(last.merged_from.all()) == {coop, other}


@pytest.fixture
def preview(coop, other, now):
    def call(actor):
        return merge_sides(actor=actor, organisation_id=coop.pk, merged_id=other.pk, on=now.date())

    return call


def test_the_preview_is_what_the_merge_then_does(preview, holds, coop, other, merge):
    holds(other, 2024)
    moves = preview(OPERATOR).moves
    kept = merge(coop, other)
    assert list(moves.contacts) == list(kept.contacts.all())
    assert moves.representative == kept.contacts.get(is_representative=True)
    assert moves.main_product == kept.products.get(is_main=True)
    assert list(moves.products) == list(kept.products.all())
    assert list(moves.certificates) == list(kept.certificates.all())
    assert (moves.tax_code, moves.founded_on) == (kept.tax_code, kept.founded_on)


def test_the_preview_names_nobody_for_an_office_that_is_taken(make, other, now):
    kept = make("HTX C", representative="Lê A", product="Ổi")
    moves = merge_sides(
        actor=OPERATOR, organisation_id=kept.pk, merged_id=other.pk, on=now.date()
    ).moves
    assert (moves.representative, moves.main_product) == (None, None)


def test_a_preview_is_for_those_who_may_merge(preview, auditor):
    with pytest.raises(NotAllowed):
        preview(auditor)
