"""Reads a record of a cooperative or an enterprise, and of the history sheet."""

from __future__ import annotations

from linkage.intake.planning import values, words
from linkage.intake.planning.entries import HistoryItem, HistoryRow, OrganisationRow
from linkage.intake.planning.findings import HISTORY_REFUSALS, ORGANISATION_REFUSALS
from linkage.intake.planning.parsing import Desk, Row
from linkage.intake.reading.headers import TableKind
from linkage.intake.reading.records import Record
from linkage.registry.kind_words import kind_in_name
from linkage.registry.models import COUNTED_KINDS, Kind, Status
from linkage.text import identity_key

_ATTRIBUTES = {
    "tinhtrang": "status",
    "trangthai": "status",
    "status": "status",
    "loaihinh": "kind",
    "kind": "kind",
    "linhvuc": "sector",
    "sector": "sector",
    "xaphuong": "commune",
    "xa": "commune",
    "diaban": "commune",
    "commune": "commune",
}
# What the history sheet calls an attribute.
ATTRIBUTE_LABELS = {
    "status": "Tình trạng",
    "kind": "Loại hình",
    "sector": "Lĩnh vực",
    "commune": "Xã/phường",
}


def read_organisation(record: Record, desk: Desk) -> OrganisationRow | None:
    """Return what the row says, or None if it is refused."""
    row = Row(record, desk)
    name = row.needed_text("name", 300)
    entry = OrganisationRow(row.at, name, identity_key(name), _kind(row))
    entry.tax_code = row.tax_code("tax_code")
    entry.founded_on = row.day("founded_on")
    _read_status(row, entry)
    if row.reasons:
        desk.findings.refuse(row.reasons, ORGANISATION_REFUSALS)
        return None
    _read_sector(row, entry)
    _read_commune(row, entry)
    _read_people(row, entry)
    _read_product(row, entry)
    entry.book = row.text("book", 40)
    _doubt(row, entry)
    fields = ("name", "kind", "sector", "tax_code", "commune", "founded_on", "status", "status_on")
    more = ("representative", "phone", "members", "product", "role")
    entry.headers = {
        field: row.header(field) for field in (*fields, *more) if field in record.cells
    }
    return entry


def _kind(row: Row) -> str:
    written = row.text("kind", 200)
    if written is None:
        if row.record.kind == TableKind.ENTERPRISES:
            return Kind.ENTERPRISE.value
        row.refuse("missing_field", "kind")
        return ""
    kind = words.read_kind(written)
    if kind is None:
        row.refuse("unknown_kind", "kind", written)
    return kind or ""


def _read_status(row: Row, entry: OrganisationRow) -> None:
    written = row.text("status", 200) or ""
    entry.status_on = row.day("status_on")
    entry.status = words.read_status(written) if written else None
    if entry.status is not None:
        return
    if not written and row.record.kind == TableKind.ENTERPRISES:
        return
    entry.status, entry.status_written = Status.UNKNOWN.value, written
    row.warn("status_unknown", "status", written)


def _read_sector(row: Row, entry: OrganisationRow) -> None:
    written = row.text("sector", 200) or ""
    entry.sector_written = written
    entry.sector = row.reading.lookups.sector(written) if written else None
    expected = written or entry.kind in COUNTED_KINDS
    if entry.sector is None and expected:
        row.warn("sector_unresolved", "sector", written)


def _read_commune(row: Row, entry: OrganisationRow) -> None:
    written = row.text("commune", 200) or ""
    entry.commune_written = written
    entry.commune = row.reading.lookups.commune(written) if written else None
    if entry.commune is None and (written or entry.kind in COUNTED_KINDS):
        row.warn("place_unresolved", "commune", written)


def _read_people(row: Row, entry: OrganisationRow) -> None:
    entry.representative = row.text("representative", 150)
    entry.phone = row.phone("phone")
    entry.members = row.number("members", values.read_count)
    entry.role = row.text("role", 100)


def _read_product(row: Row, entry: OrganisationRow) -> None:
    written = row.text("product", 200) or ""
    entry.product_written = written
    entry.product = row.reading.lookups.commodity(written) if written else None
    if written and entry.product is None:
        row.warn("commodity_unresolved", "product", written)


def _doubt(row: Row, entry: OrganisationRow) -> None:
    """Warn of what is accepted and not settled."""
    if entry.founded_on is None and entry.kind in COUNTED_KINDS:
        row.warn("founding_blank", "founded_on")
    if entry.status in words.ENDED and entry.status_on is None:
        row.warn("end_without_date", "status_on")
    if entry.status == Status.ACTIVE and entry.status_on is not None:
        row.warn("resumed_without_stop_date", "status_on", entry.status_on)
    if entry.founded_on and entry.status_on and entry.status_on < entry.founded_on:
        row.warn("status_before_founding", "status_on", entry.status_on)
    said = kind_in_name(entry.name)
    if said is not None and said != entry.kind:
        row.warn("name_says_other_kind", "name", words.KIND_LABELS[said])


def read_history(record: Record, desk: Desk) -> HistoryRow | None:
    """Return whose fact the row tells and the fact, or None if it is refused."""
    row = Row(record, desk)
    name_key = identity_key(row.needed_text("name", 300))
    tax_code = row.tax_code("tax_code")
    attribute = _ATTRIBUTES.get(words.compact(row.needed_text("attribute", 200)))
    kind, commune = row.text("kind", 200), row.text("commune", 200)
    written = row.text("value", 200) or ""
    since = row.day("since")
    value = _fact_value(desk, attribute, written)
    if attribute is None:
        row.refuse("history_unreadable", "attribute", row.raw("attribute"))
    elif value is None and attribute in ("status", "kind") and written:
        row.refuse("history_unreadable", "value", written)
    if row.reasons or attribute is None:
        desk.findings.refuse(row.reasons, HISTORY_REFUSALS)
        return None
    if attribute == "status" and value is None:
        value = Status.UNKNOWN.value
    return HistoryRow(
        row.at,
        name_key,
        tax_code,
        words.read_kind(kind) if kind else None,
        commune,
        HistoryItem(attribute, value, since, written if value is None else ""),
        row.text("book", 40),
    )


def _fact_value(desk: Desk, attribute: str | None, written: str) -> str | None:
    if attribute == "status":
        return words.read_status(written)
    if attribute == "kind":
        return words.read_kind(written)
    if attribute == "sector":
        return desk.lookups.sector(written)
    return desk.lookups.commune(written) if attribute == "commune" else None
