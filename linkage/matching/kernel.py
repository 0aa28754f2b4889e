"""The compiled part of the fast engine: loops over packed columns, in integers.

Only `fast` and `packed` import this module, since it needs numba; compiling is kept on the disk.
Every function says what `rules` says, pair by pair, and the tests hold both to the same answers.
What is here and not there is the bounds: a sum of weight x factor that a candidate, or none of a
block of them, can exceed. One is left out only if its bound is below the score of the last that is
kept: on a tie the smaller id wins, whatever the bounds are. Bounds are floats, rounded up by more
than they can be wrong by; whatever is kept or dropped by a score is decided in integers.

A key is one integer for a score and an id: the higher the better, -1 for none.
"""

from __future__ import annotations

from math import asin, sin, sqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from linkage.matching.columns import ONCE, UNSET, Flags, Floats, Ints
from linkage.matching.rules import (
    EACH_EXTRA,
    EXTRA_CERTIFICATES,
    LEVELS_BELOW,
    MEAN_RADIUS_M,
)
from linkage.matching.weights import FACTORS, FULL, NEUTRAL

compiled_loop = njit(cache=True, nogil=True, error_model="numpy", fastmath={"nnan", "ninf", "nsz"})

# What single precision may take off a sum of weight x factor, which is 10^8 at most.
ROUNDED = 200.0
BEYOND = -1e9
LARGE = 2**38
# So many bounds are worked out in one go.
LANES = 64
# Blocks are worked on in the order of their bounds, to within so many steps.
STEPS = 256
# A distance this near to the border of two metres is measured anew by NumPy, whose sine may differ
# in its last digit; beyond a quarter of the way round the last digits are worth more than that.
UNSURE_M = 1e-4
FARTHEST_SURE = 0.5
UNSURE = -2
NO_PAIR = -1

# One line an offer, 64 bytes, since fetching it is what takes longest. `rank`: of the id among all.
# `reach_m`: how far it may lie, or more than any distance. `freshness`: UNSET if not known.
# `kind`: a column of the table of preferences. `held`: how many certificates, at most.
OFFER = np.dtype(
    [
        ("quantity", "i8"), ("floor", "i8"), ("organisation", "i8"), ("tax_party", "i8"),
        ("starts", "i4"), ("ends", "i4"), ("reach_m", "i4"), ("rank", "i4"),
        ("standing", "i2"), ("freshness", "i2"), ("cell", "i2"), ("depth", "i2"),
        ("kind", "i1"), ("period", "i1"), ("measure", "i1"), ("held", "i1"), ("spare", "i4"),
    ],
)  # fmt: skip
# One line a need. `active`: 0 or 1. `limit_m` measures nearness. `kind`: a line of the table of
# preferences. `node`: of the index.
NEED = np.dtype(
    [
        ("quantity", "i8"), ("ceiling", "i8"), ("organisation", "i8"), ("tax_party", "i8"),
        ("limit_m", "i8"), ("starts", "i4"), ("ends", "i4"), ("reach_m", "i4"),
        ("node", "i4"), ("depth", "i4"), ("standing", "i2"), ("freshness", "i2"), ("cell", "i2"),
        ("kind", "i1"), ("active", "i1"), ("period", "i1"), ("measure", "i1"),
    ],
    align=True,
)  # fmt: skip
# What bounds are made of, a line each, single precision: of one candidate, or the most of a block.
# `ONCE_G`, `DAILY_G`: given once, and for a day. `OWN`: weight x factor of commodity and, at most,
# of certificates.
STARTS, ENDS, ONCE_G, DAILY_G, STANDING, FRESHNESS, OWN, FLOOR = range(8)
TRAITS = 8
# A place on the map, in radians, and the cosine of its latitude.
PLACE = np.dtype([("latitude", "f8"), ("longitude", "f8"), ("cosine", "f8")])
# Of so many certificates a bit says whether an offer has it, or what satisfies it; the two bits
# above say its kind. The others are looked up.
MARKED = 30
Lines = npt.NDArray[np.void]
Singles = npt.NDArray[np.float32]
Line = Any


