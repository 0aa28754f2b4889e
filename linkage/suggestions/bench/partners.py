"""Buyers and sellers of whom it is known who is whose best partner. Imports no engine.

What a partner is worth to a buyer is a sum of shares in [0, 1]: how much of the order is covered,
of the window, how near it is, how reliable both are, whether a cooperative without a contract gains
one; and two things that no post says: how well the two know each other, and whether the packing
suits. The partner is the one of the greatest worth among those of the buyer's crop who deliver
within its window, distance and price. Nobody who reads posts alone can always name it; the ceiling
is how often the partner is among the ten best by all that posts do say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float64]
CROPS, NEAR_KM, KM_PER_DEGREE = 40, 100.0, 111.195
# What posts say, and what they do not.
SAID = {"covered": 0.2, "window": 0.15, "near": 0.15, "reliable": 0.1, "unlinked": 0.2}
UNSAID = {"acquainted": 0.15, "packing": 0.1}


@dataclass(frozen=True, eq=False)
class Side:
    """Posts of one side: tonnes, days from the first, degrees, thousand đồng a kg, contracts."""

    crop: Column
    tonnes: Column
    starts: Column
    ends: Column
    latitude: Column
    longitude: Column
    price: Column
    kept: Column
    broken: Column
    cooperative: Column
    linked: Column


@dataclass(frozen=True, eq=False)
class Town:
    """`partner[b]` is a seller's place, -1 if nobody can deliver; `said[b]`: ten best by posts."""

    sellers: Side
    buyers: Side
    partner: npt.NDArray[np.int64]
    said: npt.NDArray[np.int64]


def town(count: int, seed: int) -> Town:
    """So many sellers and as many buyers."""
    chance = np.random.default_rng(seed)
    sellers, buyers = _side(count, chance, price=9), _side(count, chance, price=11)
    partner, said = np.full(count, -1), np.full((count, 10), -1)
    for buyer in range(count):
        able, worth = _worth(sellers, buyers, buyer)
        if len(able):
            told = able[np.argsort(-worth, kind="stable")[:10]]
            said[buyer, : len(told)] = told
            unsaid = chance.random((len(UNSAID), len(able)))
            whole = worth + np.array(list(UNSAID.values())) @ unsaid
            partner[buyer] = able[np.argmax(whole)]
    return Town(sellers, buyers, partner, said)


def _side(count: int, chance: np.random.Generator, *, price: float) -> Side:
    starts = chance.integers(0, 60, count).astype(float)
    return Side(
        crop=chance.integers(0, CROPS, count).astype(float),
        tonnes=np.ceil(chance.lognormal(2, 1, count)),
        starts=starts,
        ends=starts + chance.integers(10, 60, count),
        latitude=chance.uniform(20.5, 21.2, count),
        longitude=chance.uniform(106.1, 107.1, count),
        price=np.round(chance.normal(price, 2, count)),
        kept=chance.integers(0, 5, count).astype(float),
        broken=chance.integers(0, 3, count).astype(float),
        cooperative=(chance.random(count) < 0.5).astype(float),
        linked=(chance.random(count) < 0.5).astype(float),
    )


def _worth(s: Side, b: Side, buyer: int) -> tuple[npt.NDArray[np.int64], Column]:
    """Sellers who can deliver to a buyer, and what of their worth posts say."""
    days = np.minimum(s.ends, b.ends[buyer]) - np.maximum(s.starts, b.starts[buyer]) + 1
    high = (s.latitude - b.latitude[buyer]) * KM_PER_DEGREE
    wide = (s.longitude - b.longitude[buyer]) * KM_PER_DEGREE
    wide = wide * np.cos(np.radians((s.latitude + b.latitude[buyer]) / 2))
    km = np.hypot(high, wide)
    able = np.flatnonzero((s.crop == b.crop[buyer]) & (days > 0) & (s.price <= b.price[buyer]))
    reliable = np.minimum(_reliable(s), _reliable(b)[buyer])
    gains = np.maximum(s.cooperative * (1 - s.linked), b.cooperative[buyer] * (1 - b.linked[buyer]))
    nobody = (s.cooperative == 0) & (b.cooperative[buyer] == 0)
    shares = {
        "covered": np.minimum(1, s.tonnes / b.tonnes[buyer]),
        "window": days / (b.ends[buyer] - b.starts[buyer] + 1),
        "near": np.maximum(0, 1 - km / NEAR_KM),
        "reliable": reliable,
        "unlinked": np.where(nobody, 0.5, gains),
    }
    worth: Column = sum((SAID[name] * shares[name] for name in SAID), start=np.zeros(len(km)))
    return able, worth[able]


def _reliable(side: Side) -> Column:
    """One contract kept and one broken are taken for granted of everybody."""
    share: Column = (side.kept + 0.5) / (side.kept + side.broken + 1)
    return share
