"""What goes in: offers and needs as columns, one array a field, one place a post.

Integers are int64. Quantities are base units (gram, millilitre, piece); prices đồng per
1,000,000 g, 1,000,000 ml or 1,000 pieces; distances metres; days are `date.toordinal()`. UNSET
stands for what is not stated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# No limit, no tax code, no day known. All real values are 0 or more.
UNSET = -1

# `period_days`: a quantity is once for its window, or comes again every so many days within it.
# A month is 30 days wherever it lies, so that a rate means the same in February.
ONCE, PER_DAY, PER_WEEK, PER_MONTH = 0, 1, 7, 30
PERIODS = (ONCE, PER_DAY, PER_WEEK, PER_MONTH)

# 900 million tonnes: ten thousand times as much still fits an int64.
MAX_TOTAL = 900_000_000_000_000
MAX_LINKAGES = 1_000_000_000
MAX_PRICE = 2**62
MAX_DAY = date.max.toordinal()
# Posts of one side in one call.
MAX_ROWS = 5_000_000


class ColumnsInvalid(ValueError):
    """A column whose length, type or values cannot be; the message names it."""


@dataclass(frozen=True, eq=False)
class HeldCertificates:
    """Certificates that offers hold, one place each, in any order; an offer may hold several.

    `row` is the offer's place in its columns, `certificate` the place in the CertificateTable,
    `last_day` the last day on which it is good; UNSET counts as not held.
    """

    row: Ints
    certificate: Ints
    last_day: Ints


@dataclass(frozen=True, eq=False)
class AskedCertificates:
    """Certificates that needs ask for, one place each, in any order."""

    row: Ints
    certificate: Ints


@dataclass(frozen=True, eq=False)
class PostColumns:
    """The fields that offers and needs share. Raises: ColumnsInvalid.

    `id`: unique on its side; ties are broken by it, the smaller first.
    `organisation`, `tax_party`: numbers; equal ones are the same party (`tax_party` UNSET: none).
    `commodity`: the place in the TreeColumns. `measure`: 0 mass, 1 volume, 2 count.
    `quantity`: what is left of it; `period_days` one of PERIODS. `starts`, `ends`: both included.
    `price_limit`: an offer's floor, a need's ceiling. `max_distance_m`: how far it may lie.
    `confirmed_on`: the day on which the post was last confirmed.
    `kept`, `broken`: the organisation's ended linkages with deliveries.
    `cooperative`: it is an HTX; `verified`: it has a verified linkage in force.
    """

    id: Ints
    organisation: Ints
    tax_party: Ints
    active: Flags
    commodity: Ints
    measure: Ints
    quantity: Ints
    period_days: Ints
    starts: Ints
    ends: Ints
    price_limit: Ints
    latitude: Floats
    longitude: Floats
    max_distance_m: Ints
    confirmed_on: Ints
    kept: Ints
    broken: Ints
    cooperative: Flags
    verified: Flags

    def __len__(self) -> int:
        return len(self.id)

    def __post_init__(self) -> None:
        if len(self.id) > MAX_ROWS:
            raise ColumnsInvalid(f"{len(self.id)} rows: a call takes at most {MAX_ROWS}")
        for field in fields(PostColumns):
            self._check_type(field.name)
        _require("id", len(np.unique(self.id)) == len(self))
        for name, low, high in (
            ("tax_party", UNSET, None),
            ("commodity", 0, None),
            ("measure", 0, 2),
            ("quantity", 0, None),
            ("starts", 1, MAX_DAY),
            ("ends", 1, MAX_DAY),
            ("price_limit", UNSET, MAX_PRICE),
            ("latitude", -90, 90),
            ("longitude", -180, 180),
            ("max_distance_m", UNSET, None),
            ("confirmed_on", UNSET, MAX_DAY),
            ("kept", 0, MAX_LINKAGES),
            ("broken", 0, MAX_LINKAGES),
        ):
            _require(name, within(getattr(self, name), low, high))
        _require("period_days", bool(np.isin(self.period_days, PERIODS).all()))
        _require("ends", bool((self.starts <= self.ends).all()))
        _require("quantity", bool((self.quantity <= largest_quantity(self)).all()))

    def _check_type(self, name: str) -> None:
        column = getattr(self, name)
        kind = {"Ints": np.int64, "Floats": np.float64, "Flags": np.bool_}[
            str(PostColumns.__annotations__[name])
        ]
        _require(
            name,
            isinstance(column, np.ndarray)
            and column.dtype == kind
            and column.shape == (len(self.id),),
        )


@dataclass(frozen=True, eq=False)
class OfferColumns(PostColumns):
    """What organisations can supply now. Raises: ColumnsInvalid."""

    certificates: HeldCertificates

    def __post_init__(self) -> None:
        super().__post_init__()
        held = self.certificates
        _check_certificates(held.row, held.certificate, len(self))
        _require("certificates", within(held.last_day, UNSET, MAX_DAY))
        _require("certificates", held.last_day.shape == held.row.shape)


@dataclass(frozen=True, eq=False)
class NeedColumns(PostColumns):
    """What organisations want; a quantity is 1 or more. Raises: ColumnsInvalid."""

    certificates: AskedCertificates

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_certificates(self.certificates.row, self.certificates.certificate, len(self))
        _require("quantity", within(self.quantity, 1, None))


def offers_at(offers: OfferColumns, rows: Ints) -> OfferColumns:
    """The offers at these places, in this order."""
    held, place = _certificates_at(offers.certificates.row, rows, len(offers))
    marks = offers.certificates
    return OfferColumns(
        **_at(offers, rows),
        certificates=HeldCertificates(place, marks.certificate[held], marks.last_day[held]),
    )


def needs_at(needs: NeedColumns, rows: Ints) -> NeedColumns:
    """The needs at these places, in this order."""
    asked, place = _certificates_at(needs.certificates.row, rows, len(needs))
    return NeedColumns(
        **_at(needs, rows),
        certificates=AskedCertificates(place, needs.certificates.certificate[asked]),
    )


def _at(posts: PostColumns, rows: Ints) -> dict[str, Any]:
    return {field.name: getattr(posts, field.name)[rows] for field in fields(PostColumns)}


def _certificates_at(row: Ints, rows: Ints, count: int) -> tuple[Ints, Ints]:
    """Which certificates are those rows', and the new row of each."""
    place = np.full(count, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    kept = np.flatnonzero(place[row] >= 0)
    return kept, place[row[kept]]


def largest_quantity(posts: PostColumns) -> Ints:
    """The largest quantity that each post may state, so that its total stays within MAX_TOTAL."""
    days = posts.ends - posts.starts + 1
    limit: Ints = np.where(
        posts.period_days == ONCE, MAX_TOTAL, MAX_TOTAL * posts.period_days // days
    )
    return limit


def within(column: Ints | Floats, low: int, high: int | None) -> bool:
    """Whether every value is from `low` to `high` (None: no bound); NaN is not."""
    return bool((column >= low).all() and (high is None or (column <= high).all()))


def _check_certificates(row: Ints, certificate: Ints, posts: int) -> None:
    _require("certificates", row.dtype == np.int64 and row.ndim == 1)
    _require("certificates", certificate.dtype == np.int64 and certificate.shape == row.shape)
    _require("certificates", within(row, 0, posts - 1) and within(certificate, 0, None))


def _require(name: str, holds: bool) -> None:
    if not holds:
        raise ColumnsInvalid(f"column {name}: wrong type, length or values")
