"""What happened to the graph between two days, at one level of evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from linkage.graph.building import counting
from linkage.graph.columns import UNSET, Flags, Ints
from linkage.graph.onday import LEVELS, levels_on, on_or_before, run_out
from linkage.graph.tables import GraphColumns


@dataclass(frozen=True, slots=True)
class Changes:
    """Linkages by id, in order. Each is in one of the first five at most.

    Came into the graph: `born`, which start after the first day; `proved`, which were in force
    then and have reached the level since (at "verified": the city has seen them).
    Went out of it: `ended`, terminated before they ran out; `expired`, whose last day is over.
    `risen`: in it on both days and better proved on the second, with the levels of both. Proofs
    are not taken back, so nothing goes out for lack of one. What came and went in between is in
    neither graph, and in none of these.
    """

    born: tuple[int, ...]
    proved: tuple[int, ...]
    ended: tuple[int, ...]
    expired: tuple[int, ...]
    risen: Mapping[int, tuple[str, str]]

    @property
    def balance(self) -> int:
        """Edges of the second day less edges of the first, exactly."""
        return len(self.born) + len(self.proved) - len(self.ended) - len(self.expired)

    def only(self, ids: Collection[int]) -> Changes:
        """The same of these linkages alone.

        >>> Changes((1, 2), (), (3,), (), {4: ("declared", "verified")}).only({2, 4}).born
        (2,)
        """
        return Changes(
            born=_among(ids, self.born),
            proved=_among(ids, self.proved),
            ended=_among(ids, self.ended),
            expired=_among(ids, self.expired),
            risen={id_: levels for id_, levels in self.risen.items() if id_ in ids},
        )


def changes_between(columns: GraphColumns, before: date, after: date, level: str) -> Changes:
    """Return what happened from `before` to `after` to the linkages that count at `level`.

    Raises: ValueError, if `level` is not one of LEVELS, or `after` is the earlier day.
    """
    if after < before:
        raise ValueError("the second day is not before the first")
    first, second = before.toordinal(), after.toordinal()
    links = columns.linkages
    had, has = counting(columns, first, level), counting(columns, second, level)
    came, went, started = has & ~had, had & ~has, links.starts > first
    # One that was to run out earlier than it was terminated has run out.
    lasts = (links.ends == UNSET) | (links.terminated_on <= links.ends)
    ended = on_or_before(links.terminated_on, second) & lasts
    expired = run_out(links, second) & ~ended
    old, new = levels_on(links, first), levels_on(links, second)
    return Changes(
        born=_ids(links.id, came & started),
        proved=_ids(links.id, came & ~started),
        ended=_ids(links.id, went & ended),
        expired=_ids(links.id, went & expired),
        risen=_risen(links.id, old, new, had & has & (old < new)),
    )


def _ids(ids: Ints, flags: Flags) -> tuple[int, ...]:
    return tuple(np.sort(ids[flags]).tolist())


def _risen(ids: Ints, old: Ints, new: Ints, flags: Flags) -> dict[int, tuple[str, str]]:
    levels = zip(ids[flags].tolist(), old[flags].tolist(), new[flags].tolist(), strict=True)
    return {id_: (LEVELS[was], LEVELS[is_]) for id_, was, is_ in sorted(levels)}


def _among(ids: Collection[int], which: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(id_ for id_ in which if id_ in ids)
