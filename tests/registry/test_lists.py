"""Lists and cards of organisations: what is found, in which order, by whom."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.errors import NotAllowed, NotFound
from linkage.registry.models import Organisation, SectorFact
from linkage.registry.queries import (
    Filters,
    detail,
    history,
    listing,
    reasons_to_settle,
    with_merged,
)
from linkage.registry.services import merge_organisations, set_kind, set_status
from linkage.registry.values import TextInvalid
from linkage.text import search_key, sort_key

DAY = date(2026, 6, 15)
ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"


@given(st.lists(st.text(alphabet=ALPHABET, min_size=1, max_size=4), min_size=2, max_size=6))
def test_names_without_tones_sort_as_the_alphabet_does(names):
    by_letters = sorted(names, key=lambda name: [ALPHABET.index(letter) for letter in name])
    assert sorted(names, key=sort_key) == by_letters


@given(st.text(alphabet=ALPHABET + "áàảãạấầẩẫậ ", max_size=20))
def test_a_search_key_has_no_marks(name):
    assert search_key(name).isascii()


def found(actor, **filters):
    return [row.name for row in listing(actor=actor, on=DAY, filters=Filters(**filters))]


@pytest.mark.django_db
class TestListing:
    @pytest.fixture(autouse=True)
    def organisations(self, make):
        self.rows = {
            name: make(name, founded_on=date(2020, 1, 1), **details)
            for name, details in {
                "HTX Đường": {}, "HTX Dương": {"tax_code": "0314409058-002"},
                "HTX Ấm": {"tax_code": "031188012345"}, "Công ty An": {"kind": "enterprise"},
            }.items()
        }  # fmt: skip

    def test_it_is_in_vietnamese_order(self, officer):
        assert found(officer) == ["Công ty An", "HTX Ấm", "HTX Dương", "HTX Đường"]

    @pytest.mark.parametrize("text", ["duong", "Đường", "  HTX  DUONG"])
    def test_a_name_is_found_with_or_without_its_marks(self, officer, text):
        assert found(officer, text=text) == ["HTX Dương", "HTX Đường"]

    def test_a_tax_code_is_found_by_its_beginning(self, officer):
        assert found(officer, text="0314 409") == ["HTX Dương"]

    def test_a_persons_tax_code_is_never_found(self, officer):
        assert found(officer, text="0311") == found(officer, text="031188012345") == []

    @pytest.mark.parametrize("text", ["%", "_", "%_%_%", "'", "-"])
    def test_signs_of_the_database_find_nothing(self, officer, text):
        assert found(officer, text=text) == []

    def test_a_search_too_long_is_refused(self, officer):
        with pytest.raises(TextInvalid):
            found(officer, text="a" * 201)

    def test_it_is_narrowed_by_kind_status_sector_commune_and_ids(self, officer, now):
        row = self.rows["HTX Ấm"]
        set_status(actor=officer, organisation_id=row.pk, version=1, status="suspended",
                   since=DAY, now=now)  # fmt: skip
        assert found(officer, status="suspended") == ["HTX Ấm"]
        assert found(officer, kind="enterprise") == ["Công ty An"]
        assert len(found(officer, sector="agriculture", commune="1")) == 4
        assert found(officer, ids=[row.pk]) == ["HTX Ấm"]
        assert found(officer, sector="transport") == found(officer, ids=[]) == []

    def test_what_is_to_be_settled_is_listed_apart_with_the_reason(self, officer, now):
        row = self.rows["HTX Ấm"]
        set_status(actor=officer, organisation_id=row.pk, version=1, status="dissolved",
                   since=None, now=now)  # fmt: skip
        assert reasons_to_settle(row, row.kind_facts.get()) == ("end_day_missing",)
        assert found(officer, to_be_settled=True) == ["HTX Ấm"]
        assert len(found(officer, to_be_settled=False)) == 3

    def test_a_merged_one_is_in_no_list(self, officer, now):
        kept, merged = self.rows["HTX Đường"], self.rows["HTX Dương"]
        merge_organisations(actor=officer, organisation_id=kept.pk, version=1,
                            merged_id=merged.pk, merged_version=1, reason="x", now=now)  # fmt: skip
        assert "HTX Dương" not in found(officer)
        assert with_merged(kept.pk) == [kept.pk, merged.pk]
        with pytest.raises(NotFound):
            detail(actor=officer, organisation_id=merged.pk, on=DAY)

    def test_a_page_costs_one_query_however_long(self, officer, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert len(found(officer)) == 4

    def test_whoever_has_no_role_sees_nothing(self, stranger):
        with pytest.raises(NotAllowed):
            found(stranger)


@pytest.mark.django_db
class TestCard:
    @pytest.fixture
    def organisation(self, make):
        return make(tax_code="031188012345", representative="Lê Văn A", phone="0912345678",
                    product="Vải thiều")  # fmt: skip

    def card(self, actor, organisation):
        return detail(actor=actor, organisation_id=organisation.pk, on=DAY)

    def test_it_says_what_the_organisation_is_on_the_day(self, organisation, officer):
        card = self.card(officer, organisation)
        assert (card.status, card.kind) == ("active", "cooperative")
        assert (card.sector.code, card.commune.code) == ("agriculture", "1")
        assert card.products[0].as_written == "Vải thiều"
        assert card.to_settle == ("founding_day_missing",)

    def test_a_day_before_the_first_fact_has_none(self, organisation, officer):
        SectorFact.objects.update(since=date(2026, 6, 16))
        assert self.card(officer, organisation).sector is None

    def test_the_officer_sees_the_person_and_not_the_whole_citizen_id(self, organisation, officer):
        card = self.card(officer, organisation)
        assert card.contacts[0].phone == "+84912345678"
        assert card.tax_code == "•••••••••345"

    def test_the_verifier_sees_both(self, organisation, verifier):
        card = self.card(verifier, organisation)
        assert card.contacts
        assert card.tax_code == "031188012345"

    def test_the_auditor_sees_neither(self, organisation, auditor):
        card = self.card(auditor, organisation)
        assert card.contacts is None
        assert card.tax_code == "•••••••••345"

    def test_the_history_holds_facts_and_acts(self, organisation, officer, now):
        set_kind(actor=officer, organisation_id=organisation.pk, version=1, kind="union",
                 since=DAY, now=now)  # fmt: skip
        told = history(actor=officer, organisation_id=organisation.pk)
        assert [line.value for line in told.facts if line.field == "kind"] == [
            "cooperative", "union",
        ]  # fmt: skip
        assert [event.kind for event in told.events] == ["created", "kind_set"]

    def test_a_card_costs_a_bounded_number_of_queries(
        self, organisation, officer, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(11):
            self.card(officer, organisation)

    def test_what_does_not_exist_and_what_may_not_be_seen(self, organisation, officer, stranger):
        with pytest.raises(NotFound):
            detail(actor=officer, organisation_id=Organisation.objects.get().pk + 1, on=DAY)
        with pytest.raises(NotAllowed):
            self.card(stranger, organisation)
