"""The best offers of each need, kept right while posts come, change and go.

A changed offer is judged against the needs that ask for its branch; a changed need against the
offers of its own. A need whose list loses an offer, and that may have one behind it, is asked anew;
every other list stays, or takes the one offer in. So the lists are at any moment those that
`best_rows` would find.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

import numpy as np

from linkage.matching.columns import (
    AskedCertificates,
    HeldCertificates,
    Ints,
    NeedColumns,
    OfferColumns,
    PostColumns,
    needs_at,
    offers_at,
)
from linkage.matching.engine import best_needs, best_rows
from linkage.matching.tables import Board
from linkage.matching.weights import WEIGHTS, Weights

# Rows that no post has any more are cleared away once they are so many times those in use.
WASTE = 2

_Posts = TypeVar("_Posts", OfferColumns, NeedColumns)
_Kept = tuple[int, int]


class LiveMatches:
    """For each need of a board its `top` best offers. Raises: ValueError, as `best_offers`.

    Each change returns the ids of the needs whose list is no longer what it was.
    """

    def __init__(self, board: Board, *, top: int, weights: Weights = WEIGHTS) -> None:
        nobody: Ints = np.empty(0, dtype=np.int64)
        self._tables = replace(
            board, offers=offers_at(board.offers, nobody), needs=needs_at(board.needs, nobody)
        )
        self._top, self._weights = top, weights
        self._offers, self._needs = _Side(board.offers), _Side(board.needs)
        self._best: dict[int, list[_Kept]] = {int(id_): [] for id_ in board.needs.id}
        self._shown: dict[int, set[int]] = defaultdict(set)
        self._store(board)

    def best_of(self, need: int) -> list[tuple[int, int]]:
        """Ids of offers and scores, the best first. Raises: KeyError, if there is no such need."""
        return [(offer, -less) for less, offer in self._best[need]]

    def put_need(self, need: NeedColumns) -> set[int]:
        """One need that is new, or is another under the same id.

        Raises: ColumnsInvalid, if it names what the tables do not have; nothing is changed then.
        """
        replace(self._tables, needs=need)
        id_ = int(need.id[0])
        before = self._best.get(id_)
        self._forget(id_)
        self._needs.put(need)
        self._best[id_] = []
        self._ask(need)
        return {id_} if before != self._best[id_] else set()

    def withdraw_need(self, id_: int) -> set[int]:
        """A need that is no more. Raises: KeyError, if there is none."""
        self._needs.drop(id_)
        self._forget(id_)
        return {id_}

    def put_offer(self, offer: OfferColumns) -> set[int]:
        """One offer that is new, or is another under the same id. Raises: as `put_need`."""
        scores = self._scores(replace(self._tables, offers=offer))
        id_ = int(offer.id[0])
        if id_ in self._offers:
            self._offers.drop(id_)
        self._offers.put(offer)
        had = set(self._shown[id_])
        changed, anew = set(), set()
        for need in had | self._takers(id_, scores):
            before = list(self._best[need])
            if self._replaced(need, id_, scores.get(need)):
                anew.add(need)
            elif before != self._best[need]:
                changed.add(need)
        return changed | self._asked_anew(anew)

    def withdraw_offer(self, id_: int) -> set[int]:
        """An offer that is no more. Raises: KeyError, if there is none."""
        self._offers.drop(id_)
        had = set(self._shown[id_])
        anew = {need for need in had if self._replaced(need, id_, None)}
        self._asked_anew(anew)
        return had

    def _scores(self, board: Board) -> dict[int, int]:
        """The score of the board's one offer with each need that it is feasible for."""
        above = board.tree.within(int(board.offers.commodity[0]), slice(None))
        needs = self._needs.take(self._needs.rows_of(np.flatnonzero(above).tolist()))
        found = best_needs(
            board.offers, needs, board.tree, board.certificates,
            top=max(1, len(needs)), today=board.today, weights=self._weights,
        )  # fmt: skip
        return dict(zip(found.need_id.tolist(), found.score.tolist(), strict=True))

    def _takers(self, id_: int, scores: dict[int, int]) -> set[int]:
        """The needs among whose best it comes."""
        return {
            need
            for need, score in scores.items()
            if len(self._best[need]) < self._top or (-score, id_) < self._best[need][-1]
        }

    def _replaced(self, need: int, id_: int, score: int | None) -> bool:
        """Take the offer's new score into a need's list; whether one behind it may be better."""
        kept = self._best[need]
        full = len(kept) == self._top
        rest = [pair for pair in kept if pair[1] != id_]
        lost = len(rest) < len(kept)
        if full and lost and (score is None or (-score, id_) > kept[-1]):
            return True
        if score is not None:
            rest = sorted([*rest, (-score, id_)])
        self._set(need, rest[: self._top])
        return False

    def _asked_anew(self, ids: set[int]) -> set[int]:
        """Ask for the lists of these needs, those of one commodity together; which are others."""
        before = {need: list(self._best[need]) for need in ids}
        by_commodity = defaultdict(list)
        for need in ids:
            by_commodity[self._needs.commodity_of(need)].append(need)
        for needs in by_commodity.values():
            self._ask(self._needs.take(np.array([self._needs.row(need) for need in needs])))
        return {need for need in ids if before[need] != self._best[need]}

    def _ask(self, needs: NeedColumns) -> None:
        """Find the lists of needs of one commodity among the offers of its branch."""
        inside = self._tables.tree.within(slice(None), int(needs.commodity[0]))
        rows = self._offers.rows_of(np.flatnonzero(inside).tolist())
        self._store(replace(self._tables, needs=needs, offers=self._offers.take(rows)))

    def _store(self, board: Board) -> None:
        """Find the lists of all these needs anew."""
        needs, offers = board.needs, board.offers
        need_row, offer_row, score = best_rows(board, top=self._top, weights=self._weights)
        lists: dict[int, list[_Kept]] = {int(id_): [] for id_ in needs.id}
        of_needs, of_offers = needs.id[need_row].tolist(), offers.id[offer_row].tolist()
        for need, offer, value in zip(of_needs, of_offers, score.tolist(), strict=True):
            lists[need].append((-value, offer))
        for need, kept in lists.items():
            self._set(need, kept)

    def _set(self, need: int, kept: list[_Kept]) -> None:
        for _, offer in self._best[need]:
            self._shown[offer].discard(need)
        for _, offer in kept:
            self._shown[offer].add(need)
        self._best[need] = kept

    def _forget(self, need: int) -> None:
        if need in self._best:
            self._set(need, [])
            del self._best[need]
            if need in self._needs:
                self._needs.drop(need)


