"""The short form of an offer or a need, what stands behind "more", and the price limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from linkage.catalogue.models import Certification, Dimension, Unit
from linkage.market.amounts import amount_in
from linkage.market.models import AnyPost, Handover, Offer, Period, PostKind
from linkage.market.quick import USUAL_DAYS
from linkage.market.services.posts import Limit
from linkage.market.terms import Terms
from linkage.registry.models import Certificate, Commune
from web.forms.numbers import NumberField, WholeField, written
from web.forms.style import Lines, NamedChoice, PlatformForm, day_input
from web.presentation import name_words

_PLAIN = ("period", "starts", "ends", "grade", "packing", "handover", "note")
_USUAL = {
    Dimension.MASS.value: {"unit": "tan", "price_unit": "kg"},
    Dimension.VOLUME.value: {"unit": "lit", "price_unit": "lit"},
}
_HANDOVER = [("", _("not said")), *Handover.choices]


class CertificateChoice(forms.ModelMultipleChoiceField[Certificate]):
    """An own certificate by its name."""

    def label_from_instance(self, obj: Certificate) -> str:
        return name_words(obj.certification)


class CertificationChoice(forms.ModelMultipleChoiceField[Certification]):
    """A kind of certificate by its name."""

    def label_from_instance(self, obj: Certification) -> str:
        return name_words(obj)


def units(dimension: str = "") -> QuerySet[Unit]:
    """Units to choose from, weights first; a sack is none without how much goes in."""
    first = Case(
        When(dimension=Dimension.MASS, then=Value(0)),
        When(dimension=Dimension.COUNT, then=Value(1)),
        default=Value(2),
    )
    rows = Unit.objects.filter(sized=False).order_by(first, "-base_units", "code")
    return rows.filter(dimension=dimension) if dimension else rows


def usual_units(dimension: str) -> dict[str, str]:
    """In which units people here begin: of the quantity, and of its price."""
    return _USUAL.get(dimension, {"unit": "qua", "price_unit": "qua"})


class PostForm(PlatformForm):
    """What is posted, how much of it, and when; the rest may stay empty."""

    commodity = forms.CharField(
        label=_("Product"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    # What was picked from the list, if something was.
    chosen = forms.SlugField(required=False, widget=forms.HiddenInput)
    quantity = NumberField(label=_("How much"))
    unit = NamedChoice(units(), label=_("Unit"), empty_label=None)
    period = forms.ChoiceField(label=_("In all or each"), choices=Period.choices)
    starts = forms.DateField(label=_("From day"), widget=day_input())
    ends = forms.DateField(label=_("Until day"), widget=day_input())
    grade = forms.CharField(label=_("Grade or size"), max_length=200, required=False)
    packing = forms.CharField(label=_("Packing"), max_length=200, required=False)
    handover = forms.ChoiceField(label=_("Handover"), choices=_HANDOVER, required=False)
    payment_days = forms.IntegerField(
        label=_("Payment within (days)"), min_value=0, max_value=365, required=False
    )
    commune = forms.ModelChoiceField(
        Commune.objects.order_by("sort_key"), label=_("Place"), required=False,
        empty_label=_("the commune of your organisation"),
    )  # fmt: skip
    max_km = forms.IntegerField(
        label=_("At most so far away (km)"), min_value=1, max_value=2000, required=False
    )
    note = forms.CharField(
        label=_("More to say"), max_length=1000, required=False,
        widget=Lines(attrs={"rows": 2}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    QUICK = ("commodity", "quantity", "unit", "period", "starts", "ends")

    def __init__(
        self,
        *args: Any,
        kind: PostKind,
        certificates: Any = None,
        has_own_place: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.has_own_place = has_own_place
        if not has_own_place:
            self._ask_for_the_place()
        if kind is PostKind.OFFER:
            self.fields["marks"] = CertificateChoice(
                certificates, label=_("Certificates of these goods"), required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        else:
            self.fields["marks"] = CertificationChoice(
                Certification.objects.order_by("family", "level", "code"),
                label=_("Certificates asked for"), required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def _ask_for_the_place(self) -> None:
        """Of an organisation outside of the city: there is no commune to fall back on."""
        place = cast(NamedChoice, self.fields["commune"])
        place.label = _("Where in the city the goods are handed over or fetched")
        place.empty_label = _("choose a commune")
        place.help_text = _(
            "Your organisation has no commune of its own in the city. Distances are reckoned from"
            " the centre of the one that you choose."
        )

    def offer_units(self, dimension: str) -> None:
        """Show only units in which the product is measured; another one that is sent is refused."""
        for name in {"unit", "price_unit"} & set(self.fields):
            cast(NamedChoice, self.fields[name]).queryset = units(dimension)
        if not self.is_bound:
            self.initial = {
                **self.initial, **usual_units(dimension), **self._units_kept(dimension)
            }  # fmt: skip

    def _units_kept(self, dimension: str) -> dict[str, Any]:
        kept = {name: self.initial.get(name) for name in ("unit", "price_unit")}
        fitting = set(units(dimension).filter(pk__in=kept.values()).values_list("pk", flat=True))
        return {name: code for name, code in kept.items() if code in fitting}

    def quick_fields(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        return [self[name] for name in self.QUICK]

    def more_fields(self) -> list[forms.BoundField]:
        """What stands behind "more"."""
        place = () if self.has_own_place else ("commune",)
        apart = (*self.QUICK, "price", "price_unit", *place)
        return [field for field in self.visible_fields() if field.name not in apart]

    def terms(self, commodity: str) -> Terms:
        """What the services take; the commodity is found by the catalogue."""
        said = self.cleaned_data
        terms: dict[str, Any] = {name: said[name] for name in _PLAIN}
        terms |= {"commodity": commodity, "quantity": said["quantity"], "unit": said["unit"].pk}
        terms |= {"max_km": said["max_km"], "payment_days": said["payment_days"]}
        terms["commune"] = said["commune"].pk if said["commune"] else None
        name = "certificates" if self.kind is PostKind.OFFER else "certifications"
        terms[name] = [mark.pk for mark in said["marks"]]
        return cast(Terms, terms)


class PriceFields(forms.Form):
    """The sealed limit: đồng for one unit."""

    price = WholeField(label=_("Price limit (đồng)"), required=False)
    price_unit = NamedChoice(units(), label=_("for one"), empty_label=None, required=False)

    def typed(self) -> dict[str, Any]:
        """What was typed, as the services take it; no price: none is wanted."""
        price, unit = self.cleaned_data["price"], self.cleaned_data["price_unit"]
        return {
            "price": None if price is None else int(price),
            "unit_code": unit.pk if unit else "kg",
        }


class NewPostForm(PriceFields, PostForm):
    """A new post may bring its limit along."""

    def limit(self) -> Limit | None:
        """The limit, if one is typed."""
        said = self.typed()
        return None if said["price"] is None else Limit(**said)


class LimitForm(PriceFields, PlatformForm):
    """A new limit, or none."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ActForm(forms.Form):
    """An act on the version that was read."""

    version = forms.IntegerField(min_value=0)


