"""What a workbook leaves open about how it is to be read, and what the clerk answered.

Read off the batch's row alone, without another query. Answers are entries of its mapping: whatever
is asked here can be said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Any

from linkage.intake.models import ImportBatch
from linkage.intake.reading.mapping import IGNORE, Mapping, parse_mapping

SHEETS, COLUMNS, DATE_ORDER, DECIMAL = "sheets", "columns", "date_order", "decimal"
DAY_OF_PERIOD = "day_of_period"
# The report's questions about a column's way of writing, by the section that answers them.
_ASKED = {
    "column_date_order": DATE_ORDER,
    "column_decimal": DECIMAL,
    "column_day_of_period": DAY_OF_PERIOD,
}
# Until these are answered nothing is written: the column could be read in two ways. Years without
# a day are in no doubt, their rows are refused.
_IN_DOUBT = frozenset({"column_date_order", "column_decimal"})


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be said about a sheet or a column; `name` is its entry in the mapping."""

    section: str
    name: str
    sheet: str
    header: str
    # What the rows of its table are, if that is known: of a column that was not understood the
    # kind of table, of one whose way of writing is asked about the kind of row.
    kind: str | None = None
    # A value of the column that made the question, or some of one that was not understood.
    example: str = ""
    answer: str | None = None
    # Answered with a field that the column was not taken for.
    is_unused: bool = False

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.is_unused


def questions_of(batch: ImportBatch) -> list[Question]:
    """All that can be said about how the batch's file is read: open ones and answered ones."""
    mapping = parse_mapping(batch.mapping)
    found = {(one.section, one.name): one for one in _asked(batch, mapping)}
    for section, entries in batch.mapping.items():
        for name, answer in entries.items():
            sheet, header = _place(section, name)
            if not any(_is_about(one, section, sheet, header) for one in found.values()):
                told = Question(section, name, sheet, header, answer=answer)
                found[section, name] = told
    return list(found.values())


def has_unread_columns(report: MappingOf[str, Any]) -> bool:
    """Whether a column's dates or decimals could be read in two ways and nobody said which."""
    return any(warning["code"] in _IN_DOUBT for warning in report.get("warnings", ()))


def has_years_without_days(report: MappingOf[str, Any]) -> bool:
    """Whether rows are refused because a column names years or months where a day is needed."""
    found = report.get("warnings", ())
    return any(_ASKED.get(warning["code"]) == DAY_OF_PERIOD for warning in found)


def asks_how_a_column_is_read(warning: MappingOf[str, Any]) -> bool:
    """Whether a warning of a report is a question about a column's way of writing."""
    return warning["code"] in _ASKED


def _is_about(question: Question, section: str, sheet: str, header: str) -> bool:
    return (question.section, question.header) == (section, header) and (
        sheet in ("", question.sheet)
    )


def _asked(batch: ImportBatch, mapping: Mapping) -> Iterator[Question]:
    source = batch.failure or batch.report
    for sheet in source.get("ignored_sheets", ()):
        yield Question(SHEETS, sheet, sheet, "", answer=mapping.kind_of(sheet))
    yield from _columns(batch, source.get("unmapped_columns", ()), mapping)
    for warning in () if batch.failure else batch.report.get("warnings", ()):
        section = _ASKED.get(warning["code"])
        if section is not None:
            yield _way_of_writing(section, warning, mapping)


def _columns(
    batch: ImportBatch, columns: Iterable[MappingOf[str, Any]], mapping: Mapping
) -> Iterator[Question]:
    # Between the answer and the next look at the file the list of columns is an old one.
    looked_at = batch.state in (ImportBatch.State.PREVIEWED, ImportBatch.State.FAILED)
    for column in columns:
        sheet, header = column["sheet"], column["header"]
        answer = mapping.said_of(sheet, header)
        yield Question(
            COLUMNS,
            f"{sheet}!{header}",
            sheet,
            header,
            kind=column.get("kind"),
            example="”, “".join(column.get("examples", ())),
            answer=answer,
            is_unused=looked_at and answer not in (None, IGNORE),
        )


def _way_of_writing(section: str, warning: MappingOf[str, Any], mapping: Mapping) -> Question:
    sheet, header = warning["sheet"], str(warning["field"])
    answer = {
        DATE_ORDER: mapping.date_order_of,
        DECIMAL: mapping.decimal_of,
        DAY_OF_PERIOD: mapping.day_of_period_of,
    }[section]
    return Question(
        section,
        f"{sheet}!{header}",
        sheet,
        header,
        kind=warning.get("kind"),
        example=str(warning.get("value", "")),
        answer=answer(sheet, header),
    )


def _place(section: str, name: str) -> tuple[str, str]:
    """Sheet and header of an entry; the sheet is empty where it is said for all of them."""
    if section == SHEETS:
        return name, ""
    sheet, mark, header = name.partition("!")
    return (sheet, header) if mark else ("", name)
