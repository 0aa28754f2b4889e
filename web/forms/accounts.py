"""Accounts and the offices their owners hold."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry.models import Role
from linkage.registry.place_list import communes
from web.forms.style import PlatformForm, day_input


class AccountForm(PlatformForm):
    """A new account."""

    username = forms.CharField(label=_("User name"), max_length=150)
    full_name = forms.CharField(label=_("Full name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. Ask its owner to change it at once."),
    )


def _communes() -> list[tuple[str, str]]:
    return [(one.pk, str(one)) for one in communes()]


class GrantForm(PlatformForm):
    """A role from a day on."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    starts = forms.DateField(label=_("From"), widget=day_input())
    ends = forms.DateField(label=_("Until"), widget=day_input(), required=False)
    communes = forms.MultipleChoiceField(
        label=_("Area"),
        choices=_communes,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Of a field officer: the communes. The other roles have none."),
    )
