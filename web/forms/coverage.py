"""Choosing a day; adding a programme and its targets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.coverage.models import Basis, Indicator, Programme, Target
from linkage.coverage.services.plans import LONGEST_CODE, LONGEST_NAME
from linkage.coverage.services.reporting import LARGEST, LONGEST_SOURCE
from linkage.coverage.targets import Bound
from web.forms.linkages import reason_field
from web.forms.style import Lines, NamedChoice, PlatformForm, day_input

TERRITORIES = (
    ("", _("Merged city (the whole register)")),
    ("hai-phong-old", _("Hai Phong before 1 July 2025")),
    ("hai-duong-old", _("Hai Duong before 1 July 2025")),
)


class DayForm(PlatformForm):
    """The day of the figures."""

    as_of = forms.DateField(label=_("Day"), widget=day_input())


class ProgrammeForm(PlatformForm):
    """A plan of the city."""

    code = forms.CharField(
        label=_("Number and years"),
        max_length=LONGEST_CODE,
        help_text=_("For example 215/KH-UBND 2021-2025."),
    )
    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=LONGEST_NAME)
    name_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_NAME)
    starts = forms.DateField(label=_("First day"), widget=day_input())
    ends = forms.DateField(label=_("Last day"), widget=day_input())
    territory = forms.ChoiceField(
        label=_("Territory"),
        required=False,
        choices=TERRITORIES,
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=LONGEST_SOURCE,
        widget=Lines(attrs={"rows": 2}),
        help_text=_("Where it is written: number, day, article or page."),
    )


class ProgrammeChangeForm(ProgrammeForm):
    """What of a programme is put right, and why."""

    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, of: Programme) -> None:
        kept = ("name_vi", "name_en", "starts", "ends", "source", "version")
        super().__init__(data, initial={name: getattr(of, name) for name in kept})
        del self.fields["code"], self.fields["territory"]


class TargetForm(PlatformForm):
    """What a programme sets for an indicator."""

    controls = {"minimum": "min_num"}

    indicator = NamedChoice(Indicator.objects.order_by("order"), label=_("Line of the plan"))
    comparison = forms.ChoiceField(label=_("How"), choices=Target.Comparison.choices)
    min_num = forms.IntegerField(
        label=_("Value, or the lower bound"),
        min_value=0,
        max_value=LARGEST,
        help_text=_("A share is two integers: sixty percent is 60 over 100."),
    )
    min_den = forms.IntegerField(label=_("over"), min_value=1, max_value=LARGEST, initial=100)
    max_num = forms.IntegerField(
        label=_("Upper bound"), min_value=0, max_value=LARGEST, required=False
    )
    max_den = forms.IntegerField(label=_("over"), min_value=1, max_value=LARGEST, required=False)
    from_date = forms.DateField(label=_("Counts from"), widget=day_input())
    source = forms.CharField(
        label=_("Source"), max_length=LONGEST_SOURCE, widget=Lines(attrs={"rows": 2})
    )

    def said(self) -> dict[str, Any]:
        """What the service takes beside who and of which programme."""
        said = self.cleaned_data
        return {
            **self.bounds(),
            "indicator": said["indicator"].code,
            "from_date": said["from_date"],
        }

    def bounds(self) -> dict[str, Any]:
        """The value in fractions, how it is meant, and where that is written."""
        said = self.cleaned_data
        has_upper = said["max_num"] is not None
        return {
            "comparison": said["comparison"],
            "minimum": Bound(said["min_num"], said["min_den"]),
            "maximum": Bound(said["max_num"], said["max_den"]) if has_upper else None,
            "source": said["source"],
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("max_num") is None) != (values.get("max_den") is None):
            self.add_error("max_den", _("The upper bound needs both numbers, or none."))
        return values


class TargetChangeForm(TargetForm):
    """What of a target is put right, which value is official, and why."""

    official = forms.ChoiceField(
        label=_("Official value, where there are two"), choices=Basis.choices
    )
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, of: Target) -> None:
        kept = ("comparison", "min_num", "min_den", "max_num", "max_den", "source", "official")
        super().__init__(data, initial={name: getattr(of, name) for name in (*kept, "version")})
        del self.fields["indicator"], self.fields["from_date"]
        if of.indicator.how != Indicator.How.REPORTED:
            self.fields["official"].widget = forms.HiddenInput()

    def said(self) -> dict[str, Any]:
        """What the service takes beside who and which target."""
        more = ("reason", "official", "version")
        return {**self.bounds(), **{name: self.cleaned_data[name] for name in more}}
