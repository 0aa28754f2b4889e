"""A scan that is brought, and what a verifier says of a linkage."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms.linkages import OnDayForm
from web.forms.style import Lines, PlatformForm

_TAKEN = "application/pdf,image/jpeg,image/png"


class ScanForm(PlatformForm):
    """One scan, `of` what it says. What it is and how large is the domain's to say."""

    of = _("Scan or photograph of the contract")
    file = forms.FileField(
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": _TAKEN}),
        help_text=_("PDF, JPEG or PNG, at most 10 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = self.of


class ConsentScanForm(ScanForm):
    """The same of a consent on paper."""

    of = _("Scan or photograph of the written consent")


class SourceForm(ScanForm):
    """The report that a value was read from."""

    of = _("Scan of the report")


class VerifyForm(OnDayForm):
    """The day on which the evidence was seen, and where a paper is kept."""

    paper = forms.CharField(
        label=_("Paper that was seen, and where it is kept"),
        required=False,
        max_length=500,
        widget=Lines(attrs={"rows": 2}),
        help_text=_("Needed where no scan is attached."),
    )
