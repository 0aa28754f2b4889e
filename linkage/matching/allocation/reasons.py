"""Why a co-op is left out of a plan: what binds the pair that lacks least.

A plan leaves no room for any pair's lot, so each pair of a co-op that is left out lacks
something: the other side's stock is given, its own is, or the buyer has its share. Were exactly
what is named there, so much more of it, the pair could be given its lot and nobody would lose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linkage.matching.allocation.answer import Plan
from linkage.matching.allocation.filling import Filling, usable
from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.problem import Aim, PlanProblem

NO_PAIR, LOT, TAKEN = "no_pair", "lot", "taken"
OFFER, NEED, SHARE = "offer", "need", "share"


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit of a pair with less room than its lot; `short` base units are lacking."""

    limit: str
    short: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A co-op that the plan links with nobody.

    `code`: "no_pair", nobody matches; "lot", no pair's lot fits even where nothing is given;
    "taken", what it could have is given to others. Of the two latter `offer` and `need` are the
    places of the pair that lacks least, else None.
    """

    co_op: int
    code: str
    offer: int | None
    need: int | None
    bindings: tuple[Binding, ...]


def left_out(problem: PlanProblem, aim: Aim, plan: Plan) -> list[LeftOut]:
    """Each unlinked co-op that the plan leaves so, in order of id, with what binds."""
    piece = Piece.of(problem, aim, np.arange(len(problem.arcs)))
    links = [aim.link_worth] * len(piece.co_op)
    filled, empty = Filling(piece, links), Filling(piece, links)
    offers, needs = problem.arcs.offer.tolist(), problem.arcs.need.tolist()
    arcs = {pair: arc for arc, pair in enumerate(zip(offers, needs, strict=True))}
    rows = (column.tolist() for column in (plan.offer, plan.need, plan.quantity))
    for offer, need, quantity in zip(*rows, strict=True):
        filled.add(arcs[offer, need], quantity)
    own: dict[int, list[int]] = {}
    for arc, co_op in zip(*(column.tolist() for column in problem.links), strict=True):
        own.setdefault(co_op, []).append(arc)
    fits, linked = usable(problem).tolist(), set(plan.linked.tolist())
    too_small = _too_small(problem)
    found = []
    for place, co_op in enumerate(problem.co_op.tolist()):
        if co_op in linked:
            continue
        could = [arc for arc in own.get(place, []) if fits[arc]]
        if could:
            arc, bindings = _least(filled, could)
            found.append(LeftOut(co_op, TAKEN, offers[arc], needs[arc], bindings))
        elif place in own:
            arc, bindings = _least(empty, own[place])
            found.append(LeftOut(co_op, LOT, offers[arc], needs[arc], bindings))
        else:
            found.append(too_small.get(co_op, LeftOut(co_op, NO_PAIR, None, None, ())))
    return found


def _too_small(problem: PlanProblem) -> dict[int, LeftOut]:
    """By co-op, of its matches of which less than a lot fits the one that lacks least."""
    arcs, found = problem.too_small, {}
    # The one that lacks least comes last and stays.
    for arc in np.argsort(arcs.most - arcs.lot, kind="stable").tolist():
        offer, need, lot = int(arcs.offer[arc]), int(arcs.need[arc]), int(arcs.lot[arc])
        sides = ((OFFER, problem.offers, offer), (NEED, problem.needs, need))
        short = [(limit, lot - int(stock.left[place])) for limit, stock, place in sides]
        bindings = tuple(Binding(limit, much) for limit, much in short if much > 0)
        for _limit, stock, place in sides:
            co_op = int(stock.party[place])
            found[co_op] = LeftOut(co_op, LOT, offer, need, bindings)
    return found


def _least(filling: Filling, arcs: list[int]) -> tuple[int, tuple[Binding, ...]]:
    """Of these pairs the one with the fewest limits that bind, then with the least lacking."""

    def lacks(arc: int) -> tuple[int, int, int]:
        bindings = _bindings(filling, arc)
        return len(bindings), sum(one.short for one in bindings), arc

    arc = min(arcs, key=lacks)
    return arc, _bindings(filling, arc)


def _bindings(filling: Filling, arc: int) -> tuple[Binding, ...]:
    rooms = zip((OFFER, NEED, SHARE), filling.rows[arc], strict=True)
    lot, left = filling.lot[arc], filling.left
    return tuple(Binding(limit, lot - left[row]) for limit, row in rooms if left[row] < lot)
