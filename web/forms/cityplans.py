"""What the office sets of a plan for the city."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Commodity
from linkage.market.tree import BRANCH_LEVEL
from linkage.matching.weights import FULL
from linkage.suggestions.services import Asked
from linkage.suggestions.services.planning import SettingOutOfRange
from web.forms.numbers import NumberField, WholeField
from web.forms.style import NamedChoice, PlatformForm
from web.presentation import whole

_PER_KG, _PER_PERCENT = 1_000, 100
_LARGEST_KG = 1_000_000


class Slider(forms.NumberInput):
    """The browser's own slider, which needs no script."""

    input_type = "range"


class PlanForm(PlatformForm):
    """In kilograms, percent and seconds; the domain counts base units and parts of 10,000."""

    links = forms.IntegerField(
        label=_("What counts more"),
        min_value=0,
        max_value=FULL,
        initial=FULL // 2,
        widget=Slider(attrs={"step": FULL // 20, "class": "form-range"}),
    )
    commodity = NamedChoice(
        None, label=_("Products"), required=False, empty_label=_("All products")
    )
    least_lot = NumberField(
        label=_("Smallest delivery, kg or litres"),
        required=False,
        help_text=_("Empty: any. What is counted by the piece has none."),
    )
    buyer_share = WholeField(
        label=_("The most for one buyer, percent of what is offered"),
        required=False,
        help_text=_("Of a branch of products. Empty: no limit."),
    )
    top = WholeField(
        label=_("Partners looked at for each post"),
        initial=20,
        help_text=_("More of them: perhaps a better plan, and longer to find."),
    )
    seconds = WholeField(
        label=_("Seconds to look for it"),
        initial=30,
        help_text=_("When they are over, the best plan so far is kept, with how good it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Commodity.objects.filter(level__lte=BRANCH_LEVEL)
        cast(NamedChoice, self.fields["commodity"]).queryset = rows.order_by("sort_key", "pk")

    def clean_least_lot(self) -> int:
        kg = self.cleaned_data["least_lot"]
        if kg is None:
            return 1
        if kg * _PER_KG != (kg * _PER_KG).to_integral_value() or not 0 < kg <= _LARGEST_KG:
            raise forms.ValidationError(
                _("Above zero and at most %(most)s.") % {"most": whole(_LARGEST_KG)}
            )
        return int(Decimal(kg) * _PER_KG)

    def clean_buyer_share(self) -> int:
        percent = self.cleaned_data["buyer_share"]
        if percent is None:
            return FULL
        most = FULL // _PER_PERCENT
        if not 0 < percent <= most:
            raise forms.ValidationError(SettingOutOfRange.words % {"least": "1", "most": f"{most}"})
        return int(percent) * _PER_PERCENT

    def asked(self) -> Asked:
        """What the service takes."""
        chosen = self.cleaned_data["commodity"]
        said = {**self.cleaned_data, "commodity": chosen.pk if chosen else None}
        return Asked(**said)