class _Side(Generic[_Posts]):
    """Posts of one side in rows that grow; a changed post takes a new row."""

    def __init__(self, posts: _Posts) -> None:
        self._kind: type[_Posts] = type(posts)
        self._fill(posts)

    def _fill(self, posts: _Posts) -> None:
        self._columns = {f.name: _Growing(getattr(posts, f.name)) for f in fields(PostColumns)}
        marks = posts.certificates
        order = np.argsort(marks.row, kind="stable")
        self._marks = [_Growing(getattr(marks, f.name)[order]) for f in fields(marks)[1:]]
        sizes = np.bincount(marks.row, minlength=len(posts))
        self._begin, self._size = _Growing(np.cumsum(sizes) - sizes), _Growing(sizes)
        self._rows = {id_: row for row, id_ in enumerate(posts.id.tolist())}
        self._used = _Growing(np.ones(len(posts), dtype=np.bool_))
        by_commodity = np.argsort(posts.commodity, kind="stable")
        named, first = np.unique(posts.commodity[by_commodity], return_index=True)
        self._of: dict[int, _Growing] = {
            commodity: _Growing(rows)
            for commodity, rows in zip(
                named.tolist(), np.split(by_commodity, first[1:]), strict=len(named) > 0
            )
        }

    def __contains__(self, id_: int) -> bool:
        return id_ in self._rows

    def row(self, id_: int) -> int:
        return self._rows[id_]

    def commodity_of(self, id_: int) -> int:
        return int(self._columns["commodity"].values[self._rows[id_]])

    def rows_of(self, commodities: Iterable[int]) -> Ints:
        """The rows in use of these commodities."""
        rows = np.empty(0, dtype=np.int64)
        runs: list[Ints] = [self._of[c].values for c in commodities if c in self._of]
        rows = np.concatenate([rows, *runs])
        kept: Ints = rows[self._used.values[rows]]
        return kept

    def put(self, post: _Posts) -> None:
        """One post under an id that has no row."""
        if len(self._used.values) > WASTE * max(16, len(self._rows)):
            self._fill(self.take(np.array(list(self._rows.values()), dtype=np.int64)))
        row = len(self._used.values)
        for name, column in self._columns.items():
            column.append(getattr(post, name))
        marks = post.certificates
        self._begin.append(np.array([len(self._marks[0].values)]))
        self._size.append(np.array([len(marks.row)]))
        for column, field in zip(self._marks, fields(marks)[1:], strict=True):
            column.append(getattr(marks, field.name))
        self._used.append(np.array([True]))
        self._rows[int(post.id[0])] = row
        commodity = int(post.commodity[0])
        self._of.setdefault(commodity, _Growing(np.empty(0, dtype=np.int64))).append(
            np.array([row])
        )

    def drop(self, id_: int) -> None:
        self._used.values[self._rows.pop(id_)] = False

    def take(self, rows: Ints) -> _Posts:
        """The posts of these rows as columns."""
        size = self._size.values[rows]
        of_row = np.repeat(np.arange(len(rows)), size)
        shift = self._begin.values[rows] - (np.cumsum(size) - size)
        place = np.arange(len(of_row)) + np.repeat(shift, size)
        marks = [column.values[place] for column in self._marks]
        kind: Any = HeldCertificates if self._kind is OfferColumns else AskedCertificates
        shared = {name: column.values[rows] for name, column in self._columns.items()}
        posts: _Posts = self._kind(**shared, certificates=kind(of_row, *marks))
        return posts


@dataclass(eq=False)
class _Growing:
    """A column with room behind it, so that appending does not copy it."""

    values: Any

    def __post_init__(self) -> None:
        self._room = self.values.copy()
        self.values = self._room

    def append(self, more: Any) -> None:
        count = len(self.values) + len(more)
        if count > len(self._room):
            room = np.empty(2 * count, dtype=self._room.dtype)
            room[: len(self.values)] = self.values
            self._room = room
        self._room[count - len(more) : count] = more
        self.values = self._room[:count]
