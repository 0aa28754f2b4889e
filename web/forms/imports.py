"""Bringing in a workbook, naming its columns, mending a refused row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.intake.models import PairDecision
from linkage.intake.planning.choosing import AS_IN_FILE
from linkage.intake.questions import Question
from linkage.intake.review import RowField
from web.forms.style import PlatformForm
from web.questionwords import choices_of, heading_of, hint_of, organisation_words
from web.reportwords import field_words


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
    carry_over = forms.BooleanField(
        label=_("If this very file was brought in before, keep the corrections made then"),
        required=False,
        initial=True,
    )


class DecisionForm(forms.Form):
    """Whether two that look alike are one."""

    first_key = forms.CharField(max_length=500)
    second_key = forms.CharField(max_length=500)
    verdict = forms.ChoiceField(choices=PairDecision.Verdict.choices)


def version_field(version: int) -> forms.IntegerField:
    """The import's version as the page shows it: what is settled is settled as it was seen."""
    return forms.IntegerField(initial=version, widget=forms.HiddenInput)


def control_of(question: Question) -> str:
    """The control's name: it stays with its question, whatever else is asked by the time."""
    digest = hashlib.sha256(question.name.encode()).hexdigest()[:12]
    return f"{question.section}_{digest}"


class ReadingForm(PlatformForm):
    """How the file is to be read: its sheets, its columns, the ways of writing in them."""

    def __init__(self, data: Any = None, *, questions: Iterable[Question], version: int) -> None:
        super().__init__(data)
        self.fields["version"] = version_field(version)
        self._questions: dict[str, Question] = {}
        for question in questions:
            name = control_of(question)
            self._questions[name] = question
            self.fields[name] = forms.ChoiceField(
                label=heading_of(question),
                help_text=hint_of(question),
                choices=choices_of(question),
                initial=question.answer or "",
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def asked(self) -> list[tuple[Question, forms.BoundField]]:
        """Each question with its control."""
        return [(question, self[name]) for name, question in self._questions.items()]

    def said(self) -> dict[str, Any]:
        """What was answered otherwise than the page showed, by section, and from which version.

        An empty answer is one taken back.
        """
        found: dict[str, dict[str, str]] = {}
        for name, question in self._questions.items():
            if name not in self.changed_data:
                continue
            found.setdefault(question.section, {})[question.name] = self.cleaned_data[name]
        return {"version": self.cleaned_data["version"], "answers": found}


class RowForm(PlatformForm):
    """The values of a refused row, as the file has them, to be put right."""

    def __init__(
        self,
        data: Any = None,
        *,
        fields: Iterable[RowField],
        refusal: Mapping[str, Any],
        version: int,
        as_in_file: bool | None = None,
    ) -> None:
        super().__init__(data)
        # Whether a hidden row was said to hold as it stands; None of one that is not hidden.
        self.may_take = as_in_file is False
        self.may_leave = as_in_file is True
        self.fields["version"] = version_field(version)
        self.refusal = refusal
        self.in_file: dict[str, str] = {}
        self.reasons: dict[str, str] = {}
        self.holds: dict[str, str] = {}
        for field in fields:
            self.in_file[field.name] = field.in_file
            if refusal and refusal["field"] == field.header:
                self.reasons[field.name] = refusal["message"]
            if field.choices:
                self.fields[field.name] = _choice_of(field)
                continue
            if field.holds:
                self.holds[field.name] = field.holds
                self.fields[_empty(field.name)] = forms.BooleanField(
                    label=_("Nothing is meant: take it as empty"),
                    required=False,
                    initial=field.is_said_empty,
                )
            self.fields[field.name] = forms.CharField(
                label=field.header,
                required=False,
                max_length=500,
                initial=field.value,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each control with what the file says there and why the row was refused for it."""
        return [
            {
                "field": self[name],
                "in_file": self.in_file[name],
                "reason": self.reasons.get(name, ""),
                "holds": self.holds.get(name, ""),
                "empty": self[_empty(name)] if name in self.holds else None,
            }
            for name in self.in_file
        ]

    def said(self) -> dict[str, Any]:
        """The new value of each field that was changed, and from which version."""
        given, changed = self.cleaned_data, set(self.changed_data)
        if AS_IN_FILE in self.data:
            return {
                "version": given["version"],
                "overrides": {AS_IN_FILE: self.data[AS_IN_FILE]},
            }
        overrides = {name: given[name] for name in self.in_file if name in changed}
        overrides |= {name: "" for name in self.holds if given[_empty(name)]}
        return {"version": given["version"], "overrides": overrides}


def _empty(name: str) -> str:
    """The control that says that a field is empty."""
    return f"{name}-empty"


def _choice_of(field: RowField) -> forms.ChoiceField:
    """Which organisation an ambiguous side is."""
    return forms.ChoiceField(
        label=field_words(field.header),
        required=False,
        initial=field.value,
        choices=[
            ("", _("Not said yet")),
            *((one["value"], organisation_words(one)) for one in field.choices),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
