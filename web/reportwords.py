"""The codes of an import's report in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linkage.intake.reading.headers import FIELDS, TableKind

_Words = Mapping[str, str | Promise]

_REFUSALS: _Words = {
    "missing_field": _("A required value is missing"),
    "too_long": _("A value is too long"),
    "unknown_kind": _("The kind of organisation is not known"),
    "no_such_date": _("A day that does not exist or cannot be read"),
    "tax_code_invalid": _("The tax code is not valid"),
    "ends_before_starts": _("The end is before the start"),
    "self_link": _("Both sides are one organisation"),
    "party_unknown": _("A side is not in the register"),
    "party_ambiguous": _("It cannot be told which organisation a side is"),
    "hidden_sheet": _("A hidden sheet"),
    "hidden_row": _("A hidden row"),
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
    "end_without_date": _("Activity ended on an unknown day: to be settled"),
    "status_unknown": _("The status is not known: to be settled"),
    "status_before_founding": _("A status before the founding day"),
    "resumed_without_stop_date": _("Active again, without the day it stopped"),
    "status_without_date": _("A status without its day"),
    "status_date_corrected": _("The day of a status corrected"),
    "sector_unresolved": _("The sector is not known"),
    "place_unresolved": _("The place is not known: to be settled"),
    "commodity_unresolved": _("The product is not in the list of products"),
    "form_unresolved": _("The form of linkage is not known"),
    "phone_invalid": _("No telephone number: kept as written"),
    "number_unreadable": _("A number that cannot be read"),
    "unit_unresolved": _("The unit is not known"),
    "quantity_without_unit": _("A quantity without a unit"),
    "quantity_not_positive": _("A quantity that is not above zero"),
    "quantity_not_exact": _("A quantity that cannot be stored exactly"),
    "name_says_other_kind": _("The name says another kind"),
    "renamed": _("Another name than in the register"),
    "party_name_unknown": _("The tax code is known, the name is not"),
    "party_code_unknown": _("The name is known, the tax code is not"),
    "checked_without_date": _("Marked as checked, without a day: counts as declared"),
    "checked_without_mark": _("A day of checking, without a mark: counts as declared"),
    "mark_unknown": _("A mark that is neither yes nor no"),
    "terminated_before_starts": _("Terminated before it started"),
    "contract_number_is_date": _("The contract number is a date"),
    "cut": _("A value that was cut"),
    "duplicate_differs": _("A repeated row that says something else"),
    "tax_code_used_by_other": _("Another organisation has this tax code"),
    "corrected_by_hand": _("Corrected by hand"),
    "column_missing": _("A column is missing"),
    "mapping_unused": _("A named column that the workbook does not have"),
    "column_by_second_name": _("A column found by another usual name"),
    "column_date_order": _("A column whose dates must be asked about"),
    "column_decimal": _("A column whose decimals must be asked about"),
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
    "decimal_comma": _("A number with a decimal comma"),
    "decimal_point": _("A number with a decimal point"),
}
_LIKENESS: _Words = {
    "tax_code": _("the same tax code"),
    "name": _("the same name"),
    "similar_name": _("similar names"),
    "phone": _("the same telephone number"),
}
WORDS: _Words = {**_REFUSALS, **_WARNINGS, **_RULES, **_LIKENESS}

KINDS_OF_ROW: _Words = {
    "linkage": _("linkage"),
    "organisation": _("organisation"),
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
    "attribute": _("What the history is about"),
    "value": _("Value"),
    "since": _("Since"),
}


def words_of(code: str) -> str:
    """A code of the report in the reader's language; an unknown one as it stands."""
    return str(WORDS.get(code, code.replace("_", " ")))


def meanings() -> list[tuple[str, str]]:
    """What a column can mean: every field of the register's tables, once."""
    fields = dict.fromkeys(field for kind in TableKind for field in FIELDS[kind])
    return [(field, str(MEANINGS.get(field, field.replace("_", " ")))) for field in fields]
