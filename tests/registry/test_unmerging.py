"""Undoing a merge: as before, unless something changed since; that is listed and decided."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.catalogue.models import Certification
from linkage.coverage.inputs import read_inputs
from linkage.errors import NotAllowed, NotFound, StaleVersion
from linkage.jobs.models import Event
from linkage.registry.merging import person_key
from linkage.registry.models import Organisation
from linkage.registry.services import (
    add_contact,
    edit_organisation,
    merge_organisations,
    remove_contact,
    undo_merge,
)
from linkage.registry.services.unmerging import (
    MergeContradicted,
    MergeTooOld,
    SurvivorMergedFurther,
    TaxCodeTaken,
)
from linkage.registry.unmerging import undoing_of
from linkage.registry.values import TextInvalid
from tests.coverage.histories import random_history, stored
from tests.examples import examples
from tests.registry.conftest import NOW

pytestmark = pytest.mark.django_db
CODE = "0201234569"


@pytest.fixture
def other(make):
    return make(
        "HTX Tân  Trào.", tax_code=CODE, founded_on=date(2020, 1, 1),
        representative="Trần Thị B", phone="0912345678", product="Vải thiều",
    )  # fmt: skip


def merge(officer, kept, merged):
    kept, merged = (Organisation.objects.get(pk=one.pk) for one in (kept, merged))
    return merge_organisations(
        actor=officer, organisation_id=kept.pk, version=kept.version, merged_id=merged.pk,
        merged_version=merged.version, reason="Ghi hai lần", now=NOW,
    )  # fmt: skip


def undo(officer, merged, **changes):
    kept = undoing_of(merged.pk).kept
    values = {"version": kept.version, "reason": "Hai đơn vị khác nhau", "leave": (), **changes}
    return undo_merge(actor=officer, merged_id=merged.pk, now=NOW, **values)


def shown(organisation):
    """All that a merge could move, with people and products by what makes them the same."""
    one = Organisation.objects.get(pk=organisation.pk)
    return {
        "tax_code": one.tax_code,
        "founded_on": one.founded_on,
        "merged_into": one.merged_into_id,
        "contacts": sorted((person_key(c), c.is_representative) for c in one.contacts.all()),
        "products": sorted(
            (p.as_written, p.commodity_id or "", p.is_main) for p in one.products.all()
        ),
        "certificates": sorted(one.certificates.values_list("pk", flat=True)),
    }


def test_all_that_moved_goes_back(coop, other, officer):
    before = shown(coop), shown(other)
    merge(officer, coop, other)
    assert (shown(coop), shown(other)) != before
    undo(officer, other)
    assert (shown(coop), shown(other)) == before


def test_what_both_had_is_there_at_both_again(make, other, officer):
    kept = make("HTX C", representative="TRẦN THỊ B", phone="0912345678", product="vải thiều")
    before = shown(kept), shown(other)
    merge(officer, kept, other)
    undo(officer, other)
    assert (shown(kept), shown(other)) == before


def test_who_came_to_an_office_by_the_merge_leaves_it_again(make, other, officer):
    kept = make("HTX C")
    kept.contacts.create(name="TRẦN THỊ B", phone="+84912345678")
    kept.products.create(as_written="vải thiều")
    before = shown(kept), shown(other)
    merge(officer, kept, other)
    assert kept.contacts.get().is_representative
    assert kept.products.get().is_main
    undo(officer, other)
    assert (shown(kept), shown(other)) == before


def test_those_merged_into_it_before_are_its_again(make, coop, other, officer):
    first = make("HTX Đầu Tiên")
    merge(officer, other, first)
    merge(officer, coop, other)
    undo(officer, other)
    assert shown(first)["merged_into"] == other.pk
    undo(officer, first)
    assert shown(first)["merged_into"] is None


def test_what_the_survivor_got_since_stays_there(coop, other, officer):
    kept = merge(officer, coop, other)
    kept.refresh_from_db()
    add_contact(actor=officer, organisation_id=kept.pk, version=kept.version, name="Lê Văn C",
                phone="", now=NOW)  # fmt: skip
    undo(officer, other)
    assert [one.name for one in coop.contacts.all()] == ["Lê Văn C"]


def test_both_histories_say_so_and_hold_no_name_of_a_person(coop, other, officer):
    merge(officer, coop, other)
    undo(officer, other)
    kinds = {
        (int(event.subject_id), event.kind)
        for event in Event.objects.filter(kind__in=["gave_back", "unmerged"])
    }
    assert kinds == {(coop.pk, "gave_back"), (other.pk, "unmerged")}
    assert "Trần" not in str([event.data for event in Event.objects.all()])


# --- What contradicts it ----------------------------------------------------------------------
def _erase_the_representative(kept, officer):
    contact = kept.contacts.get(is_representative=True)
    remove_contact(actor=officer, organisation_id=kept.pk, version=kept.version,
                   contact_id=contact.pk, now=NOW)  # fmt: skip


def _change(**details):
    def act(kept, officer):
        edit_organisation(actor=officer, organisation_id=kept.pk, version=kept.version,
                          details=details, now=NOW)  # fmt: skip

    return act


CONTRADICTED = {
    "tax_code": _change(tax_code="0205198368"),
    "founded_on": _change(founded_on=date(2019, 5, 5)),
    "contact": _erase_the_representative,
}


@pytest.mark.parametrize("kind", CONTRADICTED)
def test_what_was_changed_since_is_listed_and_refused_until_somebody_leaves_it(
    kind, coop, other, officer
):
    kept = merge(officer, coop, other)
    kept.refresh_from_db()
    CONTRADICTED[kind](kept, officer)
    after = shown(coop)
    (found,) = undoing_of(other.pk).contradictions
    assert found.kind == kind
    with pytest.raises(MergeContradicted):
        undo(officer, other)
    assert shown(coop) == after
    undo(officer, other, leave=[found.code])
    assert shown(other)["merged_into"] is None
    if kind in after:
        assert shown(coop)[kind] == after[kind]
    else:
        assert shown(other)["contacts"] == []


def test_a_third_one_with_its_tax_code_hinders_it(make, coop, other, officer):
    kept = merge(officer, coop, other)
    kept.refresh_from_db()
    _change(tax_code="0205198368")(kept, officer)
    make("HTX Thứ Ba", tax_code=CODE)
    with pytest.raises(TaxCodeTaken):
        undo(officer, other, leave=["tax_code"])
    assert shown(other)["merged_into"] == coop.pk


def test_a_survivor_that_was_merged_further_hinders_it(make, coop, other, officer):
    third = make("HTX Thứ Ba")
    merge(officer, coop, other)
    merge(officer, third, coop)
    with pytest.raises(SurvivorMergedFurther):
        undo(officer, other)
    undo(officer, coop)
    undo(officer, other)
    assert shown(other)["merged_into"] is None


def test_a_merge_from_before_its_record_is_not_guessed(coop, other, officer):
    Organisation.objects.filter(pk=other.pk).update(merged_into=coop)
    with pytest.raises(MergeTooOld):
        undo(officer, other)


def test_it_asks_for_office_version_and_reason(coop, other, officer, auditor):
    with pytest.raises(NotFound):
        undo_merge(actor=officer, merged_id=other.pk, version=1, reason="x", now=NOW)
    merge(officer, coop, other)
    for changes, error in (
        ({"version": 99}, StaleVersion),
        ({"reason": " "}, TextInvalid),
    ):
        with pytest.raises(error):
            undo(officer, other, **changes)
    with pytest.raises(NotAllowed):
        undo(auditor, other)
    assert shown(other)["merged_into"] == coop.pk


# --- On random registers ----------------------------------------------------------------------
NAMES = st.sampled_from(["Lê A", "LÊ A", "Lê B"])
HELD = st.tuples(st.integers(2020, 2023), st.none() | st.integers(2023, 2025))
SIDE = st.fixed_dictionaries(
    {
        "code": st.booleans(),
        "founded": st.none() | st.dates(date(2010, 1, 1), date(2020, 1, 1)),
        "people": st.lists(NAMES, max_size=3),
        "goods": st.lists(NAMES, max_size=3),
        "head": st.booleans(),
        "held": st.lists(HELD, max_size=1),
    }
)


def _furnish(pk, side, code, vietgap):
    Organisation.objects.filter(pk=pk).update(
        tax_code=code if side["code"] else None, founded_on=side["founded"], merged_into=None
    )
    one = Organisation.objects.get(pk=pk)
    for number, name in enumerate(side["people"]):
        one.contacts.create(name=name, is_representative=side["head"] and not number)
    for number, name in enumerate(side["goods"]):
        one.products.create(as_written=name, is_main=side["head"] and not number)
    for starts, ends in side["held"]:
        one.certificates.create(
            certification=vietgap,
            starts=date(starts, 1, 1),
            ends=ends and date(ends, 12, 31),
        )
    return one


@given(seed=st.randoms(use_true_random=False), first=SIDE, second=SIDE)
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_merged_and_undone_is_as_before_on_random_registers(officer, seed, first, second):
    Organisation.objects.all().update(tax_code=None)
    vietgap, _ = Certification.objects.get_or_create(
        code="vietgap",
        defaults={"name_vi": "V", "name_en": "V", "family": "gap", "issuer": "", "source": ""},
    )
    with stored(random_history(seed, organisations=4, linkages=5)) as ids:
        kept = _furnish(ids[0], first, CODE, vietgap)
        merged = _furnish(ids[1], second, CODE if not first["code"] else None, vietgap)
        before, figures = (shown(kept), shown(merged)), read_inputs()
        merge(officer, kept, merged)
        undo(officer, merged)
        assert (shown(kept), shown(merged)) == before
        assert read_inputs() == figures
