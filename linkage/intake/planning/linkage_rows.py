"""Reads a record of a linkage; who the parties are is found out afterwards."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from linkage.catalogue.units import QuantityNotExact, QuantityOutOfRange, UnitNeedsSize, to_base
from linkage.intake.planning import values, words
from linkage.intake.planning.choosing import CHOSEN, chosen_of
from linkage.intake.planning.entries import LinkageRow
from linkage.intake.planning.findings import Finding
from linkage.intake.planning.parsing import Desk, Row
from linkage.intake.reading.records import Record

_SAME_DAY = date(1, 1, 1)


def read_linkage(record: Record, desk: Desk) -> tuple[LinkageRow, list[Finding]]:
    """Return what the row says and the reasons to refuse it that it shows by itself."""
    row = Row(record, desk)
    seller, seller_code = _party(row, "seller")
    buyer, buyer_code = _party(row, "buyer")
    number = row.needed_text("contract_number", 100)
    if isinstance(row.raw("contract_number"), (date, datetime)):
        row.warn("contract_number_is_date", "contract_number", number)
    starts, ends = row.day("starts"), row.day("ends")
    if row.is_silent("starts", starts):
        row.refuse("missing_field", "starts")
    entry = LinkageRow(
        row.at, seller, seller_code, buyer, buyer_code, number, starts or _SAME_DAY, ends
    )
    entry.seller_is, entry.buyer_is = (chosen_of(row.by_hand, side) for side in CHOSEN)
    entry.seller_book, entry.buyer_book = row.text("seller_book", 40), row.text("buyer_book", 40)
    entry.terminated_on = row.day("terminated_on")
    entry.confirmed_on = row.day("confirmed_on")
    checked_on = row.day("verified_on")
    if starts and ends and ends < starts:
        row.refuse("ends_before_starts", "ends", ends)
    entry.headers = {name: row.header(name) for name in _FIELDS}
    if not row.reasons:
        _read_checking(row, entry, checked_on)
        _read_goods(row, entry)
        if entry.terminated_on and entry.terminated_on < entry.starts:
            row.warn("terminated_before_starts", "terminated_on", entry.terminated_on)
        if entry.terminated_on and ends and entry.terminated_on > ends:
            row.warn("terminated_after_ends", "terminated_on", entry.terminated_on)
    return entry, row.reasons


_FIELDS = (
    "seller", "seller_tax_code", "buyer", "buyer_tax_code", "product", "form", "contract_number",
    "starts", "ends", "terminated_on", "quantity", "unit", "verified_mark", "verified_on",
    "confirmed_on",
)  # fmt: skip


def _party(row: Row, side: str) -> tuple[str | None, str | None]:
    name, code = row.text(side, 300), row.tax_code(f"{side}_tax_code")
    if name is None and row.is_silent(f"{side}_tax_code", code):
        row.refuse("missing_field", side)
    return name, code


def _read_checking(row: Row, entry: LinkageRow, checked_on: date | None) -> None:
    """A verification is a mark with its day; either alone leaves the linkage declared."""
    raw = row.raw("verified_mark")
    said = False if values.is_blank(raw) else words.read_mark(raw)
    if said is None:
        row.warn("mark_unknown", "verified_mark", raw)
        entry.checked_as_written = f"{raw} {checked_on or ''}".strip()[:100]
    elif said and checked_on:
        entry.verified_on = checked_on
    elif said:
        row.warn("checked_without_date", "verified_on")
        entry.checked_as_written = "x"
    elif checked_on:
        row.warn("checked_without_mark", "verified_mark", checked_on)
        entry.checked_as_written = checked_on.isoformat()


def _read_goods(row: Row, entry: LinkageRow) -> None:
    lookups = row.reading.lookups
    entry.product_written = row.text("product", 200) or ""
    if entry.product_written:
        entry.product = lookups.commodity(entry.product_written)
        if entry.product is None:
            row.warn("commodity_unresolved", "product", entry.product_written)
    entry.form_written = row.text("form", 100) or ""
    if entry.form_written:
        entry.form = lookups.forms.find(entry.form_written)
        if entry.form is None:
            row.warn("form_unresolved", "form", entry.form_written)
    _read_quantity(row, entry)


def _read_quantity(row: Row, entry: LinkageRow) -> None:
    number: Decimal | None = row.number("quantity", values.read_number)
    written = row.text("unit", 100)
    if number is None:
        return
    if number <= 0:
        row.warn("quantity_not_positive", "quantity", number)
        return
    if written is None:
        row.warn("quantity_without_unit", "unit")
        return
    unit = row.reading.lookups.units.find(written)
    if unit is None:
        row.warn("unit_unresolved", "unit", written)
        return
    try:
        entry.quantity, entry.unit = to_base(number, unit), unit.code
    except UnitNeedsSize:
        row.warn("unit_unresolved", "unit", written)
    except (QuantityNotExact, QuantityOutOfRange):
        row.warn("quantity_not_exact", "quantity", number)
