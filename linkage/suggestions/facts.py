"""Open posts and their organisations as the engine's columns.

The market gives plain lists (`market.columns`), the registry and the agreements what is so of the
organisations (`parties`), the catalogue the tree and the certificates. Nothing is decided here.

Rivals: a pair is an offer and a need that are both published, so each side meets the other through
a post of its own, which the rivals' rule (`market.sight`) always allows: a published need opens its
branch, and who both sells and buys sees counterparts in no other way than this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from linkage.catalogue.models import Certification, Dimension
from linkage.catalogue.standing import standing_pairs
from linkage.market.columns import Columns
from linkage.market.models import Period, PostKind
from linkage.market.queries import need_columns, offer_columns
from linkage.market.tree import Tree
from linkage.matching import (
    ONCE,
    PER_DAY,
    PER_MONTH,
    PER_WEEK,
    UNSET,
    AskedCertificates,
    CertificateTable,
    HeldCertificates,
    NeedColumns,
    OfferColumns,
    TreeColumns,
    Weights,
)
from linkage.matching.columns import Ints
from linkage.registry import tax_codes
from linkage.suggestions import preference
from linkage.suggestions.parties import Party, activity_on, parties_on

_MEASURES: Mapping[str, int] = {Dimension.MASS: 0, Dimension.VOLUME: 1, Dimension.COUNT: 2}
_PERIODS: Mapping[str, int] = {
    Period.ONCE: ONCE,
    Period.DAY: PER_DAY,
    Period.WEEK: PER_WEEK,
    Period.MONTH: PER_MONTH,
}
_COLUMNS: Mapping[PostKind, Callable[..., Columns]] = {
    PostKind.OFFER: offer_columns,
    PostKind.NEED: need_columns,
}
_ALL: Mapping[PostKind, Q] = MappingProxyType({})


@dataclass(frozen=True)
class World:
    """Posts as the market's lists, and what turns any part of them into columns."""

    offers: Columns
    needs: Columns
    tree: TreeColumns
    certificates: CertificateTable
    # By their places in that table.
    certifications: Sequence[Certification]
    today: date
    weights: Weights
    _places: Mapping[str, int]
    _marks: Mapping[str, int]
    _parties: Mapping[int, Party]
    _codes: Mapping[str, int]

    def posts(self, kind: PostKind) -> Columns:
        """The market's list of that kind."""
        return self.offers if kind is PostKind.OFFER else self.needs

    def within(self, codes: Collection[str]) -> World:
        """The posts of these commodities alone."""
        return self._kept("commodity", codes, codes)

    def only(self, offers: Collection[int], needs: Collection[int]) -> World:
        """These posts alone, by their ids."""
        return self._kept("id", offers, needs)

    def _kept(self, column: str, offers: Collection[Any], needs: Collection[Any]) -> World:
        kept = [
            _at(posts, [row for row, value in enumerate(posts[column]) if value in wanted])
            for posts, wanted in ((self.offers, offers), (self.needs, needs))
        ]
        return replace(self, offers=kept[0], needs=kept[1])

    @cached_property
    def all_offers(self) -> OfferColumns:
        """All of its offers as columns."""
        return self.offer_columns(range(len(self.offers["id"])))

    @cached_property
    def all_needs(self) -> NeedColumns:
        """All of its needs as columns."""
        return self.need_columns(range(len(self.needs["id"])))

    def offer_columns(self, rows: Sequence[int]) -> OfferColumns:
        """The offers at these places of the lists."""
        posts = _at(self.offers, rows)
        held = [
            (row, self._marks[code], last_day.toordinal())
            for row, certificates in enumerate(posts["certificates"])
            for code, last_day in certificates.items()
        ]
        row, mark, last = (_ints(column) for column in _columns_of(held, 3))
        return OfferColumns(**self._shared(posts), certificates=HeldCertificates(row, mark, last))

    def need_columns(self, rows: Sequence[int]) -> NeedColumns:
        """The needs at these places of the lists."""
        posts = _at(self.needs, rows)
        asked = [
            (row, self._marks[code])
            for row, codes in enumerate(posts["certificates"])
            for code in codes
        ]
        row, mark = (_ints(column) for column in _columns_of(asked, 2))
        return NeedColumns(**self._shared(posts), certificates=AskedCertificates(row, mark))

    def _shared(self, posts: Columns) -> dict[str, Any]:
        parties = [self._parties[id_] for id_ in posts["organisation"]]
        return {
            "id": _ints(posts["id"]),
            "organisation": _ints(posts["organisation"]),
            "tax_party": _ints(_of_code(self._codes, code) for code in posts["tax_code"]),
            "active": _flags(party.active for party in parties),
            "commodity": _ints(self._places[code] for code in posts["commodity"]),
            "measure": _ints(_MEASURES[dimension] for dimension in posts["dimension"]),
            "quantity": _ints(posts["quantity"]),
            "period_days": _ints(_PERIODS[period] for period in posts["period"]),
            "starts": _ints(day.toordinal() for day in posts["starts"]),
            "ends": _ints(day.toordinal() for day in posts["ends"]),
            "price_limit": _ints(_or_unset(price) for price in posts["limit"]),
            "latitude": np.array(posts["latitude"], dtype=np.float64),
            "longitude": np.array(posts["longitude"], dtype=np.float64),
            "max_distance_m": _ints(_or_unset(km, 1_000) for km in posts["max_km"]),
            "confirmed_on": _ints(day.toordinal() for day in posts["confirmed_on"]),
            "kept": _ints(party.kept for party in parties),
            "broken": _ints(party.broken for party in parties),
            "cooperative": _flags(party.cooperative for party in parties),
            "verified": _flags(party.verified for party in parties),
        }


