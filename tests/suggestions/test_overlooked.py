"""Co-ops that nobody is shown are introduced to whom they suit best, by the office and once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override

from linkage.errors import Conflict, NotAllowed, NotFound
from linkage.jobs.models import Event
from linkage.market.models import Offer
from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry.access import Actor
from linkage.registry.models import Organisation
from linkage.suggestions import advice, fairness_read, overlooked
from linkage.suggestions.models import Introduction, Suggestion
from linkage.suggestions.reach import reach
from linkage.suggestions.services import introduce_overlooked, must_be_known, open_talks
from linkage.suggestions.services.overlooked import NotMeasuredToday
from tests.market import town
from tests.market.town import NEED, NOW, OFFER, TODAY
from tests.racing import at_once
from tests.suggestions import city, worlds
from tests.suggestions.test_fairness import OFFICE, measure
from tests.suggestions.test_worlds import at_night

pytestmark = pytest.mark.django_db
NEAR = FAR = 3


def introduce(now=NOW):
    return introduce_overlooked(actor=city.STAFF, now=now)


def unseen():
    """How many have a partner and are shown to nobody, as it would be measured now."""
    return reach(today=TODAY, progress=lambda done, total: None).fairness.overlooked


def crowd():
    """A firm that is told of the three co-ops nearby; nothing speaks for the three farther away."""
    buyer = town.organisation("Công ty Chế biến", "enterprise", commune="2")
    town.post(buyer, NEED)
    for number in range(NEAR):
        town.post(town.organisation(f"HTX Gần {number}", commune="2"))
    far = [town.organisation(f"HTX Xa {number}", commune="3") for number in range(FAR)]
    for one in far:
        town.post(one)
    for one in (buyer, *far):
        town.person(one)
    at_night()
    return buyer, far


@pytest.fixture
def crowded(market):
    return crowd()


def advised(organisation):
    who = town.actor(organisation)
    return advice.listing(actor=who, organisation_id=organisation.pk, on=TODAY)


def test_whoever_has_a_partner_is_shown_to_somebody_afterwards(market):
    worlds.random_market(Random(7), 90, 12, organisations=50)
    at_night()
    report = measure()
    assert report.overlooked == unseen() > 0
    made = introduce()
    assert len(made) == report.overlooked
    assert unseen() == 0
    # Each was among the pairs that stand, and its own best.
    for one in made:
        rows = Suggestion.objects.filter(stale=False)
        own = [
            row for row in rows.select_related("offer__organisation", "need__organisation")
            if (row.offer.organisation_id == one.organisation_id and row.offer_why)
            or (row.need.organisation_id == one.organisation_id and row.need_why)
        ]  # fmt: skip
        best = min(own, key=lambda row: (-row.score, row.offer_id, row.need_id))
        assert (best.offer_id, best.need_id) == (one.offer_id, one.need_id)


def test_both_sides_are_told_and_see_it(crowded):
    buyer, far = crowded
    measure()
    assert [one.organisation for one in introduce()] == far
    with override("vi"):
        said = {sentence_of(n) for n in Notice.objects.filter(subject_kind="introduction")}
    goods = Offer.objects.first().commodity.name_vi
    for one in far:
        # The engine tells it of the firm already.
        assert advised(one) == []
        assert (
            f"Thành phố giới thiệu {one.name} với đơn vị bạn: họ đang bán thứ bạn cần, {goods}."
            in said
        )
    assert len(said) == FAR + 1
    assert {one.other.organisation for one in advised(buyer)} == set(far)
    shown = {(one.kind, one.quantity, one.is_of_a_plan) for one in advised(buyer)}
    assert shown == {(NEED, None, False)}
    near = town.actor(Offer.objects.exclude(organisation__in=far).first().organisation)
    (rival,) = near.memberships
    assert advice.listing(actor=near, organisation_id=rival, on=TODAY) == []


def test_a_second_press_finds_nobody_left(crowded):
    measure()
    assert len(introduce()) == FAR
    before = Notice.objects.count()
    assert introduce() == []
    assert Notice.objects.count() == before
    (event,) = Event.objects.filter(kind="overlooked_introduced")
    assert event.data == {"introduced": FAR}


@pytest.mark.django_db(transaction=True)
def test_of_those_who_press_at_once_one_introduces():
    town.catalogue()
    town.places()
    crowd()
    measure()
    at_once([partial(introduce)] * 4)
    assert Introduction.objects.count() == FAR
    assert Event.objects.filter(kind="overlooked_introduced").count() == 1
    assert Notice.objects.filter(subject_kind="introduction").count() == 2 * FAR


def test_who_is_overlooked_is_known_of_today_alone(crowded, settings):
    with pytest.raises(NotMeasuredToday):
        introduce()
    report = measure()
    with pytest.raises(NotMeasuredToday):
        introduce(NOW + timedelta(days=1))
    assert overlooked.partners(of=report, on=TODAY + timedelta(days=1)) == []
    settings.MATCH_PREFERENCE = 0
    with pytest.raises(NotMeasuredToday):
        introduce()
    assert not Introduction.objects.exists()


def test_who_writes_plans_introduces_and_nobody_else(crowded):
    buyer, _far = crowded
    measure()
    for actor in (OFFICE, town.actor(buyer), Actor(None, frozenset())):
        with pytest.raises(NotAllowed):
            introduce_overlooked(actor=actor, now=NOW)


def test_who_was_shown_meanwhile_is_left_alone(crowded):
    """Since the report those nearby left, so the firm is told of the others."""
    _buyer, far = crowded
    report = measure()
    Offer.objects.exclude(organisation__in=far).update(state="withdrawn")
    at_night()
    assert overlooked.partners(of=report, on=TODAY) == []
    assert introduce() == []


def test_an_introduction_ends_with_the_post(crowded):
    buyer, far = crowded
    measure()
    introduce()
    Offer.objects.filter(organisation=far[0]).update(state="paused")
    assert {one.other.organisation for one in advised(buyer)} == set(far[1:])
    assert advised(far[0]) == []


def test_the_introduced_may_talk_and_no_rival(crowded):
    """The firm sells the same itself, so the rivals' rule hides the co-op but for this."""
    buyer, far = crowded
    town.post(buyer)
    offer = Offer.objects.get(organisation=far[0])
    (need,) = buyer.needs.all()
    asked = {
        "actor": town.actor(buyer), "organisation_id": buyer.pk, "kind": OFFER,
        "post_id": offer.pk, "now": NOW,
    }  # fmt: skip
    with pytest.raises(NotFound):
        must_be_known(**asked)
    rival = town.organisation("Công ty Khác", "enterprise")
    town.post(rival)
    town.post(rival, NEED)
    measure()
    introduce()
    must_be_known(**asked)
    with pytest.raises(NotFound):
        must_be_known(**{**asked, "actor": town.actor(rival), "organisation_id": rival.pk})
    pair = {"offer_id": offer.pk, "need_id": need.pk}
    made = open_talks(
        actor=town.actor(buyer), organisation_id=buyer.pk, **pair, now=NOW, text="Còn không?"
    )
    assert made.pk in [one.talks for one in advised(buyer)]


