"""The chain of events: each seal is computed again, the first row that is not whole is named.

The database seals (migration 0002); here the same is computed in Python from the columns alone, so
that nobody who can change the database's functions changes what is found. What no chain can show is
a history that was written anew from some row to its end: an earlier head, kept elsewhere, does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection

# What stands before the first event.
GENESIS = "0" * 64
CHUNK = 5_000

_POSTGRESQL = """
SELECT s.seq, s.previous, s.hash, s.event_id, e.id IS NOT NULL,
       e.subject_kind, e.subject_id, e.kind,
       to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US BC'),
       e.actor_id::text, e.data::text
FROM jobs_seal s LEFT JOIN jobs_event e ON e.id = s.event_id
"""
# As bytes: a text that is none, written past the program, is a finding and not an error.
_SQLITE = """
SELECT s.seq, s.previous, s.hash, s.event_id, e.id IS NOT NULL,
       CAST(e.subject_kind AS BLOB), CAST(e.subject_id AS BLOB), CAST(e.kind AS BLOB),
       CAST(e.at AS BLOB), CAST(e.actor_id AS BLOB), CAST(e.data AS BLOB)
FROM jobs_seal s LEFT JOIN jobs_event e ON e.id = s.event_id
"""


class Fault(StrEnum):
    """What is wrong with a row of the chain."""

    # The event, or its seal, is not what was sealed.
    CHANGED = "changed"
    # The event or its seal is gone from between others.
    MISSING = "missing"
    # It was sealed at another place.
    REORDERED = "reordered"
    # It was put in where nothing was sealed.
    INSERTED = "inserted"
    # The chain ends before a head that was kept.
    CUT = "cut"
    # All is whole and is not what a kept head says: written anew from somewhere on to its end.
    REWRITTEN = "rewritten"


class Head(NamedTuple):
    """Where the chain ended once; seq None, if only its hash was kept."""

    seq: int | None
    hash: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row that is not whole.

    `seq` None: an event without a seal. `event_id` None: nothing says which event stood there.
    `until`: a kept head shows that one of the rows from `seq` on was written anew, and this is the
    last that may be the first one.
    """

    fault: Fault
    seq: int | None
    event_id: int | None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """How many seals were whole, the last of them, and the first row that is not."""

    seen: int
    head: Head
    bad: BadRow | None

    @property
    def ok(self) -> bool:
        return self.bad is None

    def document(self) -> dict[str, Any]:
        """The answer of `audit_verify --json`."""
        bad = self.bad and {
            "seq": self.bad.seq,
            "event": self.bad.event_id,
            "fault": self.bad.fault.value,
            "until": self.bad.until,
        }
        return {"ok": self.ok, "seen": self.seen, "head": self.head.hash, "first_bad": bad}


class _Row(NamedTuple):
    seq: int
    previous: str
    hash: str
    event_id: int
    there: bool
    columns: tuple[str | bytes | None, ...]

    def hashed(self, previous: str, seq: int) -> str:
        """Its hash, if it stood there."""
        digest = sha256()
        for value in (previous, str(seq), str(self.event_id), *self.columns):
            text = value if isinstance(value, bytes) else (value or "").encode()
            digest.update(b"%d:%s," % (len(text), text))
        return digest.hexdigest()

    def bad(self, fault: Fault) -> BadRow:
        return BadRow(fault, self.seq, self.event_id)


Progress = Callable[[int, int], None]


