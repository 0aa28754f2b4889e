"""Finds the parties of each linkage of a workbook and says what shall become of it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from linkage.agreements.numbers import number_key
from linkage.intake.masking import mask_code
from linkage.intake.planning.choosing import CHOSEN, Choices
from linkage.intake.planning.duplicates import DIFFERENT, SAME, Decisions, Likely, duplicate_entry
from linkage.intake.planning.entries import LinkageRow
from linkage.intake.planning.findings import LINKAGE_REFUSALS, At, Finding, Findings, shown
from linkage.intake.planning.parties import Found, PartyIndex, written_as_one
from linkage.intake.planning.planned import Planned, conflict
from linkage.intake.planning.register import LinkageState, Register
from linkage.text import identity_key

_SIDES = ("seller", "buyer")
# Fields of a linkage that a newer file may change, beside its commodity and form.
_PLAIN = ("ends", "terminated_on", "confirmed_on", "verified_on", "checked_as_written")
_WORDS = {"commodity": "product_as_written", "form": "form_as_written"}
_HEADERS = {"commodity": "product", "checked_as_written": "verified_mark"}


@dataclass(slots=True)
class PlannedLinkage(Planned):
    """A linkage of the workbook, the one it is in the register (None: new), and its target."""

    row: LinkageRow
    current: LinkageState | None
    target: LinkageState
    key: str
    # The rows that tell of it, and what they say.
    places: list[At]
    said: LinkageState


@dataclass(slots=True)
class LinkagePlanner:
    """Resolves parties, merges repeated rows, matches with the register."""

    register: Register
    parties: PartyIndex
    choices: Choices
    decisions: Decisions
    findings: Findings
    known: dict[str, int]
    planned: list[PlannedLinkage] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    # Rows that wait for a person's word, and what ambiguous ones offer to choose from.
    held: list[At] = field(default_factory=list)
    # Of them, those said to be a second contract: each waits for a number of its own.
    numberless: list[At] = field(default_factory=list)
    offered: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def plan(self, rows: Iterable[tuple[LinkageRow, list[Finding]]]) -> list[PlannedLinkage]:
        """One planned linkage for each that is accepted, in the workbook's order."""
        stated: dict[str, PlannedLinkage] = {}
        for row, reasons in rows:
            parties = None if reasons else self._parties(row, reasons)
            if reasons or parties is None:
                self.findings.refuse(reasons, LINKAGE_REFUSALS)
                continue
            state = _stated(row, *parties)
            prior = stated.get(state.key)
            if prior is None:
                stated[state.key] = PlannedLinkage(row, None, state, state.key, [row.at], state)
            else:
                self._repeated(row, state, prior)
        taken: set[int] = set()
        for one in stated.values():
            one.current = self._current(one.key, taken)
            if one.current is not None and one.current.id is not None:
                taken.add(one.current.id)
            current = one.current
            one.target = one.said if current is None else self._merged(one.row, current, one.said)
            self.planned.append(one)
        return self.planned

    # --- The parties --------------------------------------------------------------------------
    def _parties(self, row: LinkageRow, reasons: list[Finding]) -> tuple[int, int] | None:
        seller = self.parties.find(row.seller, row.seller_tax_code, row.seller_is, row.seller_book)
        buyer = self.parties.find(row.buyer, row.buyer_tax_code, row.buyer_is, row.buyer_book)
        if self.parties.is_one(seller.ref, buyer.ref) or self._names_one(row):
            reasons.append(self._finding(row, "buyer", Found(None, "self_link"), prefer_code=True))
        for side, found in zip(_SIDES, (seller, buyer), strict=True):
            if found.ref is None:
                reasons.append(self._finding(row, side, found))
                self._offer(row, side, found)
        if reasons or seller.ref is None or buyer.ref is None:
            return None
        for side, found in zip(_SIDES, (seller, buyer), strict=True):
            if found.code is not None:
                self.findings.warnings.append(self._finding(row, side, found))
        return seller.ref, buyer.ref

    def _offer(self, row: LinkageRow, side: str, found: Found) -> None:
        """Let the clerk choose among those that an ambiguous party can be."""
        refs = self.parties.candidates(getattr(row, side), getattr(row, f"{side}_tax_code"))
        if found.code == "party_ambiguous" and refs:
            fields = self.offered.setdefault((row.at.sheet, row.at.row), {})
            fields[CHOSEN[side]] = self.choices.field(side, refs)

    def _names_one(self, row: LinkageRow) -> bool:
        codes = (row.seller_tax_code, row.buyer_tax_code)
        if not written_as_one(row.seller, codes[0], row.buyer, codes[1]):
            return False
        # Without both codes a name that several bear could still be two of them.
        return all(codes) or len(self.parties.names.get(identity_key(row.buyer or ""), ())) <= 1

    def _finding(
        self, row: LinkageRow, side: str, found: Found, *, prefer_code: bool = False
    ) -> Finding:
        name, code = getattr(row, side), getattr(row, f"{side}_tax_code")
        by_code = code is not None and (found.by_code or prefer_code or name is None)
        header = row.headers.get(f"{side}_tax_code" if by_code else side)
        value = name if name is not None else mask_code(code or "")
        code_ = found.code or ""
        return Finding(row.at, code_, header, shown(value), found.said, side, found.other)

    # --- Rows that say one linkage twice --------------------------------------------------------
    def _repeated(self, row: LinkageRow, state: LinkageState, prior: PlannedLinkage) -> None:
        """The register holds a contract once: what differs waits until it is said to be one."""
        before, first = prior.said, prior.places[0]
        agree = all(_agree(_said(before, name), _said(state, name)) for name in _SAID)
        # A linkage without an end never ends: a blank there says as much as a day.
        if agree and before.ends == state.ends:
            self.duplicates.append(duplicate_entry(row.at, first, "contract"))
        else:
            keys = (self._content_key(before), self._content_key(state))
            decision = self.decisions.get(frozenset(keys))
            held = decision != SAME
            self.likely.append(Likely(row.at, first, "contract", held, *keys, decision))
            if held:
                self.held.append(row.at)
                self.numberless += [row.at] if decision == DIFFERENT else []
                return
            self._say_differences(row, before, state)
        prior.said = _with_blanks_filled(before, state)
        prior.places.append(row.at)

    def _say_differences(self, row: LinkageRow, ours: LinkageState, theirs: LinkageState) -> None:
        for name in _SAID:
            if not _agree(_said(ours, name), _said(theirs, name)):
                header = _HEADERS.get(name, name)
                # A quantity is kept in grams or pieces, which nobody wrote.
                value = getattr(theirs, _WORDS.get(name, name)) if name != "quantity" else ""
                self.findings.warn(
                    row.at, "duplicate_differs", row.headers.get(header, header), value
                )

    def _content_key(self, state: LinkageState) -> str:
        """The key's own words and a digest of what the row says; organisations by code or name."""
        said = [str(_said(state, name)) for name in _SAID]
        parties = [self.parties.key_of.get(ref) for ref in (state.seller, state.buyer)]
        told = repr((number_key(state.contract_number), parties, said))
        digest = hashlib.sha256(told.encode()).hexdigest()
        return f"{state.contract_number}|{state.starts}#{digest[:12]}"

    # --- What it shall be -----------------------------------------------------------------------
    def _current(self, key: str, taken: set[int]) -> LinkageState | None:
        for id_ in (self.known.get(key), self.register.linkage_keys.get(key)):
            if id_ is not None and id_ not in taken and id_ in self.register.linkages:
                return self.register.linkages[id_]
        return None

    def _merged(self, row: LinkageRow, current: LinkageState, said: LinkageState) -> LinkageState:
        """What a newer file says is taken; what it leaves blank is kept."""
        for name in ("contract_number", "starts"):
            # Found by the key of an older workbook: what it was called then is a conflict only.
            if getattr(said, name) != getattr(current, name):
                self._may(row, current, name, getattr(said, name))
        changed: dict[str, Any] = {}
        for name in _PLAIN:
            value = getattr(said, name)
            if _says_more(current, name, value) and self._may(row, current, name, value):
                changed[name] = value
        for name, written in _WORDS.items():
            value = getattr(said, written)
            if _says_other(current, said, name, written) and self._may(row, current, name, value):
                changed |= {name: getattr(said, name), written: value}
        if said.quantity not in (None, current.quantity) and self._may(
            row, current, "quantity", said.quantity
        ):
            changed |= {"quantity": said.quantity, "unit": said.unit}
        target = replace(current, **changed)
        if target.verified_on is not None and target.checked_as_written:
            target = replace(target, checked_as_written="")
        return replace(target, version=current.version + 1) if target != current else current

    def _may(self, row: LinkageRow, current: LinkageState, name: str, theirs: Any) -> bool:
        if not current.hand_edited & {name, _HEADERS.get(name, name)}:
            return True
        header = _HEADERS.get(name, name)
        ours = getattr(current, _WORDS.get(name, name))
        called, header = current.contract_number, row.headers.get(header, header)
        self.conflicts.append(conflict(row.at, current.id, called, header, (ours, theirs)))
        return False


