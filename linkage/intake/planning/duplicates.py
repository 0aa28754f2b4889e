"""Rows that are one organisation: certain ones merge, likely ones wait for a person. Pure.

Certain: the same whole tax code, the same folded name, and no dated fact that conflicts. Whatever
else looks alike is likely: it is listed, and where its key clashes with an earlier row's it is held
back, neither counted nor written, until somebody says "same" or "different" of it and each row of
that key that is accepted; the word is remembered by what the rows say. So is a row whose place does
not tell it from one of its name and kind: a blank or unknown commune can be any commune.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from linkage.intake.planning.entries import OrganisationRow
from linkage.intake.planning.findings import At, Findings
from linkage.intake.planning.likeness import (
    are_alike,
    differences,
    fill_blanks,
    is_certain,
    may_be_one,
    one_without_code,
)
from linkage.text import identity_key

T = TypeVar("T")

SAME, DIFFERENT = "same", "different"
# Why two are likely one: the name, and a place that does not tell them apart.
OPEN_PLACE = "open_place"
# A number that more rows than this share is an office's, not an organisation's.
_SHARED_PHONE = 20

Decisions = Mapping[frozenset[str], str]


@dataclass(slots=True)
class Entry:
    """One organisation of the workbook: its merged facts, its rows, the keys that mean it."""

    row: OrganisationRow
    keys: list[str]
    places: list[At]
    names: set[str]
    # The key under which its first row came; several entries share one if a person said so.
    shared: str
    # What tells it from the others of that key, where there are any.
    ident: str | None = None
    # What exports of a register call it: another number is another organisation.
    books: set[str] = field(default_factory=set)

    def is_other_than(self, book: str | None) -> bool:
        """Whether an export's numbers tell it from a row."""
        return bool(book and self.books and book not in self.books)


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the register that a row may be."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Likely:
    """A pair that a person should look at."""

    at: At
    # A row of this workbook, or an organisation of the register: its number and its name.
    same_as: At | Known
    why: str
    held: bool
    first_key: str
    second_key: str
    decision: str | None

    def as_json(self) -> dict[str, Any]:
        """The entry of the report."""
        return {
            "sheet": self.at.sheet,
            "row": self.at.row,
            "stt": self.at.stt,
            "kind": self.at.kind,
            **_as_json(self.same_as),
            "why": self.why,
            "held": self.held,
            "first_key": self.first_key,
            "second_key": self.second_key,
            "decision": self.decision,
        }


def _as_json(one: At | Known) -> dict[str, Any]:
    row = one if isinstance(one, At) else None
    known = one if isinstance(one, Known) else None
    return {
        "same_as_sheet": row.sheet if row else None,
        "same_as_row": row.row if row else None,
        "same_as_id": known.id if known else None,
        "same_as_name": known.name if known else None,
    }


@dataclass(slots=True)
class Merged:
    """The organisations of a workbook, what was merged, what waits."""

    entries: list[Entry] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    held: list[OrganisationRow] = field(default_factory=list)


def merge_rows(rows: Sequence[OrganisationRow], decisions: Decisions, findings: Findings) -> Merged:
    """Put the rows of one organisation together."""
    return _Merger(decisions, findings).merge(rows)


