"""Why a co-op is left out, and what a plan comes to if only some proposals are accepted."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.matching.allocation.filling import Filling
from linkage.matching.allocation.outlook import expected_links
from linkage.matching.allocation.planning import plan
from linkage.matching.allocation.posts import Settings, problem_of
from linkage.matching.allocation.problem import Aim, PlanInvalid
from linkage.matching.allocation.reasons import Binding, LeftOut, left_out
from linkage.matching.allocation.words import why
from linkage.matching.solver import Cancelled, Limits
from linkage.matching.tables import Board
from tests.matching.plans import everything, problem, random_problem, stock
from tests.matching.posts import DAYS, Post, columns, need, offer

EXACT = Limits(gap=0.0)
GOODS = Aim((1, 0, 0), 0)


def reasons(made: Any, aim: Aim = GOODS) -> list[LeftOut]:
    return left_out(made, aim, plan(made, aim, EXACT))


def test_what_others_took_is_named_with_by_how_much() -> None:
    offers, needs = stock([9, 4], parties=[1, 7]), stock([10], parties=[20])
    made = problem(offers, needs, [(0, 0, 9, 9), (1, 0, 4, 3)], unlinked=[7, 8])
    first, second = reasons(made)
    assert first == LeftOut(7, "taken", 1, 0, (Binding("need", 2),))
    assert second == LeftOut(8, "no_pair", None, None, ())


def test_a_lot_that_never_fits_and_a_share_are_named() -> None:
    offers, needs = stock([9, 8], parties=[1, 7], reserved=[0, 6]), stock([10], parties=[20])
    made = problem(offers, needs, [(0, 0, 9, 1), (1, 0, 4, 3)], unlinked=[7])
    assert reasons(made) == [LeftOut(7, "lot", 1, 0, (Binding("offer", 1),))]
    needs = stock([20], parties=[20])
    offers = stock([9, 7], parties=[1, 7])
    made = problem(offers, needs, [(0, 0, 9, 9), (1, 0, 4, 3)], unlinked=[7], share=6_250)
    assert reasons(made) == [LeftOut(7, "taken", 1, 0, (Binding("share", 2),))]


@given(r=st.randoms(use_true_random=False))
def test_were_what_is_named_there_nobody_would_lose(r: Random) -> None:
    made, aim = random_problem(r)
    found = plan(made, aim, EXACT)
    for reason in left_out(made, aim, found):
        if reason.code == "no_pair":
            assert reason.co_op not in made.offers.party[made.arcs.offer]
            assert reason.co_op not in made.needs.party[made.arcs.need]
            continue
        filling = Filling(*everything(made, aim))
        pairs = list(zip(made.arcs.offer.tolist(), made.arcs.need.tolist(), strict=True))
        if reason.code == "taken":
            for offer, need, quantity in zip(found.offer, found.need, found.quantity, strict=True):
                filling.add(pairs.index((offer, need)), int(quantity))
        arc = pairs.index((reason.offer, reason.need))
        assert filling.room(arc) < filling.lot[arc] and reason.bindings
        for one in reason.bindings:
            row = filling.rows[arc][("offer", "need", "share").index(one.limit)]
            filling.left[row] += one.short
        assert filling.room(arc) == filling.lot[arc]


def test_reasons_are_said_in_both_languages() -> None:
    both = (Binding("need", 1_500), Binding("share", 2_000_000))
    reason = LeftOut(7, "taken", 0, 0, both)
    assert why(reason, 0, "vi") == (
        "nhu cầu đã được đáp ứng, còn thiếu 1,5 kg; bên mua đã chạm tỷ lệ tối đa, vượt 2.000 kg"
    )
    assert why(LeftOut(7, "taken", 0, 0, (Binding("offer", 12),)), 2, "en") == (
        "the offer is given to others, short by 12"
    )
    assert why(LeftOut(7, "no_pair", None, None, ()), 0, "en") == "nobody fits the conditions yet"
    with pytest.raises(KeyError):
        why(reason, 0, "fr")


def test_what_is_expected_of_the_accepted() -> None:
    """Co-op 7 has two proposals, 8 has one."""
    offers = stock([4, 4, 4], parties=[7, 7, 8])
    made = problem(offers, stock([20], parties=[20]),
                   [(0, 0, 4, 1), (1, 0, 4, 1), (2, 0, 4, 1)], unlinked=[7, 8])  # fmt: skip
    found = plan(made, GOODS, EXACT)
    assert expected_links(made, found, 10_000) == 2
    assert expected_links(made, found, 4_000) == Fraction(64, 100) + Fraction(4, 10)
    assert expected_links(made, found, 0) == 0
    with pytest.raises(ValueError, match="accepted"):
        expected_links(made, found, 10_001)


def posts_problem(offers: list[Post], needs: list[Post], **settings: Any) -> Any:
    return problem_of(Board(*columns(offers, needs)), Settings(**settings))


def test_posts_become_stocks_pairs_and_co_ops() -> None:
    offers = [
        offer(5, cooperative=True, quantity=70, per="week", starts=DAYS[0], ends=DAYS[13]),
        offer(6, cooperative=True, verified=True, quantity=40, commodity=8),
        offer(7, measure=2),
    ]
    wanted = need(9, quantity=100, starts=DAYS[0], ends=DAYS[6], cooperative=True)
    made = posts_problem(offers, [wanted], least_lot=3, offer_lots={5: 8})
    assert made.offers.quantity.tolist() == [140, 40, 1_000_000]
    assert made.offers.group.tolist() == [0, 1, 0]
    assert [column.tolist() for column in vars(made.arcs).values()] == [[0], [0], [70], [8]]
    assert made.unlinked.tolist() == [1_005, 2_009]
    assert plan(made, GOODS, EXACT).quantity.tolist() == [70]


def test_a_lot_that_is_more_than_fits_makes_no_pair() -> None:
    assert len(posts_problem([offer(quantity=5)], [need()], need_lots={1: 6}).arcs) == 0
    assert len(posts_problem([offer(quantity=5)], [need()], need_lots={1: 5}).arcs) == 1


def test_of_lots_that_are_more_than_fit_the_one_that_lacks_least_is_named() -> None:
    offers = [offer(1, cooperative=True, quantity=4), offer(2, cooperative=True, quantity=5)]
    made = posts_problem(offers, [need(1), need(2)], least_lot=6, need_lots={1: 7})
    assert (len(made.arcs), len(made.too_small)) == (0, 4)
    assert reasons(made) == [
        LeftOut(1_001, "lot", 0, 1, (Binding("offer", 2),)),
        LeftOut(1_002, "lot", 1, 1, (Binding("offer", 1),)),
    ]


def test_every_offer_with_a_partner_has_a_pair() -> None:
    """Twenty offers alike for one need: the need's best are three, the others keep their own."""
    made = posts_problem([offer(n) for n in range(20)], [need()], top=3)
    assert len(made.arcs) == 20


@pytest.mark.parametrize("settings", [{"top": 0}, {"least_lot": 0}, {"buyer_share": -1}])
def test_settings_that_cannot_be_are_refused(settings: Any) -> None:
    with pytest.raises(PlanInvalid):
        posts_problem([offer()], [need()], **settings)


def test_nothing_left_is_nothing_planned() -> None:
    made = posts_problem([offer(quantity=0)], [need()])
    assert len(made.arcs) == 0
    assert np.array_equal(replace(made).unlinked, made.unlinked)


def test_a_plan_is_called_off_while_its_pairs_are_looked_for() -> None:
    board = Board(*columns([offer(1)], [need(1)]))

    def between() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        problem_of(board, Settings(), between)