class Certificates(NamedTuple):
    """The last day of each certificate of each offer, and of what satisfies it, UNSET if none; and
    what each need asks for, each once, UNSET behind the last."""

    own: Ints
    good: Ints
    asked: Ints


class Ground(NamedTuple):
    """Where offers and needs lie, a PLACE each; read only where a cell is not a place."""

    offers: Lines
    needs: Lines


class Lanes(NamedTuple):
    """Things that bounds are worked out of, LANES side by side.

    `traits[line, trait, lane]`: see above. `where[line, lane]`: where it lies. `marks`: its kind
    and certificates. `item`: what it is. A lane that is not taken has a
    floor that no ceiling reaches.
    """

    traits: Singles
    where: Ints
    marks: Ints
    item: Ints


class Index(NamedTuple):
    """Where the candidates of a need are found.

    A line of `candidates` is a block: each lane an offer, which lies in a cell. A lane of `blocks`
    is the line of a block, which lies in a place of the heap of cells; the lines `first[node]` to
    `first[node + 1]` are those of a node.
    """

    first: Ints
    blocks: Lanes
    candidates: Lanes
    low: Ints
    preferred: Ints
    exact: bool
    unknown: bool


# What a need brings into every bound; one line, single precision.
ASKING = np.dtype(
    [
        (name, "f4")
        for name in (
            *("starts", "ends", "once", "daily", "quantity", "window", "standing", "standing_cap"),
            *("freshness", "freshness_cap", "given", "first", "second", "third", "ceiling"),
        )
    ]
    + [("asked", "u4"), ("asks", "u4")]
)


class Room(NamedTuple):
    """Where a search works; one for each thread."""

    asking: Lines
    near: Singles
    bounds: Singles
    single: Singles
    order: Ints
    steps: Ints
    lanes: Ints


# The weights; one line.
WEIGHT = np.dtype([(name, "i8") for name in FACTORS])


@compiled_loop
def number_places(latitude: Floats, longitude: Floats) -> tuple[Ints, Ints]:
    """A number for each different pair of coordinates, and the row where each is met first."""
    size = 16
    while size < 2 * len(latitude):
        size *= 2
    slots = np.full(size, -1, dtype=np.int64)
    number = np.empty(len(latitude), dtype=np.int64)
    met = np.empty(len(latitude), dtype=np.int64)
    count = 0
    for row in range(len(latitude)):
        mixed = latitude[row] * 7_919.0 + longitude[row] * 104_729.0
        slot = int(abs(mixed) * 65_537.0) & (size - 1)
        while slots[slot] >= 0:
            known = met[slots[slot]]
            if latitude[known] == latitude[row] and longitude[known] == longitude[row]:
                break
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = count
            met[count] = row
            count += 1
        number[row] = slots[slot]
    return number, met[:count]


@compiled_loop
def measured(o: Line, n: Line) -> int:
    """The distance of one pair in metres; UNSURE if another machine might round otherwise."""
    half_height = sin((n.latitude - o.latitude) / 2)
    half_width = sin((n.longitude - o.longitude) / 2)
    squared = half_height**2 + o.cosine * n.cosine * half_width**2
    if squared > FARTHEST_SURE:
        return UNSURE
    metres = MEAN_RADIUS_M * (2 * asin(sqrt(squared))) + 0.5
    whole = int(metres)
    if metres - whole < UNSURE_M or metres - whole > 1 - UNSURE_M:
        return UNSURE
    return whole


@compiled_loop
def over(quantity: int, period: int, days: int) -> int:
    """The total of so many days."""
    return quantity if period == ONCE else quantity * days // period


@compiled_loop
def may_deal(o: Line, n: Line) -> bool:
    """Whether the two are neither one organisation nor under one tax code, and prices meet."""
    if o.organisation == n.organisation:
        return False
    if o.tax_party != UNSET and o.tax_party == n.tax_party:
        return False
    if o.floor == UNSET or n.ceiling == UNSET:
        return True
    return bool(o.floor <= n.ceiling and o.measure == n.measure)


