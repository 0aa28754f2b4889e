"""Vietnamese telephone numbers: stored as E.164, printed the national way. Pure.

>>> parse("0912.345.678"), national("+84912345678")
('+84912345678', '0912 345 678')
"""

from __future__ import annotations

import phonenumbers
from django.utils.translation import gettext_lazy as _

from linkage.errors import Invalid

_REGION = "VN"
# A number as the register wrote it may be no number, and is kept.
LONGEST = 50


class PhoneInvalid(Invalid):
    """The text is no telephone number that can be called."""

    code = "phone_invalid"
    field = "phone"
    words = _("The telephone number is not valid.")


def parse(text: str) -> str:
    """Return the number as E.164, read with +84, 84 or 0, spaces, dots. Raises: PhoneInvalid."""
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException as refusal:
        raise PhoneInvalid from refusal
    # The library reads letters as keypad digits and looks for a number inside a sentence.
    if any(char.isalpha() for char in text):
        raise PhoneInvalid
    if number.extension or not phonenumbers.is_valid_number(number):
        raise PhoneInvalid
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(e164: str) -> str:
    """Return the number as people write it, "0912 345 678"; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code != 84:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
