"""Deliveries: entered by one side, confirmed or disputed by the other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from linkage.agreements import services
from linkage.agreements.models import Delivery, Linkage
from linkage.agreements.services.delivering import (
    DeliveryAnswered,
    DeliveryOutOfTime,
    OwnDelivery,
)
from linkage.errors import NotFound
from linkage.jobs.models import Event
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
    enter(deal, agreed, on=STARTS)
    enter(deal, agreed, on=deal.now.date())


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


def test_what_is_confirmed_after_the_end_is_kept_and_holds_nothing_again(deal, agreed):
    delivery = enter(deal, agreed)
    deal.now += timedelta(days=90)
    services.turn_the_day(now=deal.now)
    assert Linkage.objects.get(pk=agreed.pk).state == "ended"
    assert answer(deal, delivery).state == "confirmed"
    assert deal.reserved() == (0, 0)
