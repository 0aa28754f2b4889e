"""What happened to an organisation in law, each with its day and the paper that says so."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry.models import Commune
from web.forms.organisations import AsksIfAlike
from web.forms.style import PlatformForm, day_input


class EventForm(PlatformForm):
    """The day and the paper; each kind of event adds what it says."""

    values: ClassVar[tuple[str, ...]] = ()

    on = forms.DateField(label=_("Holds from the day"), widget=day_input())
    source = forms.CharField(
        label=_("Paper"),
        max_length=500,
        help_text=_("The decision or certificate that says so: number, day, who issued it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        """What the service takes beside who and which."""
        return {name: self.cleaned_data[name] for name in ("on", "source", *self.values)}


class NewNameForm(EventForm):
    """Another name."""

    values = ("name",)
    name = forms.CharField(label=_("New name"), max_length=300)
    field_order = ["name", "on", "source"]


class NewTaxCodeForm(EventForm):
    """Another tax code."""

    values = ("tax_code",)
    tax_code = forms.CharField(label=_("New tax code"), max_length=30)
    field_order = ["tax_code", "on", "source"]


class MoveForm(EventForm):
    """Another commune."""

    commune = forms.ModelChoiceField(Commune.objects.order_by("sort_key"), label=_("Commune"))
    field_order = ["commune", "on", "source"]

    def said(self) -> dict[str, Any]:
        return {**super().said(), "commune_code": self.cleaned_data["commune"].pk}


class SplitForm(AsksIfAlike, EventForm):
    """Who comes out of it and is new to the register."""

    values = ("name", "tax_code", "is_another")
    name = forms.CharField(
        label=_("Name of the new organisation"),
        max_length=300,
        help_text=_("Linkages stay with the old one; enter those of the new one by themselves."),
    )
    tax_code = forms.CharField(
        label=_("Tax code of the new organisation"), max_length=30, required=False
    )
    field_order = ["name", "tax_code", "on", "source", "is_another"]

    def said(self) -> dict[str, Any]:
        found = super().said()
        return {**found, "tax_code": found["tax_code"] or None}


class OtherForm(EventForm):
    """The day and the paper; the other organisation was chosen before."""

    field_order = ["on", "source"]
