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

# What a clerk says of a hidden row: it holds as it stands in the file.
AS_IN_FILE = "as_in_file"
# The fields that no column has; the doors word them, and what is offered, for their reader.
CHOSEN = {"seller": "seller_is", "buyer": "buyer_is"}


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
        offered = sorted((self._offer(ref) for ref in refs), key=lambda one: str(one["value"]))
        return {"header": CHOSEN[side], "value": None, "choices": offered}

    def _offer(self, ref: int) -> dict[str, Any]:
        """What tells an organisation from others of its name, and where it is told of."""
        one = self.planned.get(ref)
        state: OrganisationState = one.target if one else self.register.organisations[ref]
        commune = facts_of.last(state.facts.get("commune", ()))
        at = one.entry.places[0] if one else None
        return {
            "value": f"{at.sheet}!{at.row}" if at else f"#{ref}",
            "name": state.name,
            "commune": commune.as_written if commune else "",
            "tax_code": mask_code(state.tax_code or ""),
            "founded_on": state.founded_on.isoformat() if state.founded_on else None,
            "sheet": at.sheet if at else None,
            "row": at.row if at else None,
            "id": None if at else ref,
        }


def chosen_of(by_hand: Mapping[str, Any], side: str) -> str | None:
    """What the clerk chose for a party; None if nothing."""
    return str(by_hand.get(CHOSEN[side]) or "").strip() or None
