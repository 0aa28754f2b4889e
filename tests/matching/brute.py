"""The engine's oracle: each pair by itself, in plain Python, from the rule's text alone.

Days are sets of days, shares are fractions, and nothing is taken from `linkage.matching`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.matching.posts import PARENTS, SATISFIES, Post

Found = tuple[int, int, int, dict[str, int]]
PERCENT = {
    "quantity": 20, "window": 15, "nearness": 15, "commodity": 10,
    "certificates": 5, "freshness": 5, "standing": 10, "preference": 20,
}  # fmt: skip
DAYS_OF = {"day": 1, "week": 7, "month": 30}


def best_offers(offers: Iterable[Post], needs: Iterable[Post], top: int, today: date | None) -> Any:
    """(need, offer, score, factors) of each need's best, needs in the order given."""
    offers, answer = list(offers), []
    for wanted in needs:
        found = [pair for own in offers if (pair := judged(own, wanted, today))]
        found.sort(key=lambda pair: (-pair[2], pair[1]))
        answer += found[:top]
    return answer


def best_needs(offers: Iterable[Post], needs: Iterable[Post], top: int, today: date | None) -> Any:
    """The same of each offer's best needs, offers in the order given."""
    needs, answer = list(needs), []
    for own in offers:
        found = [pair for wanted in needs if (pair := judged(own, wanted, today))]
        found.sort(key=lambda pair: (-pair[2], pair[0]))
        answer += found[:top]
    return answer


def judged(own: Post, wanted: Post, today: date | None) -> Found | None:
    """The pair with its score, or None if a hard rule excludes it."""
    levels = levels_below(own.commodity, wanted.commodity)
    days = delivery_days(own, wanted)
    metres = metres_between(own, wanted)
    if levels is None or not days or not in_range(own, wanted):
        return None
    if any(
        limit is not None and metres > limit
        for limit in (own.max_distance_m, wanted.max_distance_m)
    ):
        return None
    if own.organisation == wanted.organisation or not (own.active and wanted.active):
        return None
    if own.tax_party is not None and own.tax_party == wanted.tax_party:
        return None
    limit = 100_000 if wanted.max_distance_m is None else wanted.max_distance_m
    factors = {
        "quantity": quantity(own, wanted, len(days)),
        "window": tenth_thousandths(Fraction(len(days), (wanted.ends - wanted.starts).days + 1)),
        "nearness": nearness(metres, limit),
        "commodity": {0: 10_000, 1: 8_000, 2: 6_000}.get(levels, 4_000),
        "certificates": certificates(own, wanted, min(days)),
        "freshness": freshness(own, wanted, today),
        "standing": min(tenth_thousandths(kept(own)), tenth_thousandths(kept(wanted))),
        "preference": preference(own, wanted),
    }
    score = math.floor(sum(Fraction(PERCENT[name], 100) * f for name, f in factors.items()))
    return wanted.id, own.id, score, factors


def tenth_thousandths(share: Fraction) -> int:
    return math.floor(share * 10_000)


def levels_below(commodity: int, asked: int) -> int | None:
    """How far below what is asked; None if it is no descendant."""
    levels, node = 0, commodity
    while node != asked:
        up = PARENTS[node]
        if up is None:
            return None
        levels, node = levels + 1, up
    return levels


def delivery_days(own: Post, wanted: Post) -> set[date]:
    """Days in both windows on which everything asked is still good."""
    asked = {number for number, _ in wanted.certificates}
    return {
        day
        for day in days_of(own) & days_of(wanted)
        if all(any(stands_for(c, a) for c in good_on(own, day)) for a in asked)
    }


def days_of(post: Post) -> set[date]:
    return {post.starts + timedelta(days=n) for n in range((post.ends - post.starts).days + 1)}


def good_on(own: Post, day: date) -> set[int]:
    return {number for number, last in own.certificates if last is not None and day <= last}


def stands_for(held: int, asked: int) -> bool:
    return held == asked or asked in SATISFIES.get(held, set())


def in_range(own: Post, wanted: Post) -> bool:
    if own.price_limit is None or wanted.price_limit is None:
        return True
    return own.measure == wanted.measure and own.price_limit <= wanted.price_limit


def metres_between(own: Post, wanted: Post) -> int:
    lat_1, lat_2 = math.radians(own.latitude), math.radians(wanted.latitude)
    wide = math.radians(wanted.longitude) - math.radians(own.longitude)
    a = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin(wide / 2) ** 2
    )
    return math.floor(2 * 6371.0088 * 1000 * math.asin(math.sqrt(a)) + 0.5)


def quantity(own: Post, wanted: Post, days: int) -> int:
    if own.measure != wanted.measure:
        return 0
    offered, needed = over(own, days), over(wanted, days)
    return 10_000 if offered >= needed else tenth_thousandths(Fraction(offered, needed))


def over(post: Post, days: int) -> int:
    """The total within `days`."""
    if post.per == "once":
        return post.quantity
    return math.floor(Fraction(post.quantity * days, DAYS_OF[post.per]))


def nearness(metres: int, limit: int) -> int:
    if limit == 0:
        return 10_000
    return max(0, 10_000 - tenth_thousandths(Fraction(metres, limit)))


def certificates(own: Post, wanted: Post, first: date) -> int:
    beyond = good_on(own, first) - {number for number, _ in wanted.certificates}
    return (5_000, 7_500, 10_000)[min(2, len(beyond))]


def freshness(own: Post, wanted: Post, today: date | None) -> int:
    if today is None or own.confirmed_on is None or wanted.confirmed_on is None:
        return 5_000
    since = max(0, (today - min(own.confirmed_on, wanted.confirmed_on)).days)
    return max(0, 10_000 - tenth_thousandths(Fraction(since, 60)))


def kept(post: Post) -> Fraction:
    return Fraction(2 * post.kept + 1, 2 * (post.kept + post.broken) + 2)


def preference(own: Post, wanted: Post) -> int:
    cooperatives = [post for post in (own, wanted) if post.cooperative]
    if not cooperatives:
        return 5_000
    return 10_000 if any(not post.verified for post in cooperatives) else 0


# --- Near misses ----------------------------------------------------------------------------
def near_miss(own: Post, wanted: Post) -> tuple[str, int] | None:
    """The one condition that fails and by how much, or None; each pair by itself."""
    failed: list[tuple[str, int]] = []
    apart = own.organisation != wanted.organisation and (
        own.tax_party is None or own.tax_party != wanted.tax_party
    )
    if own.measure != wanted.measure or not (apart and own.active and wanted.active):
        return None
    if levels_below(own.commodity, wanted.commodity) is None:
        above = levels_below(wanted.commodity, own.commodity)
        if above is None:
            return None
        failed.append(("commodity", above))
    first = max(own.starts, wanted.starts)
    if (late := (first - min(own.ends, wanted.ends)).days) > 0:
        failed.append(("dates", late))
    for asked in {number for number, _ in wanted.certificates}:
        days = [
            last
            for number, last in own.certificates
            if last is not None and stands_for(number, asked)
        ]
        if not days:
            failed.append(("certificate_missing", 0))
        elif max(days) < first:
            failed.append(("certificate_over", max(days).toordinal()))
    if not in_range(own, wanted):
        failed.append(("price", 0))
    limits = [m for m in (own.max_distance_m, wanted.max_distance_m) if m is not None]
    over = metres_between(own, wanted) - min(limits, default=math.inf)
    if over > 0:
        failed.append(("distance", int(over)))
    return failed[0] if len(failed) == 1 else None
