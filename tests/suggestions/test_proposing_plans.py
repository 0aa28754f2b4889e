"""A plan's lines are suggested to both of their sides once, as far as they still stand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from linkage.errors import NotAllowed, NotFound
from linkage.jobs.models import Event
from linkage.market.models import MODELS, Need, NeedCeiling, Offer, OfferFloor
from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import Actor
from linkage.registry.models import Role, StatusFact
from linkage.suggestions import advice
from linkage.suggestions.models import PlanOutcome, PlanProposed, Suggestion
from linkage.suggestions.services import must_be_known, open_talks, propose_plan
from linkage.suggestions.services.proposing import PlanNotReady
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY
from tests.racing import at_once
from tests.suggestions import city

pytestmark = pytest.mark.django_db
TONNE = 1_000_000


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    """The worker's clock stands where the posts are."""
    monkeypatch.setattr("worker.handlers.timezone.now", lambda: NOW)


@pytest.fixture
def plan(market):
    """One co-op's three tonnes for a firm's four."""
    city.several(coops=1, tonnes=3, wanted=(4,))
    return city.made()


def propose(plan):
    return propose_plan(actor=city.STAFF, plan_id=plan.pk, now=NOW)


def code_of(plan):
    """What becomes of the plan's one line."""
    propose(plan)
    return PlanOutcome.objects.get(line__plan=plan).code


def advised(post):
    who = town.actor(post.organisation)
    return advice.listing(actor=who, organisation_id=post.organisation_id, on=TODAY)


# --- Told, once -----------------------------------------------------------------------------
def test_both_sides_are_told_and_see_the_pair_with_its_quantity(plan):
    line = plan.lines.get()
    assert code_of(plan) == "proposed"
    told = {notice.organisation_id: notice for notice in Notice.objects.all()}
    assert set(told) == {line.seller_id, line.buyer_id}
    with override("vi"):
        assert sentence_of(told[line.seller_id]) == (
            "Thành phố gợi ý Công ty 4 mua Tỏi của đơn vị bạn: 3 tan."
        )
        assert sentence_of(told[line.buyer_id]) == (
            "Thành phố gợi ý HTX 0 bán Tỏi cho đơn vị bạn: 3 tan."
        )
    for post, kind in ((line.offer, OFFER), (line.need, NEED)):
        (one,) = advised(post)
        assert (one.kind, one.post, one.quantity, one.talks) == (kind, post, 3 * TONNE, None)


def test_a_second_press_does_nothing_new(plan):
    propose(plan)
    before = [list(m.objects.order_by("pk").values()) for m in (PlanOutcome, Notice, Event)]
    Offer.objects.update(state="paused")
    propose(plan)
    after = [list(m.objects.order_by("pk").values()) for m in (PlanOutcome, Notice, Event)]
    assert after == before
    assert PlanProposed.objects.count() == 1
    (event,) = Event.objects.filter(subject_kind="plan", kind="plan_proposed")
    assert event.data == {"proposed": 1, "left_out": 0}


@pytest.mark.django_db(transaction=True)
def test_of_those_who_press_at_once_one_proposes_and_the_others_find_it_done():
    town.catalogue()
    town.places()
    city.several(coops=1, tonnes=3, wanted=(4,))
    plan = city.made()
    at_once([partial(propose, plan)] * 4)
    assert PlanOutcome.objects.count() == 1
    assert Notice.objects.filter(subject_kind="plan_line").count() == 2
    assert Event.objects.filter(kind="plan_proposed").count() == 1


def test_many_lines_are_proposed_in_as_many_queries_as_few(market):
    def asked(coops):
        city.several(coops=coops, tonnes=3, wanted=(3,) * coops)
        plan = city.made(links=0)
        with CaptureQueriesContext(connection) as queries:
            propose(plan)
        return plan.lines.filter(outcome__code="proposed").count(), len(queries)

    few, queries = asked(2)
    for model in MODELS.values():
        model.objects.update(state="paused")
    many, more = asked(9)
    assert many > 2 * few > 0
    assert more == queries


def test_a_plan_that_is_not_there_yet_is_not_proposed(market):
    plan = city.asked()
    with pytest.raises(PlanNotReady):
        propose(plan)
    assert not PlanProposed.objects.exists()
    with pytest.raises(NotFound):
        propose_plan(actor=city.STAFF, plan_id=plan.pk + 1, now=NOW)


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.AUDITOR, Role.FIELD_OFFICER])
def test_only_the_office_proposes(plan, role):
    with pytest.raises(NotAllowed):
        propose_plan(actor=Actor(None, frozenset({role})), plan_id=plan.pk, now=NOW)
    assert not PlanProposed.objects.exists()


# --- What no longer stands ------------------------------------------------------------------
def paused(model):
    return lambda plan: model.objects.update(state="paused")


def taken(model):
    """All but a tonne is promised to others."""
    return lambda plan: model.objects.update(reserved=2_000_000 + (model is Need) * TONNE)