@compiled_loop
def last_good_day(c: Certificates, offer: int, need: int, last: int) -> int:
    """The last day, `last` at most, on which all that is asked for is good."""
    for place in range(c.asked.shape[1]):
        asked = c.asked[need, place]
        if asked == UNSET:
            break
        last = min(last, c.good[offer, asked])
    return last


@compiled_loop
def extra_certificates(c: Certificates, offer: int, need: int, day: int) -> int:
    """How many held and good on the day are beyond those asked for."""
    count = 0
    for certificate in range(c.own.shape[1]):
        count += c.own[offer, certificate] >= day
    for place in range(c.asked.shape[1]):
        asked = c.asked[need, place]
        if asked == UNSET:
            break
        count -= c.own[offer, asked] >= day
    return count


@compiled_loop
def freshness(o: Line, n: Line) -> int:
    """The factor of freshness: the older post's."""
    if o.freshness == UNSET or n.freshness == UNSET:
        return NEUTRAL
    return int(min(o.freshness, n.freshness))


@compiled_loop
def part_of(a: int, b: int) -> int:
    """FULL x a // b, for a and b of 0 and 1 or more.

    Dividing floats is faster, and exact to the integer where no product is over 2^52.
    """
    if a < LARGE:
        return int(np.float64(FULL * a) / np.float64(b))
    return FULL * a // b


@compiled_loop
def covered(o: Line, n: Line, days: int) -> int:
    """The factor of quantity for so many days."""
    if o.measure != n.measure:
        return 0
    offered = over(o.quantity, o.period, days)
    needed = over(n.quantity, n.period, days)
    return FULL if offered >= needed else part_of(offered, needed)


@compiled_loop
def put(best: Ints, key: int) -> None:
    """Put a key where it belongs among the best, which are in falling order, if it does."""
    place = len(best) - 1
    if key <= best[place]:
        return
    while place > 0 and best[place - 1] < key:
        best[place] = best[place - 1]
        place -= 1
    best[place] = key


@compiled_loop
def ask(n: Line, w: Line, x: Index, asked: Ints, a: Line) -> None:
    """Write down what a need brings into every bound, for single candidates."""
    a.starts, a.ends = n.starts, n.ends
    a.once = n.quantity if n.period == ONCE else 0
    a.daily = 0 if n.period == ONCE else n.quantity / n.period
    a.quantity = w.quantity * FULL
    a.window = w.window * FULL / (n.ends - n.starts + 1)
    a.standing, a.standing_cap = w.standing, n.standing
    a.freshness, a.freshness_cap, a.given = w.freshness, n.freshness, ROUNDED
    if n.freshness == UNSET:
        a.freshness, a.given = 0, ROUNDED + w.freshness * NEUTRAL
    elif x.unknown and n.freshness < NEUTRAL:
        a.freshness_cap = NEUTRAL
    # Rounding must not put a floor above it.
    a.ceiling = n.ceiling * 1.000001 if n.ceiling != UNSET else 1e30
    a.asked = 0
    a.asks = len(asked) > 0 and asked[0] != UNSET
    for place in range(len(asked)):
        if 0 <= asked[place] < MARKED:
            a.asked |= np.uint32(1) << np.uint32(asked[place])
    a.first = w.preference * x.preferred[n.kind, 0]
    a.second = w.preference * x.preferred[n.kind, 1]
    a.third = w.preference * x.preferred[n.kind, 2]


@compiled_loop
def near_points(low: Ints, n: Line, w: Line, points: Singles) -> None:
    """Weight x factor of nearness, at most, for each of these distances; BEYOND where too far."""
    most = np.float32(w.nearness * FULL)
    # What is lost is rounded down, so one more may be left.
    full = np.float32(w.nearness * (FULL + 1))
    lost = np.float32(w.nearness * FULL / max(1, n.limit_m))
    for place in range(len(low)):
        left = min(most, max(np.float32(0), full - lost * np.float32(low[place])))
        points[place] = left if low[place] <= n.reach_m else np.float32(BEYOND)


