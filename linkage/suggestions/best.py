"""Which pairs are worth a suggestion to a post's owner, and what speaks for each. Pure.

Also which changes elsewhere leave that as it is: `comes_among`, `judged`.

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

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from linkage.market.models import PostKind
from linkage.matching import FACTORS, UNSET, Match, Matches, Weights, best_needs, best_offers
from linkage.matching.columns import Ints
from linkage.matching.weights import FULL, NEUTRAL
from linkage.suggestions.facts import World

MOST = 10
ALWAYS = 3
# More changes than there will ever be between two looks.
FOREVER = 2**31 - 1
DIGEST_BYTES = 16
FEWEST_REASONS, MOST_REASONS = 2, 4
# Feasible pairs are looked at so many at a time.
PAIRS = 400_000

# Half of these says that nothing is known, or that nothing speaks for the pair.
_SAYS_NOTHING = np.array(
    [NEUTRAL if name in {"certificates", "standing", "preference"} else 0 for name in FACTORS],
    dtype=np.int64,
)


@dataclass(frozen=True, slots=True)
class Best:
    """A pair to suggest to the owner of one of its posts, with the factors that speak for it."""

    match: Match
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a post's feasible pairs come to.

    `top`: the other posts of its ten best pairs, best first; `last`: the score of the tenth, None
    where there are fewer. `steady`: see `judged`.
    """

    post_id: int
    commodity: str
    bests: tuple[Best, ...] = ()
    top: tuple[int, ...] = ()
    last: int | None = None
    steady: int = FOREVER

    @property
    def digest(self) -> str:
        """Equal for two looks that suggest the same with the same words and numbers."""
        said = [
            [best.match.offer, best.match.need, best.match.score, best.why, numbers_of(best.match)]
            for best in self.bests
        ]
        return blake2b(json.dumps(said).encode(), digest_size=DIGEST_BYTES).hexdigest()


def ranked(world: World, kind: PostKind, rows: Sequence[int]) -> Iterator[Ranking]:
    """Return what the pairs of each of these posts come to.

    `rows` are places in the world's list of that kind.
    """
    posts = world.posts(kind)
    for part, found, runs in feasible(world, kind, rows):
        for row in part:
            post = posts["id"][row], posts["commodity"][row]
            if post[0] in runs:
                yield _ranking(kind, post, found, runs[post[0]], world.weights)
            else:
                yield Ranking(*post)


def scores_of(world: World, kind: PostKind, rows: Sequence[int]) -> dict[int, int]:
    """Return the score with each post of the other kind that is feasible for one of these."""
    return {
        int(others_of(kind, found)[place]): int(found.score[place])
        for _part, found, runs in feasible(world, kind, rows)
        for places in runs.values()
        for place in places
    }


