"""Invented posts in any number, as columns: the same for the same seed.

Commodities follow Zipf's law: of 200 the first holds a sixth of all posts. Needs ask for one of
them, for a group of eight, or for a whole branch. Places are communes, of which some are larger.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from linkage.matching import (
    ONCE,
    PER_DAY,
    PER_MONTH,
    PER_WEEK,
    UNSET,
    AskedCertificates,
    Board,
    CertificateTable,
    HeldCertificates,
    NeedColumns,
    OfferColumns,
    TreeColumns,
)
from linkage.matching.columns import Ints

TODAY = date(2026, 11, 23)
BRANCHES, GROUPS, COMMODITIES = 5, 25, 200
PLACES = 374
CERTIFICATES = 8
# OCOP 3, 4 and 5 stars: a higher one stands for a lower one.
STANDS_FOR = ((6, 5), (7, 5), (7, 6))
KILOGRAM = 1_000


def invent(scale: int, seed: int) -> Board:
    """So many offers and as many needs."""
    chance = np.random.default_rng(seed)
    first_leaf = BRANCHES + GROUPS
    parents = (
        *[-1] * BRANCHES,
        *(group % BRANCHES for group in range(GROUPS)),
        *(BRANCHES + leaf % GROUPS for leaf in range(COMMODITIES)),
    )
    # The commonest commodities lie in branches by chance.
    leaf = first_leaf + chance.permutation(COMMODITIES)
    places = chance.uniform((20.50, 106.10), (21.20, 107.10), (PLACES, 2))
    offers = _shared(scale, chance, leaf, places)
    needs = _shared(scale, chance, leaf, places)
    offers |= {"cooperative": chance.random(scale) < 0.7, "verified": chance.random(scale) < 0.4}
    needs |= {"cooperative": chance.random(scale) < 0.2, "verified": chance.random(scale) < 0.4}
    # Buyers want more than a co-op has, and look less far ahead.
    needs["quantity"] = needs["quantity"] * 3
    needs["ends"] = needs["starts"] + (needs["ends"] - needs["starts"]) // 3
    needs["commodity"] = _asked_for(needs["commodity"], np.array(parents), chance)
    needs["max_distance_m"] = _sometimes(0.3, chance.integers(20, 151, scale) * 1_000, chance)
    return Board(
        offers=OfferColumns(**offers, certificates=_held(scale, chance)),
        needs=NeedColumns(**needs, certificates=_asked(scale, chance)),
        tree=TreeColumns.of_parents(parents),
        certificates=CertificateTable.of_pairs(CERTIFICATES, STANDS_FOR),
        today=TODAY,
    )


def _shared(count: int, chance: np.random.Generator, leaf: Ints, places: Any) -> dict[str, Any]:
    today = TODAY.toordinal()
    share = 1 / np.arange(1, COMMODITIES + 1)
    at = places[np.minimum(PLACES - 1, chance.geometric(0.006, count) - 1)]
    starts = today + chance.integers(-20, 120, count)
    organisation = chance.integers(1, max(2, count // 2), count)
    return {
        "id": np.arange(1, count + 1),
        "organisation": organisation,
        "tax_party": _sometimes(0.9, organisation, chance),
        "active": chance.random(count) < 0.97,
        "commodity": leaf[chance.choice(COMMODITIES, count, p=share / share.sum())],
        "measure": (chance.random(count) < 0.03).astype(np.int64) * 2,
        "quantity": (chance.lognormal(7, 1.2, count)).astype(np.int64) * KILOGRAM + KILOGRAM,
        "period_days": chance.choice(
            (ONCE, PER_DAY, PER_WEEK, PER_MONTH), count, p=(0.82, 0.03, 0.10, 0.05)
        ),
        "starts": starts,
        "ends": starts + chance.integers(7, 120, count),
        "price_limit": _sometimes(0.6, chance.integers(60, 141, count) * 100_000, chance),
        "latitude": at[:, 0].copy(),
        "longitude": at[:, 1].copy(),
        "max_distance_m": _sometimes(0.15, chance.integers(20, 151, count) * 1_000, chance),
        "confirmed_on": _sometimes(0.98, today - chance.integers(0, 70, count), chance),
        "kept": (chance.random(count) < 0.3) * chance.integers(0, 6, count),
        "broken": (chance.random(count) < 0.15) * chance.integers(0, 4, count),
    }


def _sometimes(share: float, values: Ints, chance: np.random.Generator) -> Ints:
    found: Ints = np.where(chance.random(len(values)) < share, values, UNSET)
    return found


def _asked_for(commodity: Ints, parents: Ints, chance: np.random.Generator) -> Ints:
    """One in eight needs asks for the group, one in fifty for the branch."""
    wide = chance.random(len(commodity))
    group = parents[commodity]
    found: Ints = np.where(wide < 0.02, parents[group], np.where(wide < 0.145, group, commodity))
    return found


def _held(count: int, chance: np.random.Generator) -> HeldCertificates:
    rows = np.flatnonzero(chance.random(count) < 0.4)
    rows = np.concatenate([rows, rows[chance.random(len(rows)) < 0.4]])
    last_day = TODAY.toordinal() + chance.integers(-30, 700, len(rows))
    return HeldCertificates(
        rows, chance.integers(0, CERTIFICATES, len(rows)), _sometimes(0.95, last_day, chance)
    )


def _asked(count: int, chance: np.random.Generator) -> AskedCertificates:
    rows = np.flatnonzero(chance.random(count) < 0.2)
    return AskedCertificates(rows, chance.integers(0, CERTIFICATES, len(rows)))
