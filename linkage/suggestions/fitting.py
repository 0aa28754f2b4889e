"""Which of some pairs still stand today: what is stored of them may be older than their posts."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date

from django.db.models import Q

from linkage.market.models import PostKind
from linkage.market.tree import Tree
from linkage.suggestions.best import feasible
from linkage.suggestions.facts import gather

# An offer and a need.
Pair = tuple[int, int]


def fitting(pairs: Set[Pair], today: date) -> Iterator[Pair]:
    """Yield those of the pairs that the match allows, measured alike, with something left."""
    tree = Tree.load()
    codes = set(tree.nodes)
    sides = zip(PostKind, zip(*pairs, strict=True), strict=True) if pairs else ()
    only = {kind: Q(pk__in=set(ids)) for kind, ids in sides}
    if not only:
        return
    world = gather(tree=tree, offered=codes, needed=codes, today=today, only=only)
    rows = range(len(world.offers["id"]))
    for _part, found, runs in feasible(world, PostKind.OFFER, rows):
        for places in runs.values():
            own = zip(found.offer_id[places].tolist(), found.need_id[places].tolist(), strict=True)
            yield from (pair for pair in own if pair in pairs)