_SAID = (*_PLAIN, *_WORDS, "quantity")


def _stated(row: LinkageRow, seller: int, buyer: int) -> LinkageState:
    return LinkageState(
        id=None,
        seller=seller,
        buyer=buyer,
        contract_number=row.contract_number,
        starts=row.starts,
        ends=row.ends,
        terminated_on=row.terminated_on,
        commodity=row.product,
        product_as_written=row.product_written,
        form=row.form,
        form_as_written=row.form_written,
        quantity=row.quantity,
        unit=row.unit,
        confirmed_on=row.confirmed_on,
        verified_on=row.verified_on,
        checked_as_written=row.checked_as_written,
    )


def _says_more(current: LinkageState, name: str, value: Any) -> bool:
    if name == "checked_as_written" and current.verified_on is not None:
        return False
    return value not in (None, "", getattr(current, name))


def _says_other(current: LinkageState, said: LinkageState, name: str, written: str) -> bool:
    if not getattr(said, written):
        return False
    if getattr(said, name) is not None or getattr(current, name) is not None:
        # A word that nobody knows does not replace one that is known.
        return getattr(said, name) not in (None, getattr(current, name))
    return identity_key(getattr(said, written)) != identity_key(getattr(current, written))


def _said(state: LinkageState, name: str) -> Any:
    value = getattr(state, name)
    if value is None and name in _WORDS:
        value = identity_key(getattr(state, _WORDS[name]))
    return value or None


def _agree(one: Any, other: Any) -> bool:
    return one is None or other is None or one == other


def _with_blanks_filled(state: LinkageState, other: LinkageState) -> LinkageState:
    for name in _SAID:
        if _said(state, name) is None and _said(other, name) is not None:
            extra = _WORDS.get(name) or ("unit" if name == "quantity" else None)
            filled = {name: getattr(other, name)}
            if extra:
                filled[extra] = getattr(other, extra)
            state = replace(state, **filled)
    if state.verified_on is not None:
        state = replace(state, checked_as_written="")
    return state
