"""Pools: exact, proved, verified in integers; each rule broken is noticed."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.matching.pooling import deliveries, solving
from linkage.matching.pooling.problem import (
    Candidate,
    Member,
    NoFeasiblePool,
    Order,
    PoolInvalid,
)
from linkage.matching.pooling.solving import solve
from linkage.matching.pooling.verify import PoolWrong, verify
from linkage.matching.solver import Cancelled, Limits
from tests.coverage.mutations import mutated
from tests.matching.pools import brute_force, random_question

TONNE = 1_000_000


def one(number: int, total: int, **changes: Any) -> Candidate:
    """A candidate of one period."""
    plain = Candidate(id=number, score=5_000, distance_m=1_000, total=total, capacity=(total,))
    return replace(plain, **changes)


def values(pool: Any) -> tuple[int, int, int, int]:
    found = {aim.name: aim.value for aim in pool.aims}
    return found.get("takes", 0), found["partners"], -found["score"], found["transport"]


def answer(order: Order, candidates: list[Candidate], solver: Any = solving) -> Any:
    try:
        return values(solver.solve(order, candidates))
    except NoFeasiblePool as error:
        assert error.code != "not_in_time"
        return None


def test_two_fill_what_none_fills_alone_and_the_nearer_delivers_more() -> None:
    order = Order(least=(10 * TONNE,), most=(11 * TONNE,), partners=3)
    pool = solve(order, [
        one(1, 4 * TONNE, score=9_000, distance_m=2_000),
        one(2, 8 * TONNE, score=5_000, distance_m=9_000),
        one(3, 7 * TONNE, score=6_000, distance_m=40_000),
        one(4, 1 * TONNE, score=10_000, distance_m=100),
    ])  # fmt: skip
    # 1 with 2 scores 14,000, 1 with 3 scores 15,000: the better score before the shorter way.
    assert pool.members == (Member(1, (4 * TONNE,)), Member(3, (6 * TONNE,)))
    assert values(pool) == (0, 2, -15_000, 4 * TONNE * 2_000 + 6 * TONNE * 40_000)
    assert pool.proved and pool.quantity == 10 * TONNE
    assert [aim.gap for aim in pool.aims] == [0, 0, 0]


def test_a_period_that_one_cannot_serve_is_served_by_another() -> None:
    order = Order(least=(5, 5), most=(5, 5), partners=2)
    early = one(1, 9, capacity=(9, 0))
    late = one(2, 9, capacity=(2, 9), distance_m=1)
    pool = solve(order, [early, late])
    assert pool.members == (Member(1, (3, 0)), Member(2, (2, 5)))
    with pytest.raises(NoFeasiblePool) as error:
        solve(order, [early, replace(early, id=3)])
    assert (error.value.code, error.value.values) == ("too_little", {"short": 5})


def test_lots_that_overfill_leave_no_pool() -> None:
    order = Order(least=(10,), most=(12,), partners=2)
    with pytest.raises(NoFeasiblePool) as error:
        solve(order, [one(1, 9, lot=7), one(2, 9, lot=7)])
    assert error.value.code == "does_not_fit"


def test_what_is_lacking_is_said_with_by_how_much() -> None:
    order = Order(least=(10,), most=(12,), partners=2)
    with pytest.raises(NoFeasiblePool) as error:
        solve(order, [one(1, 3), one(2, 4)])
    assert (error.value.code, error.value.values) == ("too_little", {"short": 3})
    with pytest.raises(NoFeasiblePool) as error:
        solve(order, [one(1, 3), one(2, 4), one(3, 4)])
    assert (error.value.code, error.value.values) == ("too_many_partners", {"partners": 3})
    with pytest.raises(NoFeasiblePool):
        solve(order, [])


def test_of_near_misses_the_least_is_taken_even_if_more_partners_are_needed() -> None:
    order = Order(least=(10,), most=(12,), partners=3)
    close = [one(1, 9), one(2, 4, takes=8_000), one(3, 1, takes=300)]
    assert [member.id for member in solve(order, close).members] == [1, 3]
    whole = [*close, one(4, 1), one(5, 12, takes=1)]
    assert [member.id for member in solve(order, whole).members] == [1, 4]


def test_a_gram_short_is_short() -> None:
    """Far below what the solver sees: integers decide."""
    quantity = 600_000_000_000_000
    order = Order(least=(quantity,), most=(quantity,), partners=2)
    short = [one(1, quantity // 2), one(2, quantity // 2 - 1, score=10_000), one(3, quantity // 2)]
    assert [member.id for member in solve(order, short).members] == [1, 3]


@given(r=st.randoms(use_true_random=False), lacking=st.booleans())
def test_a_pool_is_the_best_of_all(r: Random, lacking: bool) -> None:
    order, candidates = random_question(r, lacking=lacking)
    assert answer(order, candidates) == brute_force(order, candidates)


@given(r=st.randoms(use_true_random=False))
def test_any_pool_of_large_numbers_keeps_what_was_asked(r: Random) -> None:
    periods = r.choice((1, 4))
    least = tuple(r.randrange(10**9) + 1 for _ in range(periods))
    order = Order(least, tuple(q + q // 10 for q in least), 5)
    candidates = [
        Candidate(
            n, r.randrange(10_001), r.randrange(99_999), r.randrange(10**9 * periods),
            tuple(r.randrange(10**9) for _ in range(periods)), r.choice((0, 10**7)),
        )
        for n in range(20)
    ]  # fmt: skip
    try:
        pool = solve(order, candidates)
    except NoFeasiblePool:
        return
    verify(order, candidates, pool)
    assert pool.proved


BREAKS = [
    (solving, "scores ignored", "return [-one.score for", "return [0 * one.score for"),
    (solving, "partners do not count", "return [1] * len", "return [0] * len"),
    (solving, "settled aims forgotten", "self.settled.append((weights, value))", "pass"),
    (solving, "periods unjudged", "return broken is None", "return True"),
    (deliveries, "furthest first", "(members[p].distance_m", "(-members[p].distance_m"),
    (deliveries, "lots not counted", "max(0, one.lot - sum", "max(0, 0 * one.lot - sum"),
    (deliveries, "a total ignored", "min(one.total, sum(one", "min(10**6, sum(one"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "text", "broken"), [pytest.param(b[0], *b[2:], id=b[1]) for b in BREAKS]
)
def test_a_broken_rule_is_noticed(
    module: Any, text: str, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault: Any = mutated(module, text, broken)
    if module is deliveries:
        for name in ("deliver", "row", "broken_row"):
            monkeypatch.setattr(deliveries, name, getattr(fault, name))
        fault = solving
    questions = [random_question(Random(seed), lacking=seed % 2 == 0) for seed in range(60)]
    assert any(wrong(fault, *question) for question in questions)


def wrong(solver: Any, order: Order, candidates: list[Candidate]) -> bool:
    try:
        return bool(answer(order, candidates, solver) != brute_force(order, candidates))
    except (PoolWrong, AssertionError, ValueError, TypeError):
        return True
    except Exception as error:  # networkx names what cannot flow
        return type(error).__module__.startswith("networkx")


def test_the_check_finds_each_fault() -> None:
    order = Order(least=(10,), most=(12,), partners=2)
    candidates = [one(1, 8, lot=3), one(2, 7), one(3, 7)]
    pool = solve(order, candidates)
    first, second = pool.members
    for members in (
        (first,),
        (first, first),
        (replace(first, id=9), second),
        (first, replace(second, delivered=(9,))),
        (replace(first, delivered=(2,)), replace(second, delivered=(7,))),
        (first, replace(second, delivered=(second.quantity + 1,))),
    ):
        with pytest.raises(PoolWrong):
            verify(order, candidates, replace(pool, members=members))
    for aim in pool.aims:
        others = tuple(a for a in pool.aims if a is not aim)
        with pytest.raises(PoolWrong):
            verify(
                order, candidates, replace(pool, aims=(*others, replace(aim, value=aim.value - 1)))
            )


@pytest.mark.parametrize(
    "changes",
    [
        {"total": -1}, {"score": 10_001}, {"distance_m": -5}, {"lot": 1.5}, {"id": True},
        {"total": math.nan}, {"total": math.inf}, {"capacity": ("9",)}, {"takes": 10_001},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_work_begins(changes: Any) -> None:
    with pytest.raises(PoolInvalid, match=next(iter(changes))):
        replace(one(1, 5), **changes)


@pytest.mark.parametrize(
    ("least", "most", "partners"),
    [
        ((), (), 1), ((1,), (), 1), ((0,), (5,), 1), ((5,), (4,), 1), ((1,), (1,), 0),
        ((1,) * 61, (1,) * 61, 1),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused(least: Any, most: Any, partners: int) -> None:
    with pytest.raises(PoolInvalid):
        Order(least, most, partners)


def test_candidates_that_cannot_be_are_refused() -> None:
    order = Order((1,), (1,), 1)
    for candidates in ([one(1, 1), one(1, 2)], [one(1, 1, capacity=(1, 1))]):
        with pytest.raises(PoolInvalid):
            solve(order, candidates)
    with pytest.raises(PoolInvalid, match="at most 2000"):
        solve(order, [one(n, 1) for n in range(2_001)])


def test_who_cancels_is_heard() -> None:
    with pytest.raises(Cancelled):
        solve(Order((1,), (1,), 1), [one(1, 1)], Limits(cancelled=lambda: True))


def test_when_time_is_over_the_best_found_comes_with_its_gap() -> None:
    r = Random(4)
    candidates = [
        Candidate(
            n, r.randrange(10_000), r.randrange(90_000), 10**7,
            tuple(r.randrange(10**6) for _ in range(30)), 10**5,
        )
        for n in range(150)
    ]  # fmt: skip
    order = Order((6 * 10**6,) * 30, (7 * 10**6,) * 30, 150)
    pool = solve(order, candidates, Limits(seconds=0.02))
    assert not pool.proved
    assert any(aim.gap > 0 for aim in pool.aims)
    verify(order, candidates, pool)
