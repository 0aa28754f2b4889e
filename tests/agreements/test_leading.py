"""Talks from which no agreement can come: a post is gone, or a side does not work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linkage.agreements import services, talks
from linkage.agreements.models import State
from linkage.agreements.services import POST_ACTS, expire_posts
from linkage.agreements.services.reserving import PostClosed
from linkage.market.errors import OrganisationNotActive, StateDoesNotAllow
from linkage.market.models import PostKind
from linkage.market.services.claims import Own
from linkage.notices.models import Notice
from linkage.registry.models import StatusFact
from tests.agreements import deals

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("who", ["seller", "buyer"])
IDLE = pytest.mark.parametrize("status", ["suspended", "stopped", "dissolved"])


@pytest.fixture
def deal():
    return deals.make()


def ends_work(organisation, status="dissolved", since=deals.TODAY):
    StatusFact.objects.create(organisation=organisation, status=status, since=since)


def talk(deal, who, linkage, on=deals.TODAY):
    asked = deal.as_(who)
    del asked["now"]
    return talks.talk(**asked, linkage_id=linkage.pk, on=on)


def post_act(deal, name, kind=PostKind.OFFER):
    post, of, who = (
        (deal.offer, deal.coop, deal.seller)
        if kind is PostKind.OFFER
        else (deal.need, deal.firm, deal.buyer)
    )
    post.refresh_from_db()
    own = Own(kind, of.pk, post.pk, post.version)
    return POST_ACTS[name](actor=who, own=own, now=deal.now)


def told():
    rows = Notice.objects.filter(what__startswith="post_").order_by("pk")
    return list(rows.values_list("organisation__name", "what"))


@IDLE
@BOTH
def test_nobody_agrees_with_who_does_not_work(deal, who, status):
    linkage = deal.ask()
    deal.propose("buyer", linkage)
    ends_work(deal.coop if who == "seller" else deal.firm, status)
    with pytest.raises(OrganisationNotActive):
        deal.act(services.accept, "seller", linkage)
    linkage.refresh_from_db()
    assert (linkage.state, deal.reserved()) == (State.PROPOSED, (0, 0))
    with pytest.raises(OrganisationNotActive):
        deal.propose("seller", linkage)


def test_it_is_agreed_while_both_work_and_after_one_works_again(deal):
    linkage = deal.ask()
    deal.propose("buyer", linkage)
    ends_work(deal.coop, "suspended", deals.TODAY - timedelta(days=9))
    ends_work(deal.coop, "active", deals.TODAY)
    ends_work(deal.coop, "dissolved", deals.TODAY + timedelta(days=1))
    deal.act(services.accept, "seller", linkage)
    assert deal.reserved() == (3 * deals.TONNE, 3 * deals.TONNE)


def test_who_does_not_work_asks_nothing(deal):
    ends_work(deal.firm)
    with pytest.raises(OrganisationNotActive):
        deal.ask("buyer", introduced=True)


@BOTH
def test_a_side_that_does_not_work_is_shown_to_both(deal, who):
    linkage = deal.ask()
    deal.propose("buyer", linkage)
    assert talk(deal, who, linkage).hindrance is None
    ends_work(deal.coop)
    found = talk(deal, who, linkage)
    assert isinstance(found.hindrance, OrganisationNotActive)
    assert deal.coop.name in str(found.hindrance)
    assert not found.acts & {"accept", "propose"}
    assert "decline" in found.acts


@BOTH
@pytest.mark.parametrize("act", ["pause", "withdraw"])
def test_a_post_that_goes_leaves_only_what_can_be_done(deal, who, act):
    linkage = deal.ask()
    deal.propose("buyer", linkage)
    post_act(deal, act)
    found = talk(deal, who, linkage)
    assert isinstance(found.hindrance, PostClosed)
    assert not found.acts & {"accept", "propose"}
    assert "decline" in found.acts


@pytest.mark.parametrize("kind", PostKind)
@pytest.mark.parametrize("act", ["pause", "withdraw"])
def test_the_other_side_of_open_talks_is_told(deal, act, kind):
    deal.ask()
    post_act(deal, act, kind)
    other = deal.firm if kind is PostKind.OFFER else deal.coop
    assert told() == [(other.name, "post_closed")]


def test_a_post_that_comes_back_is_told_and_opens_the_talks_again(deal):
    linkage = deal.ask()
    deal.propose("buyer", linkage)
    post_act(deal, "pause")
    post_act(deal, "resume")
    post_act(deal, "pause")
    names = ["post_closed", "post_open_again", "post_closed"]
    assert told() == [(deal.firm.name, name) for name in names]
    post_act(deal, "resume")
    assert "accept" in talk(deal, "seller", linkage).acts


def test_of_a_post_that_ran_out_the_other_sides_are_told_once(deal):
    deal.ask()
    later = deals.NOW.replace(year=2027)
    assert expire_posts(now=later) == 2
    assert expire_posts(now=later) == 0
    assert sorted(told()) == sorted(
        [(deal.firm.name, "post_closed"), (deal.coop.name, "post_closed")]
    )


def test_ended_talks_are_told_nothing(deal):
    linkage = deal.ask()
    deal.act(services.decline, "seller", linkage, reason="Hết hàng")
    post_act(deal, "withdraw")
    assert told() == []


def test_what_is_refused_tells_nobody(deal):
    deal.ask()
    post_act(deal, "withdraw")
    before = told()
    with pytest.raises(StateDoesNotAllow):
        post_act(deal, "pause")
    assert told() == before
