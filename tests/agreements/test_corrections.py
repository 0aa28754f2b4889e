"""What an officer's correction does to what was verified, agreed, begun or ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linkage.agreements import invariants, services
from linkage.agreements.models import Linkage, Reservation
from linkage.agreements.services import (
    AgreedByBothSides,
    KnownAlready,
    QuantityWithoutUnit,
    ReasonMissing,
    TerminationToCome,
    VerifiedByRecorder,
    correct_termination,
    edit_linkage,
    terminate_linkage,
    verify_linkage,
    withdraw_verification,
)
from linkage.catalogue.models import Commodity, LinkageForm, Unit
from linkage.coverage.inputs import read_inputs
from linkage.coverage.rule import in_force
from linkage.errors import Conflict
from linkage.jobs.models import Event
from linkage.market.errors import UnitNotOfCommodity
from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import Actor
from linkage.registry.models import Organisation, Role
from tests.agreements import deals
from tests.agreements.test_linkage import DAY, PAPER, REASON, call

pytestmark = pytest.mark.django_db


@pytest.fixture
def verified(linkage, verifier, now):
    call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)
    return linkage


@pytest.fixture
def deal():
    return deals.make()


@pytest.fixture
def units(db):
    Commodity.objects.create(code="oi", level=1, name_vi="Ổi", dimension="mass")
    for code, dimension in (("kg", "mass"), ("qua", "count")):
        Unit.objects.create(code=code, dimension=dimension, base_units=1)


def edit(actor, linkage, now, reason=REASON, **terms):
    return call(edit_linkage, actor, linkage, now, terms=terms, reason=reason)


def end(actor, linkage, now, day, reason=REASON):
    return call(terminate_linkage, actor, linkage, now, terminated_on=day, reason=reason)


def history():
    return [event.kind for event in Event.objects.filter(subject_kind="linkage").order_by("pk")]


class TestTheReason:
    def test_it_stands_in_the_history(self, linkage, officer, now):
        edit(officer, linkage, now, contract_number="02/HĐ", reason="Gõ nhầm số")
        end(officer, linkage, now, DAY, reason="Vỡ hợp đồng")
        edited, moved = Event.objects.filter(subject_kind="linkage").order_by("pk")[1:]
        assert (edited.kind, edited.data["reason"]) == ("edited", "Gõ nhầm số")
        assert (moved.kind, moved.data["reason"]) == ("moved", "Vỡ hợp đồng")

    def test_nothing_is_changed_without_one(self, linkage, officer, now):
        with pytest.raises(ReasonMissing):
            edit(officer, linkage, now, contract_number="02/HĐ", reason=" ")
        with pytest.raises(ReasonMissing):
            end(officer, linkage, now, DAY, reason="")
        kept = Linkage.objects.get()
        assert (kept.version, kept.contract_number, kept.state) == (1, "01/HĐ", "in_force")
        assert history() == ["recorded"]


class TestBothSidesAreTold:
    """Of what the office changed or ended of theirs, and why."""

    def told(self, deal):
        """What either side reads, the newest sentence of each."""
        read = {}
        for notice in Notice.objects.order_by("pk"):
            assert notice.kind == "answer"
            read[notice.organisation_id] = sentence_of(notice)
        return read.get(deal.coop.pk), read.get(deal.firm.pk)

    @pytest.fixture
    def agreed(self, deal):
        made = deal.agreed(starts=deals.TODAY)
        Notice.objects.all().delete()
        return made

    def test_of_an_end_with_its_day(self, deal, agreed, officer):
        end(officer, agreed, deal.now, deals.TODAY, reason="Bên mua giải thể")
        words = "Cơ quan quản lý đã chấm dứt hợp đồng NC-{}/2026 với {} từ ngày 15/06/2026: {}"
        assert self.told(deal) == (
            words.format(agreed.pk, "Công ty Mua", "Bên mua giải thể"),
            words.format(agreed.pk, "HTX Bán", "Bên mua giải thể"),
        )

    def test_of_another_day_of_the_end_each_time(self, deal, agreed, officer):
        later = deal.now + timedelta(days=5)
        end(officer, agreed, later, deals.TODAY + timedelta(5))
        for days in (3, 4):
            day = deals.TODAY + timedelta(days)
            call(correct_termination, officer, agreed, later, terminated_on=day, reason="Gõ nhầm")
            for words in self.told(deal):
                assert words.endswith(f"sang ngày {day:%d/%m/%Y}: Gõ nhầm")
        assert Notice.objects.filter(what="termination_corrected").count() == 4

    def test_of_a_correction_and_not_of_none(self, deal, agreed, officer):
        edit(officer, agreed, deal.now, form=None)
        assert self.told(deal) == (None, None)
        edit(officer, agreed, deal.now, contract_number="07/HĐMB", reason="Theo bản giấy")
        words = "Cơ quan quản lý đã sửa hợp đồng 07/HĐMB với {}: Theo bản giấy"
        assert self.told(deal) == (words.format("Công ty Mua"), words.format("HTX Bán"))

    def test_of_nothing_that_was_refused(self, deal, agreed, officer):
        with pytest.raises(TerminationToCome):
            end(officer, agreed, deal.now, deals.TODAY + timedelta(1))
        with pytest.raises(AgreedByBothSides):
            edit(officer, agreed, deal.now, quantity=1)
        assert not Notice.objects.exists()

    def test_but_not_who_did_it(self, deal, agreed):
        own = Actor(deal.seller.user_id, frozenset({Role.CITY_STAFF}), {deal.coop.pk: "member"})
        end(own, agreed, deal.now, deals.TODAY)
        assert [notice.user_id for notice in Notice.objects.all()] == [deal.buyer.user_id]


class TestOfWhatWasVerified:
    @pytest.mark.parametrize(
        "terms",
        [
            {"contract_number": "02/HĐ"},
            {"starts": date(2026, 2, 1)},
            {"ends": date(2026, 12, 31)},
        ],
        ids=str,
    )
    def test_another_number_or_other_days_take_the_verification_back(
        self, verified, officer, verifier, now, terms
    ):
        edit(officer, verified, now, **terms)
        kept = Linkage.objects.get()
        assert (kept.verified_on, kept.verified_by_id) == (None, None)
        assert "verified_on" in kept.hand_edited
        assert history() == ["recorded", "verified", "edited", "verification_withdrawn"]
        assert Event.objects.order_by("pk").last().data["reason"] == REASON
        said = kept.reviews.order_by("pk").last()
        assert (said.verdict, said.reason) == ("withdrawn", REASON)
        call(verify_linkage, verifier, verified, now, verified_on=DAY, paper=PAPER)

    def test_both_sides_are_told(self, officer, verifier):
        deal = deals.make()
        linkage = services.record_linkage(
            actor=officer, seller_id=deal.coop.pk, buyer_id=deal.firm.pk, now=deal.now,
            terms={"contract_number": "1", "starts": date(2026, 1, 1)},
        )  # fmt: skip
        call(verify_linkage, verifier, linkage, deal.now, verified_on=DAY, paper=PAPER)
        edit(officer, linkage, deal.now, contract_number="2")
        told = Notice.objects.filter(what="withdrawn").values_list("organisation", flat=True)
        assert set(told) == {deal.coop.pk, deal.firm.pk}

    def test_what_the_paper_is_not_known_by_leaves_it(self, verified, officer, now):
        LinkageForm.objects.create(number=5, stages=[])
        edit(officer, verified, now, form=5, contract_number="01/HĐ", starts=date(2026, 1, 1))
        assert Linkage.objects.get().verified_on == DAY

    def test_a_refused_correction_leaves_it(self, verified, officer, now):
        with pytest.raises(Conflict):
            edit(officer, verified, now, contract_number="02/HĐ", ends=date(2025, 1, 1))
        assert Linkage.objects.get().verified_on == DAY


class TestWhoHadAPart:
    @pytest.mark.parametrize("act", ["edited", "terminated", "corrected"])
    def test_whoever_changed_or_ended_a_linkage_does_not_verify_it(
        self, linkage, officer, verifier, now, act
    ):
        staff = Actor(verifier.user_id, frozenset({Role.CITY_STAFF}))
        if act == "edited":
            edit(staff, linkage, now, contract_number="02/HĐ")
        else:
            end(staff if act == "terminated" else officer, linkage, now, DAY)
        if act == "corrected":
            call(correct_termination, staff, linkage, now, terminated_on=DAY - timedelta(1),
                 reason=REASON)  # fmt: skip
        with pytest.raises(VerifiedByRecorder):
            call(verify_linkage, verifier, linkage, now, verified_on=DAY, paper=PAPER)
        assert Linkage.objects.get().verified_on is None

    def test_whoever_only_judged_it_judges_it_again(self, linkage, verifier, now):
        both = Actor(verifier.user_id, frozenset({Role.CITY_STAFF, Role.VERIFIER}))
        call(services.send_back, both, linkage, now, reason="Thiếu trang")
        call(verify_linkage, both, linkage, now, verified_on=DAY, paper=PAPER)
        call(withdraw_verification, both, linkage, now, reason="Nhầm tủ")
        call(verify_linkage, both, linkage, now, verified_on=DAY, paper=PAPER)
        assert Linkage.objects.get().verified_on == DAY


class TestOfWhatWasAgreedHere:
    @pytest.mark.parametrize(
        "terms",
        [
            {"quantity": 9_000_000},
            {"unit": "kg"},
            {"starts": date(2026, 7, 2)},
            {"ends": date(2026, 10, 1)},
            {"product": "Cà rốt"},
        ],
        ids=str,
    )
    def test_the_office_does_not_change_it(self, deal, officer, terms):
        linkage = deal.agreed()
        before = Linkage.objects.values().get(pk=linkage.pk)
        with pytest.raises(AgreedByBothSides) as refusal:
            edit(officer, linkage, deal.now, **terms)
        assert refusal.value.values["field"] in terms
        assert Linkage.objects.values().get(pk=linkage.pk) == before

    def test_the_office_still_corrects_number_and_form(self, deal, officer):
        linkage = deal.agreed()
        edit(officer, linkage, deal.now, contract_number="07/2026/HĐMB", form=5, unit="tan")
        kept = Linkage.objects.get(pk=linkage.pk)
        assert (kept.contract_number, kept.form_id) == ("07/2026/HĐMB", 5)

    def test_the_audit_finds_a_quantity_other_than_the_one_agreed(self, deal):
        linkage = deal.agreed(3)
        assert invariants.held_is_what_was_agreed() == invariants.Finding(1, ())
        Linkage.objects.update(quantity=4_000_000)
        assert invariants.held_is_what_was_agreed().broken == (linkage.pk,)
        Linkage.objects.update(quantity=3_000_000)
        Reservation.objects.update(held=1)
        assert invariants.held_is_what_was_agreed().broken == (linkage.pk,)
        assert "held_is_what_was_agreed" in invariants.CHECKS

    def test_less_is_held_of_what_is_over_and_never_more(self, deal):
        linkage = deal.agreed(3)
        deal.act(services.terminate, "buyer", linkage, reason="x")
        assert invariants.held_is_what_was_agreed().ok
        Reservation.objects.update(held=3_000_001)
        assert invariants.held_is_what_was_agreed().broken == (linkage.pk,)


class TestOfDays:
    @pytest.mark.parametrize("origin", ["declared", "register"])
    def test_the_state_of_a_contract_on_paper_follows_its_days(self, linkage, officer, now, origin):
        Linkage.objects.update(origin=origin)
        seen = []
        for terms in (
            {"ends": DAY - timedelta(1)},
            {"ends": DAY},
            {"starts": DAY + timedelta(1), "ends": None},
            {"starts": DAY},
        ):
            edit(officer, linkage, now, **terms)
            seen.append(Linkage.objects.get().state)
        assert seen == ["ended", "in_force", "agreed", "in_force"]
        moved = Event.objects.filter(kind="moved").order_by("pk")
        assert [event.data["to"] for event in moved] == seen

    def test_what_was_terminated_stays_so(self, linkage, officer, now):
        end(officer, linkage, now, DAY)
        edit(officer, linkage, now, ends=DAY + timedelta(9))
        assert Linkage.objects.get().state == "terminated"

    def test_anything_else_moves_nothing(self, linkage, officer, now):
        Linkage.objects.update(ends=DAY - timedelta(1), origin="register")
        edit(officer, linkage, now, contract_number="02/HĐ")
        assert Linkage.objects.get().state == "in_force"


class TestOfATerminationToCome:
    def test_it_is_refused_and_the_quantity_stays_held(self, deal, officer):
        linkage = deal.agreed(4, starts=deals.TODAY)
        with pytest.raises(TerminationToCome):
            end(officer, linkage, deal.now, deals.TODAY + timedelta(1))
        kept = Linkage.objects.get(pk=linkage.pk)
        assert (kept.state, kept.terminated_on) == ("agreed", None)
        assert deal.reserved() == (4_000_000, 4_000_000)
        end(officer, linkage, deal.now, deals.TODAY)
        assert deal.reserved() == (0, 0)

    def test_what_has_not_begun_never_is_in_force(self, deal, officer):
        linkage = deal.agreed(4)
        end(officer, linkage, deal.now, linkage.starts)
        assert deal.reserved() == (0, 0)
        (row,) = read_inputs().linkages
        assert not any(in_force(row, linkage.starts + timedelta(days)) for days in range(-1, 100))

    def test_a_day_that_was_entered_is_not_put_off(self, linkage, officer, now):
        end(officer, linkage, now, DAY)
        with pytest.raises(TerminationToCome):
            call(correct_termination, officer, linkage, now, terminated_on=DAY + timedelta(1),
                 reason=REASON)  # fmt: skip
        assert Linkage.objects.get().terminated_on == DAY


@pytest.mark.usefixtures("units")
class TestOfQuantities:
    @pytest.mark.parametrize(
        ("terms", "error"),
        [
            ({"quantity": 5}, QuantityWithoutUnit),
            ({"quantity": 5, "unit": "qua", "product": "Ổi"}, UnitNotOfCommodity),
        ],
        ids=str,
    )
    def test_a_quantity_has_a_unit_that_measures_the_product(
        self, record, officer, now, terms, error
    ):
        with pytest.raises(error):
            record(**terms)
        assert not Linkage.objects.exists()
        with pytest.raises(error):
            edit(officer, record(), now, **terms)
        assert Linkage.objects.get().version == 1

    def test_another_product_needs_a_unit_that_measures_it(self, record, officer, now):
        linkage = record(quantity=5, unit="qua", product="Cây lạ")
        with pytest.raises(UnitNotOfCommodity):
            edit(officer, linkage, now, product="Ổi")
        edit(officer, linkage, now, product="Ổi", unit="kg")
        kept = Linkage.objects.get()
        assert (kept.commodity_id, kept.unit_id, kept.quantity) == ("oi", "kg", 5)

    def test_a_quantity_that_came_without_a_unit_bars_nothing_else(self, linkage, officer, now):
        Linkage.objects.update(quantity=5, origin="register")
        edit(officer, linkage, now, contract_number="02/HĐ")
        kept = Linkage.objects.get()
        assert (kept.contract_number, kept.quantity, kept.unit_id) == ("02/HĐ", 5, None)


class TestOfTheSameContract:
    def test_it_is_recorded_once(self, linkage, record):
        with pytest.raises(KnownAlready):
            record()
        assert Linkage.objects.count() == 1

    @pytest.mark.parametrize("origin", ["declared", "register"])
    @pytest.mark.parametrize(
        "terms",
        [{"contract_number": "02/HĐ"}, {"starts": date(2026, 2, 1)}],
        ids=["number", "start"],
    )
    def test_a_correction_makes_no_second_one(self, linkage, record, officer, now, origin, terms):
        """Whatever the first came from; each field alone would make the other the same contract."""
        Linkage.objects.update(origin=origin)
        other = record(**{"contract_number": "01/HĐ", "starts": date(2026, 1, 1), **terms})
        with pytest.raises(KnownAlready):
            edit(officer, other, now, contract_number="01/HĐ", starts=date(2026, 1, 1))
        kept = Linkage.objects.get(pk=other.pk)
        assert (kept.version, history()) == (1, ["recorded", "recorded"])

    def test_nor_by_way_of_what_was_merged_into_a_side(self, linkage, record, officer, sides, now):
        Linkage.objects.update(origin="register")
        twin = deals.organisation("Công ty An (cũ)")
        other = record(contract_number="02/HĐ", buyer=twin.pk)
        Organisation.objects.filter(pk=twin.pk).update(merged_into=sides[1])
        with pytest.raises(KnownAlready):
            edit(officer, other, now, contract_number="01/HĐ")

    def test_it_does_not_stand_in_its_own_way(self, linkage, officer, now):
        edit(officer, linkage, now, starts=date(2026, 2, 1))
        edit(officer, linkage, now, starts=date(2026, 1, 1), contract_number="01/HĐ")
        assert Linkage.objects.get().starts == date(2026, 1, 1)

    def test_two_without_a_number_are_not_taken_for_one(self, linkage, record, officer, now):
        other = record(contract_number="02/HĐ", starts=date(2026, 2, 1))
        Linkage.objects.filter(pk=linkage.pk).update(contract_number="", origin="register")
        Linkage.objects.filter(pk=other.pk).update(contract_number="")
        edit(officer, other, now, starts=date(2026, 1, 1))
        assert Linkage.objects.filter(starts=date(2026, 1, 1)).count() == 2

    def test_what_counts_on_no_day_may_be_corrected(self, linkage, record, officer, now):
        other = record(contract_number="02/HĐ")
        Linkage.objects.filter(pk=other.pk).update(state="declined")
        edit(officer, other, now, contract_number="01/HĐ")
        assert Linkage.objects.get(pk=other.pk).contract_number == "01/HĐ"
