"""Bringing in a workbook, naming its columns, mending a refused row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.intake.models import PairDecision
from web.forms.style import PlatformForm


class UploadForm(PlatformForm):
    """A workbook, and on what ground the office holds it."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("The office’s register; sheets and columns are found by their names."),
    )
    came_from = forms.CharField(
        label=_("Where the file came from"),
        max_length=300,
        help_text=_("Who sent it, when, with which letter."),
    )
    legal_basis = forms.CharField(
        label=_("On what legal basis it is processed"),
        max_length=300,
        help_text=_("The document and article that let the office hold these data."),
    )
    mapping = forms.JSONField(
        label=_("Column names of your own"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if the file uses unusual column names; the preview asks about them too."),
    )


class DecisionForm(forms.Form):
    """Whether two that look alike are one."""

    first_key = forms.CharField(max_length=500)
    second_key = forms.CharField(max_length=500)
    verdict = forms.ChoiceField(choices=PairDecision.Verdict.choices)


class MappingForm(PlatformForm):
    """For each column that was not understood, what it means."""

    def __init__(
        self,
        data: Any = None,
        *,
        columns: Iterable[Mapping[str, Any]],
        meanings: Iterable[tuple[str, Any]],
    ) -> None:
        super().__init__(data)
        choices = [("", _("Not said yet")), ("ignore", _("Leave it out")), *meanings]
        self._headers = [(column["sheet"], column["header"]) for column in columns]
        for index, (sheet, header) in enumerate(self._headers):
            field = forms.ChoiceField(label=f"{sheet}: {header}", choices=choices, required=False)
            field.widget.attrs["class"] = "form-select"
            self.fields[f"column_{index}"] = field

    def chosen(self) -> dict[str, str]:
        """Column -> field, for the columns that were given a meaning."""
        found = {}
        for index, (sheet, header) in enumerate(self._headers):
            if self.cleaned_data[f"column_{index}"]:
                found[f"{sheet}!{header}"] = self.cleaned_data[f"column_{index}"]
        return found


class RowForm(PlatformForm):
    """The values of a refused row, as the file has them, to be put right."""

    def __init__(
        self, data: Any = None, *, raw: Mapping[str, Any], overrides: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        for name, cell in raw.items():
            value = overrides.get(name, cell["value"])
            if "choices" in cell:
                self.fields[name] = _choice_of(cell, value)
                continue
            self.fields[name] = forms.CharField(
                label=cell["header"],
                required=False,
                max_length=500,
                initial="" if value is None else str(value),
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def changed(self) -> dict[str, str]:
        """Field -> the new value, for the fields that were changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _choice_of(cell: Mapping[str, Any], value: Any) -> forms.ChoiceField:
    """Which organisation an ambiguous side is."""
    return forms.ChoiceField(
        label=cell["header"],
        required=False,
        initial=value or "",
        choices=[("", _("Not said yet")), *cell["choices"]],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