def initial_of_new(today: date, chosen: str) -> dict[str, Any]:
    """What is chosen already, for a month from today, in tonnes, prices by the kilo."""
    return {
        "chosen": chosen,
        "unit": "tan",
        "price_unit": "kg",
        "period": Period.ONCE,
        "starts": today,
        "ends": today + timedelta(days=USUAL_DAYS - 1),
    }


def initial_of(post: AnyPost, own_commune: Commune | None) -> dict[str, Any]:
    """What the form of a post that is there starts with."""
    names = (*_PLAIN, "max_km", "payment_days", "version")
    is_own = own_commune is not None and own_commune.pk == post.commune_id
    return {
        **{name: getattr(post, name) for name in names},
        "commodity": post.commodity.name_vi,
        "chosen": post.commodity_id,
        "quantity": written(amount_in(post.quantity, post.unit)),
        "unit": post.unit_id,
        "commune": None if is_own else post.commune_id,
        "marks": [mark.pk for mark in _marks(post)],
    }


def _marks(post: AnyPost) -> Iterable[Certificate | Certification]:
    if isinstance(post, Offer):
        return post.certificates.all()
    return post.certifications.all()


def initial_limit(post: AnyPost, price: int | None) -> dict[str, Any]:
    """The kept limit for the unit in which people here name prices."""
    dimension = post.commodity.dimension
    unit, per = {"mass": ("kg", 1_000), "volume": ("lit", 1_000)}.get(dimension, ("qua", 1_000))
    amount = None if price is None else written(Decimal(price) / per)
    return {"price": amount, "price_unit": unit, "version": post.version}
