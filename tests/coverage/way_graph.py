"""The figure by a graph of organisations and linkages (networkx). Shares nothing with the rule."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Any

import networkx as nx

from linkage.agreements.models import Linkage
from linkage.registry.models import Organisation

LIVE = {"agreed", "in_force", "ended", "terminated"}
RANK = {"declared": 1, "confirmed": 2, "verified": 3}
START = date.min


def build() -> nx.MultiDiGraph:
    """Every organisation with its sorted facts, every linkage as an edge from seller to buyer."""
    graph = nx.MultiDiGraph()
    merged = {}
    for row in Organisation.objects.prefetch_related(
        "status_facts", "kind_facts", "sector_facts__sector", "commune_facts__commune"
    ):
        merged.update({row.pk: row.merged_into_id} if row.merged_into_id else {})
        graph.add_node(
            row.pk,
            founded=row.founded_on,
            status=_line(row.status_facts.all(), "status"),
            kind=_line(row.kind_facts.all(), "kind"),
            farms=_line(row.sector_facts.all(), "sector"),
            place=_line(row.commune_facts.all(), "commune"),
        )
    for link in Linkage.objects.all():
        graph.add_edge(link.seller_id, link.buyer_id, link=link)
    survivors = {into: dict(graph.nodes[into]) for into in merged.values()}
    graph = nx.relabel_nodes(graph, merged)
    nx.set_node_attributes(graph, survivors)
    graph.remove_edges_from(list(nx.selfloop_edges(graph, keys=True)))
    return graph


def _line(facts: Any, name: str) -> list[tuple[date, Any]]:
    """The facts in order; one without a day stands at the start."""
    return sorted(((row.since or START, getattr(row, name)) for row in facts), key=lambda f: f[0])


def at(line: list[tuple[date, Any]], day: date) -> Any:
    """What a line of facts says of a day."""
    place = bisect_right([since for since, _ in line], day)
    return line[place - 1][1] if place else None


def rank(link: Linkage, day: date) -> int:
    """How well the linkage is proved on a day: 3 verified, 2 confirmed, 1 declared, 0 not."""
    if link.verified_on and link.verified_on <= day:
        return 3
    if link.confirmed_on and link.confirmed_on <= day:
        return 2
    if link.origin == "declared":
        return 1 if link.contract_number.strip() else 0
    return 1


def runs(link: Linkage, day: date) -> bool:
    """In force: its own dates and state alone."""
    last = link.ends or date.max
    cut = link.terminated_on or date.max
    return link.state in LIVE and link.starts <= day <= last and day < cut


def counted(node: dict[str, Any], day: date) -> bool:
    """An active cooperative whose history is settled."""
    ends = [since for since, status in node["status"] if status != "active" and since == START]
    words = {status for _, status in node["status"]}
    if node["founded"] is None or ends or "unknown" in words:
        return False
    is_cooperative = at(node["kind"], day) == "cooperative"
    return node["founded"] <= day and at(node["status"], day) == "active" and is_cooperative


def inside(node: dict[str, Any], day: date, territory: str | None) -> bool:
    """In the territory by the former province of its commune; an unknown place is in none."""
    if territory is None:
        return True
    commune = at(node["place"], day)
    if commune is None:
        return False
    return (commune.former_province == "Hải Dương") == (territory == "hai-duong-old")


def answer(day: date, level: str, territory: str | None) -> dict[str, tuple[set[int], set[int]]]:
    """For each headline indicator the ids of its denominator and of its numerator."""
    graph = build()
    view = nx.subgraph_view(
        graph,
        filter_edge=lambda seller, buyer, key: (
            runs(graph.edges[seller, buyer, key]["link"], day)
            and rank(graph.edges[seller, buyer, key]["link"], day) >= RANK[level]
        ),
    )
    found = {
        id_
        for id_, node in graph.nodes(data=True)
        if counted(node, day) and inside(node, day, territory)
    }
    linked = {id_ for id_ in found if view.degree(id_) > 0}
    sectors = {id_: at(graph.nodes[id_]["farms"], day) for id_ in found}
    farmers = {id_ for id_, sector in sectors.items() if sector and sector.agricultural}
    return {"LINK-ALL": (found, linked), "LINK-AGRI": (farmers, linked & farmers)}
