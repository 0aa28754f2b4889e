"""Of which day and at which level of evidence a chain is shown."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Evidence
from web.forms.style import PlatformForm, day_input


class Asked(TypedDict):
    """What the reads of a chain take."""

    on: date
    level: str


class ChainForm(PlatformForm):
    """Both may be left out: today, and whatever somebody said."""

    on = forms.DateField(label=_("On the day"), widget=day_input(), required=False)
    evidence = forms.ChoiceField(label=_("Evidence"), choices=Evidence.choices, required=False)

    def words(self, asked: Asked) -> dict[str, Any]:
        """What every page shows of it; `query` leads to the same day and level elsewhere."""
        query = {"on": asked["on"].isoformat(), "evidence": asked["level"]}
        return {"form": self, "query": f"?{urlencode(query)}"}

    def asked(self, today: date) -> Asked:
        """What cannot be is as if it had been left out, and said at its field."""
        given = self.cleaned_data if self.is_valid() else {}
        level = given.get("evidence") or Evidence.DECLARED.value
        return {"on": given.get("on") or today, "level": level}
