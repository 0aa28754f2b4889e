"""What is searched for in the posts of others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Certification
from linkage.market.models import LARGEST_DISTANCE_KM, PostKind
from linkage.market.search import Asked, Place, least_of
from linkage.registry.models import Commune
from web.forms.numbers import NumberField
from web.forms.posts import CertificationChoice, units
from web.forms.style import NamedChoice, PlatformForm, day_input

_LINKED = [("", _("all")), ("no", _("not linked yet")), ("yes", _("linked already"))]


class SearchForm(PlatformForm):
    """Words first; the rest narrows."""

    q = forms.CharField(
        label=_("Product, with or without marks"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    near = forms.ModelChoiceField(
        Commune.objects.order_by("sort_key"), label=_("Near"), required=False,
        empty_label=_("anywhere"),
    )  # fmt: skip
    within_km = forms.IntegerField(
        label=_("At most (km)"), min_value=1, max_value=LARGEST_DISTANCE_KM, required=False
    )
    starts = forms.DateField(label=_("From day"), widget=day_input(), required=False)
    ends = forms.DateField(label=_("Until day"), widget=day_input(), required=False)
    quantity = NumberField(label=_("At least"), required=False)
    unit = NamedChoice(units(), label=_("Unit"), required=False, empty_label=None)
    certifications = CertificationChoice(
        Certification.objects.order_by("family", "level", "code"),
        label=_("Certificates"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    linked = forms.ChoiceField(label=_("Other side"), choices=_LINKED, required=False)

    MORE = ("starts", "ends", "quantity", "unit", "certifications", "linked")

    def clean(self) -> dict[str, Any]:
        """A distance counts from a place."""
        said = super().clean() or {}
        if said.get("within_km") and not said.get("near") and "near" not in self.errors:
            self.add_error("near", _("Say from which place the distance counts."))
        return said

    def more_fields(self) -> list[forms.BoundField]:
        """What stands behind "more"."""
        return [self[name] for name in self.MORE]

    def is_narrowed(self) -> bool:
        """Whether anything behind "more" is asked for."""
        return any(self.data.get(name) for name in self.MORE if name != "unit")

    def asked(self, kind: PostKind, linked_ids: frozenset[int]) -> Asked:
        """What the search takes."""
        said = self.cleaned_data
        near, unit = said["near"], said["unit"]
        least, dimension = least_of(said["quantity"], unit.pk if unit else "tan")
        return Asked(
            kind=kind,
            text=said["q"],
            near=near.pk if near else None,
            within_km=said["within_km"],
            starts=said["starts"],
            ends=said["ends"],
            least=least,
            dimension=dimension,
            certifications=[row.pk for row in said["certifications"]],
            linked={"yes": True, "no": False}.get(said["linked"]),
            linked_ids=linked_ids,
        )


def place_in(text: str) -> Place | None:
    """Where the page before ended, as `place_text` wrote it; None for anything else."""
    parts = text.split("-")
    if len(parts) != 3 or not all(p.isascii() and p.isdecimal() and len(p) < 19 for p in parts):
        return None
    return Place(*(int(part) for part in parts))


def place_text(place: Place) -> str:
    """A place in the order, for an address."""
    return "-".join(str(part) for part in place)
