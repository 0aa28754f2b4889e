"""Creating, editing and settling an organisation; its dated facts one at a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Sector
from linkage.registry.models import Commune, Kind, Status
from web.forms.style import PlatformForm, day_input

_SINCE_HELP = _("The day from which it holds. Empty: a correction from the start.")


class _NamedChoice(forms.ModelChoiceField):
    """Rows of reference data by their name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name_vi if get_language() == "vi" else obj.name_en)


class OrganisationForm(PlatformForm):
    """What is not dated."""

    name = forms.CharField(label=_("Name"), max_length=300)
    tax_code = forms.CharField(
        label=_("Tax code"),
        max_length=20,
        required=False,
        help_text=_("10 digits, 10-3 for a branch, or 12 for a household or a person."),
    )
    founded_on = forms.DateField(label=_("Founded on"), widget=day_input(), required=False)
    members = forms.IntegerField(label=_("Members"), min_value=0, required=False)
    role_in_chain = forms.CharField(label=_("Role in the chain"), max_length=100, required=False)


class EditForm(OrganisationForm):
    """The same with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CreateForm(OrganisationForm):
    """A new organisation with its first facts."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    sector = _NamedChoice(Sector.objects.order_by("name_vi"), label=_("Sector"), required=False)
    commune = forms.ModelChoiceField(
        Commune.objects.order_by("sort_key"), label=_("Commune"), required=False
    )


class _FactForm(PlatformForm):
    since = forms.DateField(
        label=_("Since"), widget=day_input(), required=False, help_text=_SINCE_HELP
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class StatusForm(_FactForm):
    """Active, suspended, stopped, dissolved."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[choice for choice in Status.choices if choice[0] != Status.UNKNOWN],
    )
    field_order = ["status", "since"]


class KindForm(_FactForm):
    """What it is in law."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    field_order = ["kind", "since"]


class SectorForm(_FactForm):
    """The branch it works in."""

    sector = _NamedChoice(Sector.objects.order_by("name_vi"), label=_("Sector"))
    field_order = ["sector", "since"]


class CommuneForm(_FactForm):
    """Where it is."""

    commune = forms.ModelChoiceField(Commune.objects.order_by("sort_key"), label=_("Commune"))
    field_order = ["commune", "since"]
