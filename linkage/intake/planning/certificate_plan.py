"""Finds the holder of each certificate of a workbook and says what shall become of it. Pure.

A certificate is known by holder, certification and first day. What a newer file says of it is
taken, what it leaves blank is kept; periods of one certification of one holder do not overlap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from linkage.intake.masking import mask_code
from linkage.intake.planning.duplicates import duplicate_entry
from linkage.intake.planning.entries import CertificateRow
from linkage.intake.planning.findings import CERTIFICATE_REFUSALS, Finding, Findings, shown
from linkage.intake.planning.parties import PartyIndex
from linkage.intake.planning.planned import Planned, conflict
from linkage.intake.planning.register import CertificateState, Register
from linkage.text import identity_key

_SAID = ("number", "issuer", "ends")


@dataclass(slots=True)
class PlannedCertificate(Planned):
    """A certificate of the workbook, the one it is in the register (None: new), its target."""

    row: CertificateRow
    current: CertificateState | None
    target: CertificateState


@dataclass(slots=True)
class CertificatePlanner:
    """Resolves holders, merges repeated rows, matches with the register."""

    register: Register
    parties: PartyIndex
    findings: Findings
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    def plan(
        self, rows: Iterable[tuple[CertificateRow, list[Finding]]]
    ) -> list[PlannedCertificate]:
        """One planned certificate for each that is accepted, in the workbook's order."""
        stated: dict[tuple[Any, ...], PlannedCertificate] = {}
        for row, reasons in rows:
            holder = None if reasons else self._holder(row, reasons)
            if reasons or holder is None:
                self.findings.refuse(reasons, CERTIFICATE_REFUSALS)
                continue
            state = _stated(row, holder)
            prior = stated.get(state.key)
            if prior is None:
                stated[state.key] = PlannedCertificate(row, None, state)
            elif _agree(prior.target, state):
                self.duplicates.append(duplicate_entry(row.at, prior.row.at, "certificate"))
                prior.target = _with_blanks_filled(prior.target, state)
            else:
                self._refuse_beside(row, prior.target)
        return self._beside_the_register(stated)

    def _beside_the_register(
        self, stated: dict[tuple[Any, ...], PlannedCertificate]
    ) -> list[PlannedCertificate]:
        """Those whose periods overlap no other's, of the register or of the workbook."""
        known = {state.key: state for state in self.register.certificates.values()}
        for key, one in stated.items():
            one.current = known.pop(key, None)
            if one.current is not None:
                one.target = self._merged(one.row, one.current, one.target)
        held: dict[tuple[int, str], list[CertificateState]] = defaultdict(list)
        for state in known.values():
            held[state.of].append(state)
        accepted: list[PlannedCertificate] = []
        # Those that the register has already, first: a new one must leave them their place.
        for one in sorted(stated.values(), key=lambda one: one.is_new):
            other = next((s for s in held[one.target.of] if _overlap(s, one.target)), None)
            if other is None:
                accepted.append(one)
                held[one.target.of].append(one.target)
            else:
                self._refuse_beside(one.row, other)
                held[one.target.of] += [one.current] if one.current else []
        return [one for one in stated.values() if one in accepted]

    # --- The holder ---------------------------------------------------------------------------
    def _holder(self, row: CertificateRow, reasons: list[Finding]) -> int | None:
        found = self.parties.find(row.name, row.tax_code, None, row.book)
        if found.code is not None:
            by_code = row.tax_code is not None and (found.by_code or row.name is None)
            header = row.headers["tax_code" if by_code else "name"]
            value = row.name if row.name is not None else mask_code(row.tax_code or "")
            waits = found.code == "party_name_waits"
            said = "certificate_of_the_first" if waits else found.said
            finding = Finding(row.at, found.code, header, shown(value), said, other=found.other)
            (reasons if found.ref is None else self.findings.warnings).append(finding)
        return found.ref

    def _refuse_beside(self, row: CertificateRow, other: CertificateState) -> None:
        reason = Finding(row.at, "certificate_overlaps", row.headers["starts"], other.starts)
        self.findings.refuse([reason], CERTIFICATE_REFUSALS)

    # --- What it shall be -----------------------------------------------------------------------
    def _merged(
        self, row: CertificateRow, current: CertificateState, said: CertificateState
    ) -> CertificateState:
        changed = {
            name: getattr(said, name)
            for name in _SAID
            if not _blank_or_same(current, said, name) and self._may(row, current, said, name)
        }
        return replace(current, **changed)

    def _may(
        self, row: CertificateRow, current: CertificateState, said: CertificateState, name: str
    ) -> bool:
        """Whether the file may change a value; what a person recorded here wins and is listed."""
        if not current.by_hand:
            return True
        ours, theirs = getattr(current, name) or None, getattr(said, name)
        called, header = certificate_name(self.register, current), row.headers[name]
        self.conflicts.append(conflict(row.at, current.id, called, header, (ours, theirs)))
        return False


def certificate_name(register: Register, state: CertificateState) -> str:
    """A certificate of the register as lists name it: certification and holder."""
    return f"{state.label or state.certification}, {register.organisations[state.holder].name}"


def _stated(row: CertificateRow, holder: int) -> CertificateState:
    return CertificateState(
        id=None,
        holder=holder,
        certification=row.certification,
        number=row.number,
        issuer=row.issuer,
        starts=row.starts,
        ends=row.ends,
    )


def _blank_or_same(ours: CertificateState, theirs: CertificateState, name: str) -> bool:
    one, other = getattr(ours, name), getattr(theirs, name)
    if isinstance(one, str) and isinstance(other, str):
        return not other or identity_key(one) == identity_key(other)
    return other is None or one == other


def _agree(ours: CertificateState, theirs: CertificateState) -> bool:
    return all(
        getattr(ours, name) in (None, "") or _blank_or_same(ours, theirs, name) for name in _SAID
    )


def _with_blanks_filled(state: CertificateState, other: CertificateState) -> CertificateState:
    blank = (name for name in _SAID if getattr(state, name) in (None, ""))
    return replace(state, **{name: getattr(other, name) for name in blank})


def _overlap(one: CertificateState, other: CertificateState) -> bool:
    """Both ends included; no end means for ever."""
    return one.starts <= (other.ends or date.max) and other.starts <= (one.ends or date.max)
