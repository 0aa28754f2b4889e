"""What can be solved by itself: pairs that share no offer, no need and no buyer's share.

A co-op with posts in several pieces ties them together by being linked once. Small problems are
one piece for that; in large ones the tie is priced (`planning`).
"""

from __future__ import annotations

import numpy as np

from linkage.matching.allocation.problem import PlanProblem
from linkage.matching.columns import Flags, Ints
from linkage.matching.weights import FULL

# Up to so many pairs co-ops hold a piece together.
SMALL = 3_000


def split(problem: PlanProblem, usable: Flags) -> list[Ints]:
    """The places of usable arcs, piece by piece, the largest first."""
    arcs = np.flatnonzero(usable)
    offer, need = problem.arcs.offer[arcs], problem.arcs.need[arcs]
    buyer, _may_get = problem.buyers
    offers, needs = len(problem.offers), len(problem.needs)
    # Every post, every buyer of a group and every co-op is a node.
    ends = [(offer, offers + need)]
    if problem.buyer_share < FULL:
        ends.append((offer, offers + needs + buyer[need]))
    if len(arcs) <= SMALL:
        arc, co_op = problem.links
        tied = usable[arc]
        ends.append((problem.arcs.offer[arc[tied]], offers + 2 * needs + co_op[tied]))
    nodes = offers + 2 * needs + len(problem.co_op)
    root = _roots(nodes, np.concatenate([e[0] for e in ends]), np.concatenate([e[1] for e in ends]))
    of_arc = root[offer]
    order = np.argsort(of_arc, kind="stable")
    cuts = np.flatnonzero(np.diff(of_arc[order])) + 1
    parts = np.split(arcs[order], cuts) if len(arcs) else []
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def _roots(nodes: int, one: Ints, other: Ints) -> Ints:
    """The least node that each node is connected with."""
    root = np.arange(nodes)
    while True:
        least = np.minimum(root[one], root[other])
        before = root.copy()
        np.minimum.at(root, one, least)
        np.minimum.at(root, other, least)
        # Go to the root's root, so that long rows of nodes are short soon.
        root = root[root]
        if (root == before).all():
            return root
