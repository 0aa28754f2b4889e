"""Branch and bound on one piece, begun from amounts that are known."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.relaxed import LARGEST
from linkage.matching.columns import Flags, Floats, Ints
from linkage.matching.solver import INFINITE, Clock, Model, Solver

# What the solver's bound is raised by: it is worked out in floats.
SAFE, ROUNDING = 1e-9, 1e-6


def search(  # noqa: PLR0913  # a question of six parts
    piece: Piece,
    clock: Clock,
    links: Sequence[int],
    start: Ints | None,
    *,
    gap: float,
    seconds: float = math.inf,
) -> tuple[Floats, int | None]:
    """Better amounts, if it finds some, and its bound on the worth, if it has one.

    It begins from `start`, where that is given, and takes so many seconds at most.

    Raises: Cancelled.
    """
    unit = max(1.0, float(piece.most.max()) / LARGEST)
    money = max(1.0, float(max(piece.worth)) * unit)
    solver = Solver(_model(piece, links, unit, money), clock)
    found = np.zeros(len(piece.arcs))
    if start is not None:
        solver.start_from(_values(piece, start, unit))
        found = start.astype(np.float64)
    solved = solver.run(gap=gap, seconds=seconds)
    if solved.values is not None:
        found = solved.values[: len(piece.arcs)] * unit
    if not math.isfinite(solved.bound):
        return found, None
    # Worths are whole numbers, so what is above the last one below the bound is nothing.
    worth = math.floor(-solved.bound * money * (1 + SAFE) + ROUNDING)
    return found, max(0, worth)


def _values(piece: Piece, amount: Ints, unit: float) -> Floats:
    given = (amount > 0).astype(np.float64)
    linked = np.zeros(len(piece.co_op))
    linked[piece.link[given[piece.link_arc] > 0]] = 1.0
    return np.concatenate([amount / unit, given, linked])


def _model(piece: Piece, links: Sequence[int], unit: float, money: float) -> Model:
    """Amounts, then whether a pair has its lot, then whether a co-op is linked."""
    count, co_ops = len(piece.arcs), len(piece.co_op)
    arc, first, limits = np.arange(count), np.arange(co_ops), len(piece.limit)
    most, lot = piece.most / unit, piece.lot / unit
    at_most, at_least, linked = limits, limits + count, limits + 2 * count
    quantity = -np.array([worth * unit / money for worth in piece.worth])
    linking = -np.array([worth / money for worth in links], dtype=np.float64)
    ones = np.ones(count)
    return Model(
        cost=np.concatenate([quantity, np.zeros(count), linking]),
        low=np.zeros(2 * count + co_ops),
        high=np.concatenate([most, ones, np.ones(co_ops)]),
        whole=np.arange(2 * count + co_ops) >= count,
        row=np.concatenate([
            *piece.rows,
            at_most + arc, at_most + arc, at_least + arc, at_least + arc,
            linked + piece.link, linked + first,
        ]),
        column=np.concatenate([
            arc, arc, arc,
            arc, count + arc, arc, count + arc,
            count + piece.link_arc, 2 * count + first,
        ]),
        value=np.concatenate([
            ones, ones, ones,
            ones, -most, -ones, lot,
            -np.ones(len(piece.link)), np.ones(co_ops),
        ]),
        row_low=np.full(limits + 2 * count + co_ops, -INFINITE),
        row_high=np.concatenate([piece.limits(unit), np.zeros(2 * count + co_ops)]),
    )  # fmt: skip


def neighbours(piece: Piece, used: Flags, first: int, pairs: int) -> Ints:
    """Places of about so many used pairs, of whole needs, around the need of the pair `first`.

    Needs come by how many steps over used pairs they are away.
    """
    places = np.flatnonzero(used)
    offer, need = piece.rows[0][places], piece.rows[1][places]
    known = need == piece.rows[1][first]
    while known.sum() < pairs:
        reached = np.isin(offer, offer[known])
        near = np.isin(need, need[reached])
        if (near == known).all():
            break
        more = np.flatnonzero(near & ~known)
        allowed = max(1, pairs - int(known.sum()))
        known |= np.isin(need, need[more[:allowed]])
    found: Ints = places[known]
    return found
