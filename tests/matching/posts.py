"""Offers and needs as plain rows, random ones, and the way from rows to the engine's columns.

Values are few, so that they often meet: windows touch at their ends, scores tie, certificates run
out in the middle, limits are missing, codes and organisations are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np

from linkage.matching import (
    UNSET,
    AskedCertificates,
    CertificateTable,
    HeldCertificates,
    NeedColumns,
    OfferColumns,
    TreeColumns,
)

FIRST = date(2026, 12, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]
TODAY = DAYS[5]

# food > vegetables > leaves > mustard > pickled mustard > jar; food > fish > carp; tools
PARENTS = (None, 0, 1, 2, 3, 4, 0, 6, None)
VIETGAP, HACCP, OCOP_3, OCOP_4, OCOP_5, STRICTER = range(6)
# Who stands for whom, each for itself left out. STRICTER is as if the reference's table said so.
SATISFIES = {OCOP_4: {OCOP_3}, OCOP_5: {OCOP_3, OCOP_4}, STRICTER: {HACCP}}
CERTIFICATES = 6
PERIODS = {"once": 0, "day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Post:
    """An offer or a need. `certificates` of an offer carry their last day, of a need None."""

    id: int
    organisation: int = 0
    tax_party: int | None = None
    active: bool = True
    commodity: int = 2
    measure: int = 0
    quantity: int = 1_000_000
    per: str = "once"
    starts: date = DAYS[0]
    ends: date = DAYS[20]
    price_limit: int | None = None
    latitude: float = 20.86
    longitude: float = 106.68
    max_distance_m: int | None = None
    confirmed_on: date | None = None
    kept: int = 0
    broken: int = 0
    cooperative: bool = False
    verified: bool = False
    certificates: tuple[tuple[int, date | None], ...] = ()


def offer(number: int = 1, **changes: Any) -> Post:
    """One tonne of leaves for three weeks in Hai Phong, changed as the test says."""
    return replace(Post(id=number, organisation=1_000 + number), **changes)


def need(number: int = 1, **changes: Any) -> Post:
    """The same, wanted by somebody else."""
    return replace(Post(id=number, organisation=2_000 + number), **changes)


def random_posts(r: Random, count: int, *, held: bool) -> list[Post]:
    """Rows of one side, their ids not in order."""
    ids = r.sample(range(count * 3), count)
    return [_random_post(r, number, held=held) for number in ids]


def _random_post(r: Random, number: int, *, held: bool) -> Post:
    starts = r.choice(DAYS[:30])
    return Post(
        id=number,
        organisation=r.randrange(30),
        tax_party=r.choice((None, None, None, *range(10))),
        active=r.random() < 0.92,
        commodity=r.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8)),
        measure=r.choice((0, 0, 0, 0, 0, 0, 1, 2)),
        quantity=r.choice((1, 7, 30, 500, 1_000, 3_000, 10**6, 10**9, r.randrange(1, 10**6))),
        per=r.choice(("once", "once", *PERIODS)),
        starts=starts,
        ends=r.choice([day for day in DAYS if day >= starts]),
        price_limit=r.choice((None, None, 0, 5_000, 6_000, 7_000)),
        latitude=r.choice((20.86, 20.86, 20.7, 20.94, round(r.uniform(20.5, 21.2), 5))),
        longitude=r.choice((106.68, 106.68, 106.31, 105.5, round(r.uniform(106.1, 107.1), 5))),
        max_distance_m=r.choice((None, None, None, None, 0, 20_000, 50_000, 150_000)),
        confirmed_on=r.choice((None, *DAYS[:8], FIRST - timedelta(days=r.randrange(80)))),
        kept=r.choice((0, 0, 1, 2, 5)),
        broken=r.choice((0, 0, 0, 1, 3)),
        cooperative=r.random() < 0.4,
        verified=r.random() < 0.4,
        certificates=_random_certificates(r, starts, held=held),
    )


def _random_certificates(
    r: Random, starts: date, *, held: bool
) -> tuple[tuple[int, date | None], ...]:
    count = r.choice((0, 1, 2, 3, 4) if held else (0, 0, 0, 1, 1, 2))
    # Around the window's start, so that some run out just then.
    days = (None, *DAYS[::5], starts - timedelta(days=1), starts, starts + timedelta(days=1))
    return tuple(
        (r.randrange(CERTIFICATES), r.choice(days) if held else None) for _ in range(count)
    )


def columns(offers: Sequence[Post], needs: Sequence[Post]) -> tuple[Any, ...]:
    """The engine's four first arguments."""
    held = [(row, *pair) for row, post in enumerate(offers) for pair in post.certificates]
    asked = [(row, number) for row, post in enumerate(needs) for number, _ in post.certificates]
    rows, numbers, days = (
        (list(column) for column in zip(*held, strict=True)) if held else ([],) * 3
    )
    return (
        OfferColumns(
            **_shared(offers), certificates=HeldCertificates(ints(rows), ints(numbers), ints(days))
        ),
        NeedColumns(
            **_shared(needs),
            certificates=AskedCertificates(
                ints([row for row, _ in asked]), ints([number for _, number in asked])
            ),
        ),
        TreeColumns.of_parents([-1 if up is None else up for up in PARENTS]),
        CertificateTable.of_pairs(
            CERTIFICATES, [(own, other) for own, others in SATISFIES.items() for other in others]
        ),
    )


def ints(values: Sequence[Any]) -> Any:
    """Days as ordinals, None as UNSET."""
    plain = [UNSET if v is None else v.toordinal() if isinstance(v, date) else v for v in values]
    return np.array(plain, dtype=np.int64)


def _shared(posts: Sequence[Post]) -> dict[str, Any]:
    flags, floats = ("active", "cooperative", "verified"), ("latitude", "longitude")
    numbers = (
        *("id", "organisation", "tax_party", "commodity", "measure", "quantity", "starts", "ends"),
        *("price_limit", "max_distance_m", "confirmed_on", "kept", "broken"),
    )
    return {
        **{name: ints([getattr(post, name) for post in posts]) for name in numbers},
        **{name: np.array([getattr(post, name) for post in posts], dtype=bool) for name in flags},
        **{name: np.array([getattr(post, name) for post in posts], dtype=float) for name in floats},
        "period_days": ints([PERIODS[post.per] for post in posts]),
    }
