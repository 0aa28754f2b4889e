"""A value of a plan's line by hand: entered, corrected, taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.coverage.models import Indicator
from linkage.coverage.services.reporting import LONGEST_SOURCE
from web.forms.coverage import TERRITORIES
from web.forms.linkages import reason_field
from web.forms.numbers import WholeField
from web.forms.style import Lines, PlatformForm, day_input


def _source_field() -> forms.CharField:
    return forms.CharField(
        label=_("Source"),
        max_length=LONGEST_SOURCE,
        widget=Lines(attrs={"rows": 2}),
        help_text=_("The report it is written in: number, day, page."),
    )


class _Measured(PlatformForm):
    """What the line is measured by decides which numbers are asked for."""

    def __init__(self, data: Any, *, of: Indicator, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        if of.measure == Indicator.Measure.COUNT:
            del self.fields["denominator"]
            self.fields["numerator"].help_text = ""

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {"denominator": None, **self.cleaned_data}


class ValueForm(_Measured):
    """A value of a day that has none yet."""

    as_of = forms.DateField(label=_("Value on the day"), widget=day_input())
    numerator = WholeField(
        label=_("Number"),
        help_text=_("A share is two whole numbers: 250 of 463. For 0.67% write 67 of 10,000."),
    )
    denominator = WholeField(label=_("of (the whole)"))
    territory = forms.ChoiceField(label=_("Territory"), required=False, choices=TERRITORIES)
    source = _source_field()


class CorrectionForm(_Measured):
    """A later version of a value, and why."""

    numerator = WholeField(label=_("Number"))
    denominator = WholeField(label=_("of (the whole)"))
    source = _source_field()
    reason = reason_field()


class WithdrawalForm(PlatformForm):
    """Why a value is taken back."""

    reason = reason_field()
