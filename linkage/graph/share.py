"""The share of cooperatives that the graph links: the figure of coverage, read off a graph."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from linkage.graph.building import Graph


@dataclass(frozen=True, slots=True)
class LinkedShare:
    """A share as its two sets of ids: `members` is the denominator, `linked` the numerator."""

    members: frozenset[int]
    linked: frozenset[int]


def linked_share(
    graph: Graph, *, agricultural: bool = False, communes: Collection[str] | None = None
) -> LinkedShare:
    """Return the active HTX of the graph, and those of them with at least one edge.

    `agricultural`: only those whose sector is known to be so (LINK-AGRI instead of LINK-ALL).
    `communes`: only those in one of these communes; who is in no known one is then left out.
    """
    members = frozenset(
        id_
        for id_, node in graph.nodes(data=True)
        if node["htx"]
        and (not agricultural or node["agricultural"] is True)
        and (communes is None or node["place"] in communes)
    )
    return LinkedShare(members, frozenset(id_ for id_ in members if graph.degree(id_) > 0))
