"""A yearly return in words: each question with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linkage.coverage.models import YearReturn
from linkage.coverage.returns_read import ToFill
from linkage.coverage.services.returns import ANSWERS, COUNTS, MONEY, OPEN_STATES, may_accept
from linkage.registry.access import Actor
from web.forms.numbers import written
from web.forms.returns import ReturnForm, in_millions
from web.presentation import whole

_State = YearReturn.State


@dataclass(frozen=True)
class Answer:
    """A question and what was said, or nothing."""

    question: str
    words: str


def filed_words(begun: ToFill) -> dict[str, Any]:
    """What the page of its form says of what was filed, if anything was."""
    found = begun.found
    return {
        "found": found,
        "is_closed": begun.is_closed,
        "is_open": found is None or found.state in OPEN_STATES,
        "facts": facts_of(found) if found else (),
    }


def decision_words(found: YearReturn, actor: Actor) -> dict[str, Any]:
    """What the page of the decision says, and which decisions it offers to the actor."""
    is_sent = found.state == _State.SENT
    is_anothers = may_accept(actor, found)
    return {
        "found": found,
        "facts": facts_of(found),
        "may_accept": is_sent and is_anothers,
        "waits_for_another": is_sent and not is_anothers,
        "may_send_back": found.state in (_State.SENT, _State.ACCEPTED),
    }


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
