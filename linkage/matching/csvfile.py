"""The two CSV files as columns. Numbers are written as programs write them: a point for decimals.

The files carry no history, so standing, freshness and preference are neutral, everybody is active,
and each quantity is once for its window. Organisations and tax codes are opaque text.

A limit per unit is seldom a whole number for the PRICED number of base units (12,345 đồng a vạn,
1,000.9 a tấn), and the engine asks only which of two is larger. So the columns hold each limit's
rank among all limits of both files: exact, equal for equal limits, and never too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from linkage.matching.columns import (
    MAX_PRICE,
    MAX_TOTAL,
    ONCE,
    UNSET,
    AskedCertificates,
    HeldCertificates,
    Ints,
    NeedColumns,
    OfferColumns,
)
from linkage.matching.lookup import TREE_FILE, Certificates, Commodities, Units, numbered_rows
from linkage.matching.tables import CertificateTable, TreeColumns
from linkage.matching.wrong import Unreadable
from linkage.text import clean

COLUMNS = (
    *("id", "organisation", "tax_code", "commodity", "quantity", "unit", "starts", "ends"),
    *("price_limit", "certificates", "latitude", "longitude", "max_km"),
)
# A price is for this many base units: grams, millilitres, pieces.
PRICED = (1_000_000, 1_000_000, 1_000)
MAX_DISTANCE_M = 10**12
# Rows of one file.
MAX_LINES = 1_000_000

_NUMBER = re.compile(r"-?[0-9]{1,25}(?:\.[0-9]{0,25})?(?:[eE][+-]?[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, eq=False)
class Files:
    """What two files hold, ready for the engine, and the ids as they are written."""

    offers: OfferColumns
    needs: NeedColumns
    tree: TreeColumns
    certificates: CertificateTable
    offer_ids: list[str]
    need_ids: list[str]


def read_files(offers: Path, needs: Path, tree: Path = TREE_FILE) -> Files:
    """Read both files. Raises: Unreadable, naming the file and the first thing that is wrong."""
    words = _Words(Commodities(tree))
    supply, demand = _read_posts(offers, words, held=True), _read_posts(needs, words, held=False)
    limits = _ranks_of_limits([*supply, *demand])
    return Files(
        offers=OfferColumns(certificates=_held(supply), **_columns(supply, limits)),
        needs=NeedColumns(certificates=_asked(demand), **_columns(demand, limits)),
        tree=words.commodities.tree,
        certificates=words.certificates.table(),
        offer_ids=[post.id for post in supply],
        need_ids=[post.id for post in demand],
    )


def tax_party(code: str) -> str:
    """What two tax codes of one party share: all 12 digits, else the first 10.

    Text that is no number is a party of its own.

    >>> tax_party("0205198368-001") == tax_party("0205198368") == tax_party(" 02051 98368 ")
    True
    >>> tax_party("031199000123") == tax_party("031199000124")
    False
    """
    head = "".join(code.split()).split("-")[0]
    if not (head.isascii() and head.isdigit()):
        return code.strip()
    return head if len(head) == 12 else head[:10]


@dataclass(frozen=True, slots=True)
class _Post:
    """A row in numbers; the names are those of the columns."""

    id: str
    organisation: int
    tax_party: int
    commodity: int
    measure: int
    quantity: int
    starts: int
    ends: int
    # For the PRICED number of base units; None: no limit.
    price_limit: Fraction | None
    latitude: float
    longitude: float
    max_distance_m: int
    # Number and last day of each certificate.
    certificates: tuple[tuple[int, int], ...]


@dataclass
class _Words:
    """What both files' words are looked up in; parties are numbered as they are met."""

    commodities: Commodities
    units: Units = field(default_factory=Units)
    certificates: Certificates = field(default_factory=Certificates)
    _parties: dict[tuple[str, str], int] = field(default_factory=dict)

    def party(self, kind: str, text: str) -> int:
        return self._parties.setdefault((kind, text), len(self._parties))


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a file; each method reads a cell or raises Unreadable."""

    file: Path
    line: int
    cells: dict[str, str]
    words: _Words

    def text(self, column: str) -> str:
        return self.cells[column].strip()

    def wrong(self, code: str, column: str) -> Unreadable:
        return Unreadable(
            code, file=self.file, row=self.line, column=column, value=self.text(column)
        )

    def id(self) -> str:
        if not self.text("id"):
            raise self.wrong("missing", "id")
        return self.text("id")

    def organisation(self) -> int:
        """Two rows that name nobody are not one organisation."""
        name = clean(self.cells["organisation"]) or f"\n{self.file}\n{self.line}"
        return self.words.party("organisation", name)

    def tax_party(self) -> int:
        code = self.text("tax_code")
        return self.words.party("tax_party", tax_party(code)) if code else UNSET

    def commodity(self) -> int:
        found = self.words.commodities.find(self.text("commodity"))
        if found is None:
            raise self.wrong("unknown_commodity", "commodity")
        return found

    def quantity(self) -> tuple[int, int, Fraction | None]:
        """Measure, quantity in base units, and price limit for the PRICED number of them."""
        unit = self.words.units.find(self.text("unit"))
        if unit is None:
            raise self.wrong("unknown_unit", "unit")
        amount = self.number("quantity", 0, None) * unit.base_units
        if amount.denominator != 1 or not 1 <= amount <= MAX_TOTAL:
            raise self.wrong("bad_number", "quantity")
        price = None
        if self.text("price_limit"):
            price = self.number("price_limit", 0, None) * PRICED[unit.measure] / unit.base_units
            if price > MAX_PRICE:
                raise self.wrong("bad_number", "price_limit")
        return unit.measure, int(amount), price

    def window(self) -> tuple[int, int]:
        starts, ends = (self.day(column, self.text(column)) for column in ("starts", "ends"))
        if ends < starts:
            raise self.wrong("inverted", "ends")
        return starts, ends

    def max_distance_m(self) -> int:
        if not self.text("max_km"):
            return UNSET
        return int(self.number("max_km", 0, Fraction(MAX_DISTANCE_M, 1_000)) * 1_000)

    def number(self, column: str, low: int, high: int | Fraction | None) -> Fraction:
        value = _number(self.text(column))
        if value is None or value < low or (high is not None and value > high):
            raise self.wrong("bad_number", column)
        return value

    def day(self, column: str, text: str) -> int:
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text).toordinal()
        except ValueError:
            pass
        raise self.wrong("bad_date", column)

    def certificates(self, *, held: bool) -> tuple[tuple[int, int], ...]:
        """Of an offer with their last days, UNSET if it is not stated; of a need without."""
        written = [text.strip() for text in self.text("certificates").split(";")]
        return tuple(self._certificate(text, held=held) for text in written if text)

    def _certificate(self, text: str, *, held: bool) -> tuple[int, int]:
        # Some names hold a colon themselves: "ISO 22000:2018".
        name, colon, last_day = text.rpartition(":")
        if not colon or self.words.certificates.known(text):
            return self.words.certificates.number(text), UNSET
        if not held:
            raise self.wrong("bad_date", "certificates")
        day = self.day("certificates", last_day.strip()) if last_day.strip() else UNSET
        return self.words.certificates.number(name), day


def _read_posts(file: Path, words: _Words, *, held: bool) -> list[_Post]:
    if _lines(file) > MAX_LINES:
        raise Unreadable("too_many_rows", file=file, most=MAX_LINES)
    posts, seen = [], set()
    for line, cells in numbered_rows(file, COLUMNS):
        row = _Row(file, line, cells, words)
        posts.append(_read_post(row, held=held))
        if posts[-1].id in seen:
            raise row.wrong("twice", "id")
        seen.add(posts[-1].id)
    return posts


def _lines(file: Path) -> int:
    """How many lines the file has, its heading left out; 0 if it cannot be opened, said later."""
    try:
        with file.open("rb") as stream:
            return sum(part.count(b"\n") for part in iter(lambda: stream.read(1 << 20), b"")) - 1
    except OSError:
        return 0


def _read_post(row: _Row, *, held: bool) -> _Post:
    measure, quantity, price_limit = row.quantity()
    starts, ends = row.window()
    return _Post(
        id=row.id(),
        organisation=row.organisation(),
        tax_party=row.tax_party(),
        commodity=row.commodity(),
        measure=measure,
        quantity=quantity,
        starts=starts,
        ends=ends,
        price_limit=price_limit,
        latitude=float(row.number("latitude", -90, 90)),
        longitude=float(row.number("longitude", -180, 180)),
        max_distance_m=row.max_distance_m(),
        certificates=row.certificates(held=held),
    )


def _ranks_of_limits(posts: Iterable[_Post]) -> dict[Fraction | None, int]:
    """The rank of each limit among all of them; None is UNSET."""
    limits = sorted({post.price_limit for post in posts if post.price_limit is not None})
    return {None: UNSET, **{limit: rank for rank, limit in enumerate(limits)}}


def _columns(posts: Sequence[_Post], limits: Mapping[Fraction | None, int]) -> dict[str, Any]:
    """The columns that both sides share; an id is its rank among the ids as text."""
    count = len(posts)
    ranks = {text: rank for rank, text in enumerate(sorted(post.id for post in posts))}
    read = (
        *("organisation", "tax_party", "commodity", "measure", "quantity", "starts", "ends"),
        "max_distance_m",
    )
    return {
        "id": _ints(ranks[post.id] for post in posts),
        **{name: _ints(getattr(post, name) for post in posts) for name in read},
        **{
            name: np.array([getattr(post, name) for post in posts], dtype=np.float64)
            for name in ("latitude", "longitude")
        },
        "price_limit": _ints(limits[post.price_limit] for post in posts),
        "period_days": np.full(count, ONCE, dtype=np.int64),
        "confirmed_on": np.full(count, UNSET, dtype=np.int64),
        **{name: np.zeros(count, dtype=np.int64) for name in ("kept", "broken")},
        **{name: np.zeros(count, dtype=np.bool_) for name in ("cooperative", "verified")},
        "active": np.ones(count, dtype=np.bool_),
    }


def _held(posts: Sequence[_Post]) -> HeldCertificates:
    held = [(row, *pair) for row, post in enumerate(posts) for pair in post.certificates]
    return HeldCertificates(*(_ints(line[place] for line in held) for place in range(3)))


def _asked(posts: Sequence[_Post]) -> AskedCertificates:
    asked = [(row, number) for row, post in enumerate(posts) for number, _ in post.certificates]
    return AskedCertificates(*(_ints(line[place] for line in asked) for place in range(2)))


@lru_cache(maxsize=10_000)
def _number(text: str) -> Fraction | None:
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
