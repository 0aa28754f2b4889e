"""Which of some pairs still stand today: what is stored of them may be older than their posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from datetime import date

from django.db.models import Q

from linkage.market.models import PostKind
from linkage.market.tree import Tree
from linkage.suggestions.best import feasible
from linkage.suggestions.facts import gather

# An offer and a need.
Pair = tuple[int, int]
# So many offers are judged at once, each with the needs of the pairs of them.
_AT_ONCE = 500


def fitting(pairs: Set[Pair], today: date) -> Iterator[Pair]:
    """Yield those of the pairs that the match allows, measured alike, with something left."""
    needs_of: dict[int, set[int]] = defaultdict(set)
    for offer, need in pairs:
        needs_of[offer].add(need)
    if not needs_of:
        return
    tree = Tree.load()
    codes = set(tree.nodes)
    asked = {PostKind.OFFER: set(needs_of), PostKind.NEED: set().union(*needs_of.values())}
    only = {kind: Q(pk__in=ids) for kind, ids in asked.items()}
    world = gather(tree=tree, offered=codes, needed=codes, today=today, only=only)
    offers = sorted(needs_of)
    for start in range(0, len(offers), _AT_ONCE):
        some = set(offers[start : start + _AT_ONCE])
        part = world.only(some, set().union(*(needs_of[offer] for offer in some)))
        rows = range(len(part.offers["id"]))
        for _rows, found, runs in feasible(part, PostKind.OFFER, rows):
            for places in runs.values():
                ids = (column[places].tolist() for column in (found.offer_id, found.need_id))
                yield from (pair for pair in zip(*ids, strict=True) if pair in pairs)
