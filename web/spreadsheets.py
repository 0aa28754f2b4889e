"""Lists as CSV that a spreadsheet opens as text, never as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import gettext as _

from linkage.coverage.opened import MemberRow
from linkage.registry import tax_codes

# What makes a spreadsheet read a cell as a formula, with the full-width forms it also takes.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Excel reads UTF-8 only with this at the start.
_MARK = "\ufeff"


def as_text(cell: object) -> object:
    """A text that starts like a formula gets an apostrophe; numbers stay numbers.

    >>> as_text("=1+1"), as_text(-5), as_text("HTX Tân Trào")
    ("'=1+1", -5, 'HTX Tân Trào')
    """
    if isinstance(cell, str) and cell.lstrip(" \n").startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return "" if cell is None else cell


def csv_answer(
    *, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A CSV file for download under an ASCII name."""
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow([as_text(cell) for cell in header])
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    answer = HttpResponse(_MARK + sheet.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def member_rows(rows: Iterable[MemberRow], *, as_of: date, evidence: str) -> list[list[object]]:
    """A figure's organisations as cells; a person's tax code stays out of a file."""
    return [
        [
            row.organisation.name,
            _public_code(row.organisation.tax_code),
            _("yes") if row.is_linked else _("no"),
            "; ".join(linkage.contract_number for linkage in row.linkages),
            as_of.isoformat(),
            evidence,
        ]
        for row in rows
    ]


def _public_code(code: str | None) -> str:
    return "" if code is None or tax_codes.is_personal(code) else code
