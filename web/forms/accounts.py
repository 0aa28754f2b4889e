"""Accounts and the offices their owners hold."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry.models import Role
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


class GrantForm(PlatformForm):
    """A role from a day on."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    starts = forms.DateField(label=_("From"), widget=day_input())
    ends = forms.DateField(label=_("Until"), widget=day_input(), required=False)
