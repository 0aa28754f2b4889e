"""Reads a record of a certificate; who holds it is found out afterwards."""

from __future__ import annotations

from datetime import date

from linkage.intake.planning.entries import CertificateRow
from linkage.intake.planning.findings import Finding
from linkage.intake.planning.parsing import Desk, Row
from linkage.intake.reading.records import Record

_SAME_DAY = date(1, 1, 1)
_FIELDS = ("name", "tax_code", "certification", "number", "issuer", "starts", "ends")


def read_certificate(record: Record, desk: Desk) -> tuple[CertificateRow, list[Finding]]:
    """Return what the row says and the reasons to refuse it that it shows by itself."""
    row = Row(record, desk)
    name, tax_code = row.text("name", 300), row.tax_code("tax_code")
    if name is None and row.is_silent("tax_code", tax_code):
        row.refuse("missing_field", "name")
    certification = _certification(row, desk)
    starts, ends = row.day("starts"), row.day("ends")
    if row.is_silent("starts", starts):
        row.refuse("missing_field", "starts")
    if starts and ends and ends < starts:
        row.refuse("ends_before_starts", "ends", ends, "certificate_ends_before_it_starts")
    entry = CertificateRow(
        at=row.at,
        name=name,
        tax_code=tax_code,
        certification=certification,
        # Part of a number is another number: what does not fit refuses the row.
        number=row.whole_text("number", 100),
        issuer=row.whole_text("issuer", 200),
        starts=starts or _SAME_DAY,
        ends=ends,
        book=row.text("book", 40),
        headers={field: row.header(field) for field in _FIELDS},
    )
    return entry, row.reasons


def _certification(row: Row, desk: Desk) -> str:
    written = row.needed_text("certification", 200)
    if not written:
        return ""
    # "4 sao" under "Hạng OCOP", or in the sheet "OCOP", is a word of the list said in two places.
    around = (row.header("certification").rpartition(" ")[2], row.record.sheet)
    spellings = (written, *(f"{family} {written}" for family in around))
    found = next(filter(None, map(desk.lookups.certifications.find, spellings)), None)
    if found is None:
        row.refuse("certification_unknown", "certification", written)
    return found or ""