def test_who_talks_with_a_partner_is_shown_to_it(crowded):
    buyer, far = crowded
    offer, (need,) = Offer.objects.get(organisation=far[0]), buyer.needs.all()
    open_talks(
        actor=town.actor(far[0]), organisation_id=far[0].pk, offer_id=offer.pk, need_id=need.pk,
        now=NOW, text="Bán cho chị nhé?",
    )  # fmt: skip
    report = measure()
    assert report.overlooked == FAR - 1
    assert [one.organisation for one in introduce()] == far[1:]


@pytest.mark.parametrize("side", ["offer", "need"])
def test_what_a_side_has_put_aside_is_not_introduced(crowded, side):
    buyer, far = crowded
    report = measure()
    rows = Suggestion.objects.filter(offer__organisation=far[0])
    rows.update(**{f"{side}_view": "dismissed", f"{side}_reason": "not_wanted"})
    assert [one.organisation for one in introduce()] == far[1:]
    assert overlooked.partners(of=report, on=TODAY) == []
    assert far[0] not in {one.other.organisation for one in advised(buyer)}


def test_the_next_best_is_introduced_where_the_best_was_put_aside(crowded):
    buyer, far = crowded
    other = town.organisation("Công ty Xa hơn", "enterprise", commune="2")
    need = town.post(other, NEED)
    at_night()
    report = measure()
    chosen = {one.co_op: one.need for one in overlooked.partners(of=report, on=TODAY)}
    own = Suggestion.objects.filter(offer__organisation=far[0])
    own.filter(need=chosen[far[0].pk]).update(offer_view="dismissed", offer_reason="too_far")
    after = {one.co_op: one.need for one in overlooked.partners(of=report, on=TODAY)}
    (first,) = buyer.needs.all()
    assert {chosen[far[0].pk], after[far[0].pk]} == {first.pk, need.pk}


