"""Rows that may be an organisation of the register, where a place does not tell. Pure.

One file leaves the commune of a cooperative without a tax code blank, another names it: whether
they are one is for a person to say, and the row is held back until then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from linkage.intake.planning import facts as facts_of
from linkage.intake.planning.duplicates import (
    OPEN_PLACE,
    Decisions,
    Entry,
    Known,
    Likely,
    verdict,
)
from linkage.intake.planning.entries import known_by, organisation_key
from linkage.intake.planning.likeness import may_be_one
from linkage.intake.planning.register import OrganisationState, Register


@dataclass(slots=True)
class Doubles:
    """Asks about each new organisation whether it is one of those that the register has."""

    register: Register
    decisions: Decisions
    likely: list[Likely] = field(default_factory=list)
    held: list[Entry] = field(default_factory=list)

    def settle(self, entries: Iterable[Entry], claimed: Set[int]) -> dict[int, int]:
        """By the identity of each entry that was said to be one: which one it is.

        `entries` are in the register by no key, `claimed` are those that other entries are.
        """
        taken = set(claimed)
        found: dict[int, int] = {}
        for entry in entries:
            same = self._ask(entry, self._candidates(entry, taken))
            if same is not None:
                found[id(entry)] = same
                taken.add(same)
        return found

    def _candidates(self, entry: Entry, claimed: Set[int]) -> list[tuple[str, OrganisationState]]:
        """Those that it may be, each by the key that a decision about it goes by."""
        states = [
            state
            for id_, state in self._named(entry)
            if id_ not in claimed
            and _is_of_kind(state, entry.row.kind)
            and may_be_one(entry.row, state.tax_code, _commune(state)[0])
        ]
        # Where keys do not tell them apart their own numbers do.
        times = Counter([*map(_key, states), *entry.keys])
        return [
            (_key(one) if times[_key(one)] == 1 else f"{_key(one)}#{one.id}", one) for one in states
        ]

    def _named(self, entry: Entry) -> Iterator[tuple[int, OrganisationState]]:
        for id_ in sorted(self.register.by_name.get(entry.row.name_key, ())):
            yield id_, self.register.organisations[id_]

    def _ask(self, entry: Entry, candidates: list[tuple[str, OrganisationState]]) -> int | None:
        words = [(key, state, self._word(entry, key)) for key, state in candidates]
        same, held = verdict((state.id, word) for _, state, word in words)
        for key, state, word in words:
            if same in (None, state.id) and state.id is not None:
                known = Known(state.id, state.name)
                self.likely.append(
                    Likely(entry.places[0], known, OPEN_PLACE, held, key, entry.keys[0], word)
                )
        self.held += [entry] if held else []
        return same

    def _word(self, entry: Entry, key: str) -> str | None:
        said = (self.decisions.get(frozenset((own, key))) for own in entry.keys)
        return next(filter(None, said), None)


def _commune(state: OrganisationState) -> tuple[str | None, str]:
    newest = facts_of.last(state.facts.get("commune", ()))
    return (newest.value, newest.as_written) if newest else (None, "")


def _is_of_kind(state: OrganisationState, kind: str) -> bool:
    newest = facts_of.last(state.facts.get("kind", ()))
    return newest is None or newest.value == kind


def _key(state: OrganisationState) -> str:
    """What a row that says what the register holds would be known by."""
    newest = facts_of.last(state.facts.get("kind", ()))
    kind = (newest.value if newest else None) or ""
    return known_by(state.tax_code, organisation_key(state.name_key, kind, *_commune(state)))
