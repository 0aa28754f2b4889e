"""Numbers as people here write them: a dot for thousands, a comma for decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_WRITTEN = re.compile(
    r"(?P<whole>[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:,(?P<part>[0-9]{1,9}))?"
)


def read_number(text: str) -> Decimal | None:
    """Return the number that is written, or None.

    >>> [str(read_number(text)) for text in ("3", "3,5", "1.200", "1.200,25", "3.5")]
    ['3', '3.5', '1200', '1200.25', 'None']
    """
    found = _WRITTEN.fullmatch(text.replace(" ", "").replace("\N{NO-BREAK SPACE}", ""))
    if found is None:
        return None
    whole = found["whole"].replace(".", "")
    return Decimal(f"{whole}.{found['part']}" if found["part"] else whole)


def write_number(value: Decimal | int) -> str:
    """Return a number as `read_number` reads it, without thousands.

    >>> write_number(Decimal("3.50")), write_number(25000)
    ('3,5', '25000')
    """
    number = Decimal(value)
    plain = f"{number:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")


class NumberField(forms.Field):
    """A number typed the Vietnamese way, with the digits first on a phone's keyboard."""

    default_error_messages = {
        "number": _("Write a number such as 3 or 3,5 or 1.200 (a comma before decimals)."),
        "whole": _("Write a whole number such as 25.000."),
    }

    def __init__(self, *, whole: bool = False, **kwargs: Any) -> None:
        self.whole = whole
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric" if whole else "decimal",
                "autocomplete": "off",
                "maxlength": 30,
            }
        )
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        number = read_number(text)
        if number is None:
            raise ValidationError(self.error_messages["number"], code="number")
        if self.whole and number != number.to_integral_value():
            raise ValidationError(self.error_messages["whole"], code="whole")
        return number
