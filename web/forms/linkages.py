"""Correcting, ending, verifying and withdrawing; what the list shows."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Evidence, Linkage, Origin
from linkage.agreements.services import AGREED_HERE, Terms
from linkage.catalogue.models import LinkageForm as LegalForm
from web.forms.style import Lines, PlatformForm, day_input
from web.presentation import form_words

_TERMS = ("contract_number", "starts", "ends", "product", "form")


class LegalFormChoice(forms.ModelChoiceField[LegalForm]):
    """The seven forms of the decree, their long names cut."""

    def label_from_instance(self, obj: LegalForm) -> str:
        return form_words(obj)


def reason_field() -> forms.CharField:
    """Why something that others rely on is changed or taken back."""
    return forms.CharField(label=_("Reason"), max_length=500, widget=Lines(attrs={"rows": 3}))


class TermsForm(PlatformForm):
    """What of a linkage an officer puts right."""

    contract_number = forms.CharField(label=_("Contract number"), max_length=100)
    starts = forms.DateField(label=_("In force from"), widget=day_input())
    ends = forms.DateField(label=_("In force until"), widget=day_input(), required=False)
    product = forms.CharField(label=_("Product"), max_length=200, required=False)
    form = LegalFormChoice(
        LegalForm.objects.order_by("number"),
        label=_("Form of linkage (Decree 98/2018, Article 4)"),
        required=False,
    )
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, of: Linkage) -> None:
        super().__init__(data, initial=_initial_of(of))
        if of.origin == Origin.PLATFORM:
            for name in AGREED_HERE & self.fields.keys():
                del self.fields[name]

    def terms(self) -> Terms:
        """Only what was changed: what nobody touched stays open to imports."""
        chosen = {name: self.cleaned_data[name] for name in self.changed_data if name in _TERMS}
        if "form" in chosen:
            chosen["form"] = chosen["form"].pk if chosen["form"] else None
        return cast(Terms, chosen)


def _initial_of(linkage: Linkage) -> dict[str, Any]:
    """What the form starts with."""
    return {
        "contract_number": linkage.contract_number,
        "starts": linkage.starts,
        "ends": linkage.ends,
        "product": linkage.product_as_written,
        "form": linkage.form_id,
        "version": linkage.version,
    }


class OnDayForm(PlatformForm):
    """The day of an end or of a verification."""

    controls = {"terminated_on": "on", "verified_on": "on"}

    on = forms.DateField(label=_("Day"), widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonedDayForm(OnDayForm):
    """The day of an end, or another one in the place of a wrong one, and why."""

    reason = reason_field()


class ReasonForm(PlatformForm):
    """Why a verification is taken back."""

    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)


class FilterForm(PlatformForm):
    """What the list of linkages shows."""

    q = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    evidence = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("all")),
            *(choice for choice in Evidence.choices if choice[0] != Evidence.DECLARED),
        ],
    )