def gather(
    *,
    tree: Tree,
    offered: Collection[str],
    needed: Collection[str],
    today: date,
    only: Mapping[PostKind, Q] = _ALL,
) -> World:
    """Read the posts of these commodities and what the match asks of them; at most 14 queries.

    `only`: of a kind those posts alone that fit the condition.
    """
    offers = offer_columns(on=today, commodities=offered, only=only.get(PostKind.OFFER))
    needs = need_columns(on=today, commodities=needed, only=only.get(PostKind.NEED))
    return _world(tree, offers, needs, parties_on(_owners(offers, needs), today), today)


def gather_around(
    *, tree: Tree, kind: PostKind, post_id: int, others: QuerySet[Any], today: date
) -> World:
    """Read one post and these of the other kind, as far as what excludes a pair; eight queries.

    A post is not in it if it is not open on the day or nothing is left of it.
    """
    one = _COLUMNS[kind](on=today, only=Q(pk=post_id))
    many = _COLUMNS[kind.other](on=today, only=Q(pk__in=others.values("pk")))
    offers, needs = (one, many) if kind is PostKind.OFFER else (many, one)
    return _world(tree, offers, needs, activity_on(_owners(offers, needs), today), today)


def _owners(offers: Columns, needs: Columns) -> set[int]:
    return {*offers["organisation"], *needs["organisation"]}


def _world(
    tree: Tree, offers: Columns, needs: Columns, parties: Mapping[int, Party], today: date
) -> World:
    places = {code: place for place, code in enumerate(tree.nodes)}
    parents = [node.parent for node in tree.nodes.values()]
    certifications, satisfied = _certificates()
    codes = {tax_codes.party(code) for code in (*offers["tax_code"], *needs["tax_code"]) if code}
    return World(
        offers=offers,
        needs=needs,
        tree=TreeColumns.of_parents([UNSET if up is None else places[up] for up in parents]),
        certificates=CertificateTable.of_pairs(len(certifications), satisfied),
        certifications=certifications,
        today=today,
        weights=preference.weights(),
        _places=places,
        _marks={row.code: number for number, row in enumerate(certifications)},
        _parties=parties,
        _codes={code: number for number, code in enumerate(sorted(codes))},
    )


def _certificates() -> tuple[list[Certification], list[tuple[int, int]]]:
    """The certifications, each known by its place, and which place stands for which."""
    rows = list(Certification.objects.order_by("pk"))
    places = {row.code: place for place, row in enumerate(rows)}
    return rows, [(places[held], places[asked]) for held, asked in standing_pairs(rows)]


def _of_code(numbers: Mapping[str, int], code: str | None) -> int:
    return numbers[tax_codes.party(code)] if code else UNSET


def _at(columns: Columns, rows: Sequence[int]) -> Columns:
    return {name: [column[row] for row in rows] for name, column in columns.items()}


def _columns_of(lines: list[tuple[int, ...]] | list[Any], width: int) -> list[list[int]]:
    return [[line[place] for line in lines] for place in range(width)]


def _or_unset(value: int | None, scale: int = 1) -> int:
    return UNSET if value is None else value * scale


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _flags(values: Iterable[bool]) -> Any:
    return np.array(list(values), dtype=np.bool_)