@compiled_loop
def fill_bounds(a: Line, lanes: Lanes, line: int, near: Singles, bounds: Singles) -> None:
    """The most that each of a line can reach; below 0 if a rule excludes it.

    Eight are worked out at a time: there is no branch, and whatever is the need's own stands in a
    name of its own, so that the compiler sees that writing a bound does not change it. Looking up
    nearness is a loop of its own.
    """
    traits, where, marks = lanes.traits[line], lanes.where[line], lanes.marks[line]
    starts, ends, once, daily = traits[0], traits[1], traits[2], traits[3]
    standing, fresh, own, floor = traits[4], traits[5], traits[6], traits[7]
    first_day, last_day, wanted_once, wanted_daily = a.starts, a.ends, a.once, a.daily
    of_quantity, of_window, given = a.quantity, a.window, a.given
    of_standing, most_standing = a.standing, a.standing_cap
    of_fresh, most_fresh = a.freshness, a.freshness_cap
    first, second, third = a.first, a.second, a.third
    ceiling, asked, kinds = a.ceiling, a.asked, np.uint32(MARKED)
    one, zero, half, beyond = np.float32(1), np.float32(0), np.float32(0.5), np.float32(BEYOND)
    for i in range(LANES):
        bounds[i] = near[where[i]]
    for i in range(LANES):
        days = min(ends[i], last_day) - max(starts[i], first_day) + one
        # What is wanted is rounded down, so it may be one less than it seems.
        wanted = max(wanted_once + wanted_daily * days - one, half)
        total = bounds[i] + given + own[i] + of_window * days
        total += of_quantity * min(one, (once[i] + daily[i] * days + one) / wanted)
        total += of_standing * min(most_standing, standing[i])
        total += of_fresh * min(most_fresh, fresh[i])
        kind = marks[i] >> kinds
        total += first if kind == 0 else (second if kind == 1 else third)
        fits = (days > zero) & (floor[i] <= ceiling) & ((marks[i] & asked) == asked)
        bounds[i] = total if fits else beyond


@compiled_loop
def worth_a_look(bounds: Singles, least: np.float32, lanes: Ints) -> int:
    """Write down the lanes whose bound is not below `least`, nor below 0; how many they are."""
    count = 0
    lowest = max(least, np.float32(0))
    for lane in range(LANES):
        lanes[count] = lane
        count += bounds[lane] >= lowest
    return count


@compiled_loop
def by_bound(bounds: Singles, steps: Ints, order: Ints) -> int:
    """Put the blocks in order of their bounds, the highest first; how many are not below 0."""
    steps[:] = 0
    scale = np.float32((STEPS - 2) / (FULL * FULL * 1.001))
    for block in range(len(bounds)):
        if bounds[block] >= 0:
            steps[STEPS - 1 - min(STEPS - 2, int(bounds[block] * scale))] += 1
    for step in range(1, STEPS):
        steps[step] += steps[step - 1]
    count = int(steps[STEPS - 1])
    for block in range(len(bounds)):
        if bounds[block] >= 0:
            step = STEPS - 1 - min(STEPS - 2, int(bounds[block] * scale))
            steps[step] -= 1
            order[steps[step]] = block
    return count


