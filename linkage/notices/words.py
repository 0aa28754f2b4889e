"""What a notice says, in the reader's language: one sentence for each kind and what happened.

Whoever tells of something new adds its sentence here. A hole is filled from the notice's `data`:
text as it is; a whole number and a day ("2026-11-23") the reader's way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.notices.models import Kind, Notice

SENTENCES: dict[tuple[Kind, str], str | Promise] = {
    (Kind.MEMBERS, "joined"): gettext_lazy("%(person)s now acts for %(organisation)s."),
    (Kind.MEMBERS, "left"): gettext_lazy("%(person)s no longer acts for %(organisation)s."),
    (Kind.MEMBERS, "ended"): gettext_lazy("You no longer act for %(organisation)s."),
    (Kind.MEMBERS, "made_admin"): gettext_lazy("You now manage the accounts of %(organisation)s."),
    (Kind.MEMBERS, "made_member"): gettext_lazy(
        "You act for %(organisation)s and no longer manage its accounts."
    ),
    (Kind.MEMBERS, "approved"): gettext_lazy(
        "Your request was approved: you act for %(organisation)s."
    ),
    (Kind.MEMBERS, "refused"): gettext_lazy(
        "Your request for %(organisation)s was refused: %(reason)s"
    ),
    (Kind.MEMBERS, "asked"): gettext_lazy("%(person)s asks to act for %(organisation)s."),
    (Kind.MEMBERS, "without_admin"): gettext_lazy(
        "Nobody manages the accounts of %(organisation)s any more."
    ),
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def sentence_of(notice: Notice) -> str:
    """Return the notice's sentence; one that has none, or lacks its data, says its kind alone."""
    words = SENTENCES.get((Kind(notice.kind), notice.what))
    shown = {name: _shown(value) for name, value in notice.data.items()}
    try:
        return str(words) % shown if words else _plain(notice)
    except KeyError:
        return _plain(notice)


def _plain(notice: Notice) -> str:
    return _("There is news: %(kind)s.") % {"kind": Kind(notice.kind).label}


def _shown(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if isinstance(value, Mapping):
        return {name: _shown(below) for name, below in value.items()}
    return value
