"""Lists of linkages: what is found and in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linkage.agreements.models import Linkage, State
from linkage.agreements.queries import (
    Filters,
    detail,
    history,
    listing,
    of_organisation,
    visible_to,
)
from linkage.agreements.services import (
    decline,
    edit_linkage,
    terminate_linkage,
    verify_linkage,
)
from linkage.agreements.talks import mine
from linkage.errors import NotAllowed, NotFound
from linkage.registry.access import Actor
from linkage.registry.services import merge_organisations
from linkage.registry.values import TextInvalid
from tests.agreements import deals

pytestmark = pytest.mark.django_db
STARTS, ENDS = date(2026, 1, 1), date(2026, 3, 31)
STRANGER = Actor(None, frozenset())


def numbers(actor, **filters):
    return [row.contract_number for row in listing(actor=actor, filters=Filters(**filters))]


def test_the_newest_start_comes_first(record, officer):
    record(contract_number="old", starts=date(2020, 1, 1))
    record(contract_number="new")
    assert numbers(officer) == ["new", "old"]


@pytest.mark.parametrize("text", ["duong", "Đường", "cong ty an", "01/HĐ", "01/hđ"])
def test_a_linkage_is_found_by_either_side_or_its_number(linkage, officer, text):
    assert numbers(officer, text=text) == ["01/HĐ"]


@pytest.mark.parametrize("text", ["%", "khác"])
def test_what_is_not_there_is_not_found(linkage, officer, text):
    assert numbers(officer, text=text) == []


def test_a_search_too_long_is_refused(officer):
    with pytest.raises(TextInvalid):
        numbers(officer, text="a" * 201)


@pytest.mark.parametrize(
    ("day", "there"),
    [(STARTS - timedelta(1), 0), (STARTS, 1), (ENDS, 1), (ENDS + timedelta(1), 0)],
)
def test_it_is_in_force_on_its_first_and_last_day(record, officer, day, there):
    record(ends=ENDS)
    assert len(numbers(officer, in_force_on=day)) == there


def test_on_the_day_of_its_termination_it_is_not_in_force(linkage, officer, now):
    terminate_linkage(
        actor=officer, linkage_id=linkage.pk, version=1, terminated_on=ENDS, reason="x", now=now
    )
    assert numbers(officer, in_force_on=ENDS - timedelta(1))
    assert not numbers(officer, in_force_on=ENDS)


def test_what_is_not_agreed_is_never_in_force(linkage, officer):
    Linkage.objects.update(state=State.PROPOSED)
    assert not numbers(officer, in_force_on=STARTS)


def test_it_is_narrowed_by_state_origin_and_evidence(linkage, officer, verifier, now):
    assert not numbers(officer, evidence="verified")
    assert not numbers(officer, evidence="confirmed")
    verify_linkage(actor=verifier, linkage_id=linkage.pk, version=1, verified_on=ENDS,
                   paper="Tủ 3", now=now)  # fmt: skip
    for filters in ({"evidence": "verified"}, {"evidence": "confirmed"}, {"evidence": "declared"},
                    {"state": "in_force"}, {"origin": "declared"}):  # fmt: skip
        assert numbers(officer, **filters) == ["01/HĐ"]
    assert not numbers(officer, origin="register")


def test_a_list_costs_one_query(linkage, record, officer, django_assert_num_queries):
    record(contract_number="02")
    with django_assert_num_queries(1):
        assert [str(row.seller) + str(row.buyer) for row in listing(actor=officer)]


def test_an_organisation_has_those_of_both_sides_and_of_what_it_took_in(
    record, sides, officer, now
):
    sold, bought = record(), record(seller=sides[1], buyer=sides[0], starts=date(2025, 1, 1))
    assert list(of_organisation(sides[0])) == [sold, bought]
    merge_organisations(actor=officer, organisation_id=sides[1], version=1, merged_id=sides[0],
                        merged_version=1, reason="x", now=now)  # fmt: skip
    assert list(of_organisation(sides[1])) == [sold, bought]


def test_its_history_is_what_was_done(linkage, verifier, now):
    verify_linkage(actor=verifier, linkage_id=linkage.pk, version=1, verified_on=ENDS,
                   paper="Tủ 3", now=now)  # fmt: skip
    told = history(actor=verifier, linkage_id=linkage.pk)
    assert [event.kind for event in told] == ["recorded", "verified"]


def test_one_is_read_by_those_who_may(linkage, auditor):
    assert detail(actor=auditor, linkage_id=linkage.pk).seller.name == "HTX Đường"
    with pytest.raises(NotAllowed):
        detail(actor=STRANGER, linkage_id=linkage.pk)
    with pytest.raises(NotFound):
        detail(actor=auditor, linkage_id=10**6)


class TestWhoKnowsOfWhat:
    """Talks are the two sides' own; offices know what was agreed and what is on paper."""

    @pytest.fixture
    def deal(self):
        return deals.make()

    def known(self, actor):
        return set(visible_to(actor).values_list("pk", flat=True))

    def test_the_sides_know_their_talks_and_nobody_else_does(self, deal, officer, auditor):
        linkage = deal.ask()
        stranger = deals.member(deals.organisation("HTX Khác"), "la")
        for actor in (deal.seller, deal.buyer):
            assert self.known(actor) == {linkage.pk}
        for actor in (officer, auditor, stranger, STRANGER):
            assert self.known(actor) == set()
        with pytest.raises(NotFound):
            detail(actor=officer, linkage_id=linkage.pk)
        assert not of_organisation(deal.coop.pk).exists()

    def test_offices_know_it_once_it_is_agreed(self, deal, officer):
        linkage = deal.agreed()
        assert self.known(officer) == {linkage.pk}
        assert of_organisation(deal.coop.pk).exists()

    def test_a_member_does_not_know_what_others_have_on_paper(self, deal, linkage):
        assert linkage.pk not in self.known(deal.seller)

    def test_who_holds_an_office_and_acts_for_a_side_knows_both(self, deal, officer, linkage):
        talk = deal.ask()
        both = Actor(deal.seller.user_id, officer.roles, deal.seller.memberships)
        assert self.known(both) == {talk.pk, linkage.pk}

    @pytest.mark.parametrize("service", [edit_linkage, terminate_linkage])
    def test_an_office_changes_no_talks(self, deal, officer, service):
        said = {"terms": {"ends": ENDS}} if service is edit_linkage else {"terminated_on": ENDS}
        with pytest.raises(NotFound):
            service(
                actor=officer, linkage_id=deal.ask().pk, version=1, now=deal.now, reason="x", **said
            )

    def test_a_members_list_has_talks_first_then_what_is_agreed_then_the_rest(self, deal):
        over = deal.ask()
        deal.act(decline, "buyer", over, reason="x")
        agreed = deal.agreed()
        deal.offer = deals.offer(deal.coop)
        talk = deal.ask()
        rows = mine(actor=deal.seller, organisation_id=deal.coop.pk)
        assert [row.pk for row in rows] == [talk.pk, agreed.pk, over.pk]
        found = mine(
            actor=deal.seller, organisation_id=deal.coop.pk, filters=Filters(state="declined")
        )
        assert [row.pk for row in found] == [over.pk]
