"""Finds each organisation of a workbook in the register and says what shall become of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from typing import Any

from linkage.intake.planning import facts as facts_of
from linkage.intake.planning.doubles import Doubles
from linkage.intake.planning.duplicates import Entry
from linkage.intake.planning.entries import OrganisationRow
from linkage.intake.planning.facts import ACTIVE, Facts
from linkage.intake.planning.findings import Findings
from linkage.intake.planning.planned import Planned, conflict
from linkage.intake.planning.register import Contact, MainProduct, OrganisationState, Register
from linkage.intake.planning.words import ENDED, KIND_LABELS, STATUS_LABELS
from linkage.text import identity_key

# What a field of the register is called as a column, where that is not the same.
_COLUMNS = {"role_in_chain": "role"}


@dataclass(slots=True)
class PlannedOrganisation(Planned):
    """An entry, the organisation it is (None: a new one), and what it shall be."""

    entry: Entry
    ref: int
    current: OrganisationState | None
    target: OrganisationState
    # Organisations that a person said are this one: they shall be merged into it.
    absorbs: list[int] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.current is not None and (self.target != self.current or bool(self.absorbs))


@dataclass(slots=True)
class OrganisationPlanner:
    """Matches entries with the register, each organisation to one entry."""

    register: Register
    findings: Findings
    doubles: Doubles
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def plan(self, entries: list[Entry]) -> list[PlannedOrganisation]:
        """One planned organisation an entry that is not held back, in the workbook's order."""
        found = self._match(entries)
        claimed = {id_ for ids in found.values() for id_ in ids}
        new = (entry for entry in entries if id(entry) not in found)
        found |= {of: [id_] for of, id_ in self.doubles.settle(new, claimed).items()}
        held = {id(entry) for entry in self.doubles.held}
        planned = []
        for number, entry in enumerate(entries):
            if id(entry) in held:
                continue
            ids = found.get(id(entry), [])
            current = self.register.organisations[ids[0]] if ids else None
            target = self._target(current, entry.row)
            ref = ids[0] if ids else -(number + 1)
            # Whose accounts those of one that people act for become, a person decides.
            absorbs = [one for one in ids[1:] if one not in self.register.acted_for]
            planned.append(PlannedOrganisation(entry, ref, current, target, absorbs))
        return planned

    # --- Which one it is ----------------------------------------------------------------------
    def _match(self, entries: list[Entry]) -> dict[int, list[int]]:
        """The strongest claims first: whole tax code, a key used before, name + kind + commune.

        Of several that share a key, each first claims the one that told the same before.
        """
        found: dict[int, list[int]] = {}
        claimed: set[int] = set()
        for claim in (self._by_code, self._by_book, self._by_ident, self._by_key, self._by_place):
            for entry in entries:
                if id(entry) in found and len(entry.keys) == 1:
                    continue
                ids = [one for one in claim(entry, claimed) if one not in claimed]
                if ids:
                    found.setdefault(id(entry), []).extend(ids)
                    claimed.update(ids)
        return found

    def _by_code(self, entry: Entry, _claimed: Set[int]) -> Iterable[int]:
        id_ = self.register.by_code.get(entry.row.tax_code or "")
        return [] if id_ is None else [id_]

    def _by_book(self, entry: Entry, _claimed: Set[int]) -> list[int]:
        """By the number that this register's own export gave it, if the name is its too."""
        found = {self.register.labelled(book) for book in entry.books} - {None}
        known = self.register.organisations
        return [id_ for id_ in found if id_ is not None and known[id_].name_key in entry.names]

    def _by_ident(self, entry: Entry, _claimed: Set[int]) -> list[int]:
        return self._known([entry.ident] if entry.ident else [])

    def _by_key(self, entry: Entry, _claimed: Set[int]) -> list[int]:
        return self._known(entry.keys)

    def _known(self, names: Iterable[str]) -> list[int]:
        keys = self.register.organisation_keys
        known = dict.fromkeys(keys[key] for key in names if key in keys)
        return [id_ for id_ in known if id_ in self.register.organisations]

    def _by_place(self, entry: Entry, claimed: Set[int]) -> list[int]:
        ids: Set[int] = self.register.by_place.get(entry.row.place_key, set())
        if entry.ident is not None:
            # It is none of those that others of its key are; if one is left, it is that one.
            ids = ids - claimed
        if entry.row.tax_code:
            ids = {id_ for id_ in ids if self.register.organisations[id_].tax_code is None}
        return list(ids) if len(ids) == 1 else []

    # --- What it shall be ---------------------------------------------------------------------
    def _target(self, current: OrganisationState | None, row: OrganisationRow) -> OrganisationState:
        if current is None:
            empty = OrganisationState(None, row.name, row.name_key, row.tax_code)
            return self._filled(empty, row)
        target = self._filled(current, row)
        return replace(target, version=current.version + 1) if target != current else current

    def _filled(self, state: OrganisationState, row: OrganisationRow) -> OrganisationState:
        said: dict[str, Any] = {
            "facts": self._facts(state, row),
            "contact": self._contact(state, row),
            "product": self._product(state, row),
        }
        if row.name_key != state.name_key and self._may(state, row, "name", state.name, row.name):
            self.findings.warn(row.at, "renamed", row.headers.get("name"), state.name)
            said |= {"name": row.name, "name_key": row.name_key}
        for name, theirs in (
            ("tax_code", row.tax_code),
            ("founded_on", row.founded_on),
            ("members", row.members),
            ("role_in_chain", row.role),
        ):
            ours = getattr(state, name)
            if theirs not in (None, ours) and self._may(state, row, name, ours, theirs):
                said[name] = theirs
        return replace(state, **said)

    def _may(
        self, state: OrganisationState, row: OrganisationRow, name: str, ours: Any, theirs: Any
    ) -> bool:
        """Whether the file may change a field; what a person edited here wins and is listed."""
        if name not in state.hand_edited:
            return True
        column = _COLUMNS.get(name, name)
        header = row.headers.get(column, column)
        self.conflicts.append(conflict(row.at, state.id, state.name, header, (ours, theirs)))
        return False

    def _facts(self, state: OrganisationState, row: OrganisationRow) -> dict[str, Facts]:
        before = state.facts
        status = before.get("status", ())
        wanted = {
            "status": facts_of.with_status(status, row.status, row.status_on, row.status_written),
            "kind": facts_of.with_value(before.get("kind", ()), row.kind, ""),
            "sector": facts_of.with_value(before.get("sector", ()), row.sector, row.sector_written),
            "commune": facts_of.with_value(
                before.get("commune", ()), row.commune, row.commune_written
            ),
        }
        for name, said in wanted.items():
            items = [item for item in row.history if item.attribute == name]
            if items:
                wanted[name] = self._with_history(name, before.get(name, ()), said, items)
        self._say_kept_end(state, row, wanted["status"])
        kept = {}
        for name, said in wanted.items():
            ours = before.get(name, ())
            may = said == ours or self._may_facts(state, row, name, ours, said)
            facts = said if may else ours
            if facts:
                kept[name] = facts
        return kept

    def _may_facts(
        self, state: OrganisationState, row: OrganisationRow, name: str, ours: Facts, theirs: Facts
    ) -> bool:
        if name not in state.hand_edited:
            return True  # The words are for a list of conflicts.
        return self._may(state, row, name, label_of_facts(name, ours), label_of_facts(name, theirs))

    def _with_history(self, name: str, ours: Facts, said: Facts, items: list[Any]) -> Facts:
        # The history tells every fact of the attribute, so the row's own last one is among them.
        if not ours:
            return facts_of.with_history((), items)
        return facts_of.with_history(ours if name == "status" else said, items)

    def _say_kept_end(self, state: OrganisationState, row: OrganisationRow, facts: Facts) -> None:
        newest = facts_of.last(facts)
        says_active = row.status == ACTIVE and row.status_on is None
        if state.id and says_active and newest is not None and newest.value in ENDED:
            self.findings.warn(row.at, "status_without_date", row.headers.get("status"))

    def _contact(self, state: OrganisationState, row: OrganisationRow) -> Contact | None:
        ours = state.contact or Contact("", "")
        name, phone = row.representative or ours.name, row.phone or ours.phone
        if identity_key(name) == identity_key(ours.name):
            name = ours.name
        if name != ours.name and not self._may(state, row, "representative", ours.name, name):
            name = ours.name
        if phone != ours.phone and not self._may(state, row, "phone", ours.phone, phone):
            phone = ours.phone
        if (name, phone) == (ours.name, ours.phone):
            return state.contact
        return replace(ours, name=name, phone=phone)

    def _product(self, state: OrganisationState, row: OrganisationRow) -> MainProduct | None:
        ours = state.product
        if not row.product_written or (ours and _same_product(ours, row)):
            return ours
        said = ours.as_written if ours else None
        if not self._may(state, row, "product", said, row.product_written):
            return ours
        return MainProduct(row.product, row.product_written, ours.id if ours else None)


def _same_product(ours: MainProduct, row: OrganisationRow) -> bool:
    if ours.commodity or row.product:
        return ours.commodity == row.product
    return identity_key(ours.as_written) == identity_key(row.product_written)


def label_of_facts(name: str, facts: Facts) -> str:
    """The last fact in words."""
    newest = facts_of.last(facts)
    if newest is None:
        return ""
    labels = {"status": STATUS_LABELS, "kind": KIND_LABELS}.get(name, {})
    said = labels.get(newest.value or "") or newest.as_written or newest.value or ""
    return f"{said} {newest.since:%d/%m/%Y}".strip() if newest.since else said
