"""Why a co-op is left out of a plan: what binds the pair that lacks least.

A plan leaves no room for any pair's lot, so each pair of a co-op that is left out lacks
something: the other side's stock is given, its own is, or the buyer has its share. Were exactly
what is named there, so much more of it, the pair could be given its lot and nobody would lose.
"""

from __future__ import annotations

from dataclasses import dataclass

from linkage.matching.allocation.answer import Plan
from linkage.matching.allocation.filling import Filling, usable
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

    `code`: "no_pair", no pair stands; "lot", no pair's lot fits even where nothing is given;
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
    filled, empty = Filling(problem, aim), Filling(problem, aim)
    arcs = {pair: arc for arc, pair in enumerate(zip(filled.offer, filled.need, strict=True))}
    rows = (column.tolist() for column in (plan.offer, plan.need, plan.quantity))
    for offer, need, quantity in zip(*rows, strict=True):
        filled.add(arcs[offer, need], quantity)
    own: dict[int, list[int]] = {}
    for arc, co_op in zip(*(column.tolist() for column in problem.links), strict=True):
        own.setdefault(co_op, []).append(arc)
    fits, linked = usable(problem).tolist(), set(plan.linked.tolist())
    found = []
    for place, co_op in enumerate(problem.co_op.tolist()):
        if co_op in linked:
            continue
        could = [arc for arc in own.get(place, []) if fits[arc]]
        if could:
            found.append(_least(filled, co_op, TAKEN, could))
        elif place in own:
            found.append(_least(empty, co_op, LOT, own[place]))
        else:
            found.append(LeftOut(co_op, NO_PAIR, None, None, ()))
    return found


def _least(filling: Filling, co_op: int, code: str, arcs: list[int]) -> LeftOut:
    """Of these pairs the one with the fewest limits that bind, then with the least lacking."""

    def lacks(arc: int) -> tuple[int, int, int]:
        bindings = _bindings(filling, arc)
        return len(bindings), sum(one.short for one in bindings), arc

    arc = min(arcs, key=lacks)
    pair = filling.offer[arc], filling.need[arc]
    return LeftOut(co_op, code, *pair, _bindings(filling, arc))


def _bindings(filling: Filling, arc: int) -> tuple[Binding, ...]:
    rooms = (
        (OFFER, filling.supply[filling.offer[arc]]),
        (NEED, filling.demand[filling.need[arc]]),
        (SHARE, filling.share[filling.buyer[arc]]),
    )
    lot = filling.lot[arc]
    return tuple(Binding(limit, lot - room) for limit, room in rooms if room < lot)
