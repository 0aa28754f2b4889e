"""Bootstrap's class names on a form's controls, and the date control all forms share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from web.presentation import name_words

_SELECTS = (forms.Select, forms.SelectMultiple)


def dress(form: forms.BaseForm) -> None:
    """Give each control of the form its class name."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput):
            name = "form-check-input"
        elif isinstance(widget, forms.CheckboxSelectMultiple):
            # The class is of the box round the checkboxes.
            name = "checks"
        elif isinstance(widget, _SELECTS):
            name = "form-select"
        else:
            name = "form-control"
        widget.attrs.setdefault("class", name)


class Lines(forms.Textarea):
    """Several lines; a break is one character, as the browser counts it, not the two it sends."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class NamedChoice(forms.ModelChoiceField[Any]):
    """Rows of reference data by their name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return name_words(obj)


class PlatformForm(forms.Form):
    """A form of these pages.

    `controls` says which control asks for what the domain calls otherwise.
    """

    controls: ClassVar[Mapping[str, str]] = {}
    # Somebody else changed the row since the form was read; see `web.forms.carrying`.
    is_overtaken = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


def day_input() -> forms.DateInput:
    """The browser's own calendar; its value is ISO whatever the language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