def head() -> Head:
    """Where the chain ends now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM jobs_seal ORDER BY seq DESC LIMIT 1")
        found = cursor.fetchone()
    return Head(*found) if found else Head(0, GENESIS)


def verify(
    *, heads: Sequence[Head] = (), progress: Progress = lambda done, total: None
) -> Verified:
    """Compute every seal again, in bounded memory; compare with the heads that were kept.

    Reads what is committed as it goes, and writes nothing; what is appended meanwhile is seen or
    not. Within a transaction what that one wrote is sealed first.
    """
    _seal_own()
    walk = _Walk(heads)
    total = head().seq or 0
    for row in _rows():
        if not walk.step(row):
            return walk.found(walk.bad)
        if row.seq % CHUNK == 0:
            progress(min(row.seq, total), total)
    return walk.found(walk.short_of_a_head() or _unsealed() or _doubled(walk.seq))


def _seal_own() -> None:
    # PostgreSQL seals at the commit, which a caller's transaction has still before it.
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        names = "jobs_event_is_sealed, jobs_unsealed_is_sealed"
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
            cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


def _select() -> str:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def _rows() -> Iterator[_Row]:
    after = None
    while True:
        where = "" if after is None else f"WHERE s.seq > {after:d}"
        with connection.cursor() as cursor:
            cursor.execute(f"{_select()} {where} ORDER BY s.seq LIMIT {CHUNK}")
            found = cursor.fetchall()
        for row in found:
            seq, previous, hash_, event_id, there, *columns = row
            yield _Row(seq, previous, hash_, event_id, bool(there), tuple(columns))
        if len(found) < CHUNK:
            return
        after = found[-1][0]


class _Walk:
    """The chain as far as it was read: the row expected next, and the one before it."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self.seq = 0
        self.hash = GENESIS
        self.bad: BadRow | None = None
        self._last: _Row | None = None
        self._kept = {known.seq: known.hash for known in heads if known.seq is not None}
        self._wanted = {known.hash for known in heads if known.seq is None} - {GENESIS}
        self._agreed = 0

    def step(self, row: _Row) -> bool:
        """Whether the row is the one that comes next; if not, `bad` is the first that is wrong."""
        due = self.seq + 1
        whole = row.there and row.seq == due and row.previous == self.hash
        if not whole or row.hash != row.hashed(self.hash, due):
            self.bad = self._judged(row, due)
            return False
        self.seq, self.hash, self._last = due, row.hash, row
        self._wanted.discard(row.hash)
        kept = self._kept.get(due)
        if kept == row.hash:
            self._agreed = due
        elif kept is not None:
            first = self._agreed + 1
            self.bad = BadRow(
                Fault.REWRITTEN, first, _event_at(first), None if first == due else due
            )
            return False
        return True

    def found(self, bad: BadRow | None) -> Verified:
        return Verified(self.seq, Head(self.seq, self.hash), bad)

    def short_of_a_head(self) -> BadRow | None:
        """The chain ends before a head, or has none of its hash: what came after it was cut."""
        if self._wanted or any(seq > self.seq for seq in self._kept):
            return BadRow(Fault.CUT, self.seq + 1, None)
        return None

    def _judged(self, row: _Row, due: int) -> BadRow:
        if row.seq < due:
            return row.bad(Fault.INSERTED)
        if row.seq > due:
            return BadRow(Fault.MISSING, due, None)
        if not row.there:
            return row.bad(Fault.MISSING)
        if row.previous == self.hash:
            return row.bad(Fault.CHANGED)
        if self._last and row.hash == row.hashed(row.previous, due):
            # It is as it was sealed, so the hash before it is not what it was then.
            return self._last.bad(Fault.CHANGED)
        return self._moved(row, due) or row.bad(Fault.CHANGED)

    def _moved(self, row: _Row, due: int) -> BadRow | None:
        """A row that is as it was sealed, at another place."""
        last = head().seq or 0
        # Beyond the last number too: rows may have been taken out and all after them moved up.
        for was in range(1, 2 * last + 1):
            if row.hash != row.hashed(row.previous, was):
                continue
            if was < due and self.seq >= was:
                return BadRow(Fault.INSERTED, was, _event_at(was))
            if _is_followed(self.hash):
                return row.bad(Fault.REORDERED)
            return BadRow(Fault.MISSING, due, None)
        return None


def _event_at(seq: int) -> int | None:
    return _one("SELECT event_id FROM jobs_seal WHERE seq = %s", seq)


def _is_followed(hash_: str) -> bool:
    return _one("SELECT min(seq) FROM jobs_seal WHERE previous = %s", hash_) is not None


def _unsealed() -> BadRow | None:
    event_id = _one(
        "SELECT min(e.id) FROM jobs_event e LEFT JOIN jobs_seal s ON s.event_id = e.id"
        " WHERE s.event_id IS NULL"
    )
    return None if event_id is None else BadRow(Fault.INSERTED, None, event_id)


def _doubled(last: int) -> BadRow | None:
    """A seal that reading in order did not come by, because it bears another's number."""
    if _one("SELECT count(*) FROM jobs_seal WHERE seq <= %s", last) == last:
        return None
    seq = _one(
        "SELECT min(a.seq) FROM (SELECT seq FROM jobs_seal GROUP BY seq HAVING count(*) > 1) a"
    )
    return BadRow(Fault.INSERTED, seq, None)


def _one(statement: str, *values: Any) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[int | None] | None = cursor.fetchone()
    return found[0] if found else None
