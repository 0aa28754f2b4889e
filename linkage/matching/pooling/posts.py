"""From columns of posts to a pool: which offers come into question, and what each can when.

The need's periods are those in which its quantity comes again (a need asked for once is one
period; with more than 60 neighbours are joined). An offer's share of a period is what its rate
gives on the days of the pair's delivery window in it; an offer of a quantity once delivers on any
of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from linkage.matching import rules
from linkage.matching.columns import ONCE, UNSET, Ints, NeedColumns, OfferColumns
from linkage.matching.engine import best_offers
from linkage.matching.near import DATES, NearMisses, near_offers
from linkage.matching.pooling.problem import (
    MAX_CANDIDATES,
    MAX_PERIODS,
    Candidate,
    Order,
    Pool,
    PoolInvalid,
    check_within,
)
from linkage.matching.pooling.solving import solve
from linkage.matching.prepared import NEVER, Prepared, prepare
from linkage.matching.solver import Limits
from linkage.matching.tables import Board, CertificateTable, TreeColumns
from linkage.matching.weights import FULL, WEIGHTS, Weights


@dataclass(frozen=True, slots=True)
class Terms:
    """What the buyer sets. `under` and `over`: the tolerance, out of 10,000 of each period.

    `least_lot`: the least that one partner brings in all. `price`: the one price proposed to all
    (UNSET: none; then each floor is within the ceiling). Raises: PoolInvalid.
    """

    partners: int = 10
    under: int = 0
    over: int = 1_000
    least_lot: int = 0
    price: int = UNSET

    def __post_init__(self) -> None:
        check_within("partners", self.partners, 1, MAX_CANDIDATES)
        check_within("under", self.under, 0, FULL - 1)
        check_within("over", self.over, 0, FULL)
        check_within("least_lot", self.least_lot, 0, 2**62)
        check_within("price", self.price, UNSET, 2**62)


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts of one question: one need, all offers, and `lots` by the offers' ids, where set.

    `today` and `weights`: by what offers are scored, as in `best_offers`.
    """

    offers: OfferColumns
    need: NeedColumns
    tree: TreeColumns
    certificates: CertificateTable
    lots: Mapping[int, int]
    today: date | None = None
    weights: Weights = WEIGHTS


def pool(posts: Posts, terms: Terms, limits: Limits | None = None) -> Pool:
    """The best pool for one need (see `solving.solve`).

    Raises: PoolInvalid, if there is not one need or the price is above its ceiling;
    ColumnsInvalid; NoFeasiblePool; solver.Cancelled.
    """
    posts = _at_one_price(posts, terms)
    return solve(order(posts.need, terms), feasible(posts, terms), limits)


def closing_pool(posts: Posts, terms: Terms, limits: Limits | None = None) -> Pool:
    """The pool that would close a shortfall: near misses too, as little missing as can be.

    The aim `takes` says how little in all; a partner that lacks nothing counts 0. A near miss of
    dates could deliver nothing and is left out. Near misses have no score.
    Raises: as `pool`.
    """
    posts = _at_one_price(posts, terms)
    return solve(order(posts.need, terms), feasible(posts, terms) + lacking(posts, terms), limits)


