"""The best counterparts of each need, or of each offer. Exact, in bounded memory.

Offers are sorted by the tree's order, so what answers a need for one commodity is a run of them.
For each commodity that needs ask for, its run meets its needs in blocks of bounded size; no other
pair is formed, and Python loops over commodities and blocks only. A pair's owner, score and tie
are one integer, so the best of each owner are the first of a sorted column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from linkage.matching import compiled, rules
from linkage.matching.columns import (
    Ints,
    NeedColumns,
    OfferColumns,
    PostColumns,
    needs_at,
)
from linkage.matching.matches import Matches
from linkage.matching.prepared import Prepared, prepare
from linkage.matching.tables import Board, CertificateTable, TreeColumns
from linkage.matching.weights import FULL, WEIGHTS, Weights

# Pairs looked at in one go; a block is this large, or one need with all its offers.
BLOCK_PAIRS = 1 << 16
# Candidates kept before they are cut down to the best.
POOLED = 1 << 20


def nothing() -> None:
    """Nobody calls it off between two blocks."""


def best_offers(  # noqa: PLR0913  # the question has eight parts
    offers: OfferColumns,
    needs: NeedColumns,
    tree: TreeColumns,
    certificates: CertificateTable,
    *,
    top: int,
    today: date | None = None,
    weights: Weights = WEIGHTS,
    between: Callable[[], None] = nothing,
) -> Matches:
    """For each need its `top` best offers, in the needs' order; ties go to the smaller offer id.

    `today` dates the freshness of posts; without it freshness is neutral. `between` is called
    between two blocks of pairs and may raise; the compiled engine, which is soon done, asks nobody.
    Raises: ColumnsInvalid; ValueError, if `top` is less than 1; what `between` raises.
    """
    board = Board(offers, needs, tree, certificates, today)
    need_row, offer_row, _score = best_rows(board, top=top, weights=weights, between=between)
    return _matches(prepare(board), offer_row, need_row, weights)


def best_rows(
    board: Board,
    *,
    top: int,
    weights: Weights = WEIGHTS,
    between: Callable[[], None] = nothing,
) -> tuple[Ints, Ints, Ints]:
    """What `best_offers` finds, as rows of needs, rows of offers and scores, and no more."""
    if top < 1:
        raise ValueError("top is 1 or more")
    if not compiled.answers(len(board.offers), len(board.needs), top):
        return _blocked(board, top, weights, between)
    *found, unsure = compiled.best_rows(board, top, weights)
    if not len(unsure):
        return found[0], found[1], found[2]
    of_unsure = replace(board, needs=needs_at(board.needs, unsure))
    need_row, *other = _blocked(of_unsure, top, weights, between)
    both = [np.concatenate(p) for p in zip(found, (unsure[need_row], *other), strict=True)]
    order = np.argsort(both[0], kind="stable")
    return both[0][order], both[1][order], both[2][order]


def _blocked(
    board: Board, top: int, weights: Weights, between: Callable[[], None]
) -> tuple[Ints, Ints, Ints]:
    """The same by NumPy alone, all pairs of a commodity's branch."""
    best = _Best(owners=len(board.needs), others=board.offers, top=top)
    for o, n, score in _scored(prepare(board), weights):
        between()
        best.add(owner=n, other=o, score=score)
    return best.rows()


def best_needs(  # noqa: PLR0913  # the question has eight parts
    offers: OfferColumns,
    needs: NeedColumns,
    tree: TreeColumns,
    certificates: CertificateTable,
    *,
    top: int,
    today: date | None = None,
    weights: Weights = WEIGHTS,
    between: Callable[[], None] = nothing,
) -> Matches:
    """For each offer its `top` best needs, in the offers' order; ties go to the smaller need id.

    As `best_offers`, seen from the other side: a pair has one score whoever asks.
    """
    p = prepare(Board(offers, needs, tree, certificates, today))
    best = _Best(owners=len(offers), others=needs, top=top)
    for o, n, score in _scored(p, weights):
        between()
        best.add(owner=o, other=n, score=score)
    offer_row, need_row, _score = best.rows()
    return _matches(p, offer_row, need_row, weights)