def used_up(plan):
    Offer.objects.update(reserved=3 * TONNE)


def suspended(plan):
    StatusFact.objects.create(organisation=plan.lines.get().seller, status="suspended", since=TODAY)


def out_of_range(plan):
    OfferFloor.objects.create(offer=Offer.objects.get(), price=9_000_000)
    NeedCeiling.objects.create(need=Need.objects.get(), price=8_000_000)


def talking(plan):
    line = plan.lines.get()
    open_talks(
        actor=town.actor(line.seller, line.seller.memberships.get().user_id),
        organisation_id=line.seller_id, offer_id=line.offer_id, need_id=line.need_id, now=NOW,
        text="Bên em còn hàng.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "happens"),
    [
        ("offer_closed", paused(Offer)),
        ("need_closed", paused(Need)),
        ("not_active", suspended),
        ("talking", talking),
        ("no_match", out_of_range),
        ("offer_short", taken(Offer)),
        ("offer_short", used_up),
        ("need_short", taken(Need)),
    ],
)
def test_a_line_that_no_longer_stands_is_named_with_why_and_nobody_is_told(plan, code, happens):
    happens(plan)
    Notice.objects.all().delete()
    assert code_of(plan) == code
    assert not Notice.objects.exists()
    assert advised(plan.lines.get().offer) == []


def test_lines_that_take_from_one_post_are_suggested_as_far_as_it_reaches(market):
    offers, _needs = city.several(coops=1, tonnes=6, wanted=(3, 3))
    plan = city.made(links=0)
    assert plan.lines.count() == 2
    Offer.objects.filter(pk=offers[0].pk).update(reserved=TONNE)
    propose(plan)
    codes = PlanOutcome.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["proposed", "offer_short"]


# --- What the sides do with it --------------------------------------------------------------
def test_it_is_shown_no_more_once_a_post_closes(plan):
    propose(plan)
    line = plan.lines.get()
    MODELS[NEED].objects.update(state="paused")
    assert advised(line.offer) == []


def hidden_pair(market):
    """A firm that buys and sells garlic sees no offer of it, and nothing is suggested yet."""
    offers, needs = city.several(coops=1, tonnes=3, wanted=(4,))
    town.post(needs[0].organisation, OFFER, commodity="garlic", quantity=Decimal(1))
    assert not Suggestion.objects.exists()
    return offers[0], needs[0]


def firm_asks(offer, need):
    buyer = need.organisation
    who = town.actor(buyer, buyer.memberships.get().user_id)
    must_be_known(actor=who, organisation_id=buyer.pk, kind=OFFER, post_id=offer.pk, now=NOW)
    return open_talks(
        actor=who, organisation_id=buyer.pk, offer_id=offer.pk, need_id=need.pk, now=NOW,
        text="Còn hàng không?",
    )  # fmt: skip


def test_talks_begin_from_it_where_the_rivals_rule_hides_the_other_side(market):
    offer, need = hidden_pair(market)
    with pytest.raises(NotFound):
        firm_asks(offer, need)
    propose(city.made())
    made = firm_asks(offer, need)
    assert advice.quantity_between(made) == 3 * TONNE
    assert [one.talks for one in advised(offer)] == [made.pk]


def test_lines_are_judged_a_few_offers_at_a_time(market, monkeypatch):
    monkeypatch.setattr("linkage.suggestions.fitting._AT_ONCE", 1)
    city.several(coops=3, tonnes=3, wanted=(3, 3, 3))
    plan = city.made(links=0)
    assert plan.lines.count() == 3
    propose(plan)
    assert set(PlanOutcome.objects.values_list("code", flat=True)) == {"proposed"}


def test_what_a_later_plan_takes_up_is_suggested_by_it_alone(market):
    """Else the two would suggest more of the offer than there is."""
    city.several(coops=1, tonnes=3, wanted=(3,))
    first = city.made()
    propose(first)
    line = first.lines.get()
    Need.objects.update(state="paused")
    other = town.post(town.organisation("Công ty Khác", "enterprise"), NEED)
    second = city.made()
    Need.objects.update(state="published")
    assert [one.other for one in advised(line.offer)] == [line.need]
    propose_plan(actor=city.STAFF, plan_id=second.pk, now=NOW + timedelta(minutes=1))
    assert [one.other for one in advised(line.offer)] == [other]
    assert advised(line.need) == []


def test_nobody_else_sees_what_is_suggested_to_two(plan):
    propose(plan)
    rival = town.post(town.organisation("HTX Khác", product="garlic"))
    assert advised(rival) == []
    line = plan.lines.get()
    with pytest.raises(NotFound):
        advice.listing(
            actor=town.actor(rival.organisation), organisation_id=line.seller_id, on=TODAY
        )


def test_what_it_starts_a_proposal_with_is_what_both_still_have(plan):
    propose(plan)
    Offer.objects.update(reserved=2 * TONNE)
    (one,) = advised(plan.lines.get().need)
    assert one.quantity == TONNE
