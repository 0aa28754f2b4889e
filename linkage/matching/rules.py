"""The rules of a match: what excludes a pair, and the eight factors of one that stands.

Each function takes rows `o` of the offers and `n` of the needs, as index arrays that broadcast: a
line of offers against a column of needs gives a block, two lines of one length give pairs. That
the commodity is the same or a descendant is seen to by the engine, which forms no other pairs.

A price decides nothing beyond `prices_meet`: limits are sealed, so no factor, score or word may
depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.matching.columns import ONCE, UNSET, Flags, Ints, PostColumns
from linkage.matching.prepared import Places, Prepared
from linkage.matching.weights import FULL, NEUTRAL, Weights

MEAN_RADIUS_M = 6_371_008.8
# Beyond this nothing is near, where a need sets no maximum.
USUAL_LIMIT_M = 100_000
FRESH_DAYS = 60
EXTRA_CERTIFICATES, EACH_EXTRA = 2, 2_500
LEVELS_BELOW = np.array([10_000, 8_000, 6_000, 4_000], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Facts:
    """What the factors and the words of each pair are made of; arrays of one length.

    `age_days`: since the older of the two posts was last confirmed, UNSET if one is not known.
    `measure`: of both quantities, UNSET if the two are measured differently.
    """

    distance_m: Ints
    limit_m: Ints
    delivery_days: Ints
    needed_days: Ints
    offered: Ints
    needed: Ints
    measure: Ints
    levels_below: Ints
    extra_certificates: Ints
    age_days: Ints
    standing: Ints
    preference: Ints


def possible(p: Prepared, o: Ints, n: Ints) -> Flags:
    """Whether nothing but the distance excludes the pair."""
    first, last = delivery_window(p, o, n)
    keep: Flags = (first <= last) & prices_meet(p, o, n) & strangers(p, o, n) & both_active(p, o, n)
    return keep


def both_active(p: Prepared, o: Ints, n: Ints) -> Flags:
    """Whether both organisations are active."""
    active: Flags = p.offers.active[o] & p.needs.active[n]
    return active


def delivery_window(p: Prepared, o: Ints, n: Ints) -> tuple[Ints, Ints]:
    """The first and last day common to both windows while every asked certificate is good.

    A certificate is good on its last day; one that is not held leaves no day.
    """
    first = np.maximum(p.offers.starts[o], p.needs.starts[n])
    last = np.minimum(p.offers.ends[o], p.needs.ends[n])
    for asked in p.asked.T:
        last = np.minimum(last, p.good_until[o, asked[n]])
    return first, last


def prices_meet(p: Prepared, o: Ints, n: Ints) -> Flags:
    """Whether the offer's floor is at most the need's ceiling; a missing limit passes.

    A price by the kilogram and one by the piece cannot be compared, so they do not meet.
    """
    floor, ceiling = p.offers.price_limit[o], p.needs.price_limit[n]
    comparable = p.offers.measure[o] == p.needs.measure[n]
    meet: Flags = (floor == UNSET) | (ceiling == UNSET) | ((floor <= ceiling) & comparable)
    return meet


def strangers(p: Prepared, o: Ints, n: Ints) -> Flags:
    """Whether the two are neither one organisation nor under one tax code."""
    code = p.offers.tax_party[o]
    same_code = (code == p.needs.tax_party[n]) & (code != UNSET)
    apart: Flags = (p.offers.organisation[o] != p.needs.organisation[n]) & ~same_code
    return apart


def near_enough(p: Prepared, o: Ints, n: Ints, distance_m: Ints) -> Flags:
    """Whether the distance is at most the need's maximum and the offer's, where set."""
    furthest, widest = p.needs.max_distance_m[n], p.offers.max_distance_m[o]
    near: Flags = ((furthest == UNSET) | (distance_m <= furthest)) & (
        (widest == UNSET) | (distance_m <= widest)
    )
    return near


def distance(p: Prepared, o: Ints, n: Ints) -> Ints:
    """The great-circle distance of offers and needs, in metres."""
    return metres_between(p.offer_places, o, p.need_places, n)


def metres_between(here: Places, o: Ints, there: Places, n: Ints) -> Ints:
    """The great-circle distance by the haversine formula, rounded half up to metres."""
    half_height = np.sin((there.latitude[n] - here.latitude[o]) / 2)
    half_width = np.sin((there.longitude[n] - here.longitude[o]) / 2)
    squared = half_height**2 + here.cosine[o] * there.cosine[n] * half_width**2
    angle = 2 * np.arcsin(np.sqrt(np.minimum(squared, 1.0)))
    metres: Ints = np.floor(MEAN_RADIUS_M * angle + 0.5).astype(np.int64)
    return metres


def facts(p: Prepared, o: Ints, n: Ints, distance_m: Ints) -> Facts:
    """What is so of pairs that stand."""
    offers, needs = p.offers, p.needs
    first, last = delivery_window(p, o, n)
    days = last - first + 1
    limit = needs.max_distance_m[n]
    measured = offers.measure[o]
    return Facts(
        distance_m=distance_m,
        limit_m=np.where(limit == UNSET, USUAL_LIMIT_M, limit),
        delivery_days=days,
        needed_days=needs.ends[n] - needs.starts[n] + 1,
        offered=total(offers, o, days),
        needed=total(needs, n, days),
        measure=np.where(measured == needs.measure[n], measured, UNSET),
        levels_below=p.tree.depth[offers.commodity[o]] - p.tree.depth[needs.commodity[n]],
        extra_certificates=extra_certificates(p, o, n, first),
        age_days=age(p, o, n),
        standing=np.minimum(p.offer_standing[o], p.need_standing[n]),
        preference=preference(p, o, n),
    )


def total(posts: PostColumns, row: Ints, days: Ints) -> Ints:
    """The quantity for a delivery window: a rate times its days, rounded down; else as it is."""
    quantity, period = posts.quantity[row], posts.period_days[row]
    over_time = quantity * np.where(period == ONCE, 0, days) // np.maximum(period, 1)
    whole: Ints = np.where(period == ONCE, quantity, over_time)
    return whole


def extra_certificates(p: Prepared, o: Ints, n: Ints, day: Ints) -> Ints:
    """How many certificates good on `day` the offer holds that the need does not ask for.

    OCOP 4 held where OCOP 3 is asked for is one: it is not the one that was asked for.
    """
    count = np.zeros(len(day), dtype=np.int64)
    for last_day in p.held_until.T:
        count += day <= last_day[o]
    for asked in p.asked.T:
        count -= day <= p.last_day[o, asked[n]]
    return count


def age(p: Prepared, o: Ints, n: Ints) -> Ints:
    """Days since the older of the two posts was last confirmed; UNSET if one is not known."""
    older = np.minimum(p.offers.confirmed_on[o], p.needs.confirmed_on[n])
    unknown = (older == UNSET) | (p.today == UNSET)
    days: Ints = np.where(unknown, UNSET, np.maximum(0, p.today - older))
    return days


def preference(p: Prepared, o: Ints, n: Ints) -> Ints:
    """All if an HTX among the two has no verified linkage in force; half if neither is an HTX."""
    seller, buyer = p.offers.cooperative[o], p.needs.cooperative[n]
    unlinked = (seller & ~p.offers.verified[o]) | (buyer & ~p.needs.verified[n])
    value: Ints = np.where(unlinked, FULL, np.where(seller | buyer, 0, NEUTRAL))
    return value


def factors(known: Facts) -> list[Ints]:
    """The eight factors, out of 10,000, in the order of FACTORS."""
    return [
        quantity_factor(known),
        FULL * known.delivery_days // known.needed_days,
        np.maximum(0, FULL - FULL * known.distance_m // np.maximum(known.limit_m, 1)),
        LEVELS_BELOW[np.minimum(known.levels_below, len(LEVELS_BELOW) - 1)],
        NEUTRAL + EACH_EXTRA * np.minimum(EXTRA_CERTIFICATES, known.extra_certificates),
        freshness_factor(known),
        known.standing,
        known.preference,
    ]


def quantity_factor(known: Facts) -> Ints:
    """How much of the need the offer covers; a need that rounds down to nothing is covered.

    Where the two are measured differently nothing can be said to be covered.
    """
    covered = np.minimum(FULL, FULL * known.offered // np.maximum(known.needed, 1))
    covered = np.where(known.needed == 0, FULL, covered)
    value: Ints = np.where(known.measure == UNSET, 0, covered)
    return value


def freshness_factor(known: Facts) -> Ints:
    """All on the day of the confirmation, nothing from the sixtieth day on; half if not known."""
    fresh = np.maximum(0, FULL - FULL * known.age_days // FRESH_DAYS)
    value: Ints = np.where(known.age_days == UNSET, NEUTRAL, fresh)
    return value


def freshness(posts: PostColumns, day: int) -> Ints:
    """What each post's own confirmation is worth on the day, out of 10,000; UNSET if not known."""
    age = np.maximum(0, day - posts.confirmed_on)
    fresh = np.maximum(0, FULL - FULL * age // FRESH_DAYS)
    found: Ints = np.where(posts.confirmed_on == UNSET, UNSET, fresh)
    return found


def score(values: list[Ints], weights: Weights) -> Ints:
    """The weighted sum out of 10,000, rounded down."""
    result = np.zeros_like(values[0])
    for weight, value in zip(weights.as_tuple(), values, strict=True):
        result += weight * value
    return result // FULL
