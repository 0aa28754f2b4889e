"""What can be answered about how a workbook is read, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.intake.planning.findings import ORGANISATION
from linkage.intake.questions import DATE_ORDER, DAY_OF_PERIOD, DECIMAL, SHEETS, Question
from linkage.intake.reading.headers import FIELDS, TableKind
from linkage.intake.reading.mapping import IGNORE
from web.reportwords import MEANINGS, meanings

_Choices = list[tuple[str, str]]
_TABLES: Mapping[str, str | Promise] = {
    TableKind.COOPERATIVES: gettext_lazy("Cooperatives, groups and unions"),
    TableKind.ENTERPRISES: gettext_lazy("Enterprises and other partners"),
    TableKind.LINKAGES: gettext_lazy("Linkages (contracts)"),
    TableKind.HISTORY: gettext_lazy("History of changes"),
    TableKind.CERTIFICATES: gettext_lazy("Certificates"),
}
_ORDERS: Mapping[str, str | Promise] = {
    "day_first": gettext_lazy("Day/month/year (25/12/2020)"),
    "month_first": gettext_lazy("Month/day/year (12/25/2020)"),
    "year_first": gettext_lazy("Year/month/day (2020/12/25)"),
}
_DECIMALS: Mapping[str, str | Promise] = {
    "comma": gettext_lazy("Comma for decimals (1.234,56)"),
    "point": gettext_lazy("Point for decimals (1,234.56)"),
}
_PERIODS: Mapping[str, str | Promise] = {
    "first_day": gettext_lazy("Its first day: 2011 is 01/01/2011, 5/2011 is 01/05/2011"),
    "last_day": gettext_lazy("Its last day: 2011 is 31/12/2011, 5/2011 is 31/05/2011"),
    "unknown": gettext_lazy("No day: it stays unknown, to be settled"),
}


def heading_of(question: Question) -> str:
    """What is asked, with the sheet and the header as the file has them."""
    names = {"sheet": question.sheet, "header": question.header}
    if question.section == SHEETS:
        return _("What does the sheet “%(sheet)s” list?") % names
    if question.section == DATE_ORDER:
        return _("%(place)s: how are its dates written?") % {"place": _place(question)}
    if question.section == DECIMAL:
        return _("%(place)s: how are its decimals written?") % {"place": _place(question)}
    if question.section == DAY_OF_PERIOD:
        return _("%(place)s: which day does a year or a month alone mean?") % {
            "place": _place(question)
        }
    return _("%(place)s: what does this column mean?") % {"place": _place(question)}


def hint_of(question: Question) -> str:
    """What in the file made the question, or what came of the answer."""
    if question.is_unused:
        return _("This answer could not be used: the table has another column for it, or no such.")
    if question.example:
        return _("The file has “%(example)s” there.") % {"example": question.example}
    return ""


def choices_of(question: Question) -> _Choices:
    """What can be answered; an answer that came from elsewhere stays among them."""
    found: _Choices = [("", _("Not said yet")), *_offered(question)]
    if question.answer and question.answer not in dict(found):
        found.append((question.answer, question.answer))
    return found


def organisation_words(offered: Mapping[str, Any]) -> str:
    """An organisation that a party can be: what tells it from others, and where it is told of."""
    parts = [offered["name"], offered["commune"]]
    if offered["tax_code"]:
        parts.append(_("tax code %(code)s") % {"code": offered["tax_code"]})
    if offered["founded_on"]:
        day = date_format(date.fromisoformat(offered["founded_on"]), "SHORT_DATE_FORMAT")
        parts.append(_("founded %(day)s") % {"day": day})
    if offered["sheet"]:
        parts.append(_("%(sheet)s, row %(row)s") % offered)
    else:
        parts.append(_("number %(id)s in the register") % offered)
    return "; ".join(part for part in parts if part)


def _offered(question: Question) -> _Choices:
    if question.section == DATE_ORDER:
        return _worded(_ORDERS)
    if question.section == DECIMAL:
        return _worded(_DECIMALS)
    if question.section == DAY_OF_PERIOD:
        return _worded({k: v for k, v in _PERIODS.items() if k in _days_for(question)})
    left_out = (IGNORE, _("Leave it out"))
    if question.section == SHEETS:
        return [*_worded(_TABLES), left_out]
    if question.kind is None:
        return [left_out, *meanings()]
    return [left_out, *((f, str(MEANINGS.get(f, f))) for f in FIELDS[TableKind(question.kind)])]


def _days_for(question: Question) -> tuple[str, ...]:
    """An organisation's day may stay unknown; a contract's may not, and has a last day too."""
    if question.kind is None:
        return tuple(_PERIODS)
    if question.kind == ORGANISATION:
        return ("first_day", "unknown")
    return ("first_day", "last_day")


def _worded(words: Mapping[str, str | Promise]) -> _Choices:
    return [(value, str(label)) for value, label in words.items()]


def _place(question: Question) -> str:
    return f"{question.sheet}: {question.header}" if question.sheet else question.header
