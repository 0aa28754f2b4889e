"""The value-chain graph: columns of organisations and linkages in, graphs and findings out. Pure.

`columns` and `tables` hold what goes in; `onday` is the figure's rule on columns, `stages` that of
layers, `scopes` what a chain is of; `building` makes the graph of a day and a level of evidence.
Of a graph: `share` reads the figure, `chains` the chain of a commodity (from what `traded` reads),
`positions` and `dependence` one organisation, `structure` suggestions. `changes` compares two days.
`files` writes JSON, GraphML and tables, `picture` lays a chain out, `words` says findings in
Vietnamese and English.

Imports networkx, numpy and the standard library; no Django, no Celery, no database: the commodity
tree and everything else come as columns. Ids and codes go in and come out, names never.
"""

from __future__ import annotations

from linkage.graph.building import Graph, graph_on
from linkage.graph.chains import Chain, ChainLinkage, Flow, Member, chain_of
from linkage.graph.changes import Changes, changes_between
from linkage.graph.columns import (
    KINDS,
    MEASURES,
    STATUSES,
    UNSET,
    ColumnsInvalid,
    FactColumns,
    Ints,
    LinkageColumns,
    OrganisationColumns,
    ordinal,
)
from linkage.graph.dependence import Dependence, dead_end, dead_ends, dependences, dependences_of
from linkage.graph.onday import LEVELS
from linkage.graph.picture import Picture, laid_out
from linkage.graph.positions import Position, neighbourhood, position
from linkage.graph.share import LinkedShare, linked_share
from linkage.graph.structure import StructureSuggestion, suggested
from linkage.graph.tables import (
    STAGES,
    CommodityColumns,
    CommuneTable,
    GraphColumns,
    NoSuchCommodity,
    SectorTable,
    TransformationColumns,
)

__all__ = [
    "KINDS",
    "LEVELS",
    "MEASURES",
    "STAGES",
    "STATUSES",
    "UNSET",
    "Chain",
    "ChainLinkage",
    "Changes",
    "ColumnsInvalid",
    "CommodityColumns",
    "CommuneTable",
    "Dependence",
    "FactColumns",
    "Flow",
    "Graph",
    "GraphColumns",
    "Ints",
    "LinkageColumns",
    "LinkedShare",
    "Member",
    "NoSuchCommodity",
    "OrganisationColumns",
    "Picture",
    "Position",
    "SectorTable",
    "StructureSuggestion",
    "TransformationColumns",
    "chain_of",
    "changes_between",
    "dead_end",
    "dead_ends",
    "dependences",
    "dependences_of",
    "graph_on",
    "laid_out",
    "linked_share",
    "neighbourhood",
    "ordinal",
    "position",
    "suggested",
]
