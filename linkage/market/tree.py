"""The commodity tree in memory: branches, lines, and the commodities that words mean.

A branch is the second level of the tree: vegetables, shrimps, feed. What lies below belongs to it;
a commodity of the first level (crops) is in all the branches under it. It is the measure of "the
same trade": whoever deals in garlic is a rival or a customer of whoever deals in garlic, and may
want onions; cattle are another matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from linkage.catalogue.models import Commodity, CommoditySynonym
from linkage.market.errors import CommodityAmbiguous, CommodityNotNamed
from linkage.text import identity_key, search_key

BRANCH_LEVEL = 2
# Goods and services that co-ops buy, and businesses sell, as a rule.
INPUT_STAGES = frozenset({"inputs", "services"})
# How well a commodity fits the words, best first.
NAMED, WITHOUT_MARKS, BELOW, PARTLY, BELOW_PARTLY = range(5)

_folded = lru_cache(maxsize=8192)(search_key)


class Node(NamedTuple):
    """A commodity as this module needs it."""

    code: str
    parent: str | None
    level: int
    name_vi: str
    name_en: str
    dimension: str
    stage: str
    sort_key: str


@dataclass(frozen=True)
class Tree:
    """All commodities by code, and the other words for them as (word, code)."""

    nodes: Mapping[str, Node]
    synonyms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def load(cls, *, words: bool = False) -> Tree:
        """Read the tree in one query; with `words` the synonyms too, in a second one."""
        columns = ("code", "parent_id", "level", "name_vi", "name_en", "dimension", "stage")
        rows = Commodity.objects.order_by("pk").values_list(*columns, "sort_key")
        others = CommoditySynonym.objects.order_by("pk").values_list("name", "commodity_id")
        return cls({row[0]: Node(*row) for row in rows}, tuple(others) if words else ())

    def above(self, code: str) -> list[str]:
        """The commodity and what it lies below, upwards."""
        line = []
        step: str | None = code
        while step is not None:
            line.append(step)
            step = self.nodes[step].parent
        return line

    def top(self, code: str) -> str:
        """The level-1 commodity that a commodity lies under, itself if it is one."""
        return self.above(code)[-1]

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children = defaultdict(list)
        for node in self.nodes.values():
            if node.parent is not None:
                children[node.parent].append(node.code)
        return dict(children)

    def below(self, code: str) -> set[str]:
        """The commodity and all that lies below it."""
        found, left = set(), [code]
        while left:
            step = left.pop()
            found.add(step)
            left += self._children.get(step, [])
        return found

    def branches(self, code: str) -> set[str]:
        """The branches that a commodity is in: one, or for the first level all under it."""
        if self.nodes[code].level < BRANCH_LEVEL:
            return {code, *self._children.get(code, [])}
        return {step for step in self.above(code) if self.nodes[step].level == BRANCH_LEVEL}

    def line(self, code: str) -> set[str]:
        """What is the same thing in trade: the commodity, what it is a kind of, and its kinds."""
        return {*self.above(code), *self.below(code)}

    def is_input(self, code: str) -> bool:
        """Whether it is something that producers buy."""
        return self.nodes[code].stage in INPUT_STAGES

    def named(self, text: str) -> list[Node]:
        """The commodities that the words name: with their marks if any do, else without them.

        By Vietnamese or English name, synonym or code; in Vietnamese order.
        """
        ranks = self.ranked(text)
        for rank in (NAMED, WITHOUT_MARKS):
            codes = [code for code, found in ranks.items() if found == rank]
            if codes:
                return self._in_order(codes)
        return []

    def meant(self, text: str, chosen: str = "") -> str:
        """The code of the commodity that somebody means, by typing or by picking from a list.

        What was picked counts if the words, where there are any, can mean it; else the words.
        Raises: CommodityNotNamed, CommodityAmbiguous; nothing is guessed.
        """
        if chosen in self.nodes and (not text.strip() or chosen in self.ranked(text)):
            return chosen
        found = self.named(text)
        if not found:
            raise CommodityNotNamed(field="commodity")
        if len(found) > 1:
            names = ", ".join(node.name_vi for node in found)
            raise CommodityAmbiguous(field="commodity", names=names)
        return found[0].code

    def suggested(self, text: str, limit: int) -> list[Node]:
        """Commodities to choose from while somebody types, the best fitting first."""
        ranks = {code: rank for code, rank in self.ranked(text).items() if rank != BELOW_PARTLY}
        nodes = self._in_order(ranks)
        return sorted(nodes, key=lambda node: ranks[node.code])[:limit]

    def ranked(self, text: str) -> dict[str, int]:
        """Every commodity that the words mean, with how well it fits (NAMED is best).

        A whole name with its marks, a whole name without them, what lies below those, a part of a
        name from the beginning of a word, what lies below those.
        """
        exact, folded = identity_key(text), search_key(text)
        if not folded:
            return {}
        ranks: dict[str, int] = {}
        for word, code in self._words():
            rank = _fit(word, exact, folded)
            if rank is not None:
                ranks[code] = min(rank, ranks.get(code, rank))
        for code, rank in list(ranks.items()):
            under = BELOW if rank <= WITHOUT_MARKS else BELOW_PARTLY
            for child in self.below(code) - {code}:
                ranks[child] = min(under, ranks.get(child, under))
        return ranks

    def _words(self) -> Iterable[tuple[str, str]]:
        for node in self.nodes.values():
            yield from ((node.name_vi, node.code), (node.name_en, node.code))
            yield node.code, node.code
        yield from self.synonyms

    def _in_order(self, codes: Iterable[str]) -> list[Node]:
        return sorted((self.nodes[c] for c in codes), key=lambda node: (node.sort_key, node.code))


def _fit(word: str, exact: str, folded: str) -> int | None:
    bare = _folded(word)
    if bare == folded:
        return NAMED if identity_key(word) == exact else WITHOUT_MARKS
    return PARTLY if f" {folded}" in f" {bare}" else None