def _blocks(p: Prepared) -> Iterator[tuple[Ints, Ints]]:
    """Rows of offers and of needs whose commodities fit together, each pair in one block."""
    place = p.tree.enter[p.offers.commodity]
    offers = np.argsort(place, kind="stable")
    needs = np.argsort(p.needs.commodity, kind="stable")
    asked, first = np.unique(p.needs.commodity[needs], return_index=True)
    low = np.searchsorted(place[offers], p.tree.enter[asked])
    high = np.searchsorted(place[offers], p.tree.leave[asked])
    last = np.append(first, len(needs))[1:]
    for start, stop, begin, end in zip(low, high, first, last, strict=True):
        run = offers[start:stop]
        step = max(1, BLOCK_PAIRS // max(1, len(run)))
        for place_of_need in range(begin, end if len(run) else begin, step):
            yield run, needs[place_of_need : min(place_of_need + step, end)]


def _scored(p: Prepared, weights: Weights) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Every pair that stands, with its score, block by block."""
    for offers, needs in _blocks(p):
        which_need, which_offer = np.nonzero(rules.possible(p, offers[None, :], needs[:, None]))
        o, n = offers[which_offer], needs[which_need]
        distance_m = rules.distance(p, o, n)
        near = rules.near_enough(p, o, n, distance_m)
        o, n = o[near], n[near]
        known = rules.facts(p, o, n, distance_m[near])
        yield o, n, rules.score(rules.factors(known), weights)


def _matches(p: Prepared, o: Ints, n: Ints, weights: Weights) -> Matches:
    known = rules.facts(p, o, n, rules.distance(p, o, n))
    values = rules.factors(known)
    return Matches(
        version=weights.version,
        offer_row=o,
        need_row=n,
        offer_id=p.offers.id[o],
        need_id=p.needs.id[n],
        score=rules.score(values, weights),
        factors=np.stack(values, axis=1),
        facts=known,
    )


@dataclass(eq=False)
class _Best:
    """The best `top` of each owner. A candidate is one integer: owner, then score, then id."""

    owners: int
    others: PostColumns
    top: int
    _by_id: Ints = field(init=False)
    _rank: Ints = field(init=False)
    _kept: list[Ints] = field(init=False, default_factory=list)
    _waiting: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if self.top < 1:
            raise ValueError("top is 1 or more")
        if self.owners * self._span >= 2**63:
            raise ValueError("too many offers and needs for one call")
        self._by_id = np.argsort(self.others.id, kind="stable")
        self._rank = np.empty_like(self._by_id)
        self._rank[self._by_id] = np.arange(len(self._by_id))

    @property
    def _span(self) -> int:
        """Integers that one owner takes: a score from 0 to 10,000, and a rank."""
        return (FULL + 1) * max(1, len(self.others))

    def add(self, *, owner: Ints, other: Ints, score: Ints) -> None:
        """Take in candidates."""
        code = (owner * (FULL + 1) + (FULL - score)) * max(1, len(self.others)) + self._rank[other]
        self._kept.append(self._cut(code))
        self._waiting += len(self._kept[-1])
        if self._waiting > POOLED:
            self._kept = [self._cut(np.concatenate(self._kept))]
            self._waiting = 0

    def rows(self) -> tuple[Ints, Ints, Ints]:
        """Rows of owners and of their best, in order, and the scores."""
        code = self._cut(np.concatenate([np.empty(0, dtype=np.int64), *self._kept]))
        others = max(1, len(self.others))
        owner, rest = np.divmod(code, self._span)
        return owner, self._by_id[rest % others], FULL - rest // others

    def _cut(self, code: Ints) -> Ints:
        code = np.sort(code)
        owner = code // self._span
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        place = np.arange(len(code)) - np.repeat(first, np.diff(first, append=len(code)))
        kept: Ints = code[place < self.top]
        return kept
