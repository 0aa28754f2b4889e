"""Near misses: pairs that fail one condition alone, which one, and by how much.

A condition is: the commodity, the dates, each certificate by itself, the price, the distance. The
offer's commodity misses by little where it is stated more broadly than asked (vegetables where
leaves are wanted); of other branches nothing is near. What nobody closes by a bit is no near
miss: the two are one party, one is not active, or they are measured differently.

Of a price nothing is said but that the two do not meet: how little it takes is the same however
far the limits are apart, so neither words nor order tell a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from linkage.matching import rules
from linkage.matching.columns import UNSET, Flags, Ints, NeedColumns, OfferColumns
from linkage.matching.prepared import Prepared, prepare
from linkage.matching.tables import Board, CertificateTable, TreeColumns
from linkage.matching.weights import FULL

# What fails; the places are the values of `NearMisses.kind`.
KINDS = ("commodity", "dates", "certificate_missing", "certificate_over", "price", "distance")
COMMODITY, DATES, MISSING, OVER, PRICE, DISTANCE = range(len(KINDS))

# How little it takes, out of 10,000. A broader word is asked about; dates are moved within two
# months; a renewal is lighter than a first certificate; a price is talked over, however far.
A_LEVEL = 2_000
DATES_DAYS = 60
RENEWAL, RENEWAL_DAYS = 2_000, 365
FIRST_CERTIFICATE = 8_000
PRICE_TAKES = 5_000

# Pairs looked at in one go, and near misses kept before they are cut down to the best.
BLOCK_PAIRS = 1 << 16
KEPT = 1 << 18


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One pair; `offer` and `need` are ids.

    `kind` is one of KINDS, `amount` by how much: levels, days, the last day on which the
    certificate was good (`date.toordinal()`), or metres; 0 of a price and of a certificate that
    is not held. `certificate` is its place in the table, else UNSET. `takes`: from 1 to 10,000.
    """

    offer: int
    need: int
    kind: str
    amount: int
    certificate: int
    takes: int
    distance_m: int


@dataclass(frozen=True, eq=False)
class NearMisses:
    """Near misses as columns, in the order of the side asked for; what takes least comes first."""

    offer_row: Ints
    need_row: Ints
    offer_id: Ints
    need_id: Ints
    kind: Ints
    amount: Ints
    certificate: Ints
    takes: Ints
    distance_m: Ints

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, place: int) -> NearMiss:
        return NearMiss(
            offer=int(self.offer_id[place]),
            need=int(self.need_id[place]),
            kind=KINDS[self.kind[place]],
            amount=int(self.amount[place]),
            certificate=int(self.certificate[place]),
            takes=int(self.takes[place]),
            distance_m=int(self.distance_m[place]),
        )

    def __iter__(self) -> Iterator[NearMiss]:
        return (self[place] for place in range(len(self)))


def near_offers(
    offers: OfferColumns,
    needs: NeedColumns,
    tree: TreeColumns,
    certificates: CertificateTable,
    *,
    top: int,
) -> NearMisses:
    """For each need the `top` offers that miss by least, in the needs' order.

    Ties go to the nearer offer, then to the smaller id.
    Raises: ColumnsInvalid; ValueError, if `top` is less than 1.
    """
    p = prepare(Board(offers, needs, tree, certificates))
    return _near(p, top=top, of_needs=True)


def near_needs(
    offers: OfferColumns,
    needs: NeedColumns,
    tree: TreeColumns,
    certificates: CertificateTable,
    *,
    top: int,
) -> NearMisses:
    """For each offer the `top` needs that it misses by least, in the offers' order."""
    p = prepare(Board(offers, needs, tree, certificates))
    return _near(p, top=top, of_needs=False)


def _near(p: Prepared, *, top: int, of_needs: bool) -> NearMisses:
    if top < 1:
        raise ValueError("top is 1 or more")
    kept: list[NearMisses] = [_empty()]
    for block in _blocks(p):
        kept.append(_cut(_misses(p, *block), top=top, of_needs=of_needs))
        if sum(map(len, kept)) > KEPT:
            kept = [_cut(_joined(kept), top=top, of_needs=of_needs)]
    return _cut(_joined(kept), top=top, of_needs=of_needs)