def test_what_does_not_fit_any_more_is_not_introduced_whatever_is_stored(crowded):
    """The worker has not got round to it yet."""
    _buyer, far = crowded
    measure()
    Offer.objects.filter(organisation=far[0]).update(commodity="paddy")
    assert [one.organisation for one in introduce()] == far[1:]


def test_the_list_says_to_whom_a_co_op_was_introduced(crowded):
    buyer, far = crowded
    report = measure()
    introduce()
    rows = fairness_read.with_organisations(
        fairness_read.co_ops(of=report, shown="overlooked"), on=TODAY
    )
    assert {row.organisation: row.introduced_to for row in rows} == dict.fromkeys(far, buyer)
    near = fairness_read.with_organisations(fairness_read.co_ops(of=report, shown="most"), on=TODAY)
    assert {row.introduced_to for row in near} == {None}


def test_one_that_was_merged_since_is_not_introduced_to_itself(crowded):
    buyer, far = crowded
    report = measure()
    introduce()
    kept = town.organisation("HTX Giữ lại", commune="3")
    Organisation.objects.filter(pk=far[0].pk).update(merged_into=kept)
    rows = fairness_read.with_organisations(
        fairness_read.co_ops(of=report, shown="overlooked"), on=TODAY
    )
    assert {row.introduced_to for row in rows} == {buyer}


def test_a_co_op_that_buys_is_introduced_to_who_sells(market):
    """Mirrored: a firm sells seed to the co-ops nearby, and is told of no other."""
    seller = town.organisation("Công ty Giống", "enterprise", commune="2")
    town.post(seller, commodity="seed")
    for number in range(NEAR):
        town.post(town.organisation(f"HTX Gần {number}", commune="2"), NEED, commodity="seed")
    far = town.organisation("HTX Xa", commune="3")
    town.post(far, NEED, commodity="seed")
    at_night()
    report = measure()
    (made,) = introduce()
    assert (made.organisation, made.offer.organisation) == (far, seller)
    rows = fairness_read.with_organisations(
        fairness_read.co_ops(of=report, shown="overlooked"), on=TODAY
    )
    assert [row.introduced_to for row in rows] == [seller]
    assert [one.kind for one in advised(seller)] == [OFFER]
    assert advised(far) == []


def test_a_pair_of_engine_and_city_counts_once(crowded):
    """The nearest left, so the engine tells the firm of whom the city introduced too."""
    _buyer, far = crowded
    measure()
    introduce()
    Offer.objects.exclude(organisation__in=far).update(state="withdrawn")
    at_night()
    found = reach(today=TODAY, progress=lambda done, total: None)
    assert {found.shown[one.pk] for one in far} == {1}


def test_the_database_refuses_to_change_an_introduction(crowded):
    measure()
    introduce()
    for act in (
        lambda: Introduction.objects.update(introduced_at=NOW + timedelta(days=1)),
        lambda: Introduction.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_of_a_merged_co_op_its_survivor_is_shown(crowded):
    _buyer, far = crowded
    measure()
    introduce()
    kept = town.organisation("HTX Giữ lại", commune="3")
    Organisation.objects.filter(pk=far[0].pk).update(merged_into=kept)
    found = reach(today=TODAY, progress=lambda done, total: None)
    assert (found.shown[kept.pk], found.shown[far[0].pk]) == (1, 0)


def test_a_post_that_comes_back_while_the_office_introduces_is_a_conflict(crowded, monkeypatch):
    """Its introduction did not stand a moment ago, and its pair does now: again, and it is well."""
    _buyer, far = crowded
    measure()
    introduce()
    offer = Offer.objects.filter(organisation=far[0])
    offer.update(state="paused")
    shown = overlooked._shown

    def then_it_comes_back(ids, on):
        found = shown(ids, on)
        offer.update(state="published")
        return found

    monkeypatch.setattr(overlooked, "_shown", then_it_comes_back)
    with pytest.raises(Conflict) as refusal:
        introduce()
    assert refusal.value.code == "introduction_is_made_once"
