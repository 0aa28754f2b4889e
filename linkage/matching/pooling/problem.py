"""What a pool is asked for, and what comes out. Integers throughout.

Quantities are base units (gram, millilitre, piece), distances metres, scores out of 10,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkage.matching.columns import MAX_TOTAL
from linkage.matching.weights import FULL

MAX_CANDIDATES = 2_000
MAX_PERIODS = 60
MAX_DISTANCE_M = 30_000_000

# Aims, one after the other: none of a later one is bought with any of an earlier one.
TAKES, PARTNERS, SCORE, TRANSPORT = "takes", "partners", "score", "transport"


class PoolInvalid(ValueError):
    """A pool is asked for that cannot be meant; the message says what is wrong."""


class NoFeasiblePool(Exception):
    """No choice of partners fills the order. `code` says why, `values` by how much.

    `too_little`: all of them fall `short` of it; `too_many_partners`: not with fewer than
    `partners`; `does_not_fit`: what they can deliver when, and their lots, leave no choice;
    `not_in_time`: none was found before the time was over, nor is it known that there is none.
    """

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Order:
    """Per period at least and at most so much, from at most so many partners. Raises: PoolInvalid.

    >>> Order(least=(900,), most=(1_100,), partners=3).least
    (900,)
    """

    least: tuple[int, ...]
    most: tuple[int, ...]
    partners: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.least) == len(self.most) <= MAX_PERIODS:
            raise PoolInvalid(f"an order has 1 to {MAX_PERIODS} periods, each with two limits")
        for low, high in zip(self.least, self.most, strict=True):
            check_within("least", low, 0, MAX_TOTAL)
            check_within("most", high, low, MAX_TOTAL)
        check_within("sum of least", sum(self.least), 1, MAX_TOTAL)
        check_within("partners", self.partners, 1, MAX_CANDIDATES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer that may take part: `capacity` in each period, `total` of all, `lot` at least.

    `takes`: 0 if nothing is missing, else how little it takes out of 10,000 (see `near`).
    Raises: PoolInvalid.
    """

    id: int
    score: int
    distance_m: int
    total: int
    capacity: tuple[int, ...]
    lot: int = 0
    takes: int = 0

    def __post_init__(self) -> None:
        check_within("id", self.id, 0, 2**63 - 1)
        check_within("score", self.score, 0, FULL)
        check_within("distance_m", self.distance_m, 0, MAX_DISTANCE_M)
        check_within("total", self.total, 0, MAX_TOTAL)
        check_within("lot", self.lot, 0, MAX_TOTAL)
        check_within("takes", self.takes, 0, FULL)
        for quantity in self.capacity:
            check_within("capacity", quantity, 0, MAX_TOTAL)


@dataclass(frozen=True, slots=True)
class Member:
    """A partner and what it delivers in each period."""

    id: int
    delivered: tuple[int, ...]

    @property
    def quantity(self) -> int:
        """What it delivers in all."""
        return sum(self.delivered)


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim's value and its bound: nothing is better than `bound`. Less is better, but of scores.

    `gap` is their difference over the value; `proved` says that it is closed.
    """

    name: str
    value: int
    bound: int
    proved: bool

    @property
    def gap(self) -> float:
        """The distance of value and bound, relative to the value."""
        return abs(self.value - self.bound) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True)
class Pool:
    """Partners in order of id, and how good each aim is. `seconds`: how long it took.

    `transport` is in base units times metres (of mass: gram-metres).
    """

    members: tuple[Member, ...]
    aims: tuple[Aim, ...]
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether nothing is better, in the order of the aims."""
        return all(aim.proved for aim in self.aims)

    @property
    def quantity(self) -> int:
        """What all of them deliver."""
        return sum(member.quantity for member in self.members)

    def aim(self, name: str) -> Aim:
        """The aim of this name. Raises: KeyError."""
        return {aim.name: aim for aim in self.aims}[name]


def check(order: Order, candidates: Sequence[Candidate]) -> None:
    """Refuse what cannot be meant, before work begins. Raises: PoolInvalid."""
    if len(candidates) > MAX_CANDIDATES:
        raise PoolInvalid(f"at most {MAX_CANDIDATES} candidates, not {len(candidates)}")
    if len({one.id for one in candidates}) < len(candidates):
        raise PoolInvalid("a candidate stands there twice")
    if any(len(one.capacity) != len(order.least) for one in candidates):
        raise PoolInvalid("a capacity for each period")


def check_within(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is no whole number within these bounds. Raises: PoolInvalid."""
    if type(value) is not int or not low <= value <= high:
        raise PoolInvalid(f"{name} is a whole number from {low} to {high}, not {value!r}")
