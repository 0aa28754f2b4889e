"""From a question to an agreement: who may do what, in which state, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from linkage.agreements import invariants, services, talks
from linkage.agreements.models import Consent, Linkage, Message, Reservation, State, TermsVersion
from linkage.agreements.services.leading import OneOnBothSides
from linkage.agreements.services.merging import merge_parties, unmerge_parties
from linkage.agreements.services.negotiating import OthersProposal, OwnProposal
from linkage.agreements.services.reserving import OutOfStock, PostClosed
from linkage.agreements.services.terms import WindowOver
from linkage.catalogue.units import QuantityNotExact
from linkage.errors import Conflict, NotFound, StaleVersion
from linkage.jobs.models import Event, Outbox
from linkage.market.errors import (
    AmountOutOfRange,
    PaymentDaysOutOfRange,
    PriceOutOfRange,
    UnitNotOfCommodity,
    WindowInverted,
)
from linkage.market.models import Need, Offer
from linkage.notices.models import Notice
from linkage.registry.services import merge_organisations
from linkage.registry.values import DayOutOfRange, TextInvalid, ValueUnknown
from tests.agreements import deals

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("who", ["seller", "buyer"])


@pytest.fixture
def deal():
    return deals.make()


def sound():
    return {name: check().broken for name, check in invariants.CHECKS.items() if not check().ok}


def state(linkage):
    return Linkage.objects.get(pk=linkage.pk).state


def notices():
    return list(Notice.objects.order_by("pk").values_list("organisation__name", "kind", "what"))


class TestPostsThatAreOver:
    """Their last day has passed, and no sweep has marked them yet."""

    def over(self, post):
        type(post).objects.filter(pk=post.pk).update(ends=deals.TODAY - timedelta(days=1))

    @BOTH
    def test_nobody_asks_about_an_own_or_anothers(self, deal, who):
        own, other = deal.offer, deal.need
        if who == "buyer":
            own, other = other, own
        self.over(other)
        with pytest.raises(NotFound):
            deal.ask(who)
        self.over(own)
        with pytest.raises(PostClosed):
            deal.ask(who)
        assert not Linkage.objects.exists()

    @pytest.mark.parametrize("which", ["offer", "need"])
    def test_nothing_is_proposed_or_agreed_on_them(self, deal, which):
        talks_of_two, proposed = deal.ask(), deals.make(suffix=" B")
        linkage = proposed.ask()
        proposed.propose("buyer", linkage)
        for one in (deal, proposed):
            self.over(getattr(one, which))
        with pytest.raises(PostClosed):
            deal.propose("buyer", talks_of_two)
        with pytest.raises(PostClosed):
            proposed.act(services.accept, "seller", linkage)
        assert (state(talks_of_two), state(linkage)) == ("negotiating", "proposed")
        assert proposed.reserved() == (0, 0)

    @pytest.mark.parametrize("which", ["offer", "need"])
    def test_on_its_last_day_a_post_is_agreed_on(self, deal, which):
        post = getattr(deal, which)
        type(post).objects.filter(pk=post.pk).update(ends=deals.TODAY)
        assert state(deal.agreed()) == "agreed"


class TestAsking:
    @BOTH
    def test_either_side_opens_talks_with_a_question(self, deal, who):
        linkage = deal.ask(who)
        assert (linkage.state, linkage.origin, linkage.opened_by) == (
            "negotiating",
            "platform",
            who,
        )
        assert (linkage.seller, linkage.buyer) == (deal.coop, deal.firm)
        assert Message.objects.get().text == "Còn hàng không?"
        other = deal.firm if who == "seller" else deal.coop
        assert notices() == [(other.name, "question", "asked")]

    def test_or_with_a_proposal_at_once(self, deal):
        linkage = deal.ask(text="", proposal=deals.proposal())
        assert linkage.state == "proposed"
        assert TermsVersion.objects.get().number == 1
        assert not Message.objects.exists()

    def test_nothing_is_asked_with_no_words(self, deal):
        with pytest.raises(TextInvalid):
            deal.ask(text="  ")
        assert not Linkage.objects.exists()

    def test_a_pair_has_one_open_linkage(self, deal):
        linkage = deal.ask()
        with pytest.raises(Conflict) as refusal:
            deal.ask("seller")
        assert refusal.value.code == "linkage_is_open_once_for_a_pair"
        deal.act(services.decline, "seller", linkage, reason="Hết hàng")
        assert deal.ask("seller").pk != linkage.pk

    @pytest.mark.parametrize("hidden", ["draft", "paused", "withdrawn", "expired"])
    def test_a_post_that_is_not_published_is_not_there_for_others(self, deal, hidden):
        Offer.objects.update(state=hidden)
        with pytest.raises(NotFound):
            deal.ask("buyer")
        with pytest.raises(PostClosed):
            deal.ask("seller")

    def test_who_acts_for_neither_post_learns_nothing(self, deal):
        other = deals.organisation("HTX Khác")
        stranger = deals.member(other, "la")
        with pytest.raises(NotFound):
            services.ask(actor=stranger, organisation_id=other.pk, offer_id=deal.offer.pk,
                         need_id=deal.need.pk, text="?", now=deal.now)  # fmt: skip
        with pytest.raises(NotFound):
            services.ask(actor=stranger, organisation_id=deal.firm.pk, offer_id=deal.offer.pk,
                         need_id=deal.need.pk, text="?", now=deal.now)  # fmt: skip

    def test_nobody_deals_with_oneself_nor_under_the_same_tax_code(self, deal):
        deal.need.organisation = deal.coop
        deal.need.save()
        with pytest.raises(NotFound):
            deal.ask("seller")
        branch = deals.organisation("Chi nhánh", tax_code="0100112437-001")
        Offer.objects.update(organisation=branch)
        Need.objects.update(organisation=deal.firm)
        deal.firm.tax_code = "0100112437"
        deal.firm.save()
        with pytest.raises(NotFound):
            deal.ask("buyer")

    def test_what_is_measured_otherwise_is_no_match(self, deal):
        need = deals.Commodity.objects.create(code="trung", level=1, dimension="count")
        Need.objects.update(commodity=need, unit="qua")
        with pytest.raises(NotFound):
            deal.ask()


class TestProposing:
    def test_versions_are_numbered_and_the_newest_stands(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage, 3)
        deal.propose("seller", linkage, Decimal("2.5"), price=7_000_000, ends=date(2026, 8, 1))
        rows = TermsVersion.objects.order_by("number").values_list("number", "side", "quantity")
        assert list(rows) == [(1, "buyer", 3_000_000), (2, "seller", 2_500_000)]
        assert TermsVersion.objects.get(number=2).price == 7_000_000
        assert state(linkage) == "proposed"
        assert [kind for _of, kind, _what in notices()] == ["question", "proposal", "proposal"]
        assert notices()[-1] == (deal.firm.name, "proposal", "countered")

    def test_proposing_is_agreeing_to_ones_own_terms(self, deal):
        linkage = deal.ask()
        terms = deal.propose("buyer", linkage)
        assert list(Consent.objects.values_list("terms", "side")) == [(terms.pk, "buyer")]

    def test_nothing_is_held_by_a_proposal(self, deal):
        deal.propose("buyer", deal.ask(), 10)
        assert deal.reserved() == (0, 0)

    def test_of_two_who_read_the_same_version_the_second_is_refused(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        with pytest.raises(StaleVersion):
            services.propose(**deal.as_("seller"), linkage_id=linkage.pk, version=1,
                             proposal=deals.proposal())  # fmt: skip
        assert TermsVersion.objects.count() == 1

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"quantity": Decimal(0)}, AmountOutOfRange),
            ({"quantity": Decimal(-1)}, AmountOutOfRange),
            ({"quantity": Decimal("1e12")}, AmountOutOfRange),
            ({"quantity": Decimal("NaN")}, AmountOutOfRange),
            ({"quantity": Decimal("0.0000001")}, AmountOutOfRange),
            ({"quantity": Decimal("0.0001"), "unit": "kg"}, QuantityNotExact),
            ({"quantity": None}, ValueUnknown),
            ({"unit": "qua"}, UnitNotOfCommodity),
            ({"unit": "stone"}, ValueUnknown),
            ({"price": 0}, PriceOutOfRange),
            ({"price": 10**12 + 1}, PriceOutOfRange),
            ({"ends": date(2026, 6, 30)}, WindowInverted),
            ({"starts": date(2026, 1, 1), "ends": date(2026, 6, 14)}, WindowOver),
            ({"ends": date(9999, 1, 1)}, DayOutOfRange),
            ({"starts": date(1, 1, 1)}, DayOutOfRange),
            ({"form": 9}, ValueUnknown),
            ({"handover": "by air"}, ValueUnknown),
            ({"payment_days": 366}, PaymentDaysOutOfRange),
            ({"note": "x" * 1001}, TextInvalid),
            ({"quantity": Decimal(11)}, OutOfStock),
        ],
        ids=str,
    )
    def test_terms_that_cannot_be_leave_nothing(self, deal, changed, error):
        linkage = deal.ask()
        with pytest.raises(error):
            deal.propose("buyer", linkage, **{"quantity": Decimal(3), **changed})
        assert (TermsVersion.objects.count(), state(linkage)) == (0, "negotiating")
        assert Linkage.objects.get().version == 1

    def test_a_window_that_ends_today_is_not_over(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage, starts=deals.TODAY, ends=deals.TODAY)
        assert (TermsVersion.objects.get().ends, state(linkage)) == (deals.TODAY, "proposed")

    def test_there_are_no_terms_for_a_post_that_was_withdrawn(self, deal):
        linkage = deal.ask()
        Need.objects.update(state="withdrawn")
        with pytest.raises(PostClosed):
            deal.propose("seller", linkage)


class TestAgreeing:
    def test_both_agreed_and_the_quantity_is_held_of_both_posts(self, deal):
        linkage = deal.agreed(3)
        kept = Linkage.objects.get(pk=linkage.pk)
        assert (kept.state, kept.quantity, kept.unit_id) == ("agreed", 3_000_000, "tan")
        assert (kept.starts, kept.ends) == (date(2026, 7, 1), date(2026, 9, 30))
        assert kept.agreed_terms == TermsVersion.objects.get()
        assert kept.confirmed_on == kept.seller_confirmed_on == deals.TODAY
        assert kept.contract_number == f"NC-{kept.pk}/2026"
        assert deal.reserved() == (3_000_000, 3_000_000)
        assert Reservation.objects.get().held == 3_000_000
        assert sorted(Consent.objects.values_list("side", flat=True)) == ["buyer", "seller"]
        assert notices()[-1] == (deal.firm.name, "answer", "accepted")
        assert sound() == {}

    def test_who_matches_the_posts_is_told_that_less_is_left(self, deal):
        deal.agreed()
        told = Outbox.objects.filter(topic="market.post_changed")
        assert [row.payload for row in told.order_by("pk")] == [
            {"kind": "offer", "id": deal.offer.pk}, {"kind": "need", "id": deal.need.pk}
        ]  # fmt: skip

    def test_the_proposer_does_not_accept(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        with pytest.raises(OwnProposal):
            deal.act(services.accept, "buyer", linkage)

    def test_terms_that_were_not_seen_are_not_agreed_to(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage, 3)
        seen = Linkage.objects.get().version
        deal.propose("buyer", linkage, 9)
        with pytest.raises(StaleVersion):
            services.accept(**deal.as_("seller"), linkage_id=linkage.pk, version=seen)
        assert deal.reserved() == (0, 0)

    def test_the_last_tonne_is_sold_once(self, deal):
        other = replace(deal, firm=deals.organisation("Công ty B"), need=deal.need)
        other.buyer = deals.member(other.firm, "b")
        other.need = deals.need(other.firm, 10)
        first, second = deal.ask(), other.ask()
        deal.propose("buyer", first, 6)
        other.propose("buyer", second, 6)
        deal.act(services.accept, "seller", first)
        with pytest.raises(OutOfStock):
            other.act(services.accept, "seller", second)
        assert (deal.reserved(), other.reserved()) == ((6_000_000, 6_000_000), (6_000_000, 0))
        assert state(second) == "proposed"
        assert sound() == {}

    def test_a_need_that_is_filled_undoes_what_was_held_of_the_offer(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage, 6)
        Need.objects.update(reserved=5_000_000)
        with pytest.raises(OutOfStock):
            deal.act(services.accept, "seller", linkage)
        assert deal.reserved() == (0, 5_000_000)

    @pytest.mark.parametrize("model", [Offer, Need])
    def test_a_post_that_was_withdrawn_is_not_agreed_on(self, deal, model):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        model.objects.update(state="withdrawn")
        with pytest.raises(PostClosed):
            deal.act(services.accept, "seller", linkage)
        assert Consent.objects.count() == 1

    def test_terms_whose_days_are_over_are_not_agreed_to(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage, starts=deals.TODAY, ends=deals.TODAY)
        deal.now += timedelta(days=1)
        with pytest.raises(WindowOver):
            deal.act(services.accept, "seller", linkage)


class TestEnding:
    @BOTH
    def test_either_side_declines_with_a_reason(self, deal, who):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        with pytest.raises(services.ReasonMissing):
            deal.act(services.decline, who, linkage, reason=" ")
        deal.act(services.decline, who, linkage, reason="Giá thấp")
        assert state(linkage) == "declined"
        assert Event.objects.order_by("pk").last().data["reason"] == "Giá thấp"

    def test_a_proposal_is_taken_back_by_who_made_it_and_the_talks_go_on(self, deal):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        with pytest.raises(OthersProposal):
            deal.act(services.withdraw, "seller", linkage)
        deal.act(services.withdraw, "buyer", linkage)
        assert state(linkage) == "negotiating"
        with pytest.raises(services.NotInThatState):
            deal.act(services.accept, "seller", linkage)
        assert deal.propose("seller", linkage).number == 2

    @BOTH
    def test_a_termination_gives_back_what_was_not_delivered(self, deal, who):
        linkage = deal.agreed(4)
        deal.now += timedelta(days=30)
        entered = services.enter_delivery(**deal.as_("seller"), linkage_id=linkage.pk, unit="kg",
                                          on=date(2026, 7, 2), quantity=Decimal(1500))  # fmt: skip
        services.confirm_delivery(
            **deal.as_("buyer"), linkage_id=linkage.pk, delivery_id=entered.pk
        )
        deal.act(services.terminate, who, linkage, reason="Mất mùa")
        kept = Linkage.objects.get(pk=linkage.pk)
        assert (kept.state, kept.terminated_on) == ("terminated", deal.now.date())
        assert deal.reserved() == (1_500_000, 1_500_000)
        assert sound() == {}

    def test_one_that_has_not_begun_never_is_in_force(self, deal):
        linkage = deal.agreed(starts=date(2026, 8, 1))
        deal.act(services.terminate, "buyer", linkage, reason="Đổi kế hoạch")
        kept = Linkage.objects.get(pk=linkage.pk)
        assert kept.terminated_on == kept.starts == date(2026, 8, 1)
        assert deal.reserved() == (0, 0)

    def test_what_ended_by_itself_is_not_terminated_even_before_the_night(self, deal):
        linkage = deal.agreed(4)
        deal.now = deal.now.replace(month=10, day=1)
        with pytest.raises(services.TerminationAfterEnd, match="30/09/2026"):
            deal.act(services.terminate, "buyer", linkage, reason="Đổi kế hoạch")
        assert (state(linkage), deal.reserved()) == ("agreed", (4_000_000, 4_000_000))
        deal.now = deal.now.replace(month=9, day=30)
        deal.act(services.terminate, "buyer", linkage, reason="Đổi kế hoạch")
        assert state(linkage) == "terminated"

    def test_the_office_that_terminates_gives_it_back_too(self, deal, officer):
        linkage = deal.agreed(4)
        services.terminate_linkage(actor=officer, linkage_id=linkage.pk, now=deal.now,
                                   version=Linkage.objects.get().version,
                                   terminated_on=date(2026, 7, 1), reason="x")  # fmt: skip
        assert deal.reserved() == (0, 0)
        assert sound() == {}


class TestContacts:
    def seen(self, deal, who, linkage):
        values = deal.as_(who)
        del values["now"]
        linkage.refresh_from_db()
        people = talks.contact_of_other_side(**values, linkage=linkage)
        return None if people is None else [person.name for person in people]

    def test_they_are_shown_once_both_agreed(self, deal):
        linkage = deal.ask()
        assert (self.seen(deal, "seller", linkage), self.seen(deal, "buyer", linkage)) == (
            None,
            None,
        )
        deal.propose("buyer", linkage)
        deal.act(services.accept, "seller", linkage)
        assert self.seen(deal, "seller", linkage) == ["Ông Hải"]
        assert self.seen(deal, "buyer", linkage) == ["Bà Lan"]

    def test_or_once_both_share_theirs_before(self, deal):
        linkage = deal.ask()
        deal.act(services.share_contact, "buyer", linkage)
        assert (self.seen(deal, "seller", linkage), self.seen(deal, "buyer", linkage)) == (
            None,
            None,
        )
        deal.act(services.share_contact, "seller", linkage)
        assert self.seen(deal, "buyer", linkage) == ["Bà Lan"]

    def test_nobody_else_asks_for_them(self, deal):
        linkage = deal.agreed()
        other = deals.organisation("HTX Khác")
        with pytest.raises(NotFound):
            talks.contact_of_other_side(
                actor=deals.member(other, "la"), organisation_id=other.pk, linkage=linkage
            )


CHANGES = {
    "propose": {"proposal": deals.proposal()},
    "accept": {},
    "decline": {"reason": "x"},
    "withdraw": {},
    "terminate": {"reason": "x"},
    "share_contact": {},
    "confirm": {},
    "deny": {"reason": "x"},
    "complete": {"terms": {"form": 5}},
}


class TestStrangers:
    @pytest.mark.parametrize("name", CHANGES)
    def test_whoever_acts_for_no_side_gets_the_same_answer_as_for_what_is_not_there(
        self, deal, name
    ):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        other = deals.organisation("HTX Khác")
        stranger = {
            "actor": deals.member(other, "la"),
            "organisation_id": other.pk,
            "now": deal.now,
        }
        for version in (1, Linkage.objects.get().version):
            with pytest.raises(NotFound):
                getattr(services, name)(
                    **stranger, linkage_id=linkage.pk, version=version, **CHANGES[name]
                )
        with pytest.raises(NotFound):
            getattr(services, name)(
                **deal.as_("buyer"), linkage_id=10**6, version=1, **CHANGES[name]
            )

    def test_an_office_is_no_side(self, deal, officer):
        linkage = deal.ask()
        with pytest.raises(NotFound):
            services.decline(actor=officer, organisation_id=deal.coop.pk, linkage_id=linkage.pk,
                             version=1, reason="x", now=deal.now)  # fmt: skip

    def test_a_survivor_goes_on_with_what_the_merged_one_began(self, deal, officer):
        linkage = deal.ask()
        survivor = deals.organisation("HTX Hợp nhất")
        merge_organisations(
            actor=officer, organisation_id=survivor.pk, version=1, merged_id=deal.coop.pk,
            merged_version=1, reason="x", now=deal.now,
        )  # fmt: skip
        deal.coop, deal.seller = survivor, deals.member(survivor, "moi")
        deal.propose("buyer", linkage)
        deal.act(services.accept, "seller", linkage)
        assert state(linkage) == "agreed"
        told = Notice.objects.filter(organisation=survivor).values_list("what", flat=True)
        assert set(told) == {"proposed"}

    def test_who_talks_with_a_merged_one_is_told_with_whom_they_talk_now(self, deal, officer):
        linkage = deal.ask()
        survivor = deals.organisation("HTX Hợp nhất")
        merge_parties(
            actor=officer, organisation_id=survivor.pk, version=1, merged_id=deal.coop.pk,
            merged_version=1, reason="x", now=deal.now,
        )  # fmt: skip
        told = Notice.objects.filter(what="party_merged").get()
        assert (told.organisation_id, told.subject_id) == (deal.firm.pk, linkage.pk)
        assert (told.data["merged"], told.data["other"]) == (deal.coop.name, survivor.name)

    def test_at_a_second_merge_partners_of_the_first_are_told_too(self, deal, officer):
        linkage = deal.ask()
        first = merge(officer, deals.organisation("HTX Hợp nhất"), deal.coop, deal.now)
        merge(officer, deals.organisation("HTX Lớn"), first, deal.now)
        told = Notice.objects.filter(what="party_merged", subject_id=linkage.pk).order_by("pk")
        assert [(one.organisation_id, one.data["other"]) for one in told] == [
            (deal.firm.pk, "HTX Hợp nhất"), (deal.firm.pk, "HTX Lớn"),
        ]  # fmt: skip

    def test_and_of_a_merge_that_is_undone(self, deal, officer):
        linkage = deal.ask()
        kept = merge(officer, deals.organisation("HTX Hợp nhất"), deal.coop, deal.now)
        unmerge_parties(
            actor=officer, merged_id=deal.coop.pk, version=kept.version, reason="x", now=deal.now
        )
        told = Notice.objects.filter(what="party_unmerged").get()
        assert (told.organisation_id, told.subject_id) == (deal.firm.pk, linkage.pk)
        assert told.data["other"] == deal.coop.name

    @pytest.mark.parametrize("act", ["accept", "propose"])
    def test_nobody_agrees_with_itself_after_a_merge(self, deal, officer, act):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        merge(officer, deal.firm, deal.coop, deal.now)
        deal.coop, deal.seller = deal.firm, deal.buyer
        acts = {
            "accept": partial(deal.act, services.accept, "seller", linkage),
            "propose": partial(deal.propose, "seller", linkage),
        }
        with pytest.raises(OneOnBothSides):
            acts[act]()
        assert not Notice.objects.filter(what="party_merged").exists()
        seen = talks.talk(
            actor=deal.buyer, organisation_id=deal.firm.pk, linkage_id=linkage.pk, on=deals.TODAY
        )
        assert (type(seen.hindrance), "accept" in seen.acts) == (OneOnBothSides, False)


def merge(officer, kept, merged, now):
    return merge_parties(
        actor=officer, organisation_id=kept.pk, version=1, merged_id=merged.pk,
        merged_version=merged.version, reason="x", now=now,
    )  # fmt: skip


class TestWhatMayBeDoneNext:
    """The acts that a page offers are those that the services carry out, in every state."""

    @BOTH
    @pytest.mark.parametrize("before", list(State))
    @pytest.mark.parametrize("origin", ["platform", "declared"])
    @pytest.mark.parametrize("name", CHANGES)
    def test_they_are_what_the_services_do_not_refuse(self, deal, who, before, origin, name):
        linkage = deal.ask()
        deal.propose("buyer", linkage)
        linkage.refresh_from_db()
        if origin == "declared":
            linkage.opened_by = "seller"
        linkage.origin, linkage.state = origin, before
        linkage.terminated_on = deals.TODAY if before == State.TERMINATED else None
        linkage.agreed_terms, linkage.confirmed_on = TermsVersion.objects.get(), None
        if origin == "platform":
            linkage.confirmed_on = deals.TODAY
        if before == State.POOL_PENDING:
            linkage.pool = deals.pool(deal.need)
        linkage.save()
        values = deal.as_(who)
        values["on"] = values.pop("now").date()
        offered = name in talks.talk(**values, linkage_id=linkage.pk).acts
        try:
            deal.act(getattr(services, name), who, linkage, **CHANGES[name])
        except Conflict:
            assert not offered
        else:
            assert offered or name == "share_contact"
