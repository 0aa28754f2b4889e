"""The words of refusals, by code. DRF itself has no Vietnamese, so none of its own are shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TITLES = {
    400: _("Not valid"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("No such representation"),
    409: _("Does not fit the present state"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Not a supported type"),
    422: _("Cannot be read"),
    428: _("Version required"),
    429: _("Too many requests"),
    503: _("Not available now"),
}

PROBLEM_WORDS = {
    "invalid": _("The request is not valid; each wrong field is listed."),
    "parse_error": _("The body cannot be read."),
    "too_large": _("The body is too large."),
    "not_authenticated": _("Sign in first."),
    "authentication_failed": _("Sign in first."),
    "token_invalid": _("The key is not valid: mistyped, ended or revoked."),
    "scope_missing": _("The key is not for this."),
    "csrf_failed": _("The CSRF token is missing or wrong."),
    "permission_denied": _("You do not have the right to do this."),
    "not_found": _("There is nothing here."),
    "method_not_allowed": _("This address does not take this method."),
    "not_acceptable": _("Answers are given as application/json."),
    "unsupported_media_type": _("This address does not take this type of body."),
    "throttled": _("There were too many requests. Wait a while."),
    "idempotency_key_required": _(
        "Send an Idempotency-Key header of 8 to 100 characters with what creates something."
    ),
    "version_required": _("Send the version you read in the If-Match header."),
    "database_unavailable": _("The database does not answer. Try again in a moment."),
}

FIELD_WORDS = {
    "required": _("This field is required."),
    "null": _("This field may not be null."),
    "blank": _("This field may not be blank."),
    "invalid": _("The value is not valid."),
    "invalid_choice": _("This is none of the allowed values."),
    "not_a_list": _("A list is expected."),
    "not_an_object": _("An object is expected."),
    "empty": _("The file is empty."),
    "no_name": _("The file has no name."),
    "not_text": _("A text is expected."),
    "not_a_whole_number": _("A whole number is expected."),
    "not_an_amount": _("A decimal number such as 3.5 is expected."),
    "not_a_boolean": _("true or false is expected."),
    "unknown_field": _("There is no such field, or it cannot be written."),
    "unknown_parameter": _("There is no such parameter."),
    "repeated_parameter": _("The parameter is given more than once."),
    "hidden_character": _("The text holds a character that cannot be seen."),
    "null_characters_not_allowed": _("The text holds a character that cannot be stored."),
    "code_invalid": _(
        "A code has letters without marks, digits, dots, hyphens and underscores only."
    ),
    "no_such_date": _("This is not a day written year-month-day."),
    "cursor_invalid": _("The cursor is not one that this address gave."),
    "nothing_to_change": _("Name at least one field to change."),
}
