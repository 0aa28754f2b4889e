"""Few suppliers that fill a need together: looked for by a job, kept, read by the need's owner."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from linkage.agreements.models import PoolProposal
from linkage.agreements.services.reserving import PostClosed
from linkage.errors import NotFound
from linkage.jobs.models import Job
from linkage.jobs.runner import run_job
from linkage.jobs.services import cancel
from linkage.market.models import NeedCeiling, Offer, OfferFloor
from linkage.market.services import edit_post
from linkage.market.services.states import pause_post
from linkage.matching.solver import Cancelled
from linkage.registry.models import StatusFact
from linkage.suggestions.models import PoolPart, PoolSuggestion, Suggestion
from linkage.suggestions.pools import LOOK_FOR_POOL, pool_answer
from linkage.suggestions.services import (
    ask_for_pool,
    look_for_pool,
    propose_pool,
    refresh_post,
)
from tests.market import town
from tests.market.town import NEED, NOW, TODAY
from worker.handlers import HANDLERS

pytestmark = pytest.mark.django_db
TONNE = 1_000_000
LATER = NOW + timedelta(seconds=1)


@pytest.fixture
def need(firm):
    return town.post(firm, NEED, quantity=Decimal(8))


@pytest.fixture
def offers(market):
    """Of 5, 4 and 1 tonnes, in three communes."""
    made = [town.organisation(f"HTX {n}", commune=str(n)) for n in (1, 2, 3)]
    return [
        town.post(one, quantity=Decimal(tonnes))
        for one, tonnes in zip(made, (5, 4, 1), strict=True)
    ]


def owned(need):
    of = need.organisation
    return {"actor": town.actor(of), "organisation_id": of.pk}


def found(need, on=TODAY):
    look_for_pool(need_id=need.pk, now=NOW)
    return pool_answer(**owned(need), need_id=need.pk, on=on)


def amounts(answer):
    return {part.offer.organisation.name: part.quantity // 1_000 for part in answer.parts}


class TestLooking:
    def test_the_fewest_fill_it_to_the_gram_and_it_is_proved(self, need, offers):
        answer = found(need)
        assert answer.fits
        assert len(answer.parts) == 2
        assert set(amounts(answer)) == {"HTX 1", "HTX 2"}
        assert sum(part.quantity for part in answer.parts) == 8 * TONNE
        assert answer.row.why == ""
        assert [(aim["name"], aim["proved"]) for aim in answer.row.aims] == [
            ("partners", True), ("score", True), ("transport", True)
        ]  # fmt: skip

    def test_members_score_as_they_do_when_suggested_alone(self, need, offers, settings):
        settings.MATCH_PREFERENCE = 0
        refresh_post(kind=NEED, post_id=need.pk, now=NOW)
        answer = found(need)
        alone = Suggestion.objects.filter(offer__in=[part.offer_id for part in answer.parts])
        (score,) = (aim["value"] for aim in answer.row.aims if aim["name"] == "score")
        assert score == sum(alone.values_list("score", flat=True)) > 0

    def test_one_that_fills_it_alone_is_no_pool(self, need, offers):
        town.post(offers[0].organisation, quantity=Decimal(9))
        answer = found(need)
        assert (len(answer.parts), answer.is_found, answer.fits) == (1, True, False)

    def test_a_shortfall_is_told_with_what_would_close_it(self, need, offers):
        need.certifications.add("VIETGAP")
        held = town.certificate(offers[0].organisation)
        offers[0].certificates.add(held)
        answer = found(need)
        assert (answer.row.why, answer.row.values) == ("too_little", {"short": 3 * TONNE})
        assert not answer.fits
        lacks = {part.offer.organisation.name: answer.lacking(part, "vi") for part in answer.parts}
        assert lacks == {"HTX 1": "", "HTX 2": "thiếu VIETGAP"}

    def test_near_misses_that_the_rivals_rule_hides_are_not_among_what_would_close_it(
        self, need, offers
    ):
        # The firm sells garlic itself: a match is introduced to it, a near miss is not.
        town.post(need.organisation, quantity=Decimal(1))
        need.certifications.add("VIETGAP")
        offers[0].certificates.add(town.certificate(offers[0].organisation))
        answer = found(need)
        assert (answer.row.why, answer.row.closing_why) == ("too_little", "too_little")
        assert answer.row.closing_values == {"short": 3 * TONNE}
        assert answer.parts == []
        with pytest.raises(NotFound):
            propose(owned(need), need, offers)

    def test_where_nothing_closes_it_both_shortfalls_are_told(self, need, offers):
        Offer.objects.filter(pk__in=[one.pk for one in offers[1:]]).update(state="paused")
        answer = found(need)
        assert (answer.row.why, answer.row.closing_why) == ("too_little", "too_little")
        assert answer.row.closing_values == {"short": 3 * TONNE}
        assert answer.parts == []

    def test_a_need_that_is_closed_says_so(self, need, offers):
        pause_post(actor=owned(need)["actor"], own=town.own(need, NEED), now=NOW)
        look_for_pool(need_id=need.pk, now=NOW)
        assert PoolSuggestion.objects.get().why == "need_closed"

    def test_called_off_it_leaves_what_was_found_before(self, need, offers):
        before = found(need)
        with pytest.raises(Cancelled):
            look_for_pool(need_id=need.pk, now=NOW, cancelled=lambda: True)
        assert list(PoolPart.objects.order_by("offer")) == list(before.parts)

    def test_a_job_that_is_called_off_ends_before_the_next_heartbeat(
        self, need, offers, monkeypatch
    ):
        monkeypatch.setattr("worker.handlers.timezone.now", lambda: NOW)
        ask_for_pool(**owned(need), need_id=need.pk, now=NOW)
        job = Job.objects.get(kind=LOOK_FOR_POOL)

        def clock():
            # Called off as soon as it runs.
            running = Job.objects.filter(pk=job.pk, state="running", cancel_requested=False)
            if running.exists():
                cancel(job_id=job.pk, now=NOW)
            return NOW

        run_job(job_id=job.pk, handlers=HANDLERS, worker="w", clock=clock)
        job.refresh_from_db()
        assert job.state == "cancelled"
        assert not PoolPart.objects.exists()

    def test_the_engine_is_asked_about_no_more_than_it_takes(self, need, offers, monkeypatch):
        monkeypatch.setattr("linkage.suggestions.services.pools.MAX_CANDIDATES", 2)
        assert set(amounts(found(need))) == {"HTX 1", "HTX 2"}


class TestSealed:
    def test_within_range_no_floor_changes_anything(self, need, offers):
        NeedCeiling.objects.create(need=need, price=9_000_000)
        floor = OfferFloor.objects.create(offer=offers[0], price=1_000_000)
        before = found(need)
        OfferFloor.objects.filter(pk=floor.pk).update(price=9_000_000)
        after = found(need)
        assert (amounts(before), before.row.aims) == (amounts(after), after.row.aims)

    def test_beyond_it_says_that_prices_do_not_meet_and_no_more(self, need, offers):
        NeedCeiling.objects.create(need=need, price=9_000_000)
        floor = OfferFloor.objects.create(offer=offers[0], price=9_000_001)
        kept = []
        for price in (9_000_001, 90_000_000):
            OfferFloor.objects.filter(pk=floor.pk).update(price=price)
            answer = found(need)
            said = [answer.lacking(part, "vi") for part in answer.parts]
            kept.append((said, answer.row.aims, answer.row.values, amounts(answer)))
        assert kept[0] == kept[1]
        assert kept[0][0] == ["giá chưa gặp nhau", ""]


class TestReading:
    def test_until_somebody_asks_there_is_nothing(self, need):
        answer = pool_answer(**owned(need), need_id=need.pk, on=TODAY)
        assert (answer.row, answer.is_found, answer.is_looking) == (None, False, False)

    def test_asking_is_one_job_and_it_is_being_looked_for(self, need):
        for _ in range(2):
            ask_for_pool(**owned(need), need_id=need.pk, now=NOW)
        job = Job.objects.get(kind=LOOK_FOR_POOL)
        assert job.args == {"need": need.pk}
        assert pool_answer(**owned(need), need_id=need.pk, on=TODAY).is_looking

    def test_an_offer_that_went_is_not_read_through_what_was_found(self, need, offers, client):
        answer = found(need)
        offer = answer.parts[0].offer
        actor = town.actor(offer.organisation)
        pause_post(actor=actor, own=town.own(offer), now=LATER)
        page = reverse("api:need_pool", args=[need.organisation_id, need.pk])
        user = need.organisation.memberships.get().user
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        read = client.get(page).json()
        assert (read["is_overtaken"], read["parts"]) == (True, [])

    @pytest.mark.parametrize("what", ["offer", "edit", "need", "time", "organisation"])
    def test_what_changed_since_is_said(self, need, offers, what):
        answer = found(need)
        on = TODAY
        if what == "offer":
            Offer.objects.filter(pk=answer.parts[0].offer_id).update(reserved=3 * TONNE)
        elif what == "edit":
            offer = answer.parts[0].offer
            edit_post(
                actor=town.actor(offer.organisation), own=town.own(offer), now=LATER,
                terms=town.terms(quantity=Decimal(5), ends=date(2026, 6, 20)),
            )  # fmt: skip
        elif what == "need":
            type(need).objects.update(reserved=TONNE)
        elif what == "organisation":
            of = answer.parts[0].offer.organisation
            StatusFact.objects.filter(organisation=of).update(status="dissolved")
        else:
            on = date(2027, 1, 1)
        later = pool_answer(**owned(need), need_id=need.pk, on=on)
        assert (later.is_overtaken, later.fits) == (True, False)
        # What they say now may be out of its sight.
        assert later.parts == []

    def test_it_is_read_and_asked_for_by_the_needs_owner_alone(self, need, offers):
        found(need)
        other = {"actor": town.actor(offers[0].organisation),
                 "organisation_id": offers[0].organisation_id}  # fmt: skip
        with pytest.raises(NotFound):
            pool_answer(**other, need_id=need.pk, on=TODAY)
        with pytest.raises(NotFound):
            ask_for_pool(**other, need_id=need.pk, now=NOW)
        with pytest.raises(NotFound):
            propose(other, need, offers)

    def test_nothing_is_looked_for_a_need_that_is_over(self, need):
        with pytest.raises(PostClosed):
            ask_for_pool(**owned(need), need_id=need.pk, now=NOW + timedelta(days=60))
        assert not Job.objects.filter(kind=LOOK_FOR_POOL).exists()


def propose(own, need, offers):
    parts = [
        {"offer_id": one.pk, "quantity": Decimal(2), "starts": TODAY, "ends": date(2026, 7, 14)}
        for one in offers[:2]
    ]
    common = {"unit": "tan", "price": 6_000_000}
    return propose_pool(**own, need_id=need.pk, parts=parts, common=common, now=NOW)


class TestProposing:
    def test_what_a_pool_suggested_is_proposed_to_although_the_rivals_rule_hides_it(
        self, need, offers
    ):
        # The firm sells garlic itself.
        town.post(need.organisation, quantity=Decimal(1))
        with pytest.raises(NotFound):
            propose(owned(need), need, offers)
        found(need)
        propose(owned(need), need, offers)
        assert PoolProposal.objects.get().lines.count() == 2

    def test_what_was_suggested_alone_is_noted_as_taken_up(self, need, offers):
        refresh_post(kind=NEED, post_id=need.pk, now=NOW)
        propose(owned(need), need, offers)
        taken = Suggestion.objects.filter(need_view="proposed")
        assert set(taken.values_list("offer", flat=True)) == {one.pk for one in offers[:2]}