@compiled_loop
def total_of(
    o: Line, n: Line, c: Certificates, w: Line, offer: int, need: int, metres: int, preferred: int
) -> int:
    """The score of a pair whose commodities fit; NO_PAIR if a rule excludes it."""
    first, last = max(o.starts, n.starts), min(o.ends, n.ends)
    if first > last or metres > o.reach_m or metres > n.reach_m or not may_deal(o, n):
        return NO_PAIR
    last = last_good_day(c, offer, need, last)
    if first > last:
        return NO_PAIR
    days = last - first + 1
    extra = 0
    if o.held:
        extra = min(EXTRA_CERTIFICATES, extra_certificates(c, offer, need, first))
    total = w.quantity * covered(o, n, days)
    total += w.window * part_of(days, n.ends - n.starts + 1)
    total += w.nearness * max(0, FULL - part_of(metres, max(1, n.limit_m)))
    total += w.commodity * LEVELS_BELOW[min(len(LEVELS_BELOW) - 1, o.depth - n.depth)]
    total += w.certificates * (NEUTRAL + EACH_EXTRA * extra)
    total += w.freshness * freshness(o, n)
    total += w.standing * min(o.standing, n.standing)
    total += w.preference * preferred
    return int(total // FULL)


@compiled_loop
def search(
    offers: Lines, n: Line, x: Index, c: Certificates, g: Ground, w: Line,
    need: int, best: Ints, room: Room,
) -> bool:  # fmt: skip
    """Find the best offers of one need; whether every distance was sure.

    A block, then a candidate, is passed over if the most that it can reach is below `least`: FULL
    times the score of the last that is kept.
    """
    span, least = len(offers), np.float32(-1)
    begin, end = x.first[n.node], x.first[n.node + 1]
    a, low, half = room.asking[0], x.low[n.cell], x.low.shape[1] // 2
    ask(n, w, x, c.asked[need], a)
    near_points(low, n, w, room.near)
    # Of a block nobody knows which offer goes with how few days.
    daily, once = a.daily, a.once
    if n.period != ONCE:
        a.daily, a.once = 0, 0
    blocks = room.bounds[: (end - begin) * LANES]
    for line in range(begin, end):
        fill_bounds(a, x.blocks, line, room.near, blocks[(line - begin) * LANES :])
    # Nor is it known of a candidate, where a certificate may run out before the window's end.
    if a.asks == 0:
        a.daily, a.once = daily, once
    for place in range(by_bound(blocks, room.steps, room.order)):
        lane = room.order[place]
        if blocks[lane] < least:
            continue
        block = x.blocks.item[begin + lane // LANES, lane % LANES]
        fill_bounds(a, x.candidates, block, room.near[half:], room.single)
        for at in range(worth_a_look(room.single, least, room.lanes)):
            lane = room.lanes[at]
            if room.single[lane] < least:
                continue
            offer = x.candidates.item[block, lane]
            o = offers[offer]
            metres = low[half + o.cell] if x.exact else measured(g.offers[offer], g.needs[need])
            if metres == UNSURE:
                return False
            score = total_of(o, n, c, w, offer, need, metres, x.preferred[n.kind, o.kind])
            if score >= 0:
                put(best, score * span + (span - 1 - o.rank))
                if best[-1] >= 0:
                    least = np.float32(best[-1] // span * FULL)
    return True


@compiled_loop
def search_all(
    offers: Lines, needs: Lines, x: Index, c: Certificates, g: Ground, weights: Lines,
    order: Ints, begin: int, end: int, best: Ints, sure: Flags, room: Room,
) -> None:  # fmt: skip
    """Find the best of the needs `order[begin:end]`: their keys, and whether each is sure."""
    for at in range(begin, end):
        need = order[at]
        n = needs[need]
        if n.active:
            sure[need] = search(offers, n, x, c, g, weights[0], need, best[need], room)


@compiled_loop
def read_keys(best: Ints, row_of_rank: Ints, span: int) -> tuple[Ints, Ints, Ints]:
    """Rows of needs and of offers, and scores: the needs in order, the best first."""
    count = 0
    for need in range(best.shape[0]):
        for place in range(best.shape[1]):
            count += best[need, place] >= 0
    needs = np.empty(count, dtype=np.int64)
    offers = np.empty(count, dtype=np.int64)
    scores = np.empty(count, dtype=np.int64)
    at = 0
    for need in range(best.shape[0]):
        for place in range(best.shape[1]):
            key = best[need, place]
            if key < 0:
                break
            needs[at] = need
            offers[at] = row_of_rank[span - 1 - key % span]
            scores[at] = key // span
            at += 1
    return needs, offers, scores


@compiled_loop
def last_days(row: Ints, certificate: Ints, last_day: Ints, place: Ints, table: Ints) -> None:
    """Fill in the last day of each certificate held; of one held twice the later."""
    for at in range(len(row)):
        offer = place[row[at]]
        table[offer, certificate[at]] = max(table[offer, certificate[at]], last_day[at])
