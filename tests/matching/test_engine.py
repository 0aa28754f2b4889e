"""The engine and the plain oracle find the same matches, and each rule broken is noticed."""

from __future__ import annotations

from datetime import date
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.matching import FACTORS, best_needs, best_offers, engine, prepared, rules, tables
from linkage.matching import weights as weights_module
from tests.coverage.mutations import mutated
from tests.matching import brute, posts
from tests.matching.mutations import MUTATIONS
from tests.matching.posts import TODAY, columns, need, offer, random_posts


def plain(found: Any) -> list[Any]:
    return [(match.need, match.offer, match.score, dict(match.factors)) for match in found]


def big(seed: int) -> tuple[list[Any], list[Any]]:
    r = Random(seed)
    return random_posts(r, 150, held=True), random_posts(r, 150, held=False)


@given(
    r=st.randoms(use_true_random=False),
    sizes=st.tuples(st.integers(0, 12), st.integers(0, 12)),
    top=st.sampled_from((1, 2, 3, 50)),
    today=st.sampled_from((TODAY, None)),
)
def test_the_engine_is_the_oracle_on_any_posts(
    r: Random, sizes: tuple[int, int], top: int, today: date | None
) -> None:
    offers = random_posts(r, sizes[0], held=True)
    needs = random_posts(r, sizes[1], held=False)
    given_columns = columns(offers, needs)
    of_needs = best_offers(*given_columns, top=top, today=today)
    of_offers = best_needs(*given_columns, top=top, today=today)
    assert plain(of_needs) == brute.best_offers(offers, needs, top, today)
    assert plain(of_offers) == brute.best_needs(offers, needs, top, today)


def test_the_engine_is_the_oracle_where_everything_ties() -> None:
    """Twins of one offer: only ids order them, whatever their places are."""
    numbers = [7, 3, 11, 2, 5]
    offers = [offer(number) for number in numbers]
    found = best_offers(*columns(offers, [need(1), need(2)]), top=3)
    assert found.offer_id.tolist() == [2, 3, 5, 2, 3, 5]
    assert len(set(found.score.tolist())) == 1


class CalledOff(Exception):
    """Raised between two blocks."""


@pytest.mark.parametrize("search", [best_offers, best_needs])
def test_it_can_be_called_off_between_two_blocks(
    monkeypatch: pytest.MonkeyPatch, search: Any
) -> None:
    offers, needs = big(3)
    monkeypatch.setattr(engine, "BLOCK_PAIRS", 100)
    asked: list[int] = []

    def between() -> None:
        asked.append(len(asked))
        if len(asked) == 3:
            raise CalledOff

    with pytest.raises(CalledOff):
        search(*columns(offers, needs), top=4, between=between)
    assert len(asked) == 3


def test_blocks_of_any_size_give_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    offers, needs = big(2)
    whole = plain(best_offers(*columns(offers, needs), top=4, today=TODAY))
    other_way = plain(best_needs(*columns(offers, needs), top=4, today=TODAY))
    monkeypatch.setattr(engine, "BLOCK_PAIRS", 100)
    monkeypatch.setattr(engine, "POOLED", 40)
    assert plain(best_offers(*columns(offers, needs), top=4, today=TODAY)) == whole
    assert plain(best_needs(*columns(offers, needs), top=4, today=TODAY)) == other_way


def test_a_block_is_bounded_and_no_pair_is_formed_across_branches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Vegetables never meet tools, and a block holds no more pairs than it may."""
    offers = [offer(n, commodity=(2, 8)[n % 2]) for n in range(60)]
    needs = [need(n, commodity=(1, 8)[n % 2]) for n in range(60)]
    seen: list[tuple[int, int]] = []

    def counting(p: Any, o: Any, n: Any) -> Any:
        seen.append((o.size, n.size))
        assert len({int(row) % 2 for row in (*o.ravel(), *n.ravel())}) == 1
        return ordinary(p, o, n)

    ordinary = rules.possible
    monkeypatch.setattr(engine, "BLOCK_PAIRS", 200)
    monkeypatch.setattr(rules, "possible", counting)
    best_offers(*columns(offers, needs), top=2)
    assert sum(o * n for o, n in seen) == 2 * 30 * 30
    assert max(o * n for o, n in seen) <= 200


def test_the_order_of_the_rows_changes_nothing() -> None:
    offers, needs = big(3)
    ordered = {pair[:2]: pair for pair in plain(best_offers(*columns(offers, needs), top=3))}
    Random(1).shuffle(offers)
    Random(2).shuffle(needs)
    assert {p[:2]: p for p in plain(best_offers(*columns(offers, needs), top=3))} == ordered


def test_a_price_shows_nowhere_but_in_being_in_range() -> None:
    """Two floors on one side of the ceiling give the same match in every value."""
    answers = []
    for floor in (None, 1, 6_000):
        offers = [offer(1, price_limit=floor), offer(2)]
        found = best_offers(*columns(offers, [need(price_limit=6_000)]), top=5)
        answers.append([found[0], found[1]])
    assert answers[0] == answers[1] == answers[2]
    beyond = columns([offer(price_limit=6_001)], [need(price_limit=6_000)])
    assert len(best_offers(*beyond, top=5)) == 0


@pytest.fixture(scope="module")
def right() -> list[Any]:
    return [brute.best_offers(*big(seed), 4, TODAY) for seed in (11, 12)]


def test_the_engine_itself_passes_the_comparison_that_follows(right: list[Any]) -> None:
    found = [plain(best_offers(*columns(*big(seed)), top=4, today=TODAY)) for seed in (11, 12)]
    assert found == right
    assert sum(len(answer) for answer in found) > 400, "too few matches: it shows nothing"
    for name in FACTORS:
        assert len({pair[3][name] for answer in found for pair in answer}) >= 3, name


@pytest.mark.parametrize(
    ("module", "text", "broken"),
    [pytest.param(*row[1:], id=f"{row[1].__name__.split('.')[-1]}: {row[0]}") for row in MUTATIONS],
)
def test_a_broken_rule_is_noticed(
    module: ModuleType, text: str, broken: str, right: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault: Any = mutated(module, text, broken)
    asked = {"top": 4, "today": TODAY}
    match module:
        case _ if module is rules:
            monkeypatch.setattr(engine, "rules", fault)
        case _ if module is prepared:
            monkeypatch.setattr(engine, "prepare", fault.prepare)
        case _ if module is tables:
            monkeypatch.setattr(posts, "TreeColumns", fault.TreeColumns)
        case _ if module is weights_module:
            asked["weights"] = fault.WEIGHTS
    if module is engine:
        fault.BLOCK_PAIRS = 500
    find = fault.best_offers if module is engine else best_offers
    assert answers_or_nothing(find, asked) != right


def answers_or_nothing(find: Any, asked: dict[str, Any]) -> Any:
    """A score over 10,000 may point to a row that is not there: that is noticed too."""
    try:
        return [plain(find(*columns(*big(seed)), **asked)) for seed in (11, 12)]
    except IndexError:
        return None
