"""What the audit log is narrowed to."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.registry import values
from linkage.registry.audit_log import Filters
from web.auditwords import KINDS, SUBJECTS
from web.forms.style import PlatformForm, day_input


def _within_the_calendar(day: date) -> None:
    """Beyond, there is no first or last moment of a day."""
    try:
        values.day(day, field="on")
    except values.DayOutOfRange as error:
        raise forms.ValidationError(str(error), code=error.code) from error


class FilterForm(PlatformForm):
    """A day, an account, a kind of subject, a kind of event; each may be left open."""

    on = forms.DateField(
        label=_("Day"), required=False, widget=day_input(), validators=[_within_the_calendar]
    )
    username = forms.CharField(label=_("User name"), required=False, max_length=150)
    subject = forms.ChoiceField(label=_("About"), required=False)
    number = forms.CharField(label=_("Its number"), required=False, max_length=18)
    kind = forms.ChoiceField(label=_("Event"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("subject", SUBJECTS), ("kind", KINDS)):
            choices = sorted(((key, str(said)) for key, said in words.items()), key=lambda c: c[1])
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", _("all")), *choices]

    def asked(self) -> Filters:
        """What the form narrows to; a value that it does not know narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        return Filters(
            on=said.get("on"),
            username=said.get("username") or None,
            subject_kind=said.get("subject") or None,
            subject_id=said.get("number") or None,
            kind=said.get("kind") or None,
        )
