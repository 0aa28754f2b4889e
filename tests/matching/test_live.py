"""After any course of changes the lists are those that the engine finds from nothing."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from linkage.matching import Board, ColumnsInvalid, best_rows, live
from linkage.matching.live import LiveMatches
from tests.examples import examples
from tests.matching.posts import TODAY, columns, need, offer, random_posts

TOP = 3
chance = st.integers(0, 10**9)


class AnyCourse(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        r = Random(7)
        self.offers = {post.id: post for post in random_posts(r, 12, held=True)}
        self.needs = {post.id: post for post in random_posts(r, 8, held=False)}
        self.live = LiveMatches(Board(*self.columns(), today=TODAY), top=TOP)

    def columns(self) -> Any:
        return columns(list(self.offers.values()), list(self.needs.values()))

    def lists(self) -> dict[int, list[tuple[int, int]]]:
        """From nothing."""
        board = Board(*self.columns(), today=TODAY)
        found: dict[int, list[tuple[int, int]]] = {id_: [] for id_ in self.needs}
        for n, o, score in zip(*best_rows(board, top=TOP), strict=True):
            found[int(board.needs.id[n])].append((int(board.offers.id[o]), int(score)))
        return found

    def kept(self) -> dict[int, list[tuple[int, int]]]:
        return {id_: self.live.best_of(id_) for id_ in self.needs}

    @rule(seed=chance, id_=st.integers(0, 20))
    def an_offer_comes_or_changes(self, seed: int, id_: int) -> None:
        post = replace(random_posts(Random(seed), 1, held=True)[0], id=id_)
        before = self.kept()
        self.offers[id_] = post
        told = self.live.put_offer(columns([post], [])[0])
        self.told_what_changed(before, told)

    @rule(seed=chance, id_=st.integers(0, 12))
    def a_need_comes_or_changes(self, seed: int, id_: int) -> None:
        post = replace(random_posts(Random(seed), 1, held=False)[0], id=id_)
        self.needs[id_] = post
        assert self.live.put_need(columns([], [post])[1]) <= {id_}

    @rule(data=st.data())
    def an_offer_goes(self, data: Any) -> None:
        if self.offers:
            id_ = data.draw(st.sampled_from(sorted(self.offers)))
            before = self.kept()
            del self.offers[id_]
            self.told_what_changed(before, self.live.withdraw_offer(id_))

    @rule(data=st.data())
    def a_need_goes(self, data: Any) -> None:
        if self.needs:
            id_ = data.draw(st.sampled_from(sorted(self.needs)))
            del self.needs[id_]
            self.live.withdraw_need(id_)

    @invariant()
    def the_lists_are_those_from_nothing(self) -> None:
        assert self.kept() == self.lists()

    def told_what_changed(self, before: Any, told: set[int]) -> None:
        after = self.kept()
        assert told == {id_ for id_ in before if before[id_] != after[id_]}


TestAnyCourse = AnyCourse.TestCase
TestAnyCourse.settings = settings(max_examples=examples(200), stateful_step_count=12)


def test_a_change_asks_nothing_of_who_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among vegetables something changes: nobody looks at tools, nor at those it does not reach."""
    offers = [offer(n, commodity=(2, 8)[n % 2]) for n in range(20)]
    needs = [need(n, commodity=(1, 8)[n % 2]) for n in range(20)]
    board = LiveMatches(Board(*columns(offers, needs)), top=2)
    asked: list[int] = []

    def counting(board: Board, **more: Any) -> Any:
        asked.append(len(board.needs))
        return best_rows(board, **more)

    monkeypatch.setattr(live, "best_rows", counting)
    worse = offer(18, commodity=2, quantity=1)
    assert board.put_offer(columns([worse], [])[0]) == set()
    assert asked == []
    assert board.withdraw_offer(0) == {n for n in range(20) if n % 2 == 0}
    assert asked == [10]


def test_rows_of_posts_that_changed_are_cleared_away() -> None:
    board = LiveMatches(Board(*columns([offer(1)], [need(1)])), top=1)
    for quantity in range(1, 200):
        board.put_offer(columns([offer(1, quantity=quantity)], [])[0])
    assert len(board._offers._used.values) < 60
    assert board.best_of(1)[0][0] == 1


def test_what_the_tables_do_not_have_is_refused_and_nothing_is_changed() -> None:
    board = LiveMatches(Board(*columns([offer(1)], [need(1)])), top=1)
    before = board.best_of(1)
    with pytest.raises(ColumnsInvalid):
        board.put_offer(columns([offer(1, commodity=99)], [])[0])
    with pytest.raises(ColumnsInvalid):
        board.put_need(columns([], [need(1, commodity=99)])[1])
    assert board.best_of(1) == before
    assert board.withdraw_offer(1) == {1}
