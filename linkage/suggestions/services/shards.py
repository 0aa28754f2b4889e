"""The nightly look at all posts, cut into shards: each a bounded amount of work by itself.

A shard is posts of one kind and of a few commodities, or a range of the ids of one commodity's. It
is looked at against all posts of the other side that may fit, and writes what is suggested to its
own posts. So a commodity that holds half of all is many shards, and many small ones are one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby, islice, pairwise
from typing import Any

from django.db.models import Count, Q

from linkage.market.models import MODELS, PostKind, PostState
from linkage.market.tree import Tree
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services.refreshing import meeting

# What is done in a few seconds, in pairs of posts judged.
MOST_PAIRS = 2_000_000
# Reading one post, and writing what is suggested to it, takes as long as so many pairs.
A_POST = 1_000
# With fewer posts to a shard, reading the other side's would be most of the work.
FEWEST = 500


@dataclass(frozen=True, slots=True)
class Shard:
    """Posts of a kind, of commodities under one level-1 commodity.

    `first`, `last`: their ids, both included; None where it is open. `pairs`: how many it judges,
    about, with A_POST more for each of its posts.
    """

    kind: PostKind
    codes: tuple[str, ...]
    first: int | None = None
    last: int | None = None
    pairs: int = 0

    def condition(self, column: str = "pk") -> Q:
        """That an id is within the shard's."""
        found = Q()
        if self.first is not None:
            found &= Q(**{f"{column}__gte": self.first})
        if self.last is not None:
            found &= Q(**{f"{column}__lte": self.last})
        return found

    def as_args(self) -> dict[str, Any]:
        """As a job keeps it; `of_args` is the way back."""
        return asdict(self)

    @classmethod
    def of_args(cls, args: Mapping[str, Any]) -> Shard:
        """What `as_args` gave, through JSON or not."""
        values = dict(args)
        return cls(PostKind(values.pop("kind")), tuple(values.pop("codes")), **values)


def plan(
    tree: Tree, *, most: int = MOST_PAIRS, a_post: int = A_POST, fewest: int = FEWEST
) -> list[Shard]:
    """Cut all posts, and all whose suggestions may have to go, into shards, the largest first.

    Each has `most` pairs at most, but for those of `fewest` posts that alone have more.
    """
    published = {kind: _published(kind) for kind in PostKind}
    found: list[Shard] = []
    for kind in PostKind:
        own, others = published[kind], published[kind.other]
        weights = {
            code: own[code] * (a_post + sum(others[met] for met in meeting(tree, kind, [code])))
            for code in {*own, *_standing(kind)}
        }
        small = [code for code, pairs in weights.items() if pairs <= most or own[code] <= fewest]
        found += _joined(tree, kind, small, weights, most)
        for code in weights.keys() - set(small):
            size = max(fewest, most * own[code] // weights[code])
            found += _ranges(kind, code, size, weights[code] // own[code])
    return sorted(found, key=lambda one: (-one.pairs, one.kind, one.codes, one.first or 0))


def _published(kind: PostKind) -> Counter[str]:
    rows = MODELS[kind]._default_manager.filter(state=PostState.PUBLISHED)
    return Counter(dict(rows.order_by().values_list("commodity").annotate(Count("pk"))))


def _standing(kind: PostKind) -> set[str]:
    rows = Suggestion.objects.filter(stale=False)
    return set(rows.order_by().values_list(f"{kind}__commodity", flat=True).distinct())


def _joined(
    tree: Tree, kind: PostKind, codes: Iterable[str], weights: Mapping[str, int], most: int
) -> Iterator[Shard]:
    """Small commodities together, neighbours in the tree: they meet the same posts."""
    in_order = sorted(codes, key=lambda code: tree.above(code)[::-1])
    for _top, group in groupby(in_order, tree.top):
        held: list[str] = []
        for code in group:
            if held and sum(weights[one] for one in held) + weights[code] > most:
                yield Shard(kind, tuple(held), pairs=sum(weights[one] for one in held))
                held = []
            held.append(code)
        yield Shard(kind, tuple(held), pairs=sum(weights[one] for one in held))


def _ranges(kind: PostKind, code: str, size: int, pairs_each: int) -> Iterator[Shard]:
    """One commodity's posts, so many at a time; the first and the last range are open."""
    rows = MODELS[kind]._default_manager.filter(state=PostState.PUBLISHED, commodity=code)
    ids = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000)
    starts = [None, *islice(ids, size, None, size), None]
    for first, following in pairwise(starts):
        last = None if following is None else following - 1
        yield Shard(kind, (code,), first, last, size * pairs_each)