def feasible(
    world: World, kind: PostKind, rows: Sequence[int]
) -> Iterator[tuple[Sequence[int], Matches, dict[int, Ints]]]:
    """Part by part the rows, their feasible pairs, and which of them are each post's, best first.

    Those that are measured differently are left out.
    """
    offers_asked = kind is PostKind.OFFER
    tables = world.tree, world.certificates
    others = max(1, len(world.posts(kind.other)["id"]))
    for start in range(0, len(rows), max(1, PAIRS // others)):
        part = rows[start : start + max(1, PAIRS // others)]
        offers = world.offer_columns(part) if offers_asked else world.all_offers
        needs = world.all_needs if offers_asked else world.need_columns(part)
        best = best_needs if offers_asked else best_offers
        found = best(offers, needs, *tables, top=others, today=world.today, weights=world.weights)
        owner = found.offer_id if offers_asked else found.need_id
        alike = np.flatnonzero(found.facts.measure != UNSET)
        yield part, found, {int(owner[places[0]]): places for places in _runs(owner, alike)}


def others_of(kind: PostKind, found: Matches) -> Ints:
    """Of each pair the post of the other side, by its id."""
    return found.need_id if kind is PostKind.OFFER else found.offer_id


def _runs(owner: Ints, places: Ints) -> list[Ints]:
    """The places of each owner, who come one after the other."""
    return np.split(places, np.flatnonzero(np.diff(owner[places])) + 1) if len(places) else []


def _ranking(
    kind: PostKind, post: tuple[int, str], found: Matches, places: Ints, weights: Weights
) -> Ranking:
    said, steady = judged(found.factors[places], weights)
    top = places[:MOST]
    return Ranking(
        post_id=post[0],
        commodity=post[1],
        bests=tuple(Best(found[int(places[place])], why) for place, why in said.items()),
        top=tuple(others_of(kind, found)[top].tolist()),
        last=int(found.score[top[-1]]) if len(top) == MOST else None,
        steady=steady,
    )


def judged(factors: Ints, weights: Weights) -> tuple[dict[int, tuple[str, ...]], int]:
    """Which of a post's pairs, best first, to suggest and why; and how steady that is.

    Steady: so many pairs outside of the ten best may come, go or change, one after the other and
    none to be one of the ten best, and not a word becomes another. A lower bound.
    """
    less = _less(factors, MOST)
    telling = _telling(factors, less)
    counts = np.array(weights.as_tuple(), dtype=np.int64)
    lift = counts * (factors[:MOST] - factors.sum(axis=0) // len(factors))
    shown = [n for n, told in enumerate(telling) if n < ALWAYS or told.sum() >= FEWEST_REASONS]
    said = {n: _reasons(telling[n], lift[n], factors[n], counts) for n in shown}
    if len(factors) < MOST:
        # Whatever changes is, was or becomes one of the ten best.
        return said, FOREVER
    orders = (_order_holds(len(factors), lift[n][telling[n]], counts[telling[n]]) for n in shown)
    return said, min(_telling_holds(factors, less), *orders)


def _telling_holds(factors: Ints, less: Ints) -> int:
    """How many such changes leave what tells something as it is.

    With each one pair more or less has less, or none, out of one more or less, or as many: twice
    those that have less, minus all, moves by two at most.
    """
    margin = 2 * less - len(factors)
    withstood = np.where(margin >= 0, margin, -margin - 1) // 2
    return int(withstood[factors[: len(less)] > _SAYS_NOTHING].min(initial=FOREVER))


def _order_holds(many: int, lift: Ints, counts: Ints) -> int:
    """How many such changes leave the order of a pair's telling factors by their lift as it is.

    An average of many moves by FULL / (many - changes) with each at most, and by 1 of rounding.
    """
    order = np.argsort(-lift, kind="stable")
    ordered = counts[order]
    moves = (-np.diff(lift[order]) - 1) // (ordered[:-1] + ordered[1:]) - 1
    if not len(moves):
        return FOREVER
    least = max(0, int(moves.min()))
    return least * many // (FULL + least)


def comes_among(top: Sequence[int], last: int | None, other_id: int, score: int | None) -> bool:
    """Whether a changed post was among a post's ten best, or is now by its score (None: no pair).

    >>> comes_among((7, 3, 9), None, 3, None), comes_among((7, 3, 9), None, 5, None)
    (True, False)
    """
    if other_id in top:
        return True
    if score is None:
        return False
    return last is None or (-score, other_id) < (-last, top[-1])


def _less(factors: Ints, first: int) -> Ints:
    """How many of all have less than each of the first."""
    found: Ints = (factors[None, :, :] < factors[:first, None]).sum(axis=1)
    return found


def tells(factors: Ints, first: int) -> npt.NDArray[np.bool_]:
    """Which factors of the `first` pairs tell something: one line a pair, one column a factor.

    >>> near_and_far = np.array([[0, 0, 9_000, 0, 0, 0, 5_000, 0], [0, 0, 10, 0, 0, 0, 5_000, 0]])
    >>> tells(near_and_far, 2).sum(axis=1).tolist()
    [1, 0]
    """
    return _telling(factors, _less(factors, first))


def _telling(factors: Ints, less: Ints) -> npt.NDArray[np.bool_]:
    own = factors[: len(less)]
    found: npt.NDArray[np.bool_] = (2 * less >= len(factors)) & (own > _SAYS_NOTHING)
    return found


def _reasons(
    told: npt.NDArray[np.bool_], lift: Ints, factors: Ints, counts: Ints
) -> tuple[str, ...]:
    by_lift = sorted(np.flatnonzero(told).tolist(), key=lambda f: (-lift[f], f))
    chosen = by_lift[:MOST_REASONS]
    if len(chosen) < FEWEST_REASONS:
        worth = counts * (factors - _SAYS_NOTHING)
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
