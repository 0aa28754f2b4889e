"""The codes of an import's report in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linkage.intake.reading.headers import FIELDS as COLUMNS
from linkage.intake.reading.headers import TableKind
from linkage.intake.sentences import FIELDS, SKIPPED

_Words = Mapping[str, str | Promise]

_REFUSALS: _Words = {
    "missing_field": _("A required value is missing"),
    "too_long": _("A value is too long"),
    "unknown_kind": _("The kind of organisation is not known"),
    "no_such_date": _("A day that does not exist, cannot be read or lies outside 1900–2199"),
    "tax_code_invalid": _("The tax code is not valid"),
    "ends_before_starts": _("The end is before the start"),
    "self_link": _("Both sides are one organisation"),
    "party_unknown": _("An organisation that the row names is not in the register"),
    "party_ambiguous": _("It cannot be told which organisation the row means"),
    "certification_unknown": _("The certification is not in the list"),
    "certificate_overlaps": _("The same certification is held in that period already"),
    "hidden_sheet": _("A hidden sheet"),
    "hidden_row": _("A hidden row"),
    "unread_table": _("Rows under another header of the sheet that was not understood"),
    "merged": _("Merged cells"),
    "conflicting_columns": _("Two columns that say different things"),
    "formula_without_value": _("A formula without a value"),
    "external_link": _("A value from another workbook"),
    "error_value": _("An error of Excel"),
    "history_unreadable": _("A row of the history that cannot be read"),
}
_WARNINGS: _Words = {
    "formula_value": _("A formula whose stored value was taken"),
    "founding_blank": _("No founding day: to be settled"),
    "founding_kept": _("No founding day in the row: the known one stays"),
    "founded_in_future": _("A founding day that is still to come"),
    "end_without_date": _("Activity ended on an unknown day: to be settled"),
    "end_date_kept": _("No day of the change in the row: the known one stays"),
    "status_unknown": _("The status is not known: to be settled"),
    "status_kept": _("No readable status in the row: the known one stays"),
    "status_in_future": _("A change of status that is still to come"),
    "status_before_founding": _("A status before the founding day"),
    "resumed_without_stop_date": _("Active again, without the day it stopped"),
    "status_without_date": _("Active without a day: the known end of activity stays"),
    "sector_unresolved": _("The sector is not known"),
    "sector_kept": _("The sector is not known: the one in the register stays"),
    "place_unresolved": _("The place is not known: to be settled"),
    "place_kept": _("The place is not known: the one in the register stays"),
    "commodity_unresolved": _("The product is not in the list of products"),
    "form_unresolved": _("The form of linkage is not known"),
    "phone_invalid": _("No valid telephone number: to be checked"),
    "number_unreadable": _("A number that cannot be read: not taken"),
    "unit_unresolved": _("The unit is not known: the quantity is not taken"),
    "quantity_without_unit": _("A quantity without a unit: not taken"),
    "quantity_not_positive": _("A quantity that is not above zero: not taken"),
    "quantity_not_exact": _("A quantity that cannot be stored exactly: not taken"),
    "name_says_other_kind": _("The name says another kind"),
    "renamed": _("Another name than in the register"),
    "party_name_unknown": _("The tax code is known, the name is not"),
    "party_code_unknown": _("The name is known, the tax code is not"),
    "party_name_waits": _("An organisation of whose name another row is held back"),
    "checked_without_date": _("Marked as checked, without a day: not verified"),
    "checked_without_mark": _("A day of checking, without a mark: not verified"),
    "mark_unknown": _("A mark that is neither yes nor no: not verified"),
    "verification_kept": _("The row verifies nothing: the known verification stays"),
    "verified_in_future": _("A day of checking that is still to come"),
    "confirmed_in_future": _("A day of confirmation that is still to come"),
    "starts_in_future": _("A start that is still to come"),
    "terminated_before_starts": _("Terminated before it started"),
    "terminated_after_ends": _("Terminated after the contract’s own end"),
    "terminated_in_future": _("A termination that is still to come"),
    "contract_number_is_date": _("The contract number is a date"),
    "cut": _("A value that was cut"),
    "duplicate_differs": _("A repeated row that says something else"),
    "tax_code_used_by_other": _("Another organisation has this tax code"),
    "taken_as_in_file": _("Hidden rows taken as they are in the file"),
    "corrected_by_hand": _("Corrected by hand"),
    "column_missing": _("A column is missing"),
    "mapping_unused": _("A named column that the workbook does not have"),
    "column_assumed": _("A column found by a name that could mean something else"),
    "duplicate_header": _("A header that stands twice: both columns were read"),
    "duplicate_column": _("A column that repeats another one’s meaning: not taken"),
    "hidden_column": _("A hidden column that was read"),
    "kind_from_title": _("The kind taken from the sheet’s title"),
    "unit_from_header": _("The unit taken from the header"),
    "column_date_order": _("A column whose dates must be asked about"),
    "column_decimal": _("A column whose decimals must be asked about"),
    "column_day_of_period": _("A column of years or months without a day"),
}
_RULES: _Words = {
    "invisible": _("Invisible characters taken out"),
    "nfc": _("Letters and their marks joined"),
    "spaces": _("Spaces put right"),
    "clean": _("Text put into the stored form"),
    "width": _("Full-width characters made ordinary"),
    "placeholder": _("A sign for “nothing” read as empty"),
    "separators": _("Separators taken out"),
    "decimal_zero": _("A decimal that Excel added taken off"),
    "leading_zero": _("A leading zero that Excel ate is put back"),
    "branch_dash": _("The dash of a branch put in"),
    "day_number": _("A bare day number read as a date"),
    "day_number_1904": _("A bare day number read as a date (1904 system)"),
    "day_month_year": _("A text read as day, month, year"),
    "month_day_year": _("A text read as month, day, year, as you said"),
    "year_month_day": _("A text read as year, month, day"),
    "date_in_words": _("A date in words"),
    "first_of_period": _("A year or a month read as its first day, as you said"),
    "last_of_period": _("A year or a month read as its last day, as you said"),
    "day_left_open": _("A year or a month without a day: left open, as you said"),
    "decimal_comma": _("A number written the Vietnamese way: 1.234,5"),
    "decimal_point": _("A number with a decimal point, as you said: 1,234.5"),
}
_LIKENESS: _Words = {
    "tax_code": _("the same tax code"),
    "name": _("the same name"),
    "certificate": _("the same holder, certification and first day"),
    "open_place": _("the same name and kind, and a place that does not tell them apart"),
    "contract": _("the same contract number, sides and start"),
    "phone": _("the same telephone number"),
}
# What shows that a correction is right, or on what ground it was made.
PROOFS: _Words = {
    "check digit": _("the check digit of the tax code is right"),
    "length": _("a number of this length begins with 0"),
    "unseen signs": _("only signs that cannot be seen were taken out"),
    "same text composed": _("the same text, each letter joined with its marks"),
    "same words": _("the same words; only spaces differ"),
    "same signs": _("the same signs in their ordinary width"),
    "sign for nothing": _("the cell holds only a sign or words for “none”"),
    "same digits": _("the same digits in the same order"),
    "same number": _("the same number; “.0” adds nothing"),
    "day number of Excel": _("Excel’s day number in a column of dates"),
    "day number of Excel, 1904": _(
        "Excel’s day number in a column of dates (the file counts from 1904)"
    ),
    "Vietnamese date": _("the Vietnamese way of writing a date: day, month, year"),
    "year first": _("the year stands first, so the month follows"),
    "parts named": _("day, month and year are named in words"),
    "answer of the clerk": _("as you said for this column"),
    "Vietnamese number": _("the Vietnamese way: dot for thousands, comma for decimals"),
}
WORDS: _Words = {**_REFUSALS, **_WARNINGS, **_RULES, **_LIKENESS, **SKIPPED}

KINDS_OF_ROW: _Words = {
    "linkage": _("linkage"),
    "organisation": _("organisation"),
    "history": _("change in the history"),
    "certificate": _("certificate"),
    "table": _("table"),
}
MEANINGS: _Words = {
    "stt": _("Number in the list"),
    "name": _("Name"),
    "kind": _("Kind"),
    "sector": _("Sector"),
    "tax_code": _("Tax code"),
    "commune": _("Commune"),
    "founded_on": _("Founded on"),
    "status": _("Status"),
    "status_on": _("Day of the status"),
    "representative": _("Representative"),
    "phone": _("Telephone"),
    "members": _("Members"),
    "product": _("Product"),
    "role": _("Role in the chain"),
    "contract_number": _("Contract number"),
    "seller": _("Seller"),
    "seller_tax_code": _("Tax code of the seller"),
    "buyer": _("Buyer"),
    "buyer_tax_code": _("Tax code of the buyer"),
    "form": _("Form of linkage"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "starts": _("In force from"),
    "ends": _("In force until"),
    "terminated_on": _("Terminated on"),
    "verified_mark": _("Mark of verification"),
    "verified_on": _("Verified on"),
    "confirmed_on": _("Confirmed on"),
    "certification": _("Certification"),
    "number": _("Certificate number"),
    "issuer": _("Issuer"),
    "attribute": _("What the history is about"),
    "value": _("Value"),
    "since": _("Since"),
    "book": _("Number in the register"),
    "seller_book": _("Number of the seller in the register"),
    "buyer_book": _("Number of the buyer in the register"),
    **FIELDS,
}


def proof_words(code: str) -> str:
    """What a proof says in the reader's language; an unknown one as it stands."""
    return str(PROOFS.get(code, code))


def field_words(field: str) -> str:
    """A column as the file calls it; where the report has the field's own name, in words."""
    return str(MEANINGS.get(field, field))


def words_of(code: str) -> str:
    """A code of the report in the reader's language; an unknown one as it stands."""
    return str(WORDS.get(code, code.replace("_", " ")))


def meanings() -> list[tuple[str, str]]:
    """What a column can mean: every field of the register's tables, once."""
    fields = dict.fromkeys(field for kind in TableKind for field in COLUMNS[kind])
    return [(field, str(MEANINGS.get(field, field.replace("_", " ")))) for field in fields]
