"""Numbers as people here write them, whatever the language of the page: 1.200 and 3,5."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_GROUPED = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,18})(?:,(?P<part>\d{1,18}))?")


def read_number(text: str) -> Decimal | None:
    """Return the number, or None if it is none; a point is for thousands, a comma for decimals.

    "3.5" is not guessed: it may be 3,5 on a keyboard without a comma, or 3.500 cut short.

    >>> read_number("1.200"), read_number("3,5"), read_number("3.5"), read_number("1,200.5")
    (Decimal('1200'), Decimal('3.5'), None, None)
    """
    found = _GROUPED.fullmatch(text)
    if found is None or not text.isascii():
        return None
    whole = found["whole"].replace(".", "")
    return Decimal(f"{whole}.{found['part']}" if found["part"] else whole)


def written(value: Decimal | int) -> str:
    """Return the number as `read_number` reads it.

    >>> written(Decimal("1200.50")), written(6000000)
    ('1.200,5', '6.000.000')
    """
    whole, _dot, part = f"{Decimal(value).normalize():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{part}" if part else grouped


class NumberField(forms.CharField):
    """A number written the Vietnamese way; its value is a Decimal, or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write a number such as 3,5 or 1.200.")}

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value)).replace(" ", "")
        if not text:
            return None
        number = read_number(text)
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """None of a text's: the domain says what a number may be."""

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal | int) else value


class WholeField(NumberField):
    """The same without decimals; its value is an int, or None."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write a whole number such as 12.000.")}

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)
