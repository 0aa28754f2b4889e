"""The plan: greedy start, linear models piece by piece, lots, and search where a gap is left.

The bound is a sum over the pieces. Where a co-op could be linked in several of them (k of them),
each is told that the link is worth m <= w, and w - m is added once: with z the link and z_k the
pieces' links, z <= 1 and z <= sum of z_k give w z <= (w - m) + m x sum of z_k for any m from 0 to
w. So any m gives a true bound; a few rounds look for low ones (a co-op linked twice by the
relaxed models wants less, one not linked wants more).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from linkage.matching.allocation.answer import DUALS, PLAIN, SEARCH, Plan
from linkage.matching.allocation.filling import usable, whole
from linkage.matching.allocation.piece import Piece
from linkage.matching.allocation.pieces import split
from linkage.matching.allocation.problem import Aim, PlanProblem, linked
from linkage.matching.allocation.relaxed import Relaxation
from linkage.matching.allocation.searching import neighbours, search
from linkage.matching.allocation.verify import verify
from linkage.matching.columns import Floats, Ints
from linkage.matching.solver import Clock, Limits

# Rounds of pricing links that several pieces share.
PRICING = 6
# Pairs that branch and bound is tried on: of more its first bound alone takes too long.
SEARCHABLE = 5_000

# Pairs, seconds and turns in vain of search around one need.
TURN_PAIRS = 400
TURN_S = 5.0
TURNS = 12

Progress = Callable[[int, int], None]


def silent(_done: int, _all: int) -> None:
    """Nobody wants to know how far it is."""


def plan(
    problem: PlanProblem, aim: Aim, limits: Limits | None = None, progress: Progress = silent
) -> Plan:
    """The plan worth most to the aim, with a bound; verified.

    It ends when `limits.gap` is reached; at the end of time the best found comes with its gap.
    `progress(done, all)` is called with pieces.
    Raises: solver.Cancelled, within two seconds of being asked.
    """
    work = _Work(problem, aim, Clock(limits or Limits()), progress)
    work.relax()
    work.price_shared_links()
    work.round_to_lots()
    work.search()
    found = work.answer()
    verify(problem, aim, found)
    return found


@dataclass(eq=False)
class _Part:
    """A piece with its relaxed model, its bound, and what its links are worth to it."""

    piece: Piece
    model: Relaxation
    links: list[int]
    bound: int
    # Turns of search that made nothing better; it is left alone after TURNS.
    in_vain: int = 0


@dataclass(eq=False)
class _Work:
    problem: PlanProblem
    aim: Aim
    clock: Clock
    progress: Progress
    parts: list[_Part] = field(default_factory=list)
    bound_by: str = DUALS

    def __post_init__(self) -> None:
        self.whole = Piece.of(self.problem, self.aim, np.arange(len(self.problem.arcs)))
        self.worths = [self.aim.link_worth] * len(self.whole.co_op)
        self.chance = np.random.default_rng(self.clock.limits.seed)
        self.amount = whole(self.whole, self.worths)
        self.value = self.aim.value(self.problem, self.amount)
        # What a link of each co-op is worth to each piece that could make it.
        self.link_worth = [self.aim.link_worth] * len(self.problem.co_op)

    def relax(self) -> None:
        """Solve each piece's linear model."""
        pieces = split(self.problem, usable(self.problem))
        for done, arcs in enumerate(pieces):
            piece = Piece.of(self.problem, self.aim, arcs)
            links = self._links(piece)
            model = Relaxation(piece, self.clock, links)
            if not (self.clock.left() and model.run()):
                self.bound_by = PLAIN
            self.parts.append(_Part(piece, model, links, model.bound(links)))
            self.progress(done + 1, 2 * len(pieces))

    def price_shared_links(self) -> None:
        """Find worths of links that pieces share under which the bounds add up to less."""
        pieces_of = np.zeros(len(self.problem.co_op), dtype=np.int64)
        for part in self.parts:
            pieces_of[part.piece.co_op] += 1
        shared = np.flatnonzero(pieces_of > 1)
        if not len(shared) or not self.aim.link_worth:
            return
        best = self._bound(), list(self.link_worth), [part.bound for part in self.parts]
        step = self.aim.link_worth // 2
        touched = [part for part in self.parts if np.isin(part.piece.co_op, shared).any()]
        for _round in range(PRICING):
            if not self.clock.left():
                break
            times = np.zeros(len(self.problem.co_op))
            for part in self.parts:
                times[part.piece.co_op] += part.model.times_linked()
            for co_op in shared.tolist():
                wanted = self.link_worth[co_op] + int(
                    step * float(np.clip(1 - times[co_op], -1, 1))
                )
                self.link_worth[co_op] = min(self.aim.link_worth, max(0, wanted))
            for part in touched:
                self._reprice(part)
            if self._bound() < best[0]:
                best = self._bound(), list(self.link_worth), [part.bound for part in self.parts]
            step = step * 2 // 3
        self.link_worth = best[1]
        for part, bound in zip(self.parts, best[2], strict=True):
            part.links, part.bound = self._links(part.piece), bound

    def round_to_lots(self) -> None:
        """Go from shared lots to whole ones, then fill up over all pieces."""
        wanted = np.zeros(len(self.problem.arcs))
        for done, part in enumerate(self.parts):
            part.model.price_links(part.links)
            if self.clock.left() and part.model.run():
                wanted[part.piece.arcs] = part.model.lots()
            else:
                wanted[part.piece.arcs] = self.amount[part.piece.arcs]
            self.progress(len(self.parts) + done + 1, 2 * len(self.parts))
        self._take(wanted)

    def search(self) -> None:
        """Turn by turn where most is left open, until the gap is small enough.

        A turn gives branch and bound the pairs that the linear models used: all of a small
        piece, else those around one need. Pieces that turns do not close are searched whole.
        """
        while not self._closed() and self.clock.left():
            part = max(self.parts, key=self._left_to_turns, default=None)
            if part is None or self._left_to_turns(part) <= 0:
                break
            self._turn_in(part)
        for part in sorted(self.parts, key=self._left_open, reverse=True):
            if self._closed() or not self.clock.left():
                return
            if len(part.piece.arcs) <= SEARCHABLE and self._left_open(part) > 0:
                self._search_whole(part)

    def _left_open(self, part: _Part) -> int:
        return part.bound - part.piece.value(self.amount[part.piece.arcs].tolist(), part.links)

    def _left_to_turns(self, part: _Part) -> int:
        return self._left_open(part) if part.in_vain < TURNS else 0

    def _turn_in(self, part: _Part) -> None:
        arcs = part.piece.arcs
        used = part.model.used | (self.amount[arcs] > 0)
        if used.sum() <= TURN_PAIRS:
            self._turn(arcs[used])
            part.in_vain = TURNS
            return
        first = int(self.chance.choice(np.flatnonzero(used)))
        places = neighbours(part.piece, used, first, TURN_PAIRS)
        part.in_vain = 0 if self._turn(arcs[places]) else part.in_vain + 1

    def _turn(self, arcs: Ints) -> bool:
        """Search some pairs with all others as they are; whether it made anything better."""
        others = self.amount.copy()
        others[arcs] = 0
        piece = Piece.of(self.problem, self.aim, arcs, others)
        linked_yet = set(linked(self.problem, others).tolist())
        parties = self.problem.co_op[piece.co_op].tolist()
        links = [0 if party in linked_yet else self.aim.link_worth for party in parties]
        start = self.amount[arcs]
        found, _bound = search(
            piece, self.clock, links, start, gap=self.clock.limits.gap / 4, seconds=TURN_S
        )
        amount = whole(piece, links, found)
        more = piece.value(amount.tolist(), links) - piece.value(start.tolist(), links)
        if more > 0:
            self.amount[arcs] = amount
            self.value += more
        return more > 0

    def _search_whole(self, part: _Part) -> None:
        start = self.amount[part.piece.arcs]
        gap = self.clock.limits.gap
        # Half of the time that is left: others may be open too.
        found, bound = search(
            part.piece, self.clock, part.links, start, gap=gap, seconds=self.clock.left() / 2
        )
        if bound is not None and bound < part.bound:
            part.bound, self.bound_by = bound, SEARCH
        wanted = self.amount.astype(np.float64)
        wanted[part.piece.arcs] = found
        self._take(wanted)

    def answer(self) -> Plan:
        """What was found."""
        given, bound = np.flatnonzero(self.amount > 0), self._bound()
        if self.bound_by == SEARCH:
            # The solver's word may be a rounding off; of a certified bound that were a fault.
            bound = max(self.value, bound)
        return Plan(
            offer=self.problem.arcs.offer[given],
            need=self.problem.arcs.need[given],
            quantity=self.amount[given],
            linked=linked(self.problem, self.amount),
            value=self.value,
            bound=bound,
            bound_by=self.bound_by,
            pieces=len(self.parts),
            seconds=self.clock.spent(),
        )

    def _links(self, piece: Piece) -> list[int]:
        return [self.link_worth[co_op] for co_op in piece.co_op.tolist()]

    def _reprice(self, part: _Part) -> None:
        part.links = self._links(part.piece)
        part.model.price_links(part.links)
        part.model.run()
        part.bound = part.model.bound(part.links)

    def _bound(self) -> int:
        """The pieces' bounds, and once for each co-op what its pieces were not told."""
        could = np.unique(
            np.concatenate([np.empty(0, np.int64), *(p.piece.co_op for p in self.parts)])
        )
        untold = sum(self.aim.link_worth - self.link_worth[co_op] for co_op in could.tolist())
        return sum((part.bound for part in self.parts), start=int(untold))

    def _closed(self) -> bool:
        gap = Fraction(self.clock.limits.gap)
        return self._bound() - self.value <= gap * self.value

    def _take(self, wanted: Floats) -> None:
        """Keep these amounts, made whole, if they are worth more."""
        amount: Ints = whole(self.whole, self.worths, wanted)
        value = self.aim.value(self.problem, amount)
        if value > self.value:
            self.amount, self.value = amount, value
