"""Contact people, products and certificates of an organisation; merging it into another."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.agreements.queries import MergePreview
from linkage.catalogue.models import Certification
from linkage.registry import phones
from linkage.registry.values import LONGEST_REASON
from web.forms.style import Lines, NamedChoice, PlatformForm, day_input


class PartForm(PlatformForm):
    """A change of what an organisation has, made from a version."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """What the service takes beside the version."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}


class RemovalForm(PartForm):
    """Takes away what its page names: nothing but a yes is asked."""


class OwnRemovalForm(PlatformForm):
    """Which contact person an organisation erases."""

    version = forms.IntegerField(min_value=0)
    contact = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class ContactForm(PartForm):
    """A person who speaks for the organisation."""

    name = forms.CharField(label=_("Name"), max_length=150)
    phone = forms.CharField(label=_("Telephone"), max_length=phones.LONGEST, required=False)


class ProductForm(PartForm):
    """Something that the organisation makes, buys or trades."""

    product = forms.CharField(label=_("Product"), max_length=200)


class CertificateForm(PartForm):
    """A certificate that the organisation holds."""

    certification = NamedChoice(Certification.objects.order_by("name_vi"), label=_("Certificate"))
    number = forms.CharField(label=_("Number"), max_length=100, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    starts = forms.DateField(label=_("Good from"), widget=day_input())
    ends = forms.DateField(
        label=_("Good until"),
        widget=day_input(),
        required=False,
        help_text=_("The last day on which it is good. Empty: the paper states none."),
    )

    def values(self) -> dict[str, Any]:
        """The same with the code of the certification."""
        values = super().values()
        return {"certification_code": values.pop("certification").pk, **values}


class MergeForm(PlatformForm):
    """Both versions as they were read, and why the two are one."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    merged_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why are they one organisation?"),
        max_length=LONGEST_REASON,
        widget=Lines(attrs={"rows": 3}),
    )
    members = forms.TypedMultipleChoiceField(
        label=_("Who comes along and acts for the one that stays"),
        help_text=_("Of everybody else the right to act ends."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    admins = forms.TypedMultipleChoiceField(
        label=_("Who comes along and manages its accounts"),
        help_text=_("Nobody manages the accounts of the one that stays so far."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any, *, of: MergePreview) -> None:
        both = of.organisations
        versions = {
            "version": both.kept.organisation.version,
            "merged_version": both.merged.organisation.version,
        }
        super().__init__(data, initial=versions)
        people = [(one.user_id, str(one.user)) for one in both.merged_people]
        for name in ("members", "admins"):
            if people and not (name == "admins" and both.is_managed):
                cast(forms.TypedMultipleChoiceField, self.fields[name]).choices = people
            else:
                del self.fields[name]


class UndoMergeForm(PlatformForm):
    """The survivor's version, why it is undone, and what stays as it is now."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    leave = forms.MultipleChoiceField(
        label=_("Changed since the merge: stays as it is now"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label=_("Why are they two organisations?"),
        max_length=LONGEST_REASON,
        widget=Lines(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, contradictions: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        if contradictions:
            cast(forms.MultipleChoiceField, self.fields["leave"]).choices = contradictions
        else:
            del self.fields["leave"]


class SurvivorForm(PlatformForm):
    """Looks for the organisation that stays."""

    q = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
