"""A pool: proposed to all, in force when all agree, and otherwise as if it had never been."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.agreements import invariants, services
from linkage.agreements import pools as reads
from linkage.agreements.models import Consent, Linkage, PoolProposal, Reservation
from linkage.agreements.queries import in_force, merge_preview
from linkage.agreements.services import pool_answers, pooling
from linkage.agreements.services.leading import OneOnBothSides
from linkage.agreements.services.merging import merge_parties
from linkage.agreements.services.negotiating import LessIsLeft
from linkage.agreements.services.reserving import OutOfStock, PostClosed
from linkage.agreements.services.states import NotInThatState, PartOfAPool
from linkage.errors import Conflict, DomainError, NotFound
from linkage.jobs.models import Event, Outbox
from linkage.market.errors import OrganisationNotActive
from linkage.market.models import Need, Offer, OfferFloor, PostKind
from linkage.market.services.claims import Own
from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import OPERATOR
from linkage.registry.models import Membership, StatusFact
from tests.agreements import deals, pools
from tests.examples import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    return pools.make()


@pytest.fixture
def proposed(circle):
    circle.propose(3, 4, 2)
    return circle


def told(what):
    return {one.user.username for one in Notice.objects.filter(what=what).select_related("user")}


class TestProposing:
    def test_each_member_has_its_part_with_its_terms_at_the_one_price(self, proposed):
        found = PoolProposal.objects.get()
        assert (found.price, found.answer_by, found.state) == (6_000_000, pools.LAST, "waiting")
        lines = list(Linkage.objects.order_by("pk"))
        assert proposed.states() == ["proposed"] * 3
        assert [line.seller.name for line in lines] == ["HTX A", "HTX B", "HTX C"]
        said = [line.terms.get() for line in lines]
        assert [one.quantity // deals.TONNE for one in said] == [3, 4, 2]
        assert {one.price for one in said} == {found.price}
        assert set(Consent.objects.values_list("side", flat=True)) == {"buyer"}
        assert proposed.reserved() == [0, 0, 0, 0]

    def test_parts_stand_in_the_order_of_their_offers_however_they_were_named(self, circle):
        circle.offers = [circle.offers[2], circle.offers[0], circle.offers[1]]
        circle.propose(1, 2, 3)
        lines = Linkage.objects.order_by("pk")
        offers = list(lines.values_list("offer", flat=True))
        assert offers == sorted(offers)
        assert [line.terms.get().quantity // deals.TONNE for line in lines] == [2, 3, 1]

    def test_every_member_is_told_by_when_and_of_no_other(self, proposed):
        assert told("pool_proposed") == {"lan0", "lan1", "lan2"}
        words = {sentence_of(one) for one in Notice.objects.all()}
        assert len(words) == 1
        assert "Công ty Mua" in words.pop()

    def test_who_acts_for_two_members_is_told_for_each(self, circle):
        Membership.objects.create(
            user_id=circle.sellers[0].user_id, organisation=circle.coops[1], role="admin",
            starts=deals.TODAY,
        )  # fmt: skip
        circle.propose(3, 4)
        notices = Notice.objects.filter(user=circle.sellers[0].user_id, what="pool_proposed")
        assert {one.organisation_id for one in notices} == {one.pk for one in circle.coops[:2]}

    @pytest.mark.parametrize(
        ("said", "refusal"),
        [
            ({"parts": []}, pooling.MembersOutOfRange),
            ({"answer_by": deals.TODAY}, pooling.AnswerByOutOfRange),
            ({"answer_by": deals.TODAY + timedelta(15)}, pooling.AnswerByOutOfRange),
            ({"common": {"unit": "tan"}}, pooling.values.ValueUnknown),
            ({"common": {"unit": "tan", "price": 0}}, DomainError),
            ({"need_id": 999_999}, NotFound),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_written(self, circle, said, refusal):
        with pytest.raises(refusal):
            circle.propose(3, 4, **said)
        assert not PoolProposal.objects.exists()
        assert not Linkage.objects.exists()
        assert not Notice.objects.exists()

    def test_one_member_or_an_offer_twice_is_no_pool(self, circle):
        with pytest.raises(pooling.MembersOutOfRange):
            circle.propose(3)
        circle.offers = [circle.offers[0]] * 2
        with pytest.raises(pooling.MembersOutOfRange):
            circle.propose(3, 2)

    def test_members_answer_before_their_deliveries_are_over(self, circle):
        window = {"starts": deals.TODAY, "ends": deals.TODAY + timedelta(2)}
        parts = [{"offer_id": one.pk, "quantity": Decimal(1), **window} for one in circle.offers]
        with pytest.raises(pooling.AnswerByAfterDelivery):
            circle.propose(parts=parts)

    @pytest.mark.parametrize("tonnes", [(6, 1), (5, 5, 1)], ids=["of an offer", "of the need"])
    def test_more_than_is_left_is_refused_early(self, circle, tonnes):
        with pytest.raises(LessIsLeft):
            circle.propose(*tonnes)
        assert not Linkage.objects.exists()

    def test_a_need_has_one_pool_that_waits_and_another_after_it(self, proposed):
        with pytest.raises(Conflict) as refused:
            proposed.propose(1, 1)
        assert refused.value.code in (
            "pool_waits_once_for_a_need", "linkage_is_open_once_for_a_pair"
        )  # fmt: skip
        proposed.withdraw()
        proposed.propose(1, 1)
        assert proposed.states() == ["lapsed"] * 3 + ["proposed"] * 2

    def test_a_need_is_proposed_so_often_a_day_and_again_the_next(self, circle):
        for _ in range(pooling.MOST_A_DAY):
            circle.propose(1, 1)
            circle.withdraw()
        with pytest.raises(pooling.PoolProposedTooOften):
            circle.propose(1, 1)
        assert PoolProposal.objects.count() == pooling.MOST_A_DAY
        circle.now += timedelta(days=1)
        circle.propose(1, 1)

    def test_open_talks_of_the_two_stand_in_its_way(self, circle):
        services.ask(**circle.as_("buyer"), offer_id=circle.offers[0].pk,
                     need_id=circle.need.pk, text="Còn hàng không?")  # fmt: skip
        with pytest.raises(Conflict) as refused:
            circle.propose(3, 4)
        assert refused.value.code == "linkage_is_open_once_for_a_pair"
        assert not PoolProposal.objects.exists()

    def test_strangers_and_members_propose_nothing_for_the_buyer(self, circle):
        circle.buyer = circle.sellers[0]
        with pytest.raises(NotFound):
            circle.propose(3, 4)

    def test_an_offer_that_the_rivals_rule_hides_is_not_there_unless_introduced(self, circle):
        # Whoever sells the same sees those who sell it beside it by suggestions alone.
        deals.offer(circle.firm, 2)
        with pytest.raises(NotFound):
            circle.propose(3, 4)
        circle.propose(3, 4, introduced=[one.pk for one in circle.offers])

    def test_nothing_depends_on_a_members_floor(self, circle):
        OfferFloor.objects.create(offer=circle.offers[0], price=9_000_000)
        circle.propose(3, 4, 2)
        circle.agree(0)
        assert circle.states()[0] == "pool_pending"


class TestAnswering:
    def test_who_agrees_has_its_part_held_and_the_others_wait(self, proposed):
        proposed.agree(1)
        assert proposed.states() == ["proposed", "pool_pending", "proposed"]
        assert proposed.reserved() == [0, 4, 0, 4]
        assert told("pool_agreed_to_buyer") == {"hai"}
        pools.must_hold()

    def test_it_counts_for_nobody_before_all_agree(self, proposed):
        proposed.agree(0)
        proposed.agree(1)
        day = pools.WINDOW["starts"]
        assert not Linkage.objects.filter(in_force(day)).exists()
        proposed.agree(2)
        assert Linkage.objects.filter(in_force(day)).count() == 3

    def test_the_last_one_brings_all_into_force_with_their_contracts(self, proposed):
        for who in (2, 0, 1):
            proposed.agree(who)
        assert proposed.states() == ["agreed"] * 3
        assert proposed.reserved() == [3, 4, 2, 9]
        assert PoolProposal.objects.get().state == "agreed"
        for line in Linkage.objects.all():
            assert line.contract_number == f"NC-{line.pk}/2026"
            assert line.confirmed_on == deals.TODAY
            assert (line.starts, line.ends) == tuple(pools.WINDOW.values())
            assert line.quantity == line.agreed_terms.quantity == line.reservation.held
            assert line.seller_shares_contact and line.buyer_shares_contact
        assert told("pool_in_force") == {"lan0", "lan2"}
        assert told("pool_in_force_to_buyer") == {"hai"}
        pools.must_hold()

    def test_who_declines_ends_it_for_all_and_all_goes_back(self, proposed):
        proposed.agree(0)
        proposed.agree(1)
        proposed.decline(2)
        assert proposed.states() == ["lapsed", "lapsed", "declined"]
        assert proposed.reserved() == [0, 0, 0, 0]
        assert PoolProposal.objects.get().state == "declined"
        assert not Reservation.objects.filter(state="live").exists()
        assert told("pool_failed") == {"lan0", "lan1"}
        (buyers,) = Notice.objects.filter(what="pool_declined_to_buyer")
        assert buyers.data["reason"] == "Giá thấp"
        pools.must_hold()

    def test_what_went_back_is_matched_anew(self, proposed):
        proposed.agree(0)
        Outbox.objects.all().delete()
        proposed.withdraw()
        changed = {(one.payload["kind"], one.payload["id"]) for one in Outbox.objects.all()}
        assert changed == {("offer", proposed.offers[0].pk), ("need", proposed.need.pk)}

    def test_no_member_learns_who_ended_it_or_why(self, proposed):
        proposed.agree(0)
        proposed.decline(2)
        first = Linkage.objects.earliest("pk")
        events = Event.objects.filter(subject_kind="linkage", subject_id=str(first.pk))
        last = events.latest("pk")
        assert (last.actor_id, last.data) == (
            None,
            {"from": "pool_pending", "to": "lapsed", "side": ""},
        )
        said = repr([(one.data, one.actor_id) for one in events])
        assert "Giá thấp" not in said
        assert "Giá thấp" not in repr(list(Notice.objects.filter(user__username="lan0").values()))

    def test_the_buyer_takes_it_back(self, proposed):
        proposed.agree(0)
        proposed.withdraw()
        assert proposed.states() == ["lapsed"] * 3
        assert proposed.reserved() == [0, 0, 0, 0]
        assert told("pool_withdrawn") == {"lan0", "lan1", "lan2"}
        pools.must_hold()

    def test_an_answer_binds_and_is_given_once(self, proposed):
        proposed.agree(0)
        for act in (proposed.agree, proposed.decline):
            with pytest.raises(NotInThatState):
                act(0)
        assert proposed.reserved() == [3, 0, 0, 3]

    @pytest.mark.parametrize("name", ["agree", "decline"])
    def test_nothing_is_answered_once_it_is_over(self, proposed, name):
        proposed.decline(0)
        with pytest.raises(pool_answers.PoolIsOver):
            getattr(proposed, name)(1)
        with pytest.raises(pool_answers.PoolIsOver):
            proposed.withdraw()

    def test_a_reason_is_needed(self, proposed):
        with pytest.raises(services.ReasonMissing):
            services.decline_pool(**proposed.as_(0), pool_id=proposed.newest, reason=" ")
        assert proposed.states() == ["proposed"] * 3

    def test_nobody_else_answers_or_withdraws(self, proposed):
        stranger = deals.organisation("HTX Xa")
        actor = deals.member(stranger, "xa")
        own = {"actor": actor, "organisation_id": stranger.pk, "now": proposed.now}
        pool_id = proposed.newest
        acts = [
            lambda: services.agree_to_pool(**own, pool_id=pool_id),
            lambda: services.decline_pool(**own, pool_id=pool_id, reason="x"),
            lambda: services.withdraw_pool(**own, pool_id=pool_id),
            lambda: services.agree_to_pool(**proposed.as_(0), pool_id=999_999),
        ]
        for act in acts:
            with pytest.raises(NotFound):
                act()

    def test_each_side_has_its_own_word(self, proposed):
        pool_id = proposed.newest
        with pytest.raises(pool_answers.OtherSidesAct):
            services.withdraw_pool(**proposed.as_(0), pool_id=pool_id)
        with pytest.raises(pool_answers.OtherSidesAct):
            services.agree_to_pool(**proposed.as_("buyer"), pool_id=pool_id)

    def test_what_others_took_meanwhile_is_not_agreed_on(self, proposed):
        Offer.objects.filter(pk=proposed.offers[0].pk).update(reserved=3 * deals.TONNE)
        with pytest.raises(OutOfStock):
            proposed.agree(0)
        assert proposed.states() == ["proposed"] * 3

    def test_a_need_that_is_paused_is_agreed_on_by_nobody_until_it_is_back(self, proposed):
        proposed.agree(0)
        own = Own(PostKind.NEED, proposed.firm.pk, proposed.need.pk, 1)
        services.POST_ACTS["pause"](actor=proposed.buyer, own=own, now=proposed.now)
        assert told("post_closed") == {"lan0", "lan1", "lan2"}
        with pytest.raises(PostClosed):
            proposed.agree(1)
        assert proposed.seen(1).acts == {"decline"}
        assert proposed.reserved() == [3, 0, 0, 3]

    def test_a_need_that_is_withdrawn_takes_its_pool_back(self, proposed):
        proposed.agree(0)
        proposed.withdraw_need()
        assert proposed.states() == ["lapsed"] * 3
        assert proposed.reserved() == [0, 0, 0, 0]
        assert told("pool_withdrawn") == {"lan0", "lan1", "lan2"}
        assert not Notice.objects.filter(what="post_closed").exists()
        pools.must_hold()

    @pytest.mark.parametrize("state", ["expired", "withdrawn"])
    def test_the_night_ends_a_pool_whose_need_is_gone(self, proposed, state):
        """Its days are over before the last one for answers; or it went while it was proposed."""
        proposed.agree(0)
        Need.objects.filter(pk=proposed.need.pk).update(state=state)
        assert services.lapse_pools(now=proposed.now) == 1
        assert (proposed.states(), proposed.reserved()) == (["lapsed"] * 3, [0, 0, 0, 0])
        pools.must_hold()

    def test_who_withdraws_a_need_is_named_in_the_history_of_its_pool(self, proposed):
        proposed.withdraw_need()
        events = Event.objects.filter(kind__in=("pool_withdrawn", "moved")).order_by("-pk")[:4]
        assert {one.actor_id for one in events} == {proposed.buyer.user_id}
        assert {one.data["side"] for one in events} == {"buyer"}

    def test_a_stranger_that_names_the_need_learns_of_no_pool(self, circle):
        own = Own(PostKind.NEED, circle.coops[0].pk, circle.need.pk, 1)
        asked = {"actor": circle.sellers[0], "own": own, "now": circle.now}
        statements = []
        for propose in (lambda: None, lambda: circle.propose(3, 4, 2)):
            propose()
            with CaptureQueriesContext(connection) as captured, pytest.raises(NotFound):
                services.POST_ACTS["withdraw"](**asked)
            statements.append([one["sql"].split()[0] for one in captured])
        assert statements[0] == statements[1]

    def test_a_need_that_is_withdrawn_leaves_what_all_agreed_to(self, proposed):
        for who in range(3):
            proposed.agree(who)
        proposed.withdraw_need()
        assert proposed.states() == ["agreed"] * 3
        pools.must_hold()

    def test_an_offer_that_is_withdrawn_after_its_word_stays_bound(self, proposed):
        proposed.agree(0)
        own = Own(PostKind.OFFER, proposed.coops[0].pk, proposed.offers[0].pk, 1)
        services.POST_ACTS["withdraw"](actor=proposed.sellers[0], own=own, now=proposed.now)
        assert not Notice.objects.filter(what="post_closed").exists()
        proposed.agree(1)
        proposed.agree(2)
        assert proposed.states() == ["agreed"] * 3
        pools.must_hold()

    def test_a_member_that_stopped_since_holds_the_last_one_up_and_is_not_named(self, proposed):
        proposed.agree(0)
        proposed.agree(1)
        StatusFact.objects.filter(organisation=proposed.coops[0]).update(status="dissolved")
        with pytest.raises(pool_answers.MemberCannotTakePart) as refused:
            proposed.agree(2)
        assert "HTX A" not in str(refused.value)
        # The buyer knows all members, and takes the pool back or waits.
        assert "HTX A" in str(proposed.seen("buyer").hindrance)
        assert proposed.seen("buyer").acts == {"withdraw"}
        assert proposed.states() == ["pool_pending", "pool_pending", "proposed"]
        proposed.withdraw()
        assert proposed.reserved() == [0, 0, 0, 0]

    def test_one_that_stopped_agrees_to_nothing(self, proposed):
        StatusFact.objects.filter(organisation=proposed.coops[0]).update(status="dissolved")
        with pytest.raises(OrganisationNotActive):
            proposed.agree(0)

    def test_a_member_merged_into_another_answers_for_both_parts(self, proposed):
        proposed.agree(0)
        coops = [one.pk for one in proposed.coops]
        talks = merge_preview(
            actor=OPERATOR, organisation_id=coops[1], merged_id=coops[0], on=deals.TODAY
        )
        assert (talks.kept_talks, talks.merged_talks) == (1, 1)
        merge_parties(
            actor=OPERATOR, organisation_id=coops[1], version=1,
            merged_id=coops[0], merged_version=1, reason="x", now=proposed.now,
        )  # fmt: skip
        # Its word is given, and it is talked with all the same.
        assert Notice.objects.filter(what="party_merged", user__username="hai").count() == 1
        assert (proposed.seen("buyer").members, proposed.seen(1).agreed) == (2, 0)
        proposed.agree(1)
        assert proposed.states() == ["pool_pending", "pool_pending", "proposed"]
        assert (len(proposed.seen(1).lines), proposed.seen(1).agreed) == (2, 1)

    def test_a_member_merged_into_the_buyer_does_not_agree_with_itself(self, proposed):
        merge_parties(
            actor=OPERATOR, organisation_id=proposed.firm.pk, version=1,
            merged_id=proposed.coops[0].pk, merged_version=1, reason="x", now=proposed.now,
        )  # fmt: skip
        with pytest.raises(OneOnBothSides):
            services.agree_to_pool(**proposed.as_("buyer"), pool_id=proposed.newest)
        assert isinstance(proposed.seen("buyer").hindrance, OneOnBothSides)


class TestInTalksOfTwo:
    """A part is a linkage, and is agreed on and ended by its pool alone."""

    @pytest.mark.parametrize(
        ("name", "who", "said"),
        [
            ("accept", 0, {}),
            ("decline", 0, {"reason": "x"}),
            ("withdraw", "buyer", {}),
            ("propose", 0, {"proposal": deals.proposal(1)}),
        ],
    )
    def test_it_is_not_agreed_on_or_ended_alone(self, proposed, name, who, said):
        line = Linkage.objects.earliest("pk")
        own = {**proposed.as_(who), "linkage_id": line.pk, "version": line.version}
        with pytest.raises(PartOfAPool):
            getattr(services, name)(**own, **said)
        assert proposed.states() == ["proposed"] * 3

    def test_the_two_write_to_each_other(self, proposed):
        line = Linkage.objects.earliest("pk")
        services.answer(**proposed.as_(0), linkage_id=line.pk, text="Giao ở đâu?")

    def test_no_night_lapses_a_part_by_itself(self, proposed):
        services.turn_the_day(now=proposed.now + timedelta(days=40))
        assert proposed.states() == ["proposed"] * 3

    def test_after_all_agreed_one_ends_and_the_others_go_on(self, proposed):
        for who in range(3):
            proposed.agree(who)
        line = Linkage.objects.earliest("pk")
        own = {**proposed.as_(0), "linkage_id": line.pk, "version": line.version}
        services.terminate(**own, reason="Mất mùa")
        assert proposed.states() == ["terminated", "agreed", "agreed"]
        pools.must_hold()


class TestTime:
    def test_the_day_after_the_last_one_ends_it_and_all_goes_back(self, proposed):
        proposed.agree(0)
        last = proposed.now + timedelta(days=3)
        assert services.lapse_pools(now=last) == 0
        assert services.lapse_pools(now=last + timedelta(days=1)) == 1
        assert services.lapse_pools(now=last + timedelta(days=1)) == 0
        assert proposed.states() == ["lapsed"] * 3
        assert proposed.reserved() == [0, 0, 0, 0]
        assert told("pool_lapsed") == {"lan0", "lan1", "lan2"}
        assert told("pool_lapsed_to_buyer") == {"hai"}
        pools.must_hold()

    def test_it_is_over_before_the_night_has_come_round_to_it(self, proposed):
        proposed.agree(0)
        proposed.now += timedelta(days=4)
        for act in (proposed.agree, proposed.decline):
            with pytest.raises(pool_answers.AnswerTooLate):
                act(1)
        with pytest.raises(pool_answers.AnswerTooLate):
            proposed.withdraw()
        for who in ("buyer", 0, 1):
            seen = proposed.seen(who)
            assert (seen.standing, seen.acts) == ("lapsed", frozenset())

    def test_on_the_last_day_there_is_time(self, proposed):
        proposed.now += timedelta(days=3)
        for who in range(3):
            proposed.agree(who)
        assert proposed.states() == ["agreed"] * 3


class TestReading:
    def test_the_buyer_sees_all_and_a_member_its_own_part_and_a_count(self, proposed):
        proposed.agree(1)
        buyers, first, second = proposed.seen("buyer"), proposed.seen(0), proposed.seen(1)
        assert [line.seller.name for line in buyers.lines] == ["HTX A", "HTX B", "HTX C"]
        assert [line.seller.name for line in first.lines] == ["HTX A"]
        assert {(one.members, one.agreed) for one in (buyers, first, second)} == {(3, 1)}
        assert (buyers.acts, first.acts, second.acts) == (
            {"withdraw"}, {"agree", "decline"}, frozenset()
        )  # fmt: skip

    def test_the_acts_are_those_that_the_services_carry_out(self, proposed):
        assert reads.waiting_pool(
            actor=proposed.buyer, organisation_id=proposed.firm.pk, need_id=proposed.need.pk,
            on=deals.TODAY,
        ) == proposed.newest  # fmt: skip
        proposed.decline(0)
        assert {proposed.seen(who).acts for who in ("buyer", 0, 1)} == {frozenset()}

    def test_strangers_find_nothing(self, proposed):
        stranger = deals.organisation("HTX Xa")
        proposed.coops, proposed.sellers = [stranger], [deals.member(stranger, "xa")]
        with pytest.raises(NotFound):
            proposed.seen(0)


class TestAudit:
    def test_a_pool_that_is_in_force_in_part_is_found(self, proposed):
        proposed.agree(0)
        check = invariants.pools_are_in_force_wholly_or_not_at_all
        assert check().ok
        line = Linkage.objects.earliest("pk")
        Linkage.objects.filter(pk=line.pk).update(state="agreed", confirmed_on=deals.TODAY)
        assert check().broken == (proposed.newest,)

    def test_what_a_failed_pool_still_holds_is_found(self, proposed):
        proposed.agree(0)
        proposed.withdraw()
        Reservation.objects.update(state="live", settled_at=None, held=1)
        assert invariants.pools_are_in_force_wholly_or_not_at_all().broken == (proposed.newest,)
        assert not invariants.linkages_that_hold_are_open().ok

    def test_a_pool_that_all_agreed_to_and_that_waits_is_found(self, proposed):
        for who in range(3):
            proposed.agree(who)
        Linkage.objects.update(state="pool_pending")
        PoolProposal.objects.update(state="waiting", ended_at=None)
        assert not invariants.pools_are_in_force_wholly_or_not_at_all().ok


WHO = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["agree", "agree", "agree", "decline"]), WHO),
    st.tuples(st.sampled_from(["withdraw", "propose"])),
    st.tuples(st.just("nights"), st.integers(1, 3)),
    st.tuples(st.just("shrink"), WHO),
    st.tuples(st.just("terminate"), WHO),
)


class Course:
    """Four members, who agree, decline, or let time pass, and a buyer who begins again."""

    def __init__(self):
        self.circle = pools.make(4)
        self.circle.propose(2, 2, 2, 2)

    def take(self, name, *given):
        with transaction.atomic():
            try:
                getattr(self, name, getattr(self.circle, name, None))(*given)
            except DomainError:
                transaction.set_rollback(True)

    def propose(self):
        days = (self.circle.now - deals.NOW).days
        window = {name: day + timedelta(days=days) for name, day in pools.WINDOW.items()}
        parts = [
            {"offer_id": one.pk, "quantity": Decimal(1), **window} for one in self.circle.offers
        ]
        self.circle.propose(parts=parts)

    def nights(self, days):
        self.circle.now += timedelta(days=days)
        services.lapse_pools(now=self.circle.now)
        services.turn_the_day(now=self.circle.now)

    def shrink(self, who):
        rows = Offer.objects.filter(pk=self.circle.offers[who].pk, reserved__lte=deals.TONNE)
        rows.update(total=deals.TONNE, quantity=deals.TONNE)

    def terminate(self, who):
        line = Linkage.objects.filter(seller=self.circle.coops[who]).latest("pk")
        own = {"linkage_id": line.pk, "version": line.version, "reason": "x"}
        services.terminate(**self.circle.as_(who), **own)

    def holds(self):
        pools.must_hold()
        for pool in PoolProposal.objects.all():
            states = {line.state for line in pool.lines.all()}
            bound = states <= {"agreed", "in_force", "terminated", "ended"}
            assert bound == (pool.state == "agreed"), (pool.state, states)
            if not bound:
                assert states <= {"proposed", "pool_pending", "declined", "lapsed"}
        live = Reservation.objects.filter(state="live")
        standing = ["pool_pending", "agreed", "in_force"]
        held = sum(one.terms.get().quantity for one in Linkage.objects.filter(state__in=standing))
        assert sum(live.values_list("held", flat=True)) == held
        assert Need.objects.get(pk=self.circle.need.pk).reserved == held
        offers = Offer.objects.filter(pk__in=[one.pk for one in self.circle.offers])
        assert sum(offers.values_list("reserved", flat=True)) == held


@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=10))
def test_whoever_answers_in_whatever_order_it_is_all_or_nothing(db, steps):
    with transaction.atomic():
        course = Course()
        for step in steps:
            course.take(*step)
            course.holds()
        transaction.set_rollback(True)
