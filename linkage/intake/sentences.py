"""The sentences of an import's report: for each code one, filled with a value and a column. Pure.

Whoever shows a report to a reader who may not see a value makes the sentence anew without it.
"""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "missing_field": _("A value that must be there is missing: %(field)s."),
    "too_long": _("%(field)s is longer than can be stored."),
    "unknown_kind": _(
        "“%(value)s” is not a known kind of organisation. Known kinds: cooperative (HTX),"
        " cooperative group (tổ hợp tác), union of cooperatives (liên hiệp HTX), enterprise,"
        " household business, individual, other."
    ),
    "no_such_date": _("“%(value)s” is not a date that exists (day/month/year)."),
    "tax_code_invalid": _("“%(value)s” is not a valid tax code."),
    "ends_before_starts": _("The linkage ends before it starts."),
    "self_link": _("Both parties are one organisation."),
    "party_unknown": _("“%(value)s” is not in the register."),
    "party_ambiguous": _(
        "“%(value)s” could be more than one organisation, of the register or of this very file."
    ),
    "hidden_sheet": _(
        "The sheet is hidden in the workbook: show it, delete it, or take this row as it is there."
    ),
    "hidden_row": _(
        "The row is hidden in the workbook: show it, delete it, or take it as it is there."
    ),
    "unread_table": _(
        "The row stands under a second header (%(value)s) that was not understood: give it every"
        " needed column, or move that table to a sheet of its own."
    ),
    "merged": _("Cell %(value)s is merged with another one: it is not clear whose value it is."),
    "conflicting_columns": _("Two columns of one meaning say different things (%(value)s)."),
    "formula_without_value": _("Cell %(value)s holds a formula without its value."),
    "external_link": _("Cell %(value)s takes its value from another workbook."),
    "error_value": _("Cell %(value)s holds an error of Excel."),
    "formula_value": _("Cell %(value)s holds a formula; its stored value was taken."),
    "history_unreadable": _("This row of the history cannot be read: %(field)s."),
    "founding_blank": _("There is no founding date: the organisation is to be settled."),
    "founding_kept": _("There is no founding date here; the known one, %(value)s, stays."),
    "end_without_date": _("Activity ended on an unknown day: the organisation is to be settled."),
    "end_date_kept": _("There is no day of the change here; the known one, %(value)s, stays."),
    "status_unknown": _("“%(value)s” is not a known status: the organisation is to be settled."),
    "status_kept": _("This row tells no status; the known one, “%(value)s”, stays."),
    "status_before_founding": _("The status changed before the organisation was founded."),
    "resumed_without_stop_date": _(
        "Active with a day of change, without the day on which it stopped before."
    ),
    "status_without_date": _(
        "The workbook says active without a day; the register knows an end of activity. Kept."
    ),
    "sector_unresolved": _("“%(value)s” is not a known sector."),
    "sector_kept": _("“%(value)s” is not a known sector; the known one stays."),
    "place_unresolved": _("“%(value)s” is not a known place: it is to be settled."),
    "place_kept": _("“%(value)s” is not a known place; the known one stays."),
    "commodity_unresolved": _("“%(value)s” is not in the commodity tree."),
    "form_unresolved": _("“%(value)s” is not one of the seven forms of linkage."),
    "phone_invalid": _("“%(value)s” is no valid telephone number: check it."),
    "number_unreadable": _("“%(value)s” is not a number that can be read; it is not taken."),
    "unit_unresolved": _("“%(value)s” is not a known unit; the quantity is not taken."),
    "quantity_without_unit": _("The quantity has no unit and is not taken."),
    "quantity_not_positive": _("The quantity is not above zero and is not taken."),
    "quantity_not_exact": _("The quantity cannot be stored exactly and is not taken."),
    "name_says_other_kind": _("The name begins like another kind of organisation (%(value)s)."),
    "renamed": _("The register knew this organisation as “%(value)s”; the file’s name is taken."),
    "party_name_unknown": _("The tax code is known, the name “%(value)s” is not."),
    "party_code_unknown": _("Found by its name; the register has no tax code for it."),
    "party_name_waits": _(
        "Another row of the name “%(value)s” is held back; this linkage is taken as the first’s."
    ),
    "checked_without_date": _("Marked as checked without a day: it does not count as verified."),
    "checked_without_mark": _("A day of checking without a mark: it does not count as verified."),
    "mark_unknown": _("“%(value)s” is neither yes nor no: it does not count as verified."),
    "verification_kept": _(
        "This row verifies nothing (a mark and its day are needed); the known verification of"
        " %(value)s stays."
    ),
    "verified_in_future": _("Checked on %(value)s, a day to come: until then it is not verified."),
    "confirmed_in_future": _("Confirmed on %(value)s, a day to come: until then it is declared."),
    "starts_in_future": _("In force from %(value)s, a day to come: until then it does not count."),
    "founded_in_future": _("Founded on %(value)s, a day to come: until then it does not count."),
    "status_in_future": _(
        "The status changes on %(value)s, a day to come: until then the earlier one counts."
    ),
    "certification_unknown": _("“%(value)s” is not in the list of certifications."),
    "certificate_overlaps": _(
        "The organisation holds the same certification from %(value)s already, in a period that"
        " overlaps this one."
    ),
    "terminated_before_starts": _("Terminated before it started: it was never in force."),
    "terminated_after_ends": _(
        "Terminated on %(value)s, after the contract’s own end: it counts until that end only;"
        " check the two days."
    ),
    "terminated_in_future": _("Terminated from %(value)s, a day to come: until then it counts."),
    "contract_number_is_date": _("The contract number is a date in the workbook; check it."),
    "cut": _("%(field)s is longer than can be stored; only its beginning is read."),
    "duplicate_differs": _(
        "A repeated row says something else here; of the rows the first counts."
    ),
    "tax_code_used_by_other": _("Another organisation has this tax code; accepted without it."),
    "taken_as_in_file": _("The row is hidden in the workbook; a person said to take it as it is."),
    "corrected_by_hand": _("Corrected by hand: %(field)s."),
    "column_missing": _("The table has no column %(field)s."),
    "mapping_unused": _("The mapping names %(field)s, which the workbook does not have."),
    "column_assumed": _("Column %(field)s was taken by a name that could mean something else."),
    "duplicate_header": _("Header %(field)s stands twice; both columns were read."),
    "duplicate_column": _("Column %(field)s repeats the meaning of another one and was not taken."),
    "hidden_column": _("Column %(field)s is hidden in the workbook and was read."),
    "kind_from_title": _("The kind was taken from the title: %(field)s."),
    "unit_from_header": _("The unit was taken from the header %(field)s."),
    "column_date_order": _(
        "“%(value)s” can only be month/day/year. Say how this column is to be read."
    ),
    "column_decimal": _(
        "“%(value)s” uses the point for decimals. Say how this column is to be read."
    ),
    "column_day_of_period": _(
        "“%(value)s” names no day. Say for the whole column which day is meant; until then these"
        " rows are refused."
    ),
}
# Sentences that are not the code's usual one: of a date, and where the cell says nothing at all.
_CLOSER: dict[str, str | Promise] = {
    "date_order_beside": _(
        "“%(value)s” could be day/month or month/day, and another column of this table is written"
        " month first. Say how this column is to be read."
    ),
    "code_of_another": _("The tax code of this row is that of “%(other)s”, not of “%(value)s”."),
    "not_its_code": _(
        "The tax code of this row is not that of “%(value)s”, and of no other one in the register."
    ),
    "certificate_ends_before_it_starts": _("The certificate ends before it starts."),
    "certificate_of_the_first": _(
        "Another row of the name “%(value)s” is held back; this certificate is taken as the"
        " first’s."
    ),
    "day_missing": _("“%(value)s” is a year or a month and names no day."),
    "date_out_of_bounds": _(
        "“%(value)s” lies outside the days that are taken: 01/01/1900 to 31/12/2199."
    ),
}
_OF_NOTHING: dict[str, str | Promise] = {
    "status_unknown": _("There is no status: the organisation is to be settled."),
    "sector_unresolved": _("There is no sector."),
    "sector_kept": _("There is no sector here; the known one stays."),
    "place_unresolved": _("There is no place: it is to be settled."),
    "place_kept": _("There is no place here; the known one stays."),
}
# Why a row under a header is no data.
SKIPPED: dict[str, str | Promise] = {
    "totals_row": _("Looks like a line of totals"),
    "section_row": _("Looks like the heading of a group of rows"),
    "repeated_header": _("The header come again"),
    "index_row": _("Numbers or letters of the columns"),
    "footnote": _("Looks like a note under the table"),
    "signature": _("Looks like a line of signatures"),
}
# Fields that no column of a workbook has.
FIELDS: dict[str, str | Promise] = {
    "seller_is": _("Which organisation the seller is"),
    "buyer_is": _("Which organisation the buyer is"),
}


def sentence(
    code: str, *, field: str | None, value: str | date = "", said: str = "", other: str = ""
) -> str:
    """The sentence of a code in Vietnamese, the language of the report.

    A text is quoted as it stands, whatever it looks like; a day is written as people here do.
    `said` is the key of a closer sentence than the code's usual one, `other` a second name in it.
    """
    words = _CLOSER.get(said, WORDS.get(code, code))
    if not value:
        words = _OF_NOTHING.get(code, words)
    quoted = f"{value:%d/%m/%Y}" if isinstance(value, date) else value
    with translation.override("vi"):
        named = str(FIELDS.get(field or "", field or ""))
        return str(words) % {"value": quoted, "field": named, "other": other}
