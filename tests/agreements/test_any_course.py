"""Whatever two sides, the calendar and the posts' owners do, in any order: the ledger holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.agreements import invariants, services
from linkage.agreements.models import Delivery, Linkage, Reservation, State
from linkage.agreements.services import TRANSITIONS
from linkage.errors import DomainError
from linkage.jobs.models import Event
from linkage.market.models import Need, Offer
from tests.agreements import deals
from tests.examples import examples

pytestmark = pytest.mark.django_db
WHO = st.sampled_from(["seller", "buyer"])
STEPS = st.one_of(
    st.tuples(st.just("propose"), WHO, st.integers(1, 12)),
    st.tuples(st.sampled_from(["ask", "accept", "withdraw", "decline", "terminate"]), WHO),
    st.tuples(st.sampled_from(["deliver", "deliver_late"]), WHO, st.integers(1, 6)),
    st.tuples(st.sampled_from(["confirm_delivery", "dispute_delivery", "withdraw_delivery"]), WHO),
    st.tuples(st.just("nights"), st.sampled_from([1, 20, 40, 80])),
    st.tuples(st.just("shrink"), st.sampled_from([Offer, Need]), st.integers(1, 10)),
    st.tuples(st.just("expire"), st.sampled_from([Offer, Need])),
)


class Course:
    def __init__(self):
        self.deal = deals.make(tonnes=10)
        self.linkage = self.deal.ask()

    def take(self, step):
        """A refusal leaves everything as it was, so it is no failure."""
        name, *given = step
        with suppress(DomainError):
            getattr(self, name, self._plain(name))(*given)

    def _plain(self, name):
        said = {"reason": "x"} if name in ("decline", "terminate") else {}
        return lambda who: self.deal.act(getattr(services, name), who, self.linkage, **said)

    def ask(self, who):
        self.linkage = self.deal.ask(who)

    def propose(self, who, tonnes):
        today = self.deal.now.date()
        window = {"starts": today, "ends": today + timedelta(days=50)}
        self.deal.propose(who, self.linkage, tonnes, **window)

    def deliver(self, who, tonnes):
        self._entered(who, tonnes, self.linkage, self.deal.now.date())

    def deliver_late(self, who, tonnes):
        """Under the newest linkage that is over, or the one there is, on its first day."""
        over = Linkage.objects.filter(state__in=["ended", "terminated"]).last() or self.linkage
        over.refresh_from_db()
        self._entered(who, tonnes, over, over.starts)

    def _entered(self, who, tonnes, linkage, on):
        services.enter_delivery(**self.deal.as_(who), linkage_id=linkage.pk, unit="tan",
                                on=on, quantity=Decimal(tonnes), sure=True)  # fmt: skip

    def confirm_delivery(self, who):
        self._answered(services.confirm_delivery, who)

    def withdraw_delivery(self, who):
        self._answered(services.withdraw_delivery, who)

    def dispute_delivery(self, who):
        self._answered(services.dispute_delivery, who, reason="x")

    def _answered(self, service, who, **said):
        last = Delivery.objects.filter(state="entered").last()
        if last is not None:
            own = {"linkage_id": last.linkage_id, "delivery_id": last.pk}
            service(**self.deal.as_(who), **own, **said)

    def nights(self, days):
        self.deal.now += timedelta(days=days)
        services.turn_the_day(now=self.deal.now)

    def shrink(self, model, tonnes):
        total = tonnes * deals.TONNE
        model.objects.filter(reserved__lte=total).update(total=total, quantity=total)

    def expire(self, model):
        model.objects.filter(state="published").update(state="expired")

    def holds(self):
        for name, check in invariants.CHECKS.items():
            assert check().ok, name
        settled = Reservation.objects.filter(state="settled").values_list(
            "linkage__state", flat=True
        )
        assert set(settled) <= {"ended", "terminated"}
        for linkage in Linkage.objects.all():
            moved = Event.objects.filter(
                subject_kind="linkage", subject_id=str(linkage.pk), kind="moved"
            )
            state = State.NEGOTIATING
            for event in moved.order_by("pk"):
                assert event.data["from"] == state
                assert State(event.data["to"]) in TRANSITIONS[state]
                state = State(event.data["to"])
            assert linkage.state == state


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_after_every_step_the_quantities_and_the_history_agree(db, steps):
    with transaction.atomic():
        course = Course()
        for step in steps:
            with transaction.atomic():
                course.take(step)
            course.holds()
        transaction.set_rollback(True)
