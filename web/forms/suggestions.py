"""Why a suggestion is put aside."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.suggestions.models import DismissReason
from web.forms.style import PlatformForm


class DismissForm(PlatformForm):
    """One of the known reasons."""

    reason = forms.ChoiceField(
        label=_("Why does it not suit you?"),
        choices=DismissReason.choices,
        error_messages={"required": _("Choose a reason.")},
    )
