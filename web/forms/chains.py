"""Of which day, or days, and at which level of evidence chains are shown."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Evidence
from linkage.catalogue.models import Commodity
from linkage.suggestions.changes import DaysInverted
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


class AskedBetween(TypedDict):
    """What the read of the changes takes."""

    before: date
    after: date
    level: str
    commodity: str | None


class ChangesForm(PlatformForm):
    """All may be left out: a year up to today, of all products, whatever somebody said."""

    before = forms.DateField(label=_("From the day"), widget=day_input(), required=False)
    after = forms.DateField(label=_("To the day"), widget=day_input(), required=False)
    commodity = forms.ModelChoiceField(
        Commodity.objects.none(), label=_("Product"), required=False, empty_label=_("All products")
    )
    evidence = forms.ChoiceField(label=_("Evidence"), choices=Evidence.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Commodity]", self.fields["commodity"])
        field.queryset = Commodity.objects.order_by("sort_key", "code")

    def add_prefix(self, field_name: str) -> str:
        """In the address the days are called "from" and "to"."""
        return {"before": "from", "after": "to"}.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        before, after = given.get("before"), given.get("after")
        if before and after and after < before:
            self.add_error("after", DaysInverted.words)
        return given

    def asked(self, today: date) -> AskedBetween:
        """What cannot be is as if it had been left out, and said at its field."""
        given = self.cleaned_data if self.is_valid() else {}
        after = given.get("after") or max(today, given.get("before") or today)
        commodity = given.get("commodity")
        return {
            "before": given.get("before") or date.fromordinal(max(1, after.toordinal() - 365)),
            "after": after,
            "level": given.get("evidence") or Evidence.DECLARED.value,
            "commodity": commodity.pk if commodity else None,
        }

    def words(self, asked: AskedBetween) -> dict[str, Any]:
        """What the page shows of it; `query` leads to the same as a file."""
        query = {
            "from": asked["before"].isoformat(),
            "to": asked["after"].isoformat(),
            "evidence": asked["level"],
            **({"commodity": asked["commodity"]} if asked["commodity"] else {}),
        }
        return {"form": self, "query": f"?{urlencode(query)}", **asked}
