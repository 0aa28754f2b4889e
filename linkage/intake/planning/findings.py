"""What an import has to say about a workbook: refusals, warnings, corrections, with their words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from linkage.intake.planning.corrections import Correction
from linkage.intake.sentences import sentence

ORGANISATION, LINKAGE, HISTORY = "organisation", "linkage", "history"
CERTIFICATE = "certificate"

# Of several reasons to refuse a row, the first one here is given.
_UNREADABLE = (
    "hidden_sheet",
    "hidden_row",
    "unread_table",
    "merged",
    "conflicting_columns",
    "formula_without_value",
    "external_link",
    "error_value",
)
# Warnings that ask about a column, or tell what a person did: they hold for refused rows too.
OF_ANY_ROW = frozenset(
    {"column_date_order", "column_decimal", "column_day_of_period", "corrected_by_hand"}
    | {"taken_as_in_file"}
)
ORGANISATION_REFUSALS = (
    *_UNREADABLE,
    "missing_field",
    "too_long",
    "unknown_kind",
    "no_such_date",
    "tax_code_invalid",
)
LINKAGE_REFUSALS = (
    *_UNREADABLE,
    "missing_field",
    "no_such_date",
    "tax_code_invalid",
    "ends_before_starts",
    "self_link",
    "party_unknown",
    "party_ambiguous",
    "too_long",
)
HISTORY_REFUSALS = (
    *_UNREADABLE,
    "missing_field",
    "no_such_date",
    "tax_code_invalid",
    "history_unreadable",
    "party_unknown",
    "party_ambiguous",
)
CERTIFICATE_REFUSALS = (
    *_UNREADABLE,
    "missing_field",
    "no_such_date",
    "tax_code_invalid",
    "certification_unknown",
    "ends_before_starts",
    "party_unknown",
    "party_ambiguous",
    "certificate_overlaps",
    "too_long",
)


@dataclass(frozen=True, slots=True)
class At:
    """A row of the workbook: sheet, Excel's row number, its own number, what it is about."""

    sheet: str
    row: int
    stt: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a row: a stable code and what fills its sentence."""

    at: At
    code: str
    field: str | None
    # A day stays one until it is written down: text that looks like a day is only text.
    value: str | date = ""
    # The key of a closer sentence than the code's usual one.
    said: str = ""
    # The side of a linkage that it is about, if it is about one.
    party: str = ""
    # A second name in the sentence.
    other: str = ""

    def message(self) -> str:
        """The sentence in Vietnamese, the language of the report."""
        return sentence(
            self.code, field=self.field, value=self.value, said=self.said, other=self.other
        )

    def as_json(self) -> dict[str, Any]:
        """The entry of the report."""
        return {
            "sheet": self.at.sheet,
            "row": self.at.row,
            "stt": self.at.stt,
            "kind": self.at.kind,
            "code": self.code,
            "field": self.field,
            "message": self.message(),
            "value": str(self.value),
            "party": self.party or None,
        }


@dataclass(slots=True)
class Findings:
    """Collects what is found while rows are read and put together."""

    refused: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    corrections: list[tuple[At, str, Correction]] = field(default_factory=list)
    _questions: set[tuple[str, str | None, str]] = field(default_factory=set)

    def warn(self, at: At, code: str, header: str | None, value: object = "") -> None:
        """Say something about a row that is accepted."""
        self.warnings.append(Finding(at, code, header, told(value)))

    def ask(self, at: At, code: str, header: str | None, value: object, said: str = "") -> None:
        """Ask once how a column is to be read; `said` is the key of a closer sentence."""
        if (at.sheet, header, code) not in self._questions:
            self._questions.add((at.sheet, header, code))
            self.warnings.append(Finding(at, code, header, told(value), said))

    def refuse(self, reasons: list[Finding], order: tuple[str, ...]) -> None:
        """Refuse a row for the first of its reasons in this order."""
        self.refused.append(min(reasons, key=lambda reason: order.index(reason.code)))

    def corrected(self, at: At, header: str, steps: tuple[Correction, ...]) -> None:
        """Note the corrections of one cell."""
        self.corrections.extend((at, header, step) for step in steps)

    def corrections_as_json(self) -> list[dict[str, Any]]:
        """The corrections as the report shows them."""
        return [
            {"sheet": at.sheet, "row": at.row, "field": header, **step._asdict()}
            for at, header, step in self.corrections
        ]


def told(value: object) -> str | date:
    """A value as a finding keeps it: a day, else text no longer than is needed to find it again."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value).replace("\n", " ")[:120]


def shown(value: object) -> str:
    """A value as text of the report; days are ISO."""
    return str(told(value))
