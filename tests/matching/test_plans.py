"""Plans: as good as the best of all small ones, within their bound, and true to every limit."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.matching.allocation import piece as pieced
from linkage.matching.allocation import pieces, planning
from linkage.matching.allocation import problem as problems
from linkage.matching.allocation.filling import Filling, whole
from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.planning import plan
from linkage.matching.allocation.problem import Aim, Arcs, PlanInvalid, PlanProblem, Stock
from linkage.matching.allocation.verify import PlanWrong, verify
from linkage.matching.bench.invented import invented_problem
from linkage.matching.solver import Cancelled, Limits
from tests.coverage.mutations import mutated
from tests.matching.plans import brute_force, everything, ints, problem, random_problem, stock

EXACT = Limits(gap=0.0, seconds=30)
GOODS, LINKS = Aim((1, 0, 0), 0), Aim((1, 0, 0), 1_000)


def rows(found: Any) -> set[tuple[int, int, int]]:
    return set(zip(found.offer.tolist(), found.need.tolist(), found.quantity.tolist(), strict=True))


def two_for_one(**changes: Any) -> PlanProblem:
    """A large firm and a small unlinked co-op (7), both for one need of 10."""
    offers, needs = stock([10, 4], parties=[1, 7]), stock([10], parties=[20])
    made = problem(offers, needs, [(0, 0, 10, 1), (1, 0, 4, 2)], unlinked=[7])
    return replace(made, **changes)


def test_goods_alone_fill_the_need_and_links_bring_the_small_one_in() -> None:
    found = plan(two_for_one(), LINKS, EXACT)
    assert found.linked.tolist() == [7] and found.quantity.sum() == 10
    assert found.value == found.bound == 1_010
    assert plan(two_for_one(), GOODS, EXACT).value == 10


def test_what_is_reserved_is_not_given_again() -> None:
    needs = stock([10], parties=[20], reserved=[7])
    assert plan(two_for_one(needs=needs), GOODS, EXACT).value == 3


def test_a_buyer_gets_no_more_than_its_share_of_what_is_offered() -> None:
    """14 are offered: half is 7, of which the buyer holds 2 in a post that is elsewhere."""
    needs = stock([10, 2], parties=[20, 20], reserved=[0, 2])
    found = plan(two_for_one(needs=needs, buyer_share=5_000), GOODS, EXACT)
    assert found.value == 5


def test_less_than_a_lot_is_nothing() -> None:
    offers, needs = stock([10, 4], parties=[1, 7]), stock([5], parties=[20])
    made = problem(offers, needs, [(0, 0, 5, 3), (1, 0, 4, 3)], unlinked=[7])
    found = plan(made, LINKS, EXACT)
    assert rows(found) == {(1, 0, 4)}, "3 and 3 do not fit into 5, so one of them delivers"


def test_a_co_op_linked_twice_counts_once() -> None:
    offers = stock([5, 5], parties=[7, 7], groups=[0, 1])
    needs = stock([5, 5], parties=[20, 21], groups=[0, 1])
    found = plan(problem(offers, needs, [(0, 0, 5, 1), (1, 1, 5, 1)], [7]), LINKS, EXACT)
    assert (found.value, found.bound, found.linked.tolist()) == (1_010, 1_010, [7])


def test_a_buying_co_op_is_linked_too() -> None:
    made = problem(stock([5], parties=[1]), stock([5], parties=[9]), [(0, 0, 5, 1)], [9])
    assert plan(made, LINKS, EXACT).linked.tolist() == [9]


def test_nothing_to_plan_is_an_empty_plan() -> None:
    made = problem(stock([], parties=[]), stock([], parties=[]), [])
    found = plan(made, LINKS, EXACT)
    assert (len(found.quantity), found.value, found.bound, found.gap) == (0, 0, 0, 0.0)


@given(r=st.randoms(use_true_random=False))
def test_a_plan_is_worth_as_much_as_the_best_of_all(r: Random) -> None:
    made, aim = random_problem(r)
    found = plan(made, aim, EXACT)
    best = brute_force(made, aim)
    assert found.value == best
    assert found.bound >= best and found.gap < 1e-6


@given(r=st.randoms(use_true_random=False), seed=st.integers(0, 99))
def test_a_bound_holds_for_any_prices(r: Random, seed: int) -> None:
    made, aim = random_problem(r)
    if not len(made.arcs):
        return
    piece = Piece.of(made, aim, np.arange(len(made.arcs)))
    prices = [r.randrange(4) for _ in piece.limit]
    link_prices = [r.randrange(9) for _ in piece.co_op]
    links = [aim.link_worth] * len(piece.co_op)
    assert piece.bound(prices, link_prices, links) >= brute_force(made, aim)
    assert piece.plain_bound(links) >= brute_force(made, aim)


@given(r=st.randoms(use_true_random=False))
def test_the_greedy_start_keeps_every_limit_and_leaves_no_room(r: Random) -> None:
    made, aim = random_problem(r)
    amount = whole(*everything(made, aim))
    filling = Filling(*everything(made, aim))
    for arc, quantity in enumerate(amount.tolist()):
        filling.add(arc, quantity)
    assert min([*filling.left, 0]) == 0
    for arc, quantity in enumerate(amount.tolist()):
        assert filling.room(arc) < (1 if quantity else filling.lot[arc])


def city(seed: int = 1, size: int = 200) -> PlanProblem:
    return invented_problem(size, seed)


@pytest.mark.parametrize("links", [0, 5_000, 10_000])
def test_a_city_is_planned_within_its_gap(links: int) -> None:
    made = city()
    found = plan(made, Aim.of_slider(made, links), Limits(seconds=20, gap=0.01))
    assert 0 <= found.gap <= 0.01


def test_more_weight_on_links_links_more_and_serves_less() -> None:
    """The firm delivers 9 at least, so the co-op with its 4 leaves no room for it."""
    offers, needs = stock([10, 4], parties=[1, 7]), stock([10], parties=[20])
    made = problem(offers, needs, [(0, 0, 10, 9), (1, 0, 4, 2)], unlinked=[7])
    found = [plan(made, Aim.of_slider(made, weight), EXACT) for weight in (0, 9_000)]
    assert [(one.linked.tolist(), int(one.quantity.sum())) for one in found] == [([], 10), ([7], 4)]


def test_pieces_that_share_a_co_op_have_a_true_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same problem in one piece, solved to the end, is worth no more than the parts' bound."""
    made = city(5, 40)
    aim = Aim.of_slider(made, 7_000)
    whole = plan(made, aim, EXACT)
    monkeypatch.setattr(pieces, "SMALL", 0)
    monkeypatch.setattr(planning, "SEARCHABLE", 0)
    parts = plan(made, aim, EXACT)
    assert parts.pieces > whole.pieces
    assert parts.value <= whole.value <= parts.bound
    assert whole.gap < 1e-6 and parts.gap < 0.05 and parts.bound_by == "duals"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("untold = sum(", "untold = 0 * sum("),
        ("self.aim.link_worth - self.link_worth[co_op] for", "0 for"),
    ],
)
def test_a_tie_of_pieces_left_out_of_the_bound_is_noticed(
    text: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pieces of one co-op, each worth a link to it: the price they do not pay is added."""
    offers = stock([5, 5], parties=[7, 7], groups=[0, 1])
    needs = stock([5, 5], parties=[20, 21], groups=[0, 1])
    made = problem(offers, needs, [(0, 0, 5, 1), (1, 1, 5, 1)], [7])
    monkeypatch.setattr(pieces, "SMALL", 0)
    right = plan(made, LINKS, EXACT)
    assert (right.pieces, right.value) == (2, 1_010) and right.bound >= 1_010
    fault: Any = mutated(planning, text, broken)
    with pytest.raises(PlanWrong):
        fault.plan(made, LINKS, EXACT)


def test_the_order_of_the_rows_changes_no_worth() -> None:
    made = city(6, 30)
    aim = Aim.of_slider(made, 5_000)
    turned = np.random.default_rng(1).permutation(len(made.arcs))
    arcs = Arcs(*(getattr(made.arcs, n)[turned] for n in ("offer", "need", "most", "lot")))
    other = replace(made, arcs=arcs)
    one, turned_round = plan(made, aim, EXACT).value, plan(other, aim, EXACT).value
    # A solver's amounts may be a unit off what is best.
    assert abs(one - turned_round) < 1e-6 * one


def test_the_same_question_has_the_same_answer() -> None:
    """Where it ends by its gap: the end of time comes when it comes."""
    made = city(7, 100)
    aim = Aim.of_slider(made, 5_000)
    one, again = (plan(made, aim, Limits(seconds=60, gap=0.02)) for _time in range(2))
    assert rows(one) == rows(again) and one.gap == again.gap <= 0.02


def test_when_time_is_over_the_best_found_comes_with_its_gap() -> None:
    made = city(2, 1_000)
    aim = Aim.of_slider(made, 5_000)
    found = plan(made, aim, Limits(seconds=0.001))
    assert found.bound_by == "plain"
    assert found.value == aim.value(made, whole(*everything(made, aim)))
    assert 0 < found.gap < 5


def is_over(end: float) -> bool:
    return time.monotonic() > end


def test_who_cancels_is_heard_within_two_seconds() -> None:
    """Asked at any of seven moments of the work."""
    made = city(2, 1_000)
    aim = Aim.of_slider(made, 0)
    for after in np.linspace(0, 4, 7):
        end = time.monotonic() + after
        with pytest.raises(Cancelled):
            plan(made, aim, Limits(seconds=60, gap=0.0, cancelled=partial(is_over, end)))
        assert time.monotonic() < end + 2


def test_progress_is_told_from_first_to_last() -> None:
    made, seen = city(), []
    plan(made, Aim.of_slider(made, 5_000), progress=lambda done, of: seen.append((done, of)))
    assert seen[-1][0] == seen[-1][1] and sorted(seen) == seen


BREAKS = [
    (pieced, "no price for the most", "total += -(-most * beyond // lot)", "pass"),
    (pieced, "links for nothing", "sum(max(0, worth", "sum(min(0, worth"),
    (pieced, "a limit forgotten", "price * limit for", "0 * limit for"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "text", "broken"), [pytest.param(b[0], *b[2:], id=b[1]) for b in BREAKS]
)
def test_a_bound_that_is_too_low_is_noticed(module: Any, text: str, broken: str) -> None:
    fault: Any = mutated(module, text, broken)
    low = 0
    for seed in range(40):
        made, aim = random_problem(Random(seed))
        if len(made.arcs):
            piece = fault.Piece.of(made, aim, np.arange(len(made.arcs)))
            links = [aim.link_worth] * len(piece.co_op)
            best = brute_force(made, aim)
            prices = [0] * len(piece.limit), [1] * len(piece.co_op)
            low += piece.bound(*prices, links) < best or piece.plain_bound(links) < best
    assert low


def test_the_check_finds_each_fault() -> None:
    made = two_for_one()
    found = plan(made, LINKS, EXACT)
    for changes in (
        {"quantity": found.quantity + 1},
        {"quantity": found.quantity - 1},
        {"offer": ints([1, 1]), "need": ints([0, 0]), "quantity": ints([4, 4])},
        {"offer": ints([0]), "need": ints([0]), "quantity": ints([11])},
        {"linked": ints([])},
        {"value": found.value - 1},
        {"bound": found.value - 1},
    ):
        with pytest.raises(PlanWrong):
            verify(made, LINKS, replace(found, **changes))
    with pytest.raises(PlanWrong):
        verify(replace(made, buyer_share=3_000), LINKS, found)


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": ints([0, 4])}, {"quantity": ints([-1, 4])}, {"reserved": ints([11, 0])},
        {"measure": ints([0, 3])}, {"id": ints([1, 1])}, {"quantity": np.array([1.0, np.nan])},
        {"quantity": np.array([1.0, np.inf])}, {"party": ints([1])},
    ],
)  # fmt: skip
def test_a_stock_that_cannot_be_is_refused(changes: Any) -> None:
    with pytest.raises(PlanInvalid, match=next(iter(changes))):
        replace(stock([10, 4], parties=[1, 7]), **changes)


@pytest.mark.parametrize(
    "pairs",
    [
        [(2, 0, 5, 1)], [(0, 1, 5, 1)], [(0, 0, 5, 0)], [(0, 0, 5, 6)], [(-1, 0, 5, 1)],
        [(0, 0, 5, 1), (0, 0, 4, 1)],
    ],
)  # fmt: skip
def test_pairs_that_cannot_be_are_refused(pairs: Any) -> None:
    with pytest.raises(PlanInvalid):
        problem(stock([10, 4], parties=[1, 7]), stock([9], parties=[20]), pairs)


def test_pairs_across_groups_or_within_an_organisation_are_refused() -> None:
    offers, needs = stock([10], parties=[1]), stock([9], parties=[20], groups=[1])
    for other, name in ((needs, "group"), (stock([9], parties=[1]), "party")):
        with pytest.raises(PlanInvalid, match=name):
            problem(offers, other, [(0, 0, 1, 1)])


def test_too_many_rows_are_refused_before_work_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.zeros(10_000_000, dtype=np.int64)
    with pytest.raises(PlanInvalid, match="at most"):
        Stock(rows, rows, rows, rows, rows, rows)
    monkeypatch.setattr(problems, "MAX_ARCS", 1)
    with pytest.raises(PlanInvalid, match="at most 1 pairs"):
        two_for_one()


@pytest.mark.parametrize("share", [-1, 10_001, 0.5, True])
def test_a_share_that_cannot_be_is_refused(share: Any) -> None:
    with pytest.raises(PlanInvalid, match="buyer_share"):
        two_for_one(buyer_share=share)


@pytest.mark.parametrize("worths", [((0, 0, 0), 0), ((-1, 0, 0), 5), ((1, 0, 0), 0.5)])
def test_an_aim_that_cannot_be_is_refused(worths: Any) -> None:
    with pytest.raises(PlanInvalid):
        Aim(*worths)


def test_a_slider_that_cannot_be_is_refused() -> None:
    with pytest.raises(PlanInvalid, match="links"):
        Aim.of_slider(two_for_one(), 10_001)


@pytest.mark.parametrize(
    "limits",
    [{"seconds": 0}, {"seconds": math.nan}, {"gap": -1}, {"gap": math.nan}, {"seed": -1}],
)  # fmt: skip
def test_limits_that_cannot_be_are_refused(limits: Any) -> None:
    with pytest.raises(ValueError, match=r"(are|is)"):
        Limits(**limits)
