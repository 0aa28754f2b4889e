"""Which pairs are worth a suggestion to a post's owner, and what speaks for each. Pure.

Of a post's feasible pairs (those measured alike, since others cannot be agreed on) the ten best
come into question. A factor tells something of a pair if at least half of the post's feasible pairs
have less of it, so that a random one would not have it: near where the others are far, and not the
right commodity where all are. The three best are always suggested; one behind them only if two of
its factors tell something.

The words go with up to four factors, in the order of how much each lifts the pair over the average.
Where fewer than two tell anything (there are one or two pairs, or all are alike) the strongest of
the others stand in, so that nobody is left without a reason.

A post's own pairs decide, and nothing else: of a price limit no more comes in than which pairs are
in range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linkage.market.models import PostKind
from linkage.matching import FACTORS, UNSET, WEIGHTS, Match, Matches, best_needs, best_offers
from linkage.matching.columns import Ints
from linkage.matching.weights import FULL, NEUTRAL
from linkage.suggestions.facts import World

MOST = 10
ALWAYS = 3
FEWEST_REASONS, MOST_REASONS = 2, 4
# Feasible pairs are looked at so many at a time.
PAIRS = 400_000

# Half of these says that nothing is known, or that nothing speaks for the pair.
_SAYS_NOTHING = np.array(
    [NEUTRAL if name in {"certificates", "standing", "preference"} else 0 for name in FACTORS],
    dtype=np.int64,
)
_WEIGHTS = np.array(WEIGHTS.as_tuple(), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Best:
    """A pair to suggest to the owner of one of its posts, with the factors that speak for it."""

    match: Match
    why: tuple[str, ...]


def best_of(world: World, kind: PostKind, rows: Sequence[int]) -> Iterator[Best]:
    """Return what to suggest to the owners of these posts, each one's best first.

    `rows` are places in the world's list of that kind.
    """
    others = world.needs if kind is PostKind.OFFER else world.offers
    if not others["id"]:
        return
    step = max(1, PAIRS // len(others["id"]))
    for start in range(0, len(rows), step):
        found = _feasible(world, kind, rows[start : start + step], len(others["id"]))
        owner = found.offer_id if kind is PostKind.OFFER else found.need_id
        alike = np.flatnonzero(found.facts.measure != UNSET)
        for places in _runs(owner, alike):
            yield from _of_post(found, places)


def _feasible(world: World, kind: PostKind, rows: Sequence[int], others: int) -> Matches:
    tables = world.tree, world.certificates
    if kind is PostKind.OFFER:
        offers, needs = world.offer_columns(rows), world.need_columns()
        return best_needs(offers, needs, *tables, top=others, today=world.today)
    offers, needs = world.offer_columns(), world.need_columns(rows)
    return best_offers(offers, needs, *tables, top=others, today=world.today)


def _runs(owner: Ints, places: Ints) -> list[Ints]:
    """The places of each owner, who come one after the other."""
    return np.split(places, np.flatnonzero(np.diff(owner[places])) + 1) if len(places) else []


def _of_post(found: Matches, places: Ints) -> Iterator[Best]:
    factors = found.factors[places]
    telling = tells(factors, MOST)
    lift = _WEIGHTS * (factors[:MOST] - factors.sum(axis=0) // len(factors))
    for place, told in enumerate(telling):
        if place < ALWAYS or told.sum() >= FEWEST_REASONS:
            why = _reasons(told, lift[place], factors[place])
            yield Best(found[int(places[place])], why)


def tells(factors: Ints, first: int) -> npt.NDArray[np.bool_]:
    """Which factors of the `first` pairs tell something: one line a pair, one column a factor.

    >>> near_and_far = np.array([[0, 0, 9_000, 0, 0, 0, 5_000, 0], [0, 0, 10, 0, 0, 0, 5_000, 0]])
    >>> tells(near_and_far, 2).sum(axis=1).tolist()
    [1, 0]
    """
    own = factors[:first]
    less = (factors[None, :, :] < own[:, None, :]).sum(axis=1)
    found: npt.NDArray[np.bool_] = (2 * less >= len(factors)) & (own > _SAYS_NOTHING)
    return found


def _reasons(told: npt.NDArray[np.bool_], lift: Ints, factors: Ints) -> tuple[str, ...]:
    by_lift = sorted(np.flatnonzero(told).tolist(), key=lambda f: (-lift[f], f))
    chosen = by_lift[:MOST_REASONS]
    if len(chosen) < FEWEST_REASONS:
        worth = _WEIGHTS * (factors - _SAYS_NOTHING)
        rest = sorted(set(range(len(FACTORS))) - set(chosen), key=lambda f: (-worth[f], f))
        chosen += rest[: FEWEST_REASONS - len(chosen)]
    return tuple(FACTORS[factor] for factor in chosen)


def numbers_of(match: Match) -> dict[str, dict[str, int]]:
    """The factors and the facts of a match as a suggestion keeps them: numbers alone.

    `match_of` is the way back.
    """
    return {"factors": dict(match.factors), "facts": dict(match.facts)}


def match_of(offer: int, need: int, score: int, numbers: dict[str, dict[str, int]]) -> Match:
    """Return the match that a suggestion remembers, for the engine's words."""
    return Match(offer, need, score, numbers["factors"], numbers["facts"])


def share_of(score: int) -> int:
    """A score out of 10,000 as whole percent, rounded down.

    >>> share_of(8_399)
    83
    """
    return score * 100 // FULL
