"""Whether chosen partners can deliver, and how with the least transport. Exact, in integers.

For a set A of periods let cap(A) be what a partner can deliver in them. Chosen partners can
deliver what is asked, each at least its lot, if and only if for every A (Hoffman 1960, on the
network partners -> periods)

    sum of min(total, cap(A))             >= what is asked at least in A,     ("enough")
    sum of max(0, lot - cap(not A))       <= what is taken at most in A.      ("room")

Both sums go over the partners one by one, so each A is a row that any choice has to satisfy; a
choice that does not is shown the A that it breaks, found by a smallest cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from linkage.matching.pooling.problem import Candidate, Order

ENOUGH, ROOM = "enough", "room"


@dataclass(frozen=True, slots=True)
class Row:
    """A condition of this kind for these periods, as whole numbers: a coefficient a candidate."""

    kind: str
    periods: frozenset[int]
    coefficients: tuple[int, ...]
    limit: int

    def holds(self, chosen: Sequence[int]) -> bool:
        """Whether the candidates at these places satisfy it."""
        value = sum(self.coefficients[place] for place in chosen)
        return value >= self.limit if self.kind == ENOUGH else value <= self.limit


def row(order: Order, candidates: Sequence[Candidate], kind: str, periods: frozenset[int]) -> Row:
    """The condition of a kind for a set of periods."""
    if kind == ENOUGH:
        limit = sum(order.least[t] for t in periods)
        values = [min(one.total, sum(one.capacity[t] for t in periods)) for one in candidates]
        # More than is asked counts as what is asked: the same choices, a tighter row.
        return Row(kind, periods, tuple(min(limit, value) for value in values), limit)
    others = set(range(len(order.least))) - periods
    lots = [max(0, one.lot - sum(one.capacity[t] for t in others)) for one in candidates]
    return Row(kind, periods, tuple(lots), sum(order.most[t] for t in periods))


def broken_row(order: Order, candidates: Sequence[Candidate], chosen: Sequence[int]) -> Row | None:
    """A condition that the candidates at these places break, or None if they can deliver."""
    for kind in (ENOUGH, ROOM):
        periods = _worst(order, [candidates[place] for place in chosen], kind)
        found = row(order, candidates, kind, periods)
        if not found.holds(chosen):
            return found
    return None


def deliver(order: Order, members: Sequence[Candidate]) -> tuple[tuple[int, ...], ...]:
    """What each member delivers in each period: the least transport, then the least quantity.

    They are known to be able to. Exact: nothing in it is a float.
    """
    if len(order.least) == 1:
        return _nearest_first(order.least[0], members)
    flows = nx.min_cost_flow(_network(order, members))
    periods = range(len(order.least))
    return tuple(
        tuple(int(flows["partner", place].get(("period", t), 0)) for t in periods)
        for place in range(len(members))
    )


def transport(members: Sequence[Candidate], delivered: Sequence[Sequence[int]]) -> int:
    """Base units times metres."""
    return sum(
        one.distance_m * sum(amounts) for one, amounts in zip(members, delivered, strict=True)
    )


def _nearest_first(asked: int, members: Sequence[Candidate]) -> tuple[tuple[int, ...], ...]:
    """Each its lot; what is still asked, from the nearest on."""
    amounts = [one.lot for one in members]
    short = asked - sum(amounts)
    for place in sorted(range(len(members)), key=lambda p: (members[p].distance_m, members[p].id)):
        one = members[place]
        more = max(0, min(short, min(one.total, one.capacity[0]) - one.lot))
        amounts[place] += more
        short -= more
    return tuple((amount,) for amount in amounts)


def _network(order: Order, members: Sequence[Candidate]) -> nx.DiGraph[Any]:
    """A circulation: what an edge carries at least is a demand at its ends and never moves."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from(["all", "asked"], demand=0)
    # A metre counts more than all that could be delivered, so quantity decides ties alone.
    metre = 1 + sum(order.most)
    for t, (least, most) in enumerate(zip(order.least, order.most, strict=True)):
        graph.add_node(("period", t), demand=least)
        graph.nodes["asked"]["demand"] -= least
        graph.add_edge(("period", t), "asked", capacity=most - least, weight=0)
    for place, one in enumerate(members):
        graph.add_node(("partner", place), demand=-one.lot)
        graph.nodes["all"]["demand"] += one.lot
        spare, cost = one.total - one.lot, one.distance_m * metre + 1
        graph.add_edge("all", ("partner", place), capacity=spare, weight=cost)
        for t, capacity in enumerate(one.capacity):
            graph.add_edge(("partner", place), ("period", t), capacity=capacity, weight=0)
    graph.add_edge("asked", "all", weight=0)
    return graph


def _worst(order: Order, members: Sequence[Candidate], kind: str) -> frozenset[int]:
    """The periods of the condition that is furthest from holding."""
    periods = frozenset(range(len(order.least)))
    if len(periods) == 1 or not members:
        return periods
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for t in periods:
        asked = order.least[t] if kind == ENOUGH else order.most[t]
        graph.add_edge(("period", t), "end", capacity=asked)
    for place, one in enumerate(members):
        offered = one.total if kind == ENOUGH else one.lot
        graph.add_edge("start", ("partner", place), capacity=offered)
        for t in periods:
            graph.add_edge(("partner", place), ("period", t), capacity=one.capacity[t])
    _value, (near, _far) = nx.minimum_cut(graph, "start", "end")
    with_start = frozenset(t for t in periods if ("period", t) in near)
    return periods - with_start if kind == ENOUGH else with_start
