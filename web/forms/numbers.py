"""Numbers as the page prints them: 1.200 and 3,5 in Vietnamese, 1,200 and 3.5 in English."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

_GROUPED = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,18})(?:,(?P<part>\d{1,18}))?")
_EXCHANGED = str.maketrans(",.", ".,")


def read_number(text: str) -> Decimal | None:
    """Return the number as the language of the page writes it, or None if it is none.

    In Vietnamese a point is for thousands and a comma for decimals, in English the other way round:
    what is typed looks like what the same page shows. "3.5" is not guessed in Vietnamese: it may
    be 3,5 on a keyboard without a comma, or 3.500 cut short.

    >>> read_number("1.200"), read_number("3,5"), read_number("3.5"), read_number("1,200.5")
    (Decimal('1200'), Decimal('3.5'), None, None)
    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     read_number("1,200.5"), read_number("3,500"), read_number("3,5")
    (Decimal('1200.5'), Decimal('3500'), None)
    """
    found = _GROUPED.fullmatch(_turned(text))
    if found is None or not text.isascii():
        return None
    whole = found["whole"].replace(".", "")
    return Decimal(f"{whole}.{found['part']}" if found["part"] else whole)


def written(value: Decimal | int) -> str:
    """Return the number as `read_number` reads it.

    >>> written(Decimal("1200.50")), written(6000000)
    ('1.200,5', '6.000.000')
    >>> from django.utils import translation
    >>> with translation.override("en"):
    ...     written(Decimal("1200.50"))
    '1,200.5'
    """
    whole, _dot, part = f"{Decimal(value).normalize():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return _turned(f"{grouped},{part}" if part else grouped)


def _turned(text: str) -> str:
    """From the language of the page to Vietnamese or back."""
    return text if get_format("DECIMAL_SEPARATOR") == "," else text.translate(_EXCHANGED)


class NumberField(forms.CharField):
    """A number written as the page prints it; its value is a Decimal, or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write a number such as 3.5 or 1,200.")}

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
    default_error_messages = {"invalid": _("Write a whole number such as 12,000.")}

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)
