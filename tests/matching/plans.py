"""The plans' oracle: every amount of every pair, in plain Python; and small random problems."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import numpy as np

from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.problem import Aim, Arcs, PlanProblem, Stock


def ints(values: Any) -> Any:
    return np.array(list(values), dtype=np.int64)


def stock(quantities: Any, *, parties: Any, reserved: Any = None, groups: Any = None) -> Stock:
    """Posts of one measure; ids are places."""
    count = len(quantities)
    return Stock(
        id=ints(range(count)),
        party=ints(parties),
        group=ints(groups or [0] * count),
        measure=ints([0] * count),
        quantity=ints(quantities),
        reserved=ints(reserved or [0] * count),
    )


def problem(
    offers: Stock, needs: Stock, pairs: Any, unlinked: Any = (), share: int = 10_000
) -> Any:
    """`pairs`: (offer, need, most, lot)."""
    columns = list(zip(*pairs, strict=True)) or [()] * 4
    offer, need, most, lot = (ints(column) for column in columns)
    return PlanProblem(offers, needs, Arcs(offer, need, most, lot), ints(unlinked), share)


def random_problem(r: Random) -> tuple[PlanProblem, Aim]:
    """A few posts of two groups and co-ops on both sides; stocks of few units."""
    sizes = r.randrange(1, 4), r.randrange(1, 4)
    sides = []
    for place, size in enumerate(sizes):
        quantity = [r.randrange(1, 6) for _ in range(size)]
        sides.append(
            stock(
                quantity,
                parties=[10 * place + r.randrange(3) for _ in range(size)],
                reserved=[r.choice((0, 0, 0, 1, q)) for q in quantity],
                groups=[r.choice((0, 0, 1)) for _ in range(size)],
            )
        )
    pairs = []
    for offer, need in product(range(sizes[0]), range(sizes[1])):
        if sides[0].group[offer] == sides[1].group[need] and r.random() < 0.8 and len(pairs) < 6:
            most = r.randrange(1, 5)
            pairs.append((offer, need, most, r.randrange(1, most + 1)))
    share = r.choice((10_000, 10_000, 5_000, 3_000))
    found = problem(*sides, pairs, r.sample((0, 1, 2, 10, 11, 12), r.randrange(5)), share)
    if r.random() < 0.2:
        return found, Aim.of_slider(found, r.choice((2_500, 5_000, 10_000)))
    return found, Aim((r.choice((1, 1, 3)), 0, 0), r.choice((0, 1, 2, 5, 50)))


def everything(p: PlanProblem, aim: Aim) -> Any:
    """All pairs as one piece, and what links are worth."""
    piece = Piece.of(p, aim, np.arange(len(p.arcs)))
    return piece, [aim.link_worth] * len(piece.co_op)


def brute_force(p: PlanProblem, aim: Aim) -> int:
    """The most that any plan is worth."""
    pairs = list(
        zip(*(getattr(p.arcs, n).tolist() for n in ("offer", "need", "most", "lot")), strict=True)
    )
    choices = [(0, *range(lot, most + 1)) for _offer, _need, most, lot in pairs]
    return max(
        (worth(p, aim, pairs, amounts) for amounts in product(*choices)
         if keeps_limits(p, pairs, amounts)),
        default=0,
    )  # fmt: skip


def keeps_limits(p: PlanProblem, pairs: Any, amounts: Any) -> bool:
    """Stocks on both sides, and each buyer's share of what its group offers."""
    for side, posts in enumerate((p.offers, p.needs)):
        for row in range(len(posts)):
            given = sum(q for pair, q in zip(pairs, amounts, strict=True) if pair[side] == row)
            if given > posts.quantity[row] - posts.reserved[row]:
                return False
    if p.buyer_share == 10_000:
        return True
    for buyer, group in set(zip(p.needs.party.tolist(), p.needs.group.tolist(), strict=True)):
        own = [
            row for row in range(len(p.needs))
            if (p.needs.party[row], p.needs.group[row]) == (buyer, group)
        ]  # fmt: skip
        got = sum(q for pair, q in zip(pairs, amounts, strict=True) if pair[1] in own)
        held = sum(int(p.needs.reserved[row]) for row in own)
        offered = int(p.offers.quantity[p.offers.group == group].sum())
        if got and (got + held) * 10_000 > offered * p.buyer_share:
            return False
    return True


def worth(p: PlanProblem, aim: Aim, pairs: Any, amounts: Any) -> int:
    parties = set()
    for pair, quantity in zip(pairs, amounts, strict=True):
        if quantity:
            parties |= {int(p.offers.party[pair[0]]), int(p.needs.party[pair[1]])}
    links = len(parties & set(p.unlinked.tolist()))
    return sum(amounts) * aim.unit_worth[0] + links * aim.link_worth
