"""What a field officer types: a consent, and what came of a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry.models import Call, Deed, OfficerConsent
from linkage.registry.services import Given
from web.forms.style import PlatformForm, day_input

# How long a consent is meant mostly.
USUAL = timedelta(days=90)


class ConsentForm(PlatformForm):
    """A consent as it was given."""

    given_by = forms.CharField(
        label=_("Who of the organisation said so"),
        max_length=150,
        help_text=_("Name and what they are there, such as director."),
    )
    way = forms.ChoiceField(label=_("How it was given"), choices=OfficerConsent.Way.choices)
    given_on = forms.DateField(label=_("On"), widget=day_input())
    until = forms.DateField(label=_("Until"), widget=day_input(), help_text=_("A year at most."))
    deeds = forms.MultipleChoiceField(
        label=_("What it lets you do for it"),
        choices=Deed.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("More to say"), max_length=500, required=False)

    @classmethod
    def begun(cls, data: Mapping[str, Any] | None, today: date) -> ConsentForm:
        """The form as it was sent, else begun for 90 days, for no deed until one was said."""
        start = {"given_on": today, "until": today + USUAL}
        return cls(data or None, initial=start)

    def given(self) -> Given:
        """What the service takes."""
        return Given(**self.cleaned_data)


class CallForm(PlatformForm):
    """What came of a call."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=Call.Outcome.choices)
    again_on = forms.DateField(label=_("Call again on"), widget=day_input(), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def said(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)
