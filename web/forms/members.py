"""Signing up, coming to act for an organisation, and managing who does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry import phones
from linkage.registry.models import AccessCode, Commune, Kind, MemberRole
from linkage.registry.services import NewOrganisation
from web.forms.style import Lines, PlatformForm

_NOTE = _("Who you are there, and a telephone number for questions.")


def _new_password() -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password"})


class SignUpForm(PlatformForm):
    """One's own account."""

    controls = {"username": "login", "email": "login"}

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    login = forms.CharField(
        label=_("E-mail address or user name"),
        max_length=150,
        help_text=_("With an e-mail address you can set a forgotten password anew."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"), widget=_new_password(), help_text=_("At least ten characters.")
    )
    again = forms.CharField(label=_("The password again"), widget=_new_password())
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("The two passwords are not the same."))
        return cleaned

    def account(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "again"}


class CodeForm(PlatformForm):
    """A code from a letter, an officer or a message."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "XXXXX-XXXXX",
                "class": "form-control form-control-lg code-input",
            }
        ),
    )


class FindForm(PlatformForm):
    """What an applicant looks for."""

    q = forms.CharField(
        label=_("Name or tax code"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class NoteForm(PlatformForm):
    """The applicant's own words."""

    note = forms.CharField(
        label=_("A word to the city’s staff"),
        max_length=500,
        required=False,
        help_text=_NOTE,
        widget=Lines(attrs={"rows": 3}),
    )


class NewOrganisationForm(NoteForm):
    """An organisation that is not in the register."""

    name = forms.CharField(label=_("Name"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.ENTERPRISE)
    tax_code = forms.CharField(
        label=_("Tax code"),
        max_length=20,
        required=False,
        help_text=_("10 digits, 10-3 for a branch, or 12 for a household or a person."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    commune = forms.ModelChoiceField(
        Commune.objects.order_by("sort_key"),
        label=_("Commune"),
        required=False,
        empty_label=_("outside Hai Phong"),
    )
    field_order = ["name", "kind", "tax_code", "commune", "note"]

    def asked(self) -> NewOrganisation:
        """What the service takes."""
        commune = self.cleaned_data["commune"]
        return {
            "name": self.cleaned_data["name"],
            "kind": self.cleaned_data["kind"],
            "tax_code": self.cleaned_data["tax_code"],
            "commune_code": commune.pk if commune else "",
        }


class InviteForm(PlatformForm):
    """An invitation by one who manages the accounts."""

    address = forms.CharField(label=_("Telephone or e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("What they may do"), choices=MemberRole.choices, initial=MemberRole.MEMBER
    )

    def clean_address(self) -> str:
        """What is neither is said to be neither."""
        address: str = self.cleaned_data["address"]
        try:
            if "@" not in address:
                phones.parse(address)
        except phones.PhoneInvalid as refusal:
            words = _("This is no valid telephone number or e-mail address.")
            raise forms.ValidationError(words) from refusal
        return address

    def way(self) -> str:
        """By which way the address is reached."""
        by_email = "@" in self.cleaned_data["address"]
        return AccessCode.Way.EMAIL if by_email else AccessCode.Way.PHONE


class IssueForm(PlatformForm):
    """A code that staff make."""

    way = forms.ChoiceField(label=_("Way"), choices=AccessCode.Way.choices)
    role = forms.ChoiceField(label=_("What they may do"), choices=MemberRole.choices)
    address = forms.CharField(
        label=_("Telephone or e-mail address"),
        max_length=254,
        required=False,
        help_text=_("For a message; a letter and a slip need none."),
    )


class RoleForm(PlatformForm):
    """What a member may do from now on, made from the version that was read."""

    role = forms.ChoiceField(choices=MemberRole.choices)
    version = forms.IntegerField(min_value=1)


class SureForm(PlatformForm):
    """Asks once more."""

    sure = forms.BooleanField(label=_("I know this and want it so."))


class SureRoleForm(RoleForm, SureForm):
    """The same of a role."""

    role = forms.ChoiceField(choices=MemberRole.choices, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class VersionForm(PlatformForm):
    """An act on what was read at a version."""

    version = forms.IntegerField(min_value=1)


class ApproveForm(PlatformForm):
    """How a request is approved; `organisation` says which one of the register is meant."""

    role = forms.ChoiceField(label=_("What they may do"), choices=MemberRole.choices)
    organisation = forms.IntegerField(min_value=1, required=False)


class RefuseForm(PlatformForm):
    """Why a request is refused."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=Lines(attrs={"rows": 2}))
