"""Answers to a pool in the same moment: in force wholly or not at all; with its control."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest

from linkage.agreements import services
from linkage.agreements.models import Linkage, PoolProposal
from tests.agreements import deals, pools
from tests.racing import at_once, many_writers, outcomes, while_it_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def circle():
    """All members but the last two have agreed."""
    made = pools.make(4)
    made.propose(2, 2, 2, 2)
    made.agree(0)
    made.agree(1)
    return made


def after(circle):
    """What became of the pool, and what is held, once all that is audited was found to hold."""
    pools.must_hold()
    return PoolProposal.objects.get().state, circle.reserved()


HELD, FREE = [2, 2, 2, 2, 8], [0, 0, 0, 0, 0]


def test_of_the_last_two_at_once_the_second_brings_it_into_force(circle):
    assert outcomes([partial(circle.agree, who) for who in (2, 3)]) == ["done", "done"]
    assert after(circle) == ("agreed", HELD)


@many_writers
def test_the_second_waits_for_the_first_and_finds_what_it_did(circle):
    while_it_waits(partial(circle.agree, 2), partial(circle.agree, 3))
    assert after(circle) == ("agreed", HELD)


@many_writers
def test_the_control_that_looks_before_it_waits_brings_nothing_into_force(circle):
    looked = Barrier(2)

    def attempt(who):
        others = Linkage.objects.exclude(seller=circle.coops[who])
        all_agreed = set(others.values_list("state", flat=True)) == {"pool_pending"}
        looked.wait()
        mine = Linkage.objects.get(seller=circle.coops[who])
        rows = Linkage.objects.filter(pk=mine.pk, state="proposed")
        rows.update(state="pool_pending", agreed_terms=mine.terms.get())
        return all_agreed

    # Nobody is left to answer, and neither of the two saw itself as the last one.
    assert at_once([partial(attempt, who) for who in (2, 3)]) == [False, False]
    assert circle.states() == ["pool_pending"] * 4


def test_who_agrees_and_who_declines_at_once(circle):
    agrees, declines = outcomes([partial(circle.agree, 2), partial(circle.decline, 3)])
    assert (agrees in ("done", "pool_is_over"), declines) == (True, "done")
    assert after(circle) == ("declined", FREE)


def test_the_last_answer_and_the_buyer_that_takes_it_back(circle):
    circle.agree(2)
    found = outcomes([partial(circle.agree, 3), circle.withdraw])
    became = {
        ("done", "pool_is_over"): ("agreed", HELD),
        ("pool_is_over", "done"): ("withdrawn", FREE),
    }
    assert after(circle) == became[tuple(found)]


def test_the_last_answer_and_the_need_that_is_withdrawn(circle):
    circle.agree(2)
    answer, gone = outcomes([partial(circle.agree, 3), circle.withdraw_need])
    became = {"done": ("agreed", HELD), "pool_is_over": ("withdrawn", FREE)}
    assert (after(circle), gone) == (became[answer], "done")


@many_writers
def test_who_withdraws_the_need_waits_for_who_answers(circle):
    circle.agree(2)
    while_it_waits(partial(circle.agree, 3), circle.withdraw_need)
    assert after(circle) == ("agreed", HELD)


def test_the_last_answer_at_midnight_and_the_night_that_ends_it(circle):
    circle.agree(2)
    in_time = replace(circle, now=circle.now + timedelta(days=3))
    lapse = partial(services.lapse_pools, now=circle.now + timedelta(days=4))
    answer, _night = outcomes([partial(in_time.agree, 3), lapse])
    became = {"done": ("agreed", HELD), "pool_is_over": ("lapsed", FREE)}
    assert after(circle) == became[answer]


def test_of_two_colleagues_who_propose_at_once_one_does(circle):
    """Each names the members in another order, and neither waits for ever."""
    circle.withdraw()
    turned = replace(circle, offers=circle.offers[::-1])
    found = outcomes([partial(one.propose, 1, 1, 1, 1) for one in (circle, turned)])
    assert found.count("done") == 1
    assert set(found) - {"done"} <= {
        "pool_waits_once_for_a_need", "linkage_is_open_once_for_a_pair"
    }  # fmt: skip
    pools.must_hold()


def test_all_that_goes_back_and_another_deal_on_one_of_the_offers(circle):
    """Their locks are taken in one order: neither waits for ever."""
    firm = deals.organisation("Công ty Khác")
    buyer = deals.member(firm, "khac")
    deal = deals.Deal(
        coop=circle.coops[0], firm=firm, seller=circle.sellers[0], buyer=buyer,
        offer=circle.offers[0], need=deals.need(firm, 3),
    )  # fmt: skip
    linkage = deal.ask()
    deal.propose("buyer", linkage, 3)
    accept = partial(deal.act, services.accept, "seller", linkage)
    assert outcomes([circle.withdraw, accept]) == ["done", "done"]
    assert after(circle) == ("withdrawn", [3, 0, 0, 0, 0])
