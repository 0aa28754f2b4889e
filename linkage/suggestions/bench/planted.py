"""`bench planted`: how often the engine names the partner who is known to be the best."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from linkage.matching import (
    ONCE,
    UNSET,
    AskedCertificates,
    Board,
    CertificateTable,
    HeldCertificates,
    NeedColumns,
    OfferColumns,
    TreeColumns,
    best_rows,
)
from linkage.suggestions.bench.partners import CROPS, KM_PER_DEGREE, Side, Town, town
from linkage.suggestions.bench.posts import TODAY

TOP, FIRST, DRAWS = 10, 3, 1_000
GOAL = 0.99
TONNE = 1_000_000
Hits = npt.NDArray[np.bool_]


def bench(*, scale: int, seed: int, broken: bool) -> dict[str, Any]:
    """Recall of the partner among the ten best beside its ceiling, and hits of the first three
    beside a baseline of crop, price and distance, with intervals of 95%. `broken`: the worst first.
    """
    planted = town(scale, seed)
    has = planted.partner >= 0
    ours = _found(planted)
    if broken:
        ours = ours[:, ::-1]
    nearest = _nearest(planted)
    recall, ceiling = (_hits(planted, rows, TOP)[has] for rows in (ours, planted.said))
    hit, base = (_hits(planted, rows, FIRST)[has] for rows in (ours, nearest))
    chance = np.random.default_rng(seed)
    more = hit.astype(float) - base
    interval = _interval(more, chance)
    share = float(recall.mean() / ceiling.mean())
    return {
        "name": "planted",
        "scale": scale,
        "buyers": int(has.sum()),
        "recall_at_10": _shown(recall, chance),
        "ceiling_at_10": _shown(ceiling, chance),
        "of_the_ceiling": round(share, 4),
        "hit_at_3": _shown(hit, chance),
        "baseline_hit_at_3": _shown(base, chance),
        "hit_at_3_more": {
            "mean": round(float(more.mean()), 4),
            "low": interval[0],
            "high": interval[1],
        },
        "peers": {},
        "ok": share >= GOAL and interval[0] > 0,
    }


def _hits(planted: Town, rows: npt.NDArray[np.int64], first: int) -> Hits:
    found: Hits = (rows[:, :first] == planted.partner[:, None]).any(axis=1)
    return found


def _shown(hits: Hits, chance: np.random.Generator) -> dict[str, float]:
    low, high = _interval(hits.astype(float), chance)
    return {"mean": round(float(hits.mean()), 4), "low": low, "high": high}


def _interval(values: npt.NDArray[np.float64], chance: np.random.Generator) -> tuple[float, float]:
    """The middle 95% of means of as many buyers drawn with replacement."""
    means = [values[chance.integers(0, len(values), len(values))].mean() for _ in range(DRAWS)]
    low, high = np.percentile(means, (2.5, 97.5))
    return round(float(low), 4), round(float(high), 4)


def _found(planted: Town) -> npt.NDArray[np.int64]:
    offers, needs = planted.sellers, planted.buyers
    none = np.empty(0, dtype=np.int64)
    board = Board(
        OfferColumns(**_columns(offers, 0), certificates=HeldCertificates(none, none, none)),
        NeedColumns(**_columns(needs, 1), certificates=AskedCertificates(none, none)),
        TreeColumns.of_parents([-1] * CROPS),
        CertificateTable.of_pairs(1),
    )
    need_row, offer_row, _ = best_rows(board, top=TOP)
    rows = np.full((len(needs.crop), TOP), -1)
    first = np.searchsorted(need_row, need_row)
    rows[need_row, np.arange(len(need_row)) - first] = offer_row
    return rows


def _columns(side: Side, number: int) -> dict[str, Any]:
    count = len(side.crop)

    def whole(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        return values.astype(np.int64)

    unset = np.full(count, UNSET)
    return {
        "id": np.arange(count),
        "organisation": 2 * np.arange(count) + number,
        "tax_party": unset,
        "max_distance_m": unset,
        "confirmed_on": unset,
        "active": np.ones(count, dtype=np.bool_),
        "commodity": whole(side.crop),
        "measure": np.zeros(count, dtype=np.int64),
        "quantity": whole(side.tonnes) * TONNE,
        "period_days": np.full(count, ONCE),
        "starts": TODAY.toordinal() + whole(side.starts),
        "ends": TODAY.toordinal() + whole(side.ends),
        "price_limit": np.maximum(0, whole(side.price)),
        "latitude": side.latitude,
        "longitude": side.longitude,
        "kept": whole(side.kept),
        "broken": whole(side.broken),
        "cooperative": side.cooperative > 0,
        "verified": side.linked > 0,
    }


def _nearest(planted: Town) -> npt.NDArray[np.int64]:
    """The baseline: of the buyer's crop and within its price the nearest."""
    s, b = planted.sellers, planted.buyers
    rows = np.full((len(b.crop), FIRST), -1)
    for buyer in range(len(b.crop)):
        able = np.flatnonzero((s.crop == b.crop[buyer]) & (s.price <= b.price[buyer]))
        high = (s.latitude[able] - b.latitude[buyer]) * KM_PER_DEGREE
        wide = (s.longitude[able] - b.longitude[buyer]) * KM_PER_DEGREE
        chosen = able[np.argsort(np.hypot(high, wide), kind="stable")[:FIRST]]
        rows[buyer, : len(chosen)] = chosen
    return rows
