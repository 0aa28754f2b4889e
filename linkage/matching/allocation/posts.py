"""From columns of posts to a plan's problem: stocks, pairs, co-ops.

Quantities are totals over the post's window, and of a pair over its delivery window: a contract
keeps the delivery plan. Pairs are the best of each need and of each offer, so every co-op with a
feasible partner has one; the bound is of plans over these pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from linkage.matching import rules
from linkage.matching.allocation.problem import Arcs, PlanInvalid, PlanProblem, Stock
from linkage.matching.columns import Ints, NeedColumns, OfferColumns, PostColumns
from linkage.matching.engine import best_needs, best_offers, nothing
from linkage.matching.matches import Matches
from linkage.matching.tables import Board, TreeColumns
from linkage.matching.weights import FULL, WEIGHTS, Weights


@dataclass(frozen=True)
class Settings:
    """What the staff sets. `top`: pairs of each post; `least_lot`: of any delivery, base units.

    `offer_lots`, `need_lots`: by the posts' ids, where stated. `buyer_share` out of 10,000.
    `weights`: by which the best pairs are the best.
    Raises: PlanInvalid.
    """

    top: int = 20
    least_lot: int = 1
    buyer_share: int = FULL
    offer_lots: Mapping[int, int] | None = None
    need_lots: Mapping[int, int] | None = None
    weights: Weights = WEIGHTS

    def __post_init__(self) -> None:
        if self.top < 1 or self.least_lot < 1:
            raise PlanInvalid("top and least_lot are 1 or more")


def problem_of(
    board: Board, settings: Settings, between: Callable[[], None] = nothing
) -> PlanProblem:
    """The problem of these open posts, whose quantities are what is left of them.

    Posts of which nothing is left have no pairs. `between` is called while pairs are looked for.
    Raises: PlanInvalid; what `between` raises.
    """
    offers, needs, tree = board.offers, board.needs, board.tree
    asked = offers, needs, tree, board.certificates
    found = tuple(
        best(*asked, top=settings.top, today=board.today, weights=settings.weights, between=between)
        for best in (best_offers, best_needs)
    )
    arcs, too_small = _arcs(offers, needs, found, settings)
    unlinked = [
        posts.organisation[posts.cooperative & ~posts.verified] for posts in (offers, needs)
    ]
    return PlanProblem(
        offers=_stock(offers, tree),
        needs=_stock(needs, tree),
        arcs=arcs,
        unlinked=np.unique(np.concatenate(unlinked)),
        buyer_share=settings.buyer_share,
        too_small=too_small,
    )


def _stock(posts: PostColumns, tree: TreeColumns) -> Stock:
    days = posts.ends - posts.starts + 1
    roots = np.sort(tree.enter[tree.depth == 0])
    return Stock(
        id=posts.id,
        party=posts.organisation,
        group=np.searchsorted(roots, tree.enter[posts.commodity], side="right") - 1,
        measure=posts.measure,
        # A post of nothing is of one unit here, and has no pair.
        quantity=np.maximum(1, rules.total(posts, np.arange(len(posts)), days)),
        reserved=np.zeros(len(posts), dtype=np.int64),
    )


def _arcs(
    offers: OfferColumns, needs: NeedColumns, found: tuple[Matches, ...], settings: Settings
) -> tuple[Arcs, Arcs]:
    """The pairs that are measured alike, and those of them of which no lot fits."""
    offer = np.concatenate([one.offer_row for one in found])
    need = np.concatenate([one.need_row for one in found])
    most = np.concatenate([np.minimum(one.facts.offered, one.facts.needed) for one in found])
    lot = np.maximum(
        _lots(offers, settings.offer_lots, settings.least_lot)[offer],
        _lots(needs, settings.need_lots, settings.least_lot)[need],
    )
    _pair, first = np.unique(offer * max(1, len(needs)) + need, return_index=True)
    alike = offers.measure[offer] == needs.measure[need]
    fits, beyond = (first[(alike & fit)[first]] for fit in (lot <= most, lot > most))
    columns = (offer, need, most, lot)
    return Arcs(*(one[fits] for one in columns)), Arcs(*(one[beyond] for one in columns))


def _lots(posts: PostColumns, stated: Mapping[int, int] | None, least: int) -> Ints:
    known = stated or {}
    return np.array([max(least, known.get(post, 0)) for post in posts.id.tolist()], dtype=np.int64)