def _blocks(p: Prepared) -> Iterator[tuple[Ints, Ints]]:
    """Rows of offers on one line of the tree with the needs' commodity, above it and below."""
    of_offers = p.offers.commodity
    for asked in np.unique(p.needs.commodity):
        needs = np.flatnonzero(p.needs.commodity == asked)
        below = p.tree.within(of_offers, asked)
        offers = np.flatnonzero(below | _above(p.tree, of_offers, asked))
        step = max(1, BLOCK_PAIRS // max(1, len(offers)))
        for start in range(0, len(needs) if len(offers) else 0, step):
            yield offers, needs[start : start + step]


def _above(tree: TreeColumns, commodity: Ints, asked: Ints) -> Flags:
    """Whether each commodity is a true ancestor of what is asked."""
    above: Flags = tree.within(asked, commodity) & (commodity != asked)
    return above


def _misses(p: Prepared, offers: Ints, needs: Ints) -> NearMisses:
    """The pairs of a block that fail exactly one condition."""
    o, n = offers[None, :], needs[:, None]
    failed = _failed_but_distance(p, o, n)
    alike = p.offers.measure[o] == p.needs.measure[n]
    come = alike & rules.strangers(p, o, n) & rules.both_active(p, o, n) & (failed <= 1)
    which_need, which_offer = np.nonzero(come)
    o, n, failed = offers[which_offer], needs[which_need], failed[which_need, which_offer]
    distance_m = rules.distance(p, o, n)
    too_far = ~rules.near_enough(p, o, n, distance_m)
    one = failed + too_far == 1
    return _told(p, o[one], n[one], distance_m[one], too_far[one])


def _failed_but_distance(p: Prepared, o: Ints, n: Ints) -> Ints:
    """How many of the other conditions fail; each certificate is one."""
    first, gap = _dates(p, o, n)
    failed: Ints = (
        (gap > 0).astype(np.int64)
        + _above(p.tree, p.offers.commodity[o], p.needs.commodity[n])
        + ~rules.prices_meet(p, o, n)
    )
    for asked in p.asked.T:
        failed += p.good_until[o, asked[n]] < first
    return failed


def _dates(p: Prepared, o: Ints, n: Ints) -> tuple[Ints, Ints]:
    """The first day on which both have begun, and the days by which they miss (0: none)."""
    first = np.maximum(p.offers.starts[o], p.needs.starts[n])
    return first, np.maximum(0, first - np.minimum(p.offers.ends[o], p.needs.ends[n]))


def _told(p: Prepared, o: Ints, n: Ints, distance_m: Ints, too_far: Flags) -> NearMisses:
    """Which condition each of these pairs fails, by how much, and how little it takes."""
    first, gap = _dates(p, o, n)
    levels = p.tree.depth[p.needs.commodity[n]] - p.tree.depth[p.offers.commodity[o]]
    limit = _narrowest(p.needs.max_distance_m[n], p.offers.max_distance_m[o])
    # What is none of the others is the price: nothing of it is looked up here.
    kind = np.full(len(o), PRICE, dtype=np.int64)
    amount, takes = np.zeros_like(kind), np.full_like(kind, PRICE_TAKES)
    certificate = np.full_like(kind, UNSET)

    def tell(where: Flags, what: int, by: Ints, weight: Ints) -> None:
        kind[where], amount[where] = what, by[where]
        takes[where] = np.clip(weight, 1, FULL)[where]

    tell(levels > 0, COMMODITY, levels, A_LEVEL * levels)
    tell(gap > 0, DATES, gap, FULL * gap // DATES_DAYS)
    over = distance_m - limit
    tell(too_far, DISTANCE, over, FULL * over // np.maximum(limit, 1))
    for asked in p.asked.T:
        until = p.good_until[o, asked[n]]
        bad = until < first
        certificate[bad] = asked[n][bad]
        lapsed = RENEWAL + FULL * (first - until) // RENEWAL_DAYS
        tell(bad, OVER, until, np.minimum(lapsed, FIRST_CERTIFICATE))
        none = bad & (until == UNSET)
        tell(none, MISSING, np.zeros_like(kind), np.full_like(kind, FIRST_CERTIFICATE))
    ids = p.offers.id[o], p.needs.id[n]
    return NearMisses(o, n, *ids, kind, amount, certificate, takes, distance_m)


def _narrowest(one: Ints, other: Ints) -> Ints:
    """The lower of two limits of which either may be UNSET."""
    lower: Ints = np.where(
        one == UNSET, other, np.where(other == UNSET, one, np.minimum(one, other))
    )
    return lower


def _cut(found: NearMisses, *, top: int, of_needs: bool) -> NearMisses:
    """The best `top` of each owner, owners in their order."""
    owner, other = found.offer_row, found.need_id
    if of_needs:
        owner, other = found.need_row, found.offer_id
    order = np.lexsort((other, found.distance_m, found.takes, owner))
    owner = owner[order]
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    place = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
    return _taken(found, order[place < top])


def _taken(found: NearMisses, rows: Ints) -> NearMisses:
    return NearMisses(**{name: column[rows] for name, column in vars(found).items()})


def _joined(parts: list[NearMisses]) -> NearMisses:
    names = vars(parts[0])
    return NearMisses(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    )


def _empty() -> NearMisses:
    return NearMisses(*(np.empty(0, dtype=np.int64) for _ in range(9)))
