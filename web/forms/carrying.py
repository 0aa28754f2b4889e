"""From a valid form to a service, and from its refusal back to the field it is about."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from linkage.errors import (
    DomainError,
    NotAllowed,
    NotFound,
    StaleVersion,
    TooLarge,
    Unprocessable,
    UnsupportedType,
)

_FIELD_OF = {
    "tax_code_invalid": "tax_code",
    "members_out_of_range": "members",
    "phone_invalid": "phone",
    "phone_without_person": "representative",
    "organisation_tax_code_is_used_once": "tax_code",
    "contact_known": "name",
    "product_known": "product",
    "certificate_does_not_end_before_it_starts": "ends",
    "certificate_periods_do_not_overlap": "starts",
    "email_invalid": "email",
    "password_too_weak": "password",
    "account_exists": "username",
    "terminated_before_start": "on",
    "terminated_after_end": "on",
    "termination_to_come": "on",
    "verified_before_start": "on",
    "status_before_founding": "before_founding",
    "not_verifiable": "on",
    "linkage_does_not_end_before_it_starts": "ends",
    "source_missing": "source",
    "programme_known": "code",
    "programme_ends_before_it_starts": "ends",
    "bound_invalid": "min_num",
    "code_not_valid": "code",
    "too_many_tries": "code",
    "already_member": "code",
    "user_name_invalid": "login",
    "account_email_is_used_once": "login",
    "out_of_stock": "quantity",
    "quantity_not_exact": "quantity",
    "quantity_out_of_range": "quantity",
    "linkage_known_already": "contract_number",
    "linkage_on_paper_is_declared_once": "contract_number",
    "partner_ambiguous": "partner_tax_code",
    # A page asks for the one day that its form is about.
    "date_out_of_range": "on",
}


def carried_out(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether `act` went through; if the domain refused, the form says so at the right field.

    Raises: NotFound, NotAllowed, StaleVersion, which are answers of the page and not of a field.
    """
    try:
        act()
    except (NotFound, NotAllowed, StaleVersion):
        raise
    except DomainError as refusal:
        form.add_error(_field_of(form, refusal), str(refusal))
        return False
    return True


def _field_of(form: forms.Form, refusal: DomainError) -> str | None:
    """The form's field that the refusal names or is known to be about; None for the whole form."""
    about = [refusal.values.get("field"), _FIELD_OF.get(refusal.code)]
    if isinstance(refusal, TooLarge | UnsupportedType | Unprocessable):
        about = ["file"]
    return next((field for field in about if field in form.fields), None)
