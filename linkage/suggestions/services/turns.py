"""Who writes suggestions takes turns: nobody writes over what was found meanwhile.

What is looked at is read, and judged, before anything is locked. The turns are read first of all;
whoever comes to write under a level-1 commodity that somebody wrote under since then has been
overtaken, and looks again. No match crosses a level-1 commodity.

A look at a changed post writes alone: it relies on what was remembered of all others. The shards of
a night write beside each other: each writes of its own posts what is so, whatever the others find.
So each level-1 commodity has several lanes, rows that are locked until the writer's transaction
ends: a look at a post takes all of them, a shard one. A shard is overtaken by a look at a post, and
never by another shard; a look at a post by both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from linkage.market.models import PostKind
from linkage.suggestions.models import Lane, Turn

# So many shards of one level-1 commodity write at once.
LANES = 16


class Overtaken(Exception):  # it is no error
    """Somebody wrote about the same posts since they were read: look again."""


@dataclass(frozen=True)
class Turns:
    """The turns as they were read; `written`: how many shards, by level-1 commodity."""

    rows: Mapping[str, Turn]
    written: Mapping[str, int]

    @classmethod
    def read(cls) -> Turns:
        """Two queries, before all others of a look."""
        return cls(Turn.objects.in_bulk(), _written())

    def taken(self, code: str) -> int:
        """How many looks at single posts under the level-1 commodity were written."""
        return self.rows[code].taken if code in self.rows else 0

    def touched(self, kind: PostKind, code: str) -> int:
        """How many changes may have touched what is suggested to posts of this kind."""
        return int(getattr(self.rows[code], _column(kind))) if code in self.rows else 0

    def claim(self, tops: Collection[str]) -> None:
        """Take the turn of these level-1 commodities, until the caller's transaction ends.

        Raises: Overtaken.
        """
        wait_for(tops)
        _make(set(tops) - set(self.rows))
        for top in sorted(tops):
            # Must be 1: zero means that somebody else wrote since it was read.
            unread = Turn.objects.filter(pk=top, taken=self.taken(top))
            if not unread.update(taken=F("taken") + 1):
                raise Overtaken
        now = _written()
        if any(now.get(top) != self.written.get(top) for top in tops):
            raise Overtaken

    def join(self, top: str, lane: int) -> None:
        """Write beside other shards of the level-1 commodity, until the transaction ends.

        Raises: Overtaken.
        """
        wait_for([top], lane)
        _lanes([top], lane).update(written=F("written") + 1)
        if Turn.objects.filter(pk=top).exclude(taken=self.taken(top)).exists():
            raise Overtaken

    def touch(self, kind: PostKind, codes: Collection[str]) -> None:
        """Count one change for the posts of these kinds and commodities, whose turn is held."""
        _make(set(codes) - set(self.rows))
        column = _column(kind)
        Turn.objects.filter(pk__in=sorted(codes)).update(**{column: F(column) + 1})


def wait_for(tops: Collection[str], lane: int | None = None) -> None:
    """Lock all lanes of these level-1 commodities, or that one, until the transaction ends.

    Before anything is read of them, nobody can overtake.
    """
    # In one order, so that nobody waits for somebody who waits for them.
    rows = _lanes(tops, lane).order_by("commodity", "number").select_for_update()
    wanted = [(top, n) for top in tops for n in _numbers(lane)]
    if len(rows) < len(wanted):
        made = (Lane(commodity_id=top, number=number) for top, number in sorted(wanted))
        Lane.objects.bulk_create(made, ignore_conflicts=True)
        list(rows.all())


def _numbers(lane: int | None) -> Collection[int]:
    return range(LANES) if lane is None else [lane % LANES]


def _lanes(tops: Collection[str], lane: int | None) -> QuerySet[Lane]:
    return Lane.objects.filter(commodity__in=sorted(tops), number__in=_numbers(lane))


def _written() -> dict[str, int]:
    """How many shards were written, by level-1 commodity that has lanes."""
    rows = Lane.objects.order_by().values_list("commodity").annotate(Sum("written"))
    return {top: int(many) for top, many in rows if many}


def _column(kind: PostKind) -> str:
    return f"{kind}s_touched"


def _make(codes: Collection[str]) -> None:
    Turn.objects.bulk_create((Turn(pk=code) for code in sorted(codes)), ignore_conflicts=True)
