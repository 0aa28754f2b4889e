"""What a plan is asked for. Quantities are base units, worths are whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from linkage.matching.columns import MAX_TOTAL, Ints
from linkage.matching.weights import FULL

MAX_POSTS = 200_000
MAX_ARCS = 2_000_000
MEASURES = 3
# What a limit is where there is none.
UNLIMITED = 2**62
# Worths are parts of so much: a base unit's is then a large number, and rounding it says nothing.
WHOLE_WORTH = 10**28


class PlanInvalid(ValueError):
    """A plan is asked for that cannot be meant; the message names the column."""


@dataclass(frozen=True, eq=False)
class Stock:
    """Offers, or needs: one place a post. Raises: PlanInvalid.

    `party`: the organisation. `group`: the commodity's branch. `measure`: 0 mass, 1 volume,
    2 count. `quantity`: base units in all; `reserved`: of them already promised to somebody.
    """

    id: Ints
    party: Ints
    group: Ints
    measure: Ints
    quantity: Ints
    reserved: Ints

    def __len__(self) -> int:
        return len(self.id)

    def __post_init__(self) -> None:
        if len(self) > MAX_POSTS:
            raise PlanInvalid(f"at most {MAX_POSTS} offers and as many needs, not {len(self)}")
        for name in ("id", "party", "group", "measure", "quantity", "reserved"):
            _require(name, _is_column(getattr(self, name), len(self)))
        _require("id", len(np.unique(self.id)) == len(self))
        _require("measure", _within(self.measure, 0, MEASURES - 1))
        _require("quantity", _within(self.quantity, 1, MAX_TOTAL))
        _require("reserved", _within(self.reserved, 0, None))
        _require("reserved", bool((self.reserved <= self.quantity).all()))

    @cached_property
    def left(self) -> Ints:
        """What is not reserved."""
        return self.quantity - self.reserved


@dataclass(frozen=True, eq=False)
class Arcs:
    """Pairs that stand: `offer` and `need` are places, each pair once.

    `most`: what fits both within their delivery window; `lot`: the least worth a delivery.
    """

    offer: Ints
    need: Ints
    most: Ints
    lot: Ints

    def __len__(self) -> int:
        return len(self.offer)

    @classmethod
    def none(cls) -> Arcs:
        """No pairs."""
        return cls(*(np.zeros(0, dtype=np.int64) for _ in range(4)))


@dataclass(frozen=True, eq=False)
class PlanProblem:
    """Offers, needs, pairs; `unlinked`: the co-ops without a verified linkage in force.

    `buyer_share`: what one buyer may get at most of all that is offered in a group, out of
    10,000; what it has reserved counts. `too_small`: pairs that match, but less than a lot of them
    fits; they get nothing, and are kept to say so.

    Raises: PlanInvalid.
    """

    offers: Stock
    needs: Stock
    arcs: Arcs
    unlinked: Ints
    buyer_share: int = FULL
    too_small: Arcs = field(default_factory=Arcs.none)

    def __post_init__(self) -> None:
        arcs = self.arcs
        if len(arcs) > MAX_ARCS:
            raise PlanInvalid(f"at most {MAX_ARCS} pairs, not {len(arcs)}")
        for name in ("offer", "need", "most", "lot"):
            _require(name, _is_column(getattr(arcs, name), len(arcs)))
        _require("offer", _within(arcs.offer, 0, len(self.offers) - 1))
        _require("need", _within(arcs.need, 0, len(self.needs) - 1))
        _require("lot", _within(arcs.lot, 1, None) and bool((arcs.lot <= arcs.most).all()))
        _require("most", _within(arcs.most, 1, MAX_TOTAL))
        pair = arcs.offer * max(1, len(self.needs)) + arcs.need
        _require("need", len(np.unique(pair)) == len(arcs))
        seller, buyer = self.offers.party[arcs.offer], self.needs.party[arcs.need]
        _require("party", bool((seller != buyer).all()))
        for name in ("group", "measure"):
            own, other = getattr(self.offers, name), getattr(self.needs, name)
            _require(name, bool((own[arcs.offer] == other[arcs.need]).all()))
        _require("unlinked", _is_column(self.unlinked, len(self.unlinked)))
        if type(self.buyer_share) is not int or not 0 <= self.buyer_share <= FULL:
            raise PlanInvalid("buyer_share is a whole number from 0 to 10,000")

    @cached_property
    def co_op(self) -> Ints:
        """The co-ops that could be newly linked, sorted."""
        return np.unique(self.unlinked)

    @cached_property
    def links(self) -> tuple[Ints, Ints]:
        """Pairs of an arc and the place of a co-op that it would link, as seller or as buyer."""
        found = []
        for party in (self.offers.party[self.arcs.offer], self.needs.party[self.arcs.need]):
            place = np.minimum(np.searchsorted(self.co_op, party), max(0, len(self.co_op) - 1))
            hit = np.flatnonzero(self.co_op[place] == party) if len(self.co_op) else place[:0]
            found.append((hit, place[hit]))
        (sold, seller), (bought, buyer) = found
        return np.concatenate([sold, bought]), np.concatenate([seller, buyer])

    @cached_property
    def buyers(self) -> tuple[Ints, Ints]:
        """The number of each need's buyer within its group, and what each may still get."""
        key = np.stack([self.needs.party, self.needs.group])
        kinds, inverse = np.unique(key, axis=1, return_inverse=True)
        number = inverse.ravel().astype(np.int64)
        if self.buyer_share == FULL:
            return number, np.full(kinds.shape[1], UNLIMITED, dtype=np.int64)
        groups, place = np.unique(self.offers.group, return_inverse=True)
        offered = np.zeros(len(groups) + 1, dtype=np.int64)
        np.add.at(offered, place, self.offers.quantity)
        at = np.searchsorted(groups, kinds[1])
        known = at < len(groups)
        known[known] = groups[at[known]] == kinds[1][known]
        of_group = np.where(known, offered[at], 0).tolist()
        share = np.array([total * self.buyer_share // FULL for total in of_group], dtype=np.int64)
        reserved = np.zeros(kinds.shape[1], dtype=np.int64)
        np.add.at(reserved, number, self.needs.reserved)
        return number, np.maximum(0, share - reserved)


@dataclass(frozen=True, slots=True)
class Aim:
    """What counts: each base unit served, by its measure, and each co-op newly linked.

    Raises: PlanInvalid.
    """

    unit_worth: tuple[int, int, int]
    link_worth: int

    def __post_init__(self) -> None:
        worths = (*self.unit_worth, self.link_worth)
        if any(type(worth) is not int or worth < 0 for worth in worths) or not any(worths):
            raise PlanInvalid("worths are whole numbers, not negative, and one is above 0")

    @classmethod
    def of_slider(cls, problem: PlanProblem, links: int) -> Aim:
        """`links` out of 10,000 for new links, the rest for quantity.

        All that is needed, served, and all unlinked co-ops that have a pair, linked, are each
        worth the whole; each measure counts by its number of needs. Quantity keeps one part of
        10,000, so that it decides what nothing else does. Raises: PlanInvalid.
        """
        if type(links) is not int or not 0 <= links <= FULL:
            raise PlanInvalid("links is a whole number from 0 to 10,000")
        measure, left = problem.needs.measure, problem.needs.left
        counts = np.bincount(measure, minlength=MEASURES).tolist()
        needed = [sum(left[measure == m].tolist()) for m in range(MEASURES)]
        for_quantity = WHOLE_WORTH * max(1, FULL - links) // FULL
        could = len(np.unique(problem.links[1]))
        first, second, third = (
            for_quantity * count // (max(1, len(measure)) * max(1, total))
            for count, total in zip(counts, needed, strict=True)
        )
        return cls((first, second, third), WHOLE_WORTH * links // FULL // max(1, could))

    def value(self, problem: PlanProblem, amount: Ints) -> int:
        """What amounts of the arcs are worth. Exact."""
        measure = problem.needs.measure[problem.arcs.need]
        served = [sum(amount[measure == m].tolist()) for m in range(MEASURES)]
        quantity: int = sum(w * total for w, total in zip(self.unit_worth, served, strict=True))
        return quantity + self.link_worth * len(linked(problem, amount))


def linked(problem: PlanProblem, amount: Ints) -> Ints:
    """The co-ops that these amounts newly link."""
    arc, co_op = problem.links
    found: Ints = problem.co_op[np.unique(co_op[amount[arc] > 0])]
    return found


def _is_column(column: object, length: int) -> bool:
    return isinstance(column, np.ndarray) and column.dtype == np.int64 and column.shape == (length,)


def _within(column: Ints, low: int, high: int | None) -> bool:
    return bool((column >= low).all() and (high is None or (column <= high).all()))


def _require(name: str, holds: bool) -> None:
    if not holds:
        raise PlanInvalid(f"column {name}: wrong type, length or values")
