"""Deliveries: entered by one side, confirmed or disputed by the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from linkage.agreements import invariants, services, talks
from linkage.agreements.models import Delivery, Linkage
from linkage.agreements.services.delivering import (
    DeliveryAnswered,
    DeliveryOutOfTime,
    DeliveryTooLate,
    FarMoreThanAgreed,
    MoreThanIsLeft,
    NeverBegan,
    OthersDelivery,
    OwnDelivery,
)
from linkage.errors import NotFound
from linkage.jobs.models import Event, Outbox
from linkage.market.errors import AmountOutOfRange, UnitNotOfCommodity
from linkage.notices.models import Notice
from tests.agreements import deals

pytestmark = pytest.mark.django_db
STARTS, ENDS = date(2026, 7, 1), date(2026, 9, 30)


@pytest.fixture
def deal():
    return deals.make()


@pytest.fixture
def agreed(deal):
    linkage = deal.agreed(3)
    deal.now += timedelta(days=60)
    return linkage


def enter(deal, linkage, who="seller", **changed):
    values = {"on": date(2026, 7, 2), "quantity": Decimal("1.5"), "unit": "tan", **changed}
    return services.enter_delivery(**deal.as_(who), linkage_id=linkage.pk, **values)


def answer(deal, delivery, who="buyer", **values):
    service = services.dispute_delivery if values else services.confirm_delivery
    own = {"linkage_id": delivery.linkage_id, "delivery_id": delivery.pk}
    return service(**deal.as_(who), **own, **values)


def test_what_was_entered_is_kept_and_the_other_side_is_told(deal, agreed):
    delivery = enter(deal, agreed)
    assert (delivery.quantity, delivery.side, delivery.state) == (1_500_000, "seller", "entered")
    told = Notice.objects.get(kind="delivery")
    assert (told.organisation, told.what) == (deal.firm, "entered")
    assert Event.objects.order_by("pk").last().kind == "delivery_entered"


def test_the_other_side_confirms_it_once(deal, agreed):
    delivery = enter(deal, agreed)
    assert answer(deal, delivery).state == "confirmed"
    with pytest.raises(DeliveryAnswered):
        answer(deal, delivery, reason="Thiếu cân")


def test_or_disputes_it_with_a_reason(deal, agreed):
    delivery = enter(deal, agreed, who="buyer")
    with pytest.raises(services.ReasonMissing):
        answer(deal, delivery, who="seller", reason=" ")
    disputed = answer(deal, delivery, who="seller", reason="Thiếu cân")
    assert (disputed.state, disputed.reason) == ("disputed", "Thiếu cân")


def test_who_entered_it_does_not_answer_it(deal, agreed):
    with pytest.raises(OwnDelivery):
        answer(deal, enter(deal, agreed), who="seller")


def take_back(deal, delivery, who="seller"):
    own = {"linkage_id": delivery.linkage_id, "delivery_id": delivery.pk}
    return services.withdraw_delivery(**deal.as_(who), **own)


def test_who_entered_it_takes_it_back_and_the_other_side_is_told(deal, agreed):
    taken = take_back(deal, enter(deal, agreed, quantity=Decimal(3)))
    assert (taken.state, taken.answered_by_id) == ("withdrawn", deal.seller.user_id)
    told = Notice.objects.get(what="withdrawn")
    assert (told.organisation, told.kind) == (deal.firm, "delivery")
    assert Event.objects.order_by("pk").last().kind == "delivery_withdrawn"
    # It counts no more: the right entry is not more than is left.
    enter(deal, agreed, quantity=Decimal(3))


def test_the_other_side_does_not_take_it_back(deal, agreed):
    delivery = enter(deal, agreed)
    with pytest.raises(OthersDelivery):
        take_back(deal, delivery, who="buyer")
    assert Delivery.objects.get().state == "entered"


@pytest.mark.parametrize("said", [{}, {"reason": "Thiếu cân"}])
def test_what_was_answered_is_not_taken_back(deal, agreed, said):
    delivery = enter(deal, agreed)
    answer(deal, delivery, **said)
    with pytest.raises(DeliveryAnswered):
        take_back(deal, delivery)


def test_what_was_taken_back_is_not_answered(deal, agreed):
    delivery = enter(deal, agreed)
    take_back(deal, delivery)
    with pytest.raises(DeliveryAnswered):
        answer(deal, delivery)


def test_after_the_end_what_was_taken_back_is_given_back(deal, agreed):
    delivery = enter(deal, agreed)
    deal.act(services.terminate, "buyer", agreed, reason="Đổi kế hoạch")
    before = deal.reserved()
    take_back(deal, delivery)
    assert deal.reserved() == (before[0] - 1_500_000, before[1] - 1_500_000)
    assert sound()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"on": STARTS - timedelta(1)}, DeliveryOutOfTime),
        ({"on": date(2026, 8, 15)}, DeliveryOutOfTime),
        ({"quantity": Decimal(0)}, AmountOutOfRange),
        ({"unit": "qua"}, UnitNotOfCommodity),
    ],
    ids=str,
)
def test_what_cannot_have_been_is_refused(deal, agreed, changed, error):
    with pytest.raises(error):
        enter(deal, agreed, **changed)
    assert not Delivery.objects.exists()


def test_today_and_the_first_day_count(deal, agreed):
    today = deal.now.date()
    for day in (STARTS, today):
        enter(deal, agreed, on=day)
    assert set(Delivery.objects.values_list("on", flat=True)) == {STARTS, today}


def test_nothing_is_delivered_before_it_was_agreed(deal):
    linkage = deal.ask()
    with pytest.raises(services.NotInThatState):
        enter(deal, linkage, on=deals.TODAY)


def test_a_delivery_of_another_linkage_is_not_there(deal, agreed):
    delivery = enter(deal, agreed)
    other = deals.make(suffix="2")
    linkage = other.agreed()
    with pytest.raises(NotFound):
        services.confirm_delivery(
            **other.as_("buyer"), linkage_id=linkage.pk, delivery_id=delivery.pk
        )
    with pytest.raises(NotFound):
        answer(other, delivery)


class TestAfterTheEnd:
    """What was handed over stays taken; what is disputed goes back; late entries take again."""

    @pytest.fixture
    def last(self, deal, agreed):
        """On the last day, before the night that ends the linkage."""
        deal.now = deals.NOW.replace(month=9, day=30)
        return agreed

    def end(self, deal, days=1):
        deal.now += timedelta(days=days)
        services.turn_the_day(now=deal.now)

    def rival(self, deal, tonnes):
        """Another buyer agrees on so much of the same offer."""
        other = deals.organisation("Công ty Khác")
        rival = replace(deal, firm=other, buyer=deals.member(other, "khac"), need=deals.need(other))
        rival.agreed(tonnes, starts=date(2026, 10, 1), ends=date(2026, 12, 1))
        return rival

    def test_what_is_confirmed_after_the_end_was_held_all_the_time(self, deal, last):
        delivery = enter(deal, last, on=ENDS, quantity=Decimal(3))
        self.end(deal)
        assert Linkage.objects.get(pk=last.pk).state == "ended"
        assert deal.reserved() == (3_000_000, 3_000_000)
        assert answer(deal, delivery).state == "confirmed"
        assert deal.reserved() == (3_000_000, 3_000_000)
        assert sound()

    def test_what_nobody_answers_stays_held(self, deal, last):
        enter(deal, last, on=ENDS)
        self.end(deal)
        self.end(deal, days=200)
        assert deal.reserved() == (1_500_000, 1_500_000)

    def test_what_is_disputed_after_the_end_goes_back_at_once(self, deal, last):
        first, second = enter(deal, last), enter(deal, last, quantity=Decimal(1))
        self.end(deal)
        assert deal.reserved() == (2_500_000, 2_500_000)
        answer(deal, first, reason="Thiếu cân")
        assert deal.reserved() == (1_000_000, 1_000_000)
        answer(deal, second, reason="Không có")
        assert deal.reserved() == (0, 0)
        assert sound()

    def test_of_more_than_was_agreed_a_dispute_gives_back_what_is_missing_then(self, deal, last):
        delivery = enter(deal, last, quantity=Decimal(2))
        enter(deal, last, quantity=Decimal(2), sure=True)
        self.end(deal)
        assert deal.reserved() == (3_000_000, 3_000_000)
        answer(deal, delivery, reason="Thiếu cân")
        assert deal.reserved() == (2_000_000, 2_000_000)

    def test_a_delivery_of_the_last_day_is_entered_the_next_morning(self, deal, last):
        self.end(deal)
        assert deal.reserved() == (0, 0)
        delivery = enter(deal, last, on=ENDS, quantity=Decimal(4), sure=True)
        assert deal.reserved() == (3_000_000, 3_000_000)
        assert sound()
        answer(deal, delivery, reason="Không có")
        assert deal.reserved() == (0, 0)

    @pytest.mark.parametrize(("days", "in_time"), [(30, True), (31, False)])
    @pytest.mark.parametrize("turned", [True, False])
    def test_it_is_entered_for_thirty_days_and_offered_so(self, deal, last, days, in_time, turned):
        deal.now += timedelta(days=days)
        if turned:
            services.turn_the_day(now=deal.now)
        shown = deal.as_("seller")
        shown["on"] = shown.pop("now").date()
        assert ("deliver" in talks.talk(**shown, linkage_id=last.pk).acts) is in_time
        if in_time:
            enter(deal, last, on=ENDS)
        else:
            with pytest.raises(DeliveryTooLate, match="30/10/2026"):
                enter(deal, last, on=ENDS)
        assert Delivery.objects.exists() is in_time

    def test_only_days_of_the_term_are_entered(self, deal, last):
        self.end(deal)
        with pytest.raises(DeliveryOutOfTime):
            enter(deal, last, on=ENDS + timedelta(1))

    def test_of_one_that_was_terminated_up_to_that_day(self, deal, agreed):
        day = deal.now.date()
        deal.act(services.terminate, "buyer", agreed, reason="Đổi kế hoạch")
        deal.now += timedelta(days=2)
        with pytest.raises(DeliveryOutOfTime):
            enter(deal, agreed, on=day + timedelta(1))
        enter(deal, agreed, on=day)
        assert deal.reserved() == (1_500_000, 1_500_000)

    def test_what_others_agreed_meanwhile_is_theirs_and_the_delivery_a_fact(self, deal, last):
        """10 t offered: 3 t given back at the end, 9 t of it agreed with another, 2 t entered."""
        self.end(deal)
        rival = self.rival(deal, 9)
        delivery = enter(deal, last, on=ENDS, quantity=Decimal(2))
        assert delivery.quantity == 2_000_000
        assert deal.reserved() == (10_000_000, 1_000_000)
        assert rival.reserved() == (10_000_000, 9_000_000)
        assert sound()
        answer(deal, delivery, reason="Không có")
        assert deal.reserved() == (9_000_000, 0)
        assert sound()

    def test_a_post_that_is_closed_holds_it_all_the_same(self, deal, last):
        self.end(deal)
        type(deal.offer).objects.update(state="paused")
        enter(deal, last, on=ENDS)
        assert deal.reserved() == (1_500_000, 1_500_000)

    def test_whoever_matches_the_posts_is_told_of_each_change(self, deal, last):
        self.end(deal)
        before = Outbox.objects.filter(topic="market.post_changed").count()
        answer(deal, enter(deal, last, on=ENDS), reason="Không có")
        assert Outbox.objects.filter(topic="market.post_changed").count() == before + 4


def test_an_ended_linkage_that_holds_more_than_it_delivered_is_named(deal, agreed):
    enter(deal, agreed)
    deal.act(services.terminate, "buyer", agreed, reason="Đổi kế hoạch")
    assert invariants.CHECKS["ended_linkages_hold_what_they_delivered"]().seen == 1
    Delivery.objects.update(quantity=1_499_999)
    found = invariants.CHECKS["ended_linkages_hold_what_they_delivered"]()
    assert found.broken == (agreed.pk,)


def sound():
    return all(check().ok for check in invariants.CHECKS.values())


def test_under_one_that_never_began_nothing_is_delivered(deal):
    linkage = deal.agreed(3)
    deal.act(services.terminate, "buyer", linkage, reason="Đổi kế hoạch")
    linkage.refresh_from_db()
    assert linkage.terminated_on == linkage.starts == STARTS
    for days in (0, 20):
        deal.now += timedelta(days=days)
        found = talks.talk(
            actor=deal.buyer, organisation_id=deal.firm.pk, linkage_id=linkage.pk,
            on=deal.now.date(),
        )  # fmt: skip
        assert "deliver" not in found.acts
        with pytest.raises(NeverBegan):
            enter(deal, linkage, on=STARTS)
    assert not Delivery.objects.exists()


class TestMoreThanWasAgreed:
    """3 tonnes are agreed."""

    def test_a_little_more_is_taken_as_it_is(self, deal, agreed):
        enter(deal, agreed, quantity=Decimal("3.3"))
        assert Delivery.objects.exists()

    @pytest.mark.parametrize("earlier", [0, 2])
    def test_more_than_is_left_is_asked_once_more(self, deal, agreed, earlier):
        if earlier:
            enter(deal, agreed, quantity=Decimal(earlier))
        more = Decimal("3.301") - earlier
        with pytest.raises(MoreThanIsLeft, match=f"{3 - earlier} tan"):
            enter(deal, agreed, quantity=more)
        assert Delivery.objects.count() == bool(earlier)
        enter(deal, agreed, quantity=more, sure=True)
        assert Delivery.objects.count() == bool(earlier) + 1

    def test_many_small_ones_are_doubted_as_one_large_one_is(self, deal, agreed):
        enter(deal, agreed, quantity=Decimal(3))
        enter(deal, agreed, quantity=Decimal("0.3"))
        with pytest.raises(MoreThanIsLeft, match="0 tan"):
            enter(deal, agreed, quantity=Decimal("0.001"))

    def test_what_was_disputed_is_left_again(self, deal, agreed):
        answer(deal, enter(deal, agreed, quantity=Decimal(3)), reason="Không có")
        enter(deal, agreed, quantity=Decimal(3))

    def test_more_than_ten_times_is_refused_whatever_is_said(self, deal, agreed):
        with pytest.raises(FarMoreThanAgreed):
            enter(deal, agreed, quantity=Decimal("30.001"), sure=True)
        enter(deal, agreed, quantity=Decimal(30), sure=True)
        with pytest.raises(FarMoreThanAgreed):
            enter(deal, agreed, quantity=Decimal("0.001"), sure=True)
