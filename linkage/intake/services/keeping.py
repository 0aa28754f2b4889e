"""What refused rows say is kept beside their batch, so that they can be corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linkage.intake.models import ImportBatch, ImportRow
from linkage.intake.planning.plan import Plan
from linkage.intake.reading.headers import FIELDS, TableKind, label_of
from linkage.intake.reading.records import Record, RegisterFile

# Why a row that is not refused is kept: a second contract, which has no number of its own yet.
OWN_NUMBER_NEEDED = "own_number_needed"


def keep_rows(batch: ImportBatch, made: Plan) -> None:
    """Keep what refused rows say, so that they can be corrected; corrections stay."""
    codes = {(one["sheet"], one["row"]): one["code"] for one in made.report["refused"]}
    kept = {(row.sheet, row.row): row for row in batch.rows.exclude(overrides={})}
    batch.rows.filter(overrides={}).delete()
    headers = _headers(made.file)
    ImportRow.objects.bulk_create(
        ImportRow(
            batch=batch,
            sheet=sheet,
            row=row,
            kind=record.kind.value,
            code=codes.get((sheet, row), OWN_NUMBER_NEEDED),
            raw=_raw(record, headers) | made.offered.get((sheet, row), {}),
        )
        for (sheet, row), record in made.refused_rows.items()
        if (sheet, row) not in kept
    )
    for place, corrected in kept.items():
        corrected.code = codes.get(place, "")
        corrected.raw |= made.offered.get(place, {})
    ImportRow.objects.bulk_update(kept.values(), ["code", "raw"])


def _headers(file: RegisterFile) -> dict[tuple[str, str], str]:
    """The header of each field of a sheet, as the file has it."""
    return {
        (table.sheet, column.field): column.header
        for table in reversed(file.tables)
        for column in reversed(table.columns)
        if column.field is not None
    }


def _raw(record: Record, headers: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Every field a row of its kind can have, blank ones too: a refusal may be for what lacks."""
    raw = {}
    for field in FIELDS[TableKind(record.kind)]:
        cell = record.cells.get(field)
        header = headers.get((record.sheet, field)) or label_of(record.kind, field)
        raw[field] = {
            "header": header if cell is None else cell.header,
            "value": None if cell is None else _plain(cell.value),
        }
    problem = record.beneath or record.problem
    for told in raw.values():
        # Not blank in the file: what stands there cannot be taken.
        if problem is not None and told["header"] == problem.field_header:
            told |= {"holds": problem.code, "ref": problem.ref}
    return raw


def _plain(value: Any) -> Any:
    """A cell's value as JSON holds it."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, datetime):
        return f"{value.day}/{value.month}/{value.year}"
    return str(value)