def order(need: NeedColumns, terms: Terms) -> Order:
    """What is asked in each period; the tolerance is rounded towards what is asked."""
    ends = _period_ends(need)
    days = ends - np.concatenate([[0], ends[:-1]])
    row = np.zeros_like(ends)
    # Of the total so far the total before: together they are the total, to the last gram.
    asked = rules.total(need, row, ends) - rules.total(need, row, ends - days)
    if need.period_days[0] == ONCE:
        asked = need.quantity[:1]
    least = tuple(-(-int(q) * (FULL - terms.under) // FULL) for q in asked)
    most = tuple(int(q) * (FULL + terms.over) // FULL for q in asked)
    return Order(least, most, terms.partners)


def feasible(posts: Posts, terms: Terms) -> list[Candidate]:
    """The offers that match the need, with their scores."""
    found = best_offers(
        posts.offers,
        posts.need,
        posts.tree,
        posts.certificates,
        top=max(1, len(posts.offers)),
        today=posts.today,
        weights=posts.weights,
    )
    scores = dict(zip(found.offer_row.tolist(), found.score.tolist(), strict=True))
    return _candidates(posts, terms, found.offer_row, found.facts.distance_m, scores, {})


def lacking(posts: Posts, terms: Terms) -> list[Candidate]:
    """The offers that lack one thing but could deliver, with how little it takes."""
    found: NearMisses = near_offers(
        posts.offers, posts.need, posts.tree, posts.certificates, top=max(1, len(posts.offers))
    )
    could = found.kind != DATES
    rows = found.offer_row[could]
    takes = dict(zip(rows.tolist(), found.takes[could].tolist(), strict=True))
    return _candidates(posts, terms, rows, found.distance_m[could], {}, takes)


def _at_one_price(posts: Posts, terms: Terms) -> Posts:
    if len(posts.need) != 1:
        raise PoolInvalid(f"a pool fills one need, not {len(posts.need)}")
    if terms.price == UNSET:
        return posts
    ceiling = int(posts.need.price_limit[0])
    if ceiling not in (UNSET, max(ceiling, terms.price)):
        raise PoolInvalid("the price proposed is above the need's own ceiling")
    price = np.array([terms.price], dtype=np.int64)
    return replace(posts, need=replace(posts.need, price_limit=price))


def _period_ends(need: NeedColumns) -> Ints:
    """How many days of the need's window are over at the end of each period."""
    days, period = int(need.ends[0] - need.starts[0]) + 1, int(need.period_days[0])
    if period == ONCE:
        return np.array([days], dtype=np.int64)
    count = -(-days // period)
    joined = period * -(-count // MAX_PERIODS)
    ends: Ints = np.minimum(np.arange(joined, days + joined, joined, dtype=np.int64), days)
    return ends


def _candidates(  # noqa: PLR0913, PLR0917  # columns of one table
    posts: Posts,
    terms: Terms,
    rows: Ints,
    distance_m: Ints,
    scores: Mapping[int, int],
    takes: Mapping[int, int],
) -> list[Candidate]:
    p = prepare(Board(posts.offers, posts.need, posts.tree, posts.certificates))
    alike = posts.offers.measure[rows] == posts.need.measure[0]
    return [
        _candidate(p, posts, terms, row, metres, scores.get(row, 0), takes.get(row, 0))
        for row, metres in zip(rows[alike].tolist(), distance_m[alike].tolist(), strict=True)
    ]


def _candidate(  # noqa: PLR0913, PLR0917  # one line of that table
    p: Prepared, posts: Posts, terms: Terms, row: int, metres: int, score: int, takes: int
) -> Candidate:
    number = int(posts.offers.id[row])
    capacity, total = _what_when(p, row, lapsed=takes > 0)
    return Candidate(
        id=number,
        score=score,
        distance_m=metres,
        total=total,
        capacity=capacity,
        lot=max(posts.lots.get(number, 0), terms.least_lot),
        takes=takes,
    )


def _what_when(p: Prepared, row: int, *, lapsed: bool) -> tuple[tuple[int, ...], int]:
    """What an offer can deliver in each period, and in all.

    `lapsed`: as if every certificate that is asked for were good.
    """
    one, zero = np.array([row]), np.array([0])
    begins = int(p.needs.starts[0])
    first, last = rules.delivery_window(p, one, zero)
    if lapsed:
        asked = [int(p.good_until[row, a]) for a in p.asked[0]]
        good = [day for day in asked if first[0] <= day < NEVER]
        both = min(int(p.offers.ends[row]), int(p.needs.ends[0]))
        last = np.array([min([both, *good])])
    ends = _period_ends(p.needs)
    starts = np.concatenate([[0], ends[:-1]])
    # Days within the delivery window up to the end, and before the start, of each period.
    until = np.clip(begins + ends - 1, first - 1, last) - first + 1
    before = np.clip(begins + starts - 1, first - 1, last) - first + 1
    rows = np.full(len(ends), row)
    if p.offers.period_days[row] == ONCE:
        quantity = int(p.offers.quantity[row])
        return tuple(quantity if day else 0 for day in (until - before).tolist()), quantity
    given = rules.total(p.offers, rows, until) - rules.total(p.offers, rows, before)
    return tuple(given.tolist()), int(given.sum())
