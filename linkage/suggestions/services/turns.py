"""Who writes suggestions takes turns: nobody writes over what was found meanwhile.

What is looked at is read, and judged, before anything is locked. The turns are read first of all;
whoever comes to write under a level-1 commodity that somebody wrote under since then has been
overtaken, and looks again. No match crosses a level-1 commodity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F

from linkage.market.models import PostKind
from linkage.suggestions.models import Turn


class Overtaken(Exception):  # it is no error
    """Somebody wrote about the same posts since they were read: look again."""


@dataclass(frozen=True)
class Turns:
    """The turns as they were read."""

    rows: Mapping[str, Turn]

    @classmethod
    def read(cls) -> Turns:
        """One query, before all others of a look."""
        return cls(Turn.objects.in_bulk())

    def taken(self, code: str) -> int:
        """How many looks under the level-1 commodity were written."""
        return self.rows[code].taken if code in self.rows else 0

    def touched(self, kind: PostKind, code: str) -> int:
        """How many changes may have touched what is suggested to posts of this kind."""
        return int(getattr(self.rows[code], _column(kind))) if code in self.rows else 0

    def claim(self, tops: Collection[str]) -> None:
        """Take the turn of these level-1 commodities, until the caller's transaction ends.

        Raises: Overtaken.
        """
        _make(set(tops) - set(self.rows))
        for top in sorted(tops):
            # Must be 1: zero means that somebody else wrote since it was read.
            unread = Turn.objects.filter(pk=top, taken=self.taken(top))
            if not unread.update(taken=F("taken") + 1):
                raise Overtaken

    def touch(self, kind: PostKind, codes: Collection[str]) -> None:
        """Count one change for the posts of these kinds and commodities, whose turn is held."""
        _make(set(codes) - set(self.rows))
        column = _column(kind)
        Turn.objects.filter(pk__in=sorted(codes)).update(**{column: F(column) + 1})


def wait_for(tops: Collection[str]) -> None:
    """Take the turn of these level-1 commodities, before anything is read of them."""
    _make(tops)
    # In one order, so that nobody waits for somebody who waits for them.
    for top in sorted(tops):
        Turn.objects.filter(pk=top).update(taken=F("taken") + 1)


def _column(kind: PostKind) -> str:
    return f"{kind}s_touched"


def _make(codes: Collection[str]) -> None:
    Turn.objects.bulk_create((Turn(pk=code) for code in sorted(codes)), ignore_conflicts=True)