class _Merger:
    def __init__(self, decisions: Decisions, findings: Findings) -> None:
        self.decisions = decisions
        self.findings = findings
        self.merged = Merged()
        self.by_key: dict[str, list[Entry]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self.copies: Counter[str] = Counter()

    def merge(self, rows: Sequence[OrganisationRow]) -> Merged:
        for row in rows:
            priors = self.by_key[row.key]
            certain = (
                one
                for one in priors
                if row.tax_code and is_certain(one.row, row) and not one.is_other_than(row.book)
            )
            same = next(certain, None)
            if not priors:
                self._first_of_its_key(row)
            elif same is not None:
                self._join(same, row)
                self.merged.duplicates.append(duplicate_entry(row.at, same.places[0], "tax_code"))
            else:
                self._clash(priors, row)
        self._look_alike()
        return self.merged

    def _accept(self, row: OrganisationRow, key: str, ident: str | None = None) -> None:
        entry = Entry(row, [key], [row.at], {row.name_key}, row.key, ident)
        entry.books |= {row.book} if row.book else set()
        self.by_key[row.key].append(entry)
        self.by_name[row.name_key, row.kind].append(entry)
        self.merged.entries.append(entry)

    def _first_of_its_key(self, row: OrganisationRow) -> None:
        """A new organisation, unless its place does not tell it from one that is accepted."""
        asked = [
            (one, one.keys[0])
            for one in self.by_name[row.name_key, row.kind]
            if may_be_one(row, one.row.tax_code, one.row.commune)
        ]
        same, held = self._ask(asked, row, OPEN_PLACE, row.key)
        if same is not None:
            if same.row.commune is None and row.commune is not None:
                same.row.commune, same.row.commune_written = row.commune, row.commune_written
            same.row.tax_code = same.row.tax_code or row.tax_code
            self._join(same, row)
            same.keys.append(row.key)
            self.by_key[row.key].append(same)
        elif held:
            self.merged.held.append(row)
        else:
            self._accept(row, row.key)

    def _ask(
        self, asked: list[tuple[Entry, str]], row: OrganisationRow, why: str, ident: str
    ) -> tuple[Entry | None, bool]:
        """Which of them a person said it is, and whether it waits for a word; pairs are listed."""
        words = [(one, key, self._word(one, key, row, ident)) for one, key in asked]
        same, held = verdict((one, word) for one, _, word in words)
        for one, key, word in words:
            if same in (None, one) and not one.is_other_than(row.book):
                self.merged.likely.append(
                    Likely(row.at, one.places[0], why, held, key, ident, word)
                )
        return same, held

    def _join(self, entry: Entry, row: OrganisationRow) -> None:
        """The first row wins; its blanks are filled; other differences are said."""
        fill_blanks(entry.row, row)
        for name, written in differences(entry.row, row):
            header = row.headers.get(name.removesuffix("_key"), name)
            self.findings.warn(row.at, "duplicate_differs", header, written)
        entry.places.append(row.at)
        entry.names.add(row.name_key)
        entry.books |= {row.book} if row.book else set()

    def _clash(self, priors: list[Entry], row: OrganisationRow) -> None:
        """Rows of one key that are not certainly one: only a person can say."""
        why = "tax_code" if row.tax_code else "name"
        ident = self._ident(priors[0], row)
        asked = [(one, one.ident or "") for one in priors]
        same, held = self._ask(asked, row, why, ident)
        if same is not None:
            self._join(same, row)
            same.keys.append(ident)
        elif held:
            self.merged.held.append(row)
        else:
            self._accept_beside(row, ident)

    def _ident(self, first: Entry, row: OrganisationRow) -> str:
        """What the row says as a key; rows that say the very same are numbered."""
        if first.ident is None:
            first.ident = first.row.content_key
        content = row.content_key
        self.copies[content] += 1
        number = self.copies[content] + (content == first.ident)
        return content if number == 1 else f"{content}.{number}"

    def _accept_beside(self, row: OrganisationRow, ident: str) -> None:
        """Said to be another one: it cannot have the same key, so it goes by its content."""
        self._accept(row, ident, ident)
        if row.tax_code:
            header = row.headers.get("tax_code")
            self.findings.warn(row.at, "tax_code_used_by_other", header, row.tax_code)
            row.tax_code = None

    def _word(self, one: Entry, key: str, row: OrganisationRow, ident: str) -> str | None:
        """What is known of a pair: an export's numbers tell as surely as a person."""
        return DIFFERENT if one.is_other_than(row.book) else self._decision(key, ident)

    def _decision(self, first: str, second: str) -> str | None:
        return self.decisions.get(frozenset((first, second)))

    # --- Rows whose keys do not clash ---------------------------------------------------------
    def _look_alike(self) -> None:
        """List pairs of accepted organisations that look alike; join those said to be the same."""
        by_place: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        by_phone: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.merged.entries:
            row = entry.row
            place = row.commune or identity_key(row.commune_written)
            by_place[row.name_key, place].append(entry)
            if row.phone:
                by_phone[row.phone].append(entry)
        gone: set[int] = set()
        for group in by_place.values():
            self._pairs(group, "name", one_without_code, gone)
        for group in by_phone.values():
            if len(group) <= _SHARED_PHONE:
                self._pairs(group, "phone", are_alike, gone)
        if gone:
            self.merged.entries = [one for one in self.merged.entries if id(one) not in gone]

    def _pairs(self, group: list[Entry], why: str, test: Any, gone: set[int]) -> None:
        for place, later in enumerate(group):
            for earlier in group[:place]:
                if id(later) in gone or id(earlier) in gone or not test(earlier.row, later.row):
                    continue
                if earlier.shared == later.shared or earlier.is_other_than(later.row.book):
                    continue  # Said to be two already.
                first, second = earlier.keys[0], later.keys[0]
                decision = self._decision(first, second)
                if decision == SAME:
                    self._swallow(earlier, later)
                    gone.add(id(later))
                self.merged.likely.append(
                    Likely(later.places[0], earlier.places[0], why, False, first, second, decision)
                )

    def _swallow(self, earlier: Entry, later: Entry) -> None:
        if earlier.row.tax_code is None:
            earlier.row.tax_code = later.row.tax_code
        self._join(earlier, later.row)
        earlier.keys += [key for key in later.keys if key not in earlier.keys]
        earlier.places += later.places[1:]
        earlier.names |= later.names


def verdict(words: Iterable[tuple[T, str | None]]) -> tuple[T | None, bool]:
    """Which of several a person said it is, and whether it waits for a word about one of them."""
    said = list(words)
    same = next((one for one, word in said if word == SAME), None)
    return same, same is None and any(word is None for _, word in said)


def duplicate_entry(at: At, first: At, why: str) -> dict[str, Any]:
    """The entry of the report for a row that says what an earlier one says."""
    return {
        "sheet": at.sheet,
        "row": at.row,
        "stt": at.stt,
        "kind": at.kind,
        "same_as_sheet": first.sheet,
        "same_as_row": first.row,
        "why": why,
    }
