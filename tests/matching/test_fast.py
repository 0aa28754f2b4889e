"""The compiled engine gives the answers of the oracle and of NumPy, to the integer and the tie."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.matching import FACTORS, WEIGHTS, Board, Weights, best_offers, best_rows, compiled
from linkage.matching.bench import plain as plain_kernel
from linkage.matching.cells import CELLS
from linkage.matching.columns import UNSET
from linkage.matching.live import LiveMatches
from linkage.suggestions.bench.posts import invent
from tests.examples import examples
from tests.matching import brute
from tests.matching.posts import (
    DAYS,
    TODAY,
    Post,
    columns,
    need,
    offer,
    random_posts,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tests' environment has what it needs, so that nothing is skipped in silence.

    By the tests' own `monkeypatch`: another one would be undone before it, in the wrong order.
    """
    monkeypatch.setattr(compiled, "FEWEST_PAIRS", 0)
    assert compiled.load()
    yield
    compiled.unload()


def test_few_pairs_are_no_work_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled.answers(1, 1, 1)
    assert not compiled.answers(1, 1, compiled.MOST_KEPT + 1)
    monkeypatch.setattr(compiled, "FEWEST_PAIRS", 2)
    assert not compiled.answers(1, 1, 1)


def plain(found: Any) -> list[Any]:
    return [(match.need, match.offer, match.score, dict(match.factors)) for match in found]


def by_numpy(board: Board, **more: Any) -> list[list[int]]:
    compiled.unload()
    try:
        return lists(best_rows(board, **more))
    finally:
        assert compiled.load()


def lists(rows: Any) -> list[list[int]]:
    return [column.tolist() for column in rows]


@given(
    r=st.randoms(use_true_random=False),
    sizes=st.tuples(st.integers(0, 14), st.integers(0, 14)),
    top=st.sampled_from((1, 2, 3, 50)),
    today=st.sampled_from((TODAY, None)),
)
def test_it_is_the_oracle_on_any_posts(
    r: Random, sizes: tuple[int, int], top: int, today: date | None
) -> None:
    offers = random_posts(r, sizes[0], held=True)
    needs = random_posts(r, sizes[1], held=False)
    found = plain(best_offers(*columns(offers, needs), top=top, today=today))
    assert found == brute.best_offers(offers, needs, top, today)


def skewed(r: Random, posts: list[Post]) -> list[Post]:
    """Half of all have one commodity, half lie in one commune."""
    return [
        replace(
            post,
            commodity=3 if r.random() < 0.5 else post.commodity,
            latitude=20.86 if r.random() < 0.5 else post.latitude,
            longitude=106.68 if r.random() < 0.5 else post.longitude,
        )
        for post in posts
    ]


@settings(max_examples=examples(200))
@given(
    seed=st.integers(0, 10**6),
    shape=st.sampled_from(("uniform", "skewed", "equal", "one commodity")),
    top=st.sampled_from((1, 4, 10)),
)
def test_it_is_numpy_where_there_are_many(seed: int, shape: str, top: int) -> None:
    """Enough for several blocks, in which ties go to the smaller id wherever it stands."""
    r = Random(seed)
    offers = random_posts(r, 400, held=True)
    needs = random_posts(r, 60, held=False)
    if shape == "skewed":
        offers, needs = skewed(r, offers), skewed(r, needs)
    if shape == "equal":
        offers = [offer(post.id, latitude=post.latitude) for post in offers]
    if shape == "one commodity":
        offers = [replace(post, commodity=2) for post in offers]
        needs = [replace(post, commodity=r.choice((0, 1, 2))) for post in needs]
    board = Board(*columns(offers, needs), today=TODAY)
    found = lists(best_rows(board, top=top))
    assert found == by_numpy(board, top=top)
    assert found == lists(plain_kernel.best_rows(board, top, WEIGHTS))


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_numpy_at_the_size_of_a_region(seed: int) -> None:
    board = invent(3_000, seed)
    found = lists(best_rows(board, top=10))
    assert found == by_numpy(board, top=10)
    assert found == lists(plain_kernel.best_rows(board, 10, WEIGHTS))
    assert len(found[0]) > 10_000


def spread(posts: Any, seed: int, height: float, width: float) -> Any:
    """Each post at a place of its own."""
    chance = np.random.default_rng(seed)
    return replace(
        posts,
        latitude=20.8 + chance.uniform(-height, height, len(posts)),
        longitude=chance.uniform(-width, width, len(posts)),
    )


