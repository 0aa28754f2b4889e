"""Creating, editing and settling an organisation; its dated facts one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Sector
from linkage.registry import phones
from linkage.registry.models import Commune, Kind, Organisation, Status
from linkage.registry.queries import Card
from linkage.registry.services import Details, OrganisationAlike
from web.forms.style import NamedChoice, PlatformForm, day_input

_SINCE_HELP = _("The day from which it holds. Without one the whole past is rewritten: see above.")


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
    product = forms.CharField(label=_("Main product"), max_length=200, required=False)
    representative = forms.CharField(label=_("Representative"), max_length=150, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=phones.LONGEST, required=False)

    def details(self) -> Details:
        """What the services take; the fields of this class only."""
        names = OrganisationForm.base_fields
        return cast(Details, {name: self.cleaned_data[name] for name in names})


class EditForm(OrganisationForm):
    """The same with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def changed_details(self) -> Details:
        """Only what was changed: what nobody touched stays open to imports."""
        names = [name for name in OrganisationForm.base_fields if name in self.changed_data]
        return cast(Details, {name: self.cleaned_data[name] for name in names})


def initial_of(card: Card) -> dict[str, Any]:
    """What the edit form starts with; what the reader may not see starts empty."""
    organisation = card.organisation
    main = next((product for product in card.products if product.is_main), None)
    people = [person for person in card.contacts or () if person.is_representative]
    return {
        "name": organisation.name,
        "tax_code": card.tax_code or "",
        "founded_on": organisation.founded_on,
        "members": organisation.members,
        "role_in_chain": organisation.role_in_chain,
        "product": main.as_written if main else "",
        "representative": people[0].name if people else "",
        "phone": people[0].phone if people else "",
        "version": organisation.version,
    }


class AsksIfAlike(PlatformForm):
    """Enters an organisation, and asks about those of the register that it may be."""

    is_another = forms.BooleanField(label=_("It is another organisation."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those that it may be, once the service has named them.
        self.alike: Sequence[Organisation] = ()

    def entered(self, act: Callable[[], Organisation]) -> Organisation:
        """What `act` enters. Raises: OrganisationAlike, of which this keeps whom it names."""
        try:
            return act()
        except OrganisationAlike as refusal:
            self.alike = refusal.alike
            raise

    def ask_only_if_doubted(self) -> None:
        """Leave the last question out as long as nobody is alike: it is ticked by who saw them."""
        if not self.alike:
            del self.fields["is_another"]


class CreateForm(AsksIfAlike, OrganisationForm):
    """A new organisation with its first facts."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    sector = NamedChoice(Sector.objects.order_by("name_vi"), label=_("Sector"), required=False)
    commune = forms.ModelChoiceField(
        Commune.objects.order_by("sort_key"), label=_("Commune"), required=False
    )
    field_order = [
        *("name", "kind", "tax_code", "founded_on", "sector", "commune"),
        *("members", "role_in_chain", "product", "representative", "phone", "is_another"),
    ]

    def details(self, said: Mapping[str, str] | None = None) -> Details:
        """What the services take; a code of the row `said` that stands as it was shown is that."""
        found = super().details()
        if said and said.get("tax_code") and "tax_code" not in self.changed_data:
            found["tax_code"] = said["tax_code"]
        return found

    def facts(self) -> dict[str, Any]:
        """The first facts as the service takes them."""
        sector, commune = self.cleaned_data["sector"], self.cleaned_data["commune"]
        return {
            "kind": self.cleaned_data["kind"],
            "sector_code": sector.pk if sector else None,
            "commune_code": commune.pk if commune else None,
            "is_another": self.cleaned_data["is_another"],
        }


class _FactForm(PlatformForm):
    # What the service calls the value; the field's name, or with _code a row of reference data.
    value_name: ClassVar[str]

    since = forms.DateField(
        label=_("Since"), widget=day_input(), required=False, help_text=_SINCE_HELP
    )
    without_day = forms.BooleanField(
        label=_("I save this without a day and know what that does to every figure."),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        blank = values.get("since") is None and not self.has_error("since")
        if blank and not values.get("without_day"):
            self.add_error("without_day", _("Give the day, or say here that there is none."))
        return values

    def fact(self) -> dict[str, Any]:
        """The fact's value and its first day as the service takes them."""
        said = self.cleaned_data[self.value_name.removesuffix("_code")]
        return {self.value_name: getattr(said, "pk", said), "since": self.cleaned_data["since"]}


class _AsksBeforeFounding(PlatformForm):
    """A day before the founding is asked about, of what was sent: nobody ticks it beforehand."""

    before_founding = forms.BooleanField(
        label=_("The day before its founding is meant."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            del self.fields["before_founding"]


class StatusForm(_AsksBeforeFounding, _FactForm):
    """Active, suspended, stopped, dissolved."""

    value_name = "status"
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[choice for choice in Status.choices if choice[0] != Status.UNKNOWN],
    )
    field_order = ["status", "since", "without_day", "before_founding"]

    def fact(self) -> dict[str, Any]:
        return {**super().fact(), "before_founding": self.cleaned_data["before_founding"]}


class KindForm(_FactForm):
    """What it is in law."""

    value_name = "kind"
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    field_order = ["kind", "since", "without_day"]


class SectorForm(_FactForm):
    """The branch it works in."""

    value_name = "sector_code"
    sector = NamedChoice(Sector.objects.order_by("name_vi"), label=_("Sector"))
    field_order = ["sector", "since", "without_day"]


class CommuneForm(_FactForm):
    """Where it is."""

    value_name = "commune_code"
    commune = forms.ModelChoiceField(Commune.objects.order_by("sort_key"), label=_("Commune"))
    field_order = ["commune", "since", "without_day"]


class SettleForm(_AsksBeforeFounding):
    """The days that are missing."""

    founded_on = forms.DateField(label=_("Founded on"), widget=day_input(), required=False)
    ended_on = forms.DateField(
        label=_("Activity ended on"),
        widget=day_input(),
        required=False,
        help_text=_("The day from which it was suspended, stopped or dissolved."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["founded_on", "ended_on", "before_founding"]

    def days(self) -> dict[str, Any]:
        """What was given, as the service takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class FilterForm(PlatformForm):
    """What the list of organisations shows, and on which day (none: today)."""

    on = forms.DateField(required=False, widget=forms.HiddenInput)

    q = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(required=False, choices=[("", _("all")), *Kind.choices])
    status = forms.ChoiceField(required=False, choices=[("", _("all")), *Status.choices])
    settle = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("all")),
            ("organisation", _("founding or end not known")),
            ("place", _("place not known")),
            ("sector", _("sector not known")),
        ],
    )
