"""Near misses: exactly one condition fails, by so much, and a price tells nothing more."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.matching import near, near_needs, near_offers
from linkage.matching.near_words import lacking
from tests.coverage.mutations import mutated
from tests.matching import brute
from tests.matching.posts import (
    DAYS,
    HACCP,
    OCOP_3,
    OCOP_4,
    VIETGAP,
    Post,
    columns,
    need,
    offer,
    random_posts,
)

NAMES = ("VietGAP", "HACCP", "OCOP 3 sao", "OCOP 4 sao", "OCOP 5 sao", "X")


def told(own: Post, wanted: Post, language: str = "vi") -> list[str]:
    found = near_offers(*columns([own], [wanted]), top=5)
    return [lacking(miss, NAMES, language) for miss in found]


@pytest.mark.parametrize(
    ("own", "wanted", "vi", "en"),
    [
        (
            offer(),
            need(certificates=((VIETGAP, None),)),
            "thiếu VietGAP",
            "VietGAP is missing",
        ),
        (
            offer(certificates=((VIETGAP, DAYS[2]),)),
            need(certificates=((VIETGAP, None),), starts=DAYS[3]),
            "chứng nhận VietGAP hết hạn 3/12/2026",
            "VietGAP runs out on 3/12/2026",
        ),
        (
            offer(latitude=20.96),
            need(latitude=20.86, max_distance_m=3_120),
            "xa hơn 8 km",
            "8 km too far",
        ),
        (
            offer(price_limit=7_000),
            need(price_limit=6_999),
            "giá chưa gặp nhau",
            "prices do not meet yet",
        ),
        (offer(ends=DAYS[4]), need(starts=DAYS[7]), "lệch 3 ngày", "dates apart by days: 3"),
        (
            offer(commodity=1),
            need(commodity=3),
            "mặt hàng ghi chung hơn yêu cầu 2 bậc",
            "stated more broadly than asked (levels: 2)",
        ),
    ],
)
def test_what_is_lacking_is_said_with_by_how_much(
    own: Post, wanted: Post, vi: str, en: str
) -> None:
    assert told(own, wanted, "vi") == [vi]
    assert told(own, wanted, "en") == [en]


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        (offer(), need()),
        (offer(active=False), need()),
        (offer(organisation=5), need(organisation=5)),
        (offer(tax_party=5), need(tax_party=5)),
        (offer(commodity=8), need()),
        (offer(price_limit=7, measure=2), need(price_limit=6)),
        (offer(price_limit=7), need(price_limit=6, certificates=((HACCP, None),))),
        (offer(), need(certificates=((HACCP, None), (VIETGAP, None)))),
    ],
    ids=["fits", "inactive", "same", "one code", "branch", "measure", "two", "two certificates"],
)
def test_what_fits_and_what_fails_otherwise_is_no_near_miss(own: Post, wanted: Post) -> None:
    assert told(own, wanted) == []


def test_a_renewal_a_nearer_place_and_less_come_first() -> None:
    offers = [
        offer(1),
        offer(2, certificates=((VIETGAP, DAYS[0] - timedelta(days=9)),)),
        offer(3, certificates=((VIETGAP, DAYS[39]),), starts=DAYS[22], ends=DAYS[30]),
        offer(4, certificates=((VIETGAP, DAYS[0] - timedelta(days=9)),), latitude=20.9),
    ]
    asked = columns(offers, [need(certificates=((VIETGAP, None),))])
    found = near_offers(*asked, top=9)
    assert found.offer_id.tolist() == [3, 2, 4, 1]
    assert found.takes.tolist() == [333, 2_246, 2_246, 8_000]
    assert near_offers(*asked, top=2).offer_id.tolist() == [3, 2]


def test_a_metre_too_far_takes_something() -> None:
    own, wanted = offer(latitude=20.96), need(latitude=20.86, max_distance_m=11_119)
    (miss,) = near_offers(*columns([own], [wanted]), top=1)
    assert (miss.amount, miss.takes) == (1, 1)


def test_how_far_prices_are_apart_shows_nowhere() -> None:
    """All limits that do not meet give the same answer, order included."""
    answers = set()
    for floors in ((7, 9_000_000), (9_000_000, 7), (7, 7)):
        offers = [offer(2, price_limit=floors[0]), offer(1, price_limit=floors[1])]
        found = near_offers(*columns(offers, [need(price_limit=6)]), top=5)
        answers.add(tuple(map(str, found)))
    assert len(answers) == 1


def test_a_certificate_that_stands_for_another_is_judged_by_its_own_last_day() -> None:
    held = ((OCOP_4, DAYS[1]), (OCOP_3, DAYS[0]))
    own, wanted = offer(certificates=held), need(certificates=((OCOP_3, None),), starts=DAYS[3])
    assert told(own, wanted) == ["chứng nhận OCOP 3 sao hết hạn 2/12/2026"]


def all_by_hand(offers: list[Post], needs: list[Post]) -> set[Any]:
    return {
        (wanted.id, own.id, *miss)
        for own in offers
        for wanted in needs
        if (miss := brute.near_miss(own, wanted))
    }


def pairs(found: Any) -> set[Any]:
    return {(miss.need, miss.offer, miss.kind, miss.amount) for miss in found}


@given(r=st.randoms(use_true_random=False), sizes=st.tuples(st.integers(0, 15), st.integers(0, 15)))
def test_near_misses_are_those_found_by_hand(r: Random, sizes: tuple[int, int]) -> None:
    offers = random_posts(r, sizes[0], held=True)
    needs = random_posts(r, sizes[1], held=False)
    right = all_by_hand(offers, needs)
    assert pairs(near_offers(*columns(offers, needs), top=99)) == right
    assert pairs(near_needs(*columns(offers, needs), top=99)) == right


def big() -> tuple[list[Post], list[Post]]:
    r = Random(5)
    return random_posts(r, 120, held=True), random_posts(r, 120, held=False)


def test_blocks_of_any_size_give_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    given_columns = columns(*big())
    whole = list(near_offers(*given_columns, top=3)), list(near_needs(*given_columns, top=3))
    monkeypatch.setattr(near, "BLOCK_PAIRS", 90)
    monkeypatch.setattr(near, "KEPT", 40)
    again = list(near_offers(*given_columns, top=3)), list(near_needs(*given_columns, top=3))
    assert again == whole
    owners = [miss.need for miss in whole[0]]
    assert len(owners) > 100 and max(owners.count(one) for one in owners) == 3


BREAKS = [
    ("two may fail", "failed + too_far == 1", "failed + too_far >= 1"),
    ("none may fail", "failed + too_far == 1", "failed + too_far <= 1"),
    ("dates that touch miss", "(gap > 0).astype", "(gap >= 0).astype"),
    ("a last day is not good", "o, asked[n]] < first\n", "o, asked[n]] <= first\n"),
    ("measures mixed", "come = alike &", "come ="),
    ("one party", "rules.strangers(p, o, n) &", ""),
    ("whoever is inactive", "& rules.both_active(p, o, n)", ""),
    ("above left out", "below | _above(p.tree, of_offers, asked)", "below"),
    ("the wider limit", "np.minimum(one, other))", "np.maximum(one, other))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "broken"), [pytest.param(*b[1:], id=b[0]) for b in BREAKS])
def test_a_broken_rule_is_noticed(text: str, broken: str) -> None:
    fault: ModuleType | Any = mutated(near, text, broken)
    right = all_by_hand(*big())
    assert pairs(near_offers(*columns(*big()), top=999)) == right
    assert pairs(fault.near_offers(*columns(*big()), top=999)) != right
