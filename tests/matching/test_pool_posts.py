"""From posts to a pool: periods, rates, certificates, one price, what would close a shortfall."""

from __future__ import annotations

from typing import Any

import pytest

from linkage.matching.pooling.posts import Posts, Terms, closing_pool, feasible, order, pool
from linkage.matching.pooling.problem import Member, NoFeasiblePool, PoolInvalid
from tests.matching.posts import DAYS, VIETGAP, Post, columns, need, offer

TONNE = 1_000_000


def posts(offers: list[Post], *needs: Post, **lots: int) -> Posts:
    supply, demand, tree, certificates = columns(offers, needs)
    return Posts(
        supply, demand, tree, certificates, {int(key[1:]): lot for key, lot in lots.items()}
    )


def of(*offers: Post) -> Any:
    return list(offers)


def ids(found: Any) -> list[int]:
    return [member.id for member in found.members]


def test_two_co_ops_fill_what_a_supermarket_asks_for() -> None:
    asked = posts(of(offer(1, quantity=6 * TONNE), offer(2, quantity=5 * TONNE), offer(3)),
                  need(quantity=10 * TONNE))  # fmt: skip
    found = pool(asked, Terms())
    assert ids(found) == [1, 2] and found.quantity == 10 * TONNE and found.proved


def test_the_tolerance_is_rounded_towards_what_is_asked() -> None:
    (_offers, demand, *_rest) = columns([], [need(quantity=1_005)])
    asked = order(demand, Terms(under=1_000, over=1_000))
    assert (asked.least, asked.most) == ((905,), (1_105,))


def test_a_rate_is_filled_in_every_week() -> None:
    """20 days are three weeks, the last of six days: 700, 700 and 600."""
    wanted = need(quantity=700, per="week", starts=DAYS[0], ends=DAYS[19])
    early = offer(1, quantity=2_000, starts=DAYS[0], ends=DAYS[6])
    late = offer(2, quantity=100, per="day", starts=DAYS[7], ends=DAYS[30])
    (_none, demand, *_rest) = columns([], [wanted])
    assert order(demand, Terms()).least == (700, 700, 600)
    come = feasible(posts(of(early, late), wanted), Terms())
    assert {one.id: one.capacity for one in come} == {1: (2_000, 0, 0), 2: (0, 700, 600)}
    found = pool(posts(of(early, late), wanted), Terms())
    assert found.members == (Member(1, (700, 0, 0)), Member(2, (0, 700, 600)))
    with pytest.raises(NoFeasiblePool):
        pool(posts(of(early), wanted), Terms(partners=5))


def test_a_year_by_the_day_is_joined_to_sixty_periods_at_most() -> None:
    wanted = need(quantity=5, per="day", starts=DAYS[0], ends=DAYS[39].replace(year=2027))
    (_none, demand, *_rest) = columns([], [wanted])
    asked = order(demand, Terms())
    days = (wanted.ends - wanted.starts).days + 1
    assert len(asked.least) <= 60 and sum(asked.least) == 5 * days


def test_a_certificate_ends_what_its_holder_can_deliver() -> None:
    wanted = need(
        quantity=700, per="week", starts=DAYS[0], ends=DAYS[13], certificates=((VIETGAP, None),)
    )
    own = offer(1, quantity=100, per="day", certificates=((VIETGAP, DAYS[8]),))
    (one,) = feasible(posts(of(own), wanted), Terms())
    assert (one.capacity, one.total) == ((700, 200), 900)


def test_one_price_for_all_leaves_out_whose_floor_is_above_it() -> None:
    asked = posts(of(offer(1, price_limit=5_000), offer(2, price_limit=5_001), offer(3)),
                  need(quantity=2 * TONNE, price_limit=6_000))  # fmt: skip
    assert ids(pool(asked, Terms(price=5_000))) == [1, 3]
    assert len(feasible(asked, Terms())) == 3
    with pytest.raises(PoolInvalid, match="ceiling"):
        pool(asked, Terms(price=6_001))


def test_lots_of_either_side_are_kept() -> None:
    offers = of(offer(1, quantity=9_000), offer(2, quantity=9_000), offer(3, quantity=2_000))
    asked = posts(offers, need(quantity=10_000), a1=8_000, a2=8_000)
    assert ids(pool(asked, Terms(over=0))) == [1, 3]
    with pytest.raises(NoFeasiblePool):
        pool(asked, Terms(over=0, least_lot=2_001))


def test_what_would_close_a_shortfall_takes_as_little_as_can_be() -> None:
    wanted = need(quantity=3 * TONNE, max_distance_m=10_000, certificates=((VIETGAP, None),))
    good = ((VIETGAP, DAYS[39]),)
    asked = posts(
        of(
            offer(1, certificates=good),
            offer(2),
            offer(3, certificates=good, latitude=20.955),
            offer(4, certificates=((VIETGAP, DAYS[3]),), starts=DAYS[5]),
            offer(5, certificates=good, starts=DAYS[25], ends=DAYS[30]),
        ),
        wanted,
    )
    with pytest.raises(NoFeasiblePool) as error:
        pool(asked, Terms())
    assert (error.value.code, error.value.values) == ("too_little", {"short": 2 * TONNE})
    found = closing_pool(asked, Terms())
    # The third is 564 m too far, the fourth renews; the second would begin with certificates.
    assert ids(found) == [1, 3, 4]
    assert found.aim("takes").value == 564 + 2_054


def test_units_of_another_measure_are_no_part_of_a_pool() -> None:
    assert feasible(posts(of(offer(1, measure=2)), need()), Terms()) == []


def test_a_pool_is_for_one_need() -> None:
    with pytest.raises(PoolInvalid, match="one need"):
        pool(posts(of(offer()), need(1), need(2)), Terms())


@pytest.mark.parametrize(
    "terms", [{"partners": 0}, {"under": 10_000}, {"over": -1}, {"least_lot": 0.5}, {"price": -2}]
)
def test_terms_that_cannot_be_are_refused(terms: Any) -> None:
    with pytest.raises(PoolInvalid, match=next(iter(terms))):
        Terms(**terms)
