"""Where a cooperative's sales stop, and where they hang on one buyer.

Both are about active HTX (the graph's `htx`), on the graph's day and at its level.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from linkage.graph.building import Graph
from linkage.graph.onday import WORDS_OF_AN_END

# Why a cooperative is a dead end: it has no sale in force, or each of its buyers has ended its
# activity while the paper runs on.
SELLS_TO_NOBODY, BUYERS_GONE = "sells_to_nobody", "buyers_gone"

# What a share is of: base units where all quantities are known and measured alike, else linkages.
BY_QUANTITY, BY_COUNT = "quantity", "count"


@dataclass(frozen=True, slots=True)
class Dependence:
    """How much of its sales of one commodity a cooperative makes to its largest buyer.

    The share is `part` of `whole`, in base units or in linkages as `by` says; `buyers` is how many
    it has. `single`: it has this one only, so part == whole.
    """

    cooperative: int
    commodity: str
    buyer: int
    part: int
    whole: int
    by: str
    buyers: int

    @property
    def single(self) -> bool:
        """All sales of the commodity go to one buyer."""
        return self.buyers == 1


def dead_ends(graph: Graph) -> dict[int, str]:
    """Every active HTX at which the chain stops, with the reason, in order of id.

    SELLS_TO_NOBODY: no edge goes out of it. BUYERS_GONE: edges go out, and every buyer's status is
    an end of activity (suspended, stopped, dissolved); a buyer of unknown status is not gone.
    """
    reasons = ((id_, dead_end(graph, id_)) for id_ in sorted(graph))
    return {id_: reason for id_, reason in reasons if reason is not None}


def dead_end(graph: Graph, organisation: int) -> str | None:
    """Why it is a dead end, by the rule of `dead_ends`; None if it is none or no active HTX.

    Raises: KeyError, if the graph has no such organisation.
    """
    if not graph.nodes[organisation]["htx"]:
        return None
    statuses = {graph.nodes[buyer]["status"] for buyer in graph.successors(organisation)}
    if not statuses:
        return SELLS_TO_NOBODY
    return BUYERS_GONE if statuses <= WORDS_OF_AN_END else None


def dependences(graph: Graph) -> dict[int, tuple[Dependence, ...]]:
    """The dependences of every active HTX that sells a known commodity, in order of id."""
    cooperatives = sorted(id_ for id_, node in graph.nodes(data=True) if node["htx"])
    found = {id_: dependences_of(graph, id_) for id_ in cooperatives}
    return {id_: rows for id_, rows in found.items() if rows}


def dependences_of(graph: Graph, organisation: int) -> tuple[Dependence, ...]:
    """For each commodity that the organisation sells its largest buyer, in order of the code.

    A sale is of the very commodity stated, not of its line; one without a known commodity is in
    none. Of two largest buyers the smaller id is named.
    Raises: KeyError, if the graph has no such organisation.
    """
    graph.nodes[organisation]
    sales: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for _, buyer, edge in graph.out_edges(organisation, data=True):
        if edge["commodity"] is not None:
            sales[edge["commodity"]].append((buyer, edge))
    return tuple(_dependence(organisation, code, sales[code]) for code in sorted(sales))


def _dependence(
    organisation: int, commodity: str, sales: Iterable[tuple[int, dict[str, Any]]]
) -> Dependence:
    sales = list(sales)
    # One measure, and not None: every quantity is known, and they can be added.
    measures = {edge["measure"] for _, edge in sales}
    by = BY_QUANTITY if len(measures) == 1 and None not in measures else BY_COUNT
    bought: Counter[int] = Counter()
    for buyer, edge in sales:
        bought[buyer] += edge["quantity"] if by == BY_QUANTITY else 1
    largest = min(bought, key=lambda buyer: (-bought[buyer], buyer))
    return Dependence(
        organisation, commodity, largest, bought[largest], bought.total(), by, len(bought)
    )
