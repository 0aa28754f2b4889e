"""How a clerk says which organisation a party is where its name alone does not tell. Pure.

A row of a linkage offers two more fields, one a party. Their value names an organisation by the
row of the workbook that tells of it ("HTX!7"), or by the register's own number ("#12") if the
workbook does not have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linkage.intake.masking import mask_code
from linkage.intake.planning import facts as facts_of
from linkage.intake.planning.organisation_plan import PlannedOrganisation
from linkage.intake.planning.register import OrganisationState, Register

# The fields, with what they are called in the form of a row, beside the office's own headers.
CHOSEN = {"seller": "seller_is", "buyer": "buyer_is"}
LABELS = {"seller_is": "Bên bán là đơn vị nào", "buyer_is": "Bên mua là đơn vị nào"}


class Choices:
    """Every organisation that a party can be said to be, by the value that says so."""

    def __init__(self, register: Register, planned: Iterable[PlannedOrganisation]) -> None:
        self.register = register
        self.planned = {one.ref: one for one in planned}
        self.refs: dict[str, int] = {}
        for id_ in register.organisations:
            self.refs[f"#{id_}"] = id_
        for one in self.planned.values():
            self.refs |= dict.fromkeys((f"#{gone}" for gone in one.absorbs), one.ref)
            self.refs |= {f"{at.sheet}!{at.row}": one.ref for at in one.entry.places}

    def field(self, side: str, refs: Iterable[int]) -> dict[str, Any]:
        """The field of a party as a row offers it, with the organisations that it can be."""
        offered = [[self._value(ref), self._label(ref)] for ref in refs]
        return {"header": LABELS[CHOSEN[side]], "value": None, "choices": sorted(offered)}

    def _value(self, ref: int) -> str:
        one = self.planned.get(ref)
        if one is None:
            return f"#{ref}"
        return f"{one.entry.places[0].sheet}!{one.entry.places[0].row}"

    def _label(self, ref: int) -> str:
        """Name, place, tax code, founding day, and where it is told of."""
        one = self.planned.get(ref)
        state: OrganisationState = one.target if one else self.register.organisations[ref]
        commune = facts_of.last(state.facts.get("commune", ()))
        parts = [
            state.name,
            commune.as_written if commune else "",
            f"MST {mask_code(state.tax_code)}" if state.tax_code else "",
            f"thành lập {state.founded_on:%d/%m/%Y}" if state.founded_on else "",
        ]
        at = one.entry.places[0] if one else None
        parts.append(f"{at.sheet}, dòng {at.row}" if at else f"số {ref} trong sổ")
        return "; ".join(part for part in parts if part)


def chosen_of(by_hand: Mapping[str, Any], side: str) -> str | None:
    """What the clerk chose for a party; None if nothing."""
    return str(by_hand.get(CHOSEN[side]) or "").strip() or None
