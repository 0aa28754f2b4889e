"""A pool's proposal: what all members are offered alike, and each one's part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from linkage.agreements.services import Part, Proposal
from linkage.agreements.services.pooling import LEAST_DAYS, MOST_DAYS, USUAL_DAYS
from linkage.market.amounts import RETAIL, amount_in
from linkage.market.models import Need
from linkage.suggestions.models import PoolPart
from web.forms.numbers import NumberField, WholeField
from web.forms.style import NamedChoice, day_input, dress
from web.forms.talks import PerUnitChoice, RarerTermsForm, units
from web.presentation import name_words


@dataclass(frozen=True)
class Member:
    """The fields of one member."""

    name: str
    quantity: BoundField
    starts: BoundField
    ends: BoundField


class PoolForm(RarerTermsForm):
    """One price and one last day for answers; of each member quantity and days."""

    price = WholeField(label=_("One price for all"))
    price_unit = PerUnitChoice(None, label=_("Counted by"), empty_label=None)
    answer_by = forms.DateField(label=_("Members answer until"), widget=day_input())

    def __init__(self, data: Any, *, need: Need, parts: Sequence[PoolPart], today: date) -> None:
        dimension = need.unit.dimension
        retail = RETAIL[dimension].code if dimension in RETAIL else need.unit_id
        start = {"price_unit": retail, "answer_by": today + timedelta(days=USUAL_DAYS)}
        self._need, self._parts = need, parts
        super().__init__(data, initial=start | self._starts())
        self.fields.update(self._fields())
        dress(self)
        cast(NamedChoice, self.fields["price_unit"]).queryset = units(dimension)
        self.fields["answer_by"].help_text = _("From %(least)s to %(most)s days from today.") % {
            "least": LEAST_DAYS,
            "most": MOST_DAYS,
        }

    def _fields(self) -> dict[str, forms.Field]:
        unit = name_words(self._need.unit)
        found: dict[str, forms.Field] = {}
        for part in self._parts:
            at = f"_{part.offer_id}"
            found["quantity" + at] = NumberField(label=_("Quantity (%(unit)s)") % {"unit": unit})
            found["starts" + at] = forms.DateField(label=_("From"), widget=day_input())
            found["ends" + at] = forms.DateField(label=_("Until"), widget=day_input())
        return found

    def _starts(self) -> dict[str, Any]:
        """What the members' fields start with."""
        start: dict[str, Any] = {}
        unit = self._need.unit
        for part in self._parts:
            offer, at = part.offer, f"_{part.offer_id}"
            start["quantity" + at] = amount_in(part.quantity, unit)
            start["starts" + at] = max(offer.starts, self._need.starts)
            start["ends" + at] = min(offer.ends, self._need.ends)
        return start

    @property
    def members(self) -> list[Member]:
        """Each member's fields, in the order of the parts."""
        return [
            Member(
                part.offer.organisation.survivor.name,
                *(self[f"{name}_{part.offer_id}"] for name in ("quantity", "starts", "ends")),
            )
            for part in self._parts
        ]

    def parts(self) -> list[Part]:
        """What the service takes of each member."""
        said = self.cleaned_data
        return [
            {
                "offer_id": part.offer_id,
                "quantity": said[f"quantity_{part.offer_id}"],
                "starts": said[f"starts_{part.offer_id}"],
                "ends": said[f"ends_{part.offer_id}"],
            }
            for part in self._parts
        ]

    def common(self) -> Proposal:
        """What the service takes of all."""
        said = {name: self.cleaned_data[name] for name in ("price", *self.FOLDED)}
        said["unit"] = self._need.unit_id
        said["price_unit"] = self.cleaned_data["price_unit"].pk
        said["form"] = said["form"].pk if said["form"] else None
        return cast(Proposal, said)
