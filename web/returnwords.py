"""A yearly return in words: each question with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linkage.coverage.models import YearReturn
from linkage.coverage.services.returns import ANSWERS, COUNTS, MONEY
from web.forms.numbers import written
from web.forms.returns import ReturnForm, in_millions
from web.presentation import whole


@dataclass(frozen=True)
class Answer:
    """A question and what was said, or nothing."""

    question: str
    words: str


def facts_of(row: YearReturn) -> Sequence[Answer]:
    """All questions in the form's order."""
    fields = ReturnForm.base_fields
    names = [name for _title, group in ReturnForm.GROUPS for name in group]
    return [Answer(str(fields[name].label), _said(row, name)) for name in names]


def _said(row: YearReturn, name: str) -> str:
    value = getattr(row, name)
    if value is None or value == "":
        return "—"
    if name in COUNTS:
        return whole(value)
    if name in MONEY:
        amount = written(in_millions(abs(value)) or 0)
        return f"-{amount}" if value < 0 else amount
    if name in ANSWERS:
        return _("Yes") if value else _("No")
    return str(row.get_rating_display())
