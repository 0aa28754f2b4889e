"""Recording, editing, ending and withdrawing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import LinkageForm as LegalForm
from web.forms.style import PlatformForm, day_input


class LinkageForm(PlatformForm):
    """What of a linkage an officer puts right."""

    contract_number = forms.CharField(label=_("Contract number"), max_length=100)
    starts = forms.DateField(label=_("In force from"), widget=day_input())
    ends = forms.DateField(label=_("In force until"), widget=day_input(), required=False)
    form = forms.ModelChoiceField(
        LegalForm.objects.order_by("number"),
        label=_("Form of linkage (Decree 98/2018, Article 4)"),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DayForm(PlatformForm):
    """The day of an end or of a verification."""

    on = forms.DateField(label=_("Day"), widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(PlatformForm):
    """Why a verification is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
