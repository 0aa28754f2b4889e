"""Vietnamese tax codes: 10 digits, 10-3 for a branch, 12 for a person. Pure.

Sources: the 10- and 10-3-digit rule is `stdnum.vn.mst` (check digit); 12 digits are the citizen
id that individuals, households and household businesses use since 2025-07-01 (Circular
86/2024/TT-BTC). The citizen id has no check digit (Circular 59/2021/TT-BCA, Art. 4): three digits
of the province, one of century and gender, two of the year of birth, six at random.

>>> parse("01.00.112.437"), parse("0314409058 002"), parse("031188012345")
('0100112437', '0314409058-002', '031188012345')
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.vn import mst

from linkage.errors import Invalid

_LAST_PROVINCE = 96
# Whoever is born later is no taxpayer before the 2040s: such a code is a typing error.
_LATEST_BIRTH_YEAR = 2025


class TaxCodeInvalid(Invalid):
    """The text is no tax code: its length, characters, structure or check digit is wrong."""

    code = "tax_code_invalid"
    field = "tax_code"
    words = _("The tax code is not valid.")


def parse(value: str) -> str:
    """Return the canonical form: "0201234567", "0201234567-001" or 12 digits.

    Spaces, dots and dashes are separators. Raises: TaxCodeInvalid.
    """
    digits = mst.compact(value)
    if len(digits) == 12:
        return _parse_personal(digits)
    try:
        return mst.format(mst.validate(digits))
    except ValidationError as refusal:
        raise TaxCodeInvalid from refusal


def restore_leading_zero(value: str) -> str | None:
    """Return the code that lost its first zero to a number cell, if the check digit proves it.

    9 digits were 10; 12 digits that do not start with 0 were 10-3 (a citizen id always starts with
    0). A citizen id that lost its zeros cannot be proved: None.

    >>> restore_leading_zero("100112437"), restore_leading_zero("31188012345")
    ('0100112437', None)
    """
    digits = mst.compact(value)
    if len(digits) not in (9, 12) or digits.startswith("0"):
        return None
    try:
        return parse("0" + digits)
    except TaxCodeInvalid:
        return None


def same_party(one: str, other: str) -> bool:
    """Whether two canonical codes are one party's: first 10 digits equal, or all 12.

    >>> same_party("0314409058-002", "0314409058"), same_party("031188012345", "0311880123")
    (True, False)
    """
    return party(one) == party(other)


def party(code: str) -> str:
    """Return what of a canonical code names the party: the first 10 digits, or all 12.

    >>> party("0314409058-002"), party("031188012345")
    ('0314409058', '031188012345')
    """
    return code if is_personal(code) else code[:10]


def is_personal(code: str) -> bool:
    """Whether a canonical code is a person's citizen id: personal data, masked and never logged."""
    return len(code) == 12


def masked(code: str) -> str:
    """Return the code as those may see it who may not see a person's whole code.

    >>> masked("031188012345"), masked("0100112437")
    ('•••••••••345', '0100112437')
    """
    return "•" * 9 + code[-3:] if is_personal(code) else code


def _parse_personal(digits: str) -> str:
    if not (digits.isascii() and digits.isdigit()):
        raise TaxCodeInvalid
    province, century, year = int(digits[:3]), int(digits[3]) // 2, int(digits[4:6])
    if not 1 <= province <= _LAST_PROVINCE or 1900 + 100 * century + year > _LATEST_BIRTH_YEAR:
        raise TaxCodeInvalid
    return digits
