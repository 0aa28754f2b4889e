"""The check of a pool's answer, in integers: it takes nothing from how the answer was found."""

from __future__ import annotations

from collections.abc import Sequence

from linkage.matching.pooling.problem import (
    PARTNERS,
    SCORE,
    TAKES,
    TRANSPORT,
    Candidate,
    Order,
    Pool,
)


class PoolWrong(AssertionError):
    """A pool breaks what was asked: a fault of this program, never of its input."""


def verify(order: Order, candidates: Sequence[Candidate], pool: Pool) -> None:
    """Check partners, quantities, lots and the values of the aims. Raises: PoolWrong."""
    known = {one.id: one for one in candidates}
    ids = [member.id for member in pool.members]
    _holds(
        "a partner once, and one that was offered",
        len(set(ids)) == len(ids) and set(ids) <= set(known),
    )
    _holds("not too many partners", 1 <= len(ids) <= order.partners)
    for member in pool.members:
        one = known[member.id]
        parts = list(zip(member.delivered, one.capacity, strict=True))
        _holds("what can be delivered", all(0 <= part <= most for part, most in parts))
        _holds("its quantity and its lot", one.lot <= member.quantity <= one.total)
    for t, (least, most) in enumerate(zip(order.least, order.most, strict=True)):
        together = sum(member.delivered[t] for member in pool.members)
        _holds("the need's tolerance", least <= together <= most)
    values = {
        TAKES: sum(known[number].takes for number in ids),
        PARTNERS: len(ids),
        SCORE: sum(known[number].score for number in ids),
        TRANSPORT: sum(known[m.id].distance_m * m.quantity for m in pool.members),
    }
    for aim in pool.aims:
        _holds(f"the aim {aim.name}", values[aim.name] == aim.value)
        better = aim.bound >= aim.value if aim.name == SCORE else aim.bound <= aim.value
        _holds(f"the bound of {aim.name}", better and aim.proved <= (aim.bound == aim.value))


def _holds(what: str, true: bool) -> None:
    if not true:
        raise PoolWrong(f"a pool does not keep to {what}")