@pytest.mark.parametrize(("height", "width"), [(0.3, 0.5), (60.0, 180.0)])
def test_it_is_numpy_where_nobody_shares_a_place(height: float, width: float) -> None:
    """More places than cells: a cell's distance is a bound; round the globe some are not sure."""
    posts = invent(1_000, 3)
    offers = spread(posts.offers, 1, height, width)
    needs = replace(
        spread(posts.needs, 2, height, width), max_distance_m=posts.needs.max_distance_m
    )
    if width > 90:
        needs = replace(needs, max_distance_m=np.full(len(needs), 25_000_000))
        offers = replace(offers, max_distance_m=np.full(len(offers), UNSET))
    assert len(offers) + len(needs) > CELLS
    board = replace(posts, offers=offers, needs=needs)
    found = lists(best_rows(board, top=5))
    assert found == by_numpy(board, top=5)
    packed, searched = compiled.modules()
    unsure = searched.best_rows(packed.pack(board, WEIGHTS), 5).unsure
    assert (len(unsure) > 0) == (width > 90)
    with pytest.raises(plain_kernel.TooManyPlaces):
        plain_kernel.best_rows(board, 5, WEIGHTS)


@pytest.mark.parametrize("factor", FACTORS)
def test_any_weights_are_bounded_rightly(factor: str) -> None:
    """All weight on one thing, so that nearly everything ties."""
    weights = Weights("one", **{name: 10_000 * (name == factor) for name in FACTORS})
    r = Random(5)
    posts = columns(random_posts(r, 300, held=True), random_posts(r, 40, held=False))
    board = Board(*posts, today=TODAY)
    found = lists(best_rows(board, top=5, weights=weights))
    assert found == by_numpy(board, top=5, weights=weights)


@pytest.mark.parametrize("preference", [0, 1_500, 10_000])
def test_another_preference_is_the_same_to_every_engine_and_to_the_oracle(
    preference: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = WEIGHTS.preferring(preference)
    of = zip(FACTORS, weights.as_tuple(), strict=True)
    monkeypatch.setattr(brute, "PERCENT", {name: Fraction(own, 100) for name, own in of})
    r = Random(6)
    offers, needs = random_posts(r, 120, held=True), random_posts(r, 30, held=False)
    right = brute.best_offers(offers, needs, 5, TODAY)
    posts = columns(offers, needs)
    assert plain(best_offers(*posts, top=5, today=TODAY, weights=weights)) == right
    board = Board(*posts, today=TODAY)
    found = lists(best_rows(board, top=5, weights=weights))
    assert found == by_numpy(board, top=5, weights=weights)
    assert found[2] == [score for _need, _offer, score, _factors in right]
    live = LiveMatches(board, top=5, weights=weights)
    kept = [pair for need in board.needs.id for pair in live.best_of(int(need))]
    assert kept == [(own, score) for _need, own, score, _factors in right]


def test_windows_that_touch_and_limits_at_the_border() -> None:
    own = offer(1, starts=DAYS[5], ends=DAYS[5], price_limit=7, max_distance_m=0)
    wanted = need(1, starts=DAYS[5], ends=DAYS[9], price_limit=7, max_distance_m=0)
    assert plain(best_offers(*columns([own], [wanted]), top=3)) == brute.best_offers(
        [own], [wanted], 3, None
    )
    for apart in (
        replace(own, starts=DAYS[4], ends=DAYS[4]),
        replace(own, price_limit=8),
        replace(own, latitude=20.8601),
    ):
        assert len(best_offers(*columns([apart], [wanted]), top=3)) == 0


def test_the_largest_numbers_do_not_go_round() -> None:
    """Quantities, prices and windows at their limits, as a rate and once."""
    days = {"starts": date(1, 1, 1), "ends": date(9999, 12, 31)}
    for per, quantity in (("once", 900_000_000_000_000), ("day", 200_000_000)):
        own = [
            offer(1, **days, per="day", quantity=1),
            offer(2, quantity=quantity, price_limit=2**62),
            offer(3, **days, per="month", quantity=7),
        ]
        wanted = [need(1, **days, per=per, quantity=quantity, price_limit=2**62), need(2, **days)]
        board = Board(*columns(own, wanted))
        found = lists(best_rows(board, top=3))
        assert found == by_numpy(board, top=3)
        assert len(found[0]) == 6


def test_a_bound_turned_round_is_noticed() -> None:
    board = invent(3_000, 1)
    packed, searched = compiled.modules()
    whole = packed.pack(board, WEIGHTS)
    right = searched.best_rows(whole, 10)
    broken = searched.best_rows(packed.turned_round(whole), 10)
    assert lists(best_rows(board, top=10))[1] == right.offer_row.tolist()
    assert right.offer_row.tolist() != broken.offer_row.tolist()


SCRIPT = """
import sys
sys.path[:0] = {paths!r}
sys.modules["numba"] = None
import linkage.matching.compiled
print(linkage.matching.compiled.load(), linkage.matching.compiled.loaded())
"""


@pytest.mark.parametrize("script", [SCRIPT, SCRIPT.replace("None", "type(sys)('broken')")])
def test_without_numba_numpy_goes_on_alone(script: str) -> None:
    paths = [str(ROOT), *(path for path in sys.path if "site-packages" in path)]
    done = subprocess.run(
        [sys.executable, "-S", "-c", script.format(paths=paths)],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]


def test_nothing_is_compiled_unless_somebody_asks() -> None:
    script = "import sys, linkage.matching; print('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == ["False"]
