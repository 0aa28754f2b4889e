"""A delivery taken back and confirmed in the same moment is one of the two; with its control."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest

from linkage.agreements import services
from linkage.agreements.models import Delivery
from linkage.jobs.models import Event
from tests.agreements import deals
from tests.racing import at_once, many_writers, outcomes

HANDS = 3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acts():
    """Both sides' answers to one delivery of the seller's, and what it is called with."""
    deal = deals.make()
    linkage = deal.agreed(3)
    deal.now += timedelta(days=60)
    delivery = services.enter_delivery(
        **deal.as_("seller"), linkage_id=linkage.pk, on=date(2026, 7, 2), quantity=Decimal(1),
        unit="tan",
    )  # fmt: skip
    own = {"linkage_id": linkage.pk, "delivery_id": delivery.pk}
    return (
        partial(services.withdraw_delivery, **deal.as_("seller"), **own),
        partial(services.confirm_delivery, **deal.as_("buyer"), **own),
    )


def written():
    kinds = ["delivery_withdrawn", "delivery_confirmed"]
    return list(Event.objects.filter(kind__in=kinds).values_list("kind", flat=True))


def test_of_both_sides_at_once_one_answers_and_the_others_are_told(acts):
    answers = sorted(outcomes([*acts] * HANDS))
    assert answers == ["delivery_answered"] * (2 * HANDS - 1) + ["done"]
    assert written() == [f"delivery_{Delivery.objects.get().state}"]


@many_writers
def test_the_control_that_looks_before_it_writes_answers_it_twice(acts):
    delivery, looked = Delivery.objects.get(), Barrier(2)

    def attempt(to):
        entered = Delivery.objects.get().state == Delivery.State.ENTERED
        looked.wait()
        changes = {"state": to, "answered_at": delivery.entered_at}
        return entered and Delivery.objects.update(**changes)

    states = (Delivery.State.WITHDRAWN, Delivery.State.CONFIRMED)
    assert at_once([partial(attempt, to) for to in states]) == [1, 1]
