"""What a person who goes through an import needs to see: rows, doubts, who settled what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linkage.intake import queries
from linkage.intake.models import SUBJECT, ImportBatch, ImportRow, PairDecision
from linkage.intake.planning import register, values
from linkage.intake.reading.headers import FIELDS, TableKind, label_of
from linkage.intake.sentences import sentence
from linkage.jobs.queries import events_of
from linkage.registry.models import User

_OF_EXPORTS = frozenset({"book", "seller_book", "buyer_book"})


@dataclass(frozen=True, slots=True)
class RowField:
    """One field of a kept row: its header, what the file says, what the clerk said instead.

    `choices` where the clerk picks from a list which organisation is meant: see planning.choosing.
    """

    name: str
    header: str
    in_file: str
    value: str
    choices: tuple[Mapping[str, Any], ...] = ()
    # What the cell holds that cannot be taken, in words; the clerk can say that nothing is meant.
    holds: str = ""
    is_said_empty: bool = False


def fields_of(row: ImportRow) -> list[RowField]:
    """Every field that a row of this kind can have, in the table's order, blank ones too."""
    kind = TableKind(row.kind)
    found = []
    for name in FIELDS[kind]:
        if name == "stt":
            continue  # A running number says nothing about anybody.
        cell = row.raw.get(name) or {"header": label_of(kind, name), "value": None}
        if name in _OF_EXPORTS and cell["value"] is None and name not in row.overrides:
            continue  # Nobody but an export of the register knows these numbers.
        in_file = "" if cell["value"] is None else str(cell["value"])
        value = row.overrides.get(name, in_file)
        holds = (
            sentence(cell["holds"], field=cell["header"], value=cell["ref"])
            if "holds" in cell
            else ""
        )
        is_empty = row.overrides.get(name) == ""
        found.append(RowField(name, cell["header"], in_file, value, (), holds, is_empty))
    offered = ((name, cell) for name, cell in row.raw.items() if "choices" in cell)
    return [*found, *(_offered(name, cell, row.overrides.get(name, "")) for name, cell in offered)]


def _offered(name: str, cell: Mapping[str, Any], chosen: str) -> RowField:
    """A field that no column has: it came up because the row can be read two ways."""
    return RowField(name, cell["header"], "", chosen, tuple(cell["choices"]))


def corrected_rows(batch_id: int) -> list[ImportRow]:
    """The rows for which a person gave values; in the workbook's order."""
    rows = ImportRow.objects.filter(batch_id=batch_id).exclude(overrides={})
    return list(rows.order_by("sheet", "row"))


def refusal_of(report: Mapping[str, Any], sheet: str, row: int) -> Mapping[str, Any]:
    """Why the preview with this report refused the row; empty if it did not."""
    refused = (one for one in report.get("refused", ()) if one["row"] == row)
    return next((one for one in refused if one["sheet"] == sheet), {})


def missing_party(batch_id: int, sheet: str, row: int) -> dict[str, str]:
    """Name and tax code, as the row says them, of the party that the register lacks.

    Empty if the row was not refused for that. Raises: NotFound.
    """
    kept = queries.row_of(batch_id, sheet, row)
    refusal = refusal_of(queries.get(batch_id).report, sheet, row)
    if refusal.get("code") != "party_unknown":
        return {}
    said = {field.name: field.value for field in fields_of(kept)}
    party = refusal.get("party")
    # A row of the history tells of one organisation, which is no party of anything.
    name, code = (party, f"{party}_tax_code") if party else ("name", "tax_code")
    written = said.get(code, "")
    found = values.read_tax_code(written).value or written
    return {"name": said.get(name, ""), "tax_code": found}


def register_changed_since(batch: ImportBatch) -> bool:
    """Whether anybody changed the register after the batch was previewed; two queries."""
    now = [list(part) for part in register.stamp()]
    return bool(now != batch.register_stamp)


def decisions_of(report: Mapping[str, Any]) -> dict[frozenset[str], PairDecision]:
    """What people decided about the pairs that a report shows; one query."""
    firsts = {min(one["first_key"], one["second_key"]) for one in report["likely_duplicates"]}
    decided = PairDecision.objects.select_related("decided_by").filter(first_key__in=firsts)
    return {frozenset((one.first_key, one.second_key)): one for one in decided}


@dataclass(frozen=True, slots=True)
class Said:
    """Who answered a question about the file, and when."""

    who: str
    at: datetime


def answerers(batch_id: int) -> dict[tuple[str, str], Said]:
    """Who gave the newest answer to each question, by section and name; two queries."""
    events = list(events_of(SUBJECT, batch_id).filter(kind="answered"))
    people = User.objects.in_bulk({one.actor_id for one in events if one.actor_id})
    return {
        (section, name): Said(str(people.get(one.actor_id or 0, "")), one.at)
        for one in events
        for section, entries in one.data.items()
        for name in entries
    }
