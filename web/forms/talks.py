"""Asking, proposing, refusing, handing over, and a contract on paper: what the two sides write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from linkage.agreements.models import Linkage, Side, TermsVersion
from linkage.agreements.services import Paper, Partner, Proposal
from linkage.agreements.services.delivering import last_day
from linkage.agreements.services.negotiating import LONGEST_MESSAGE
from linkage.agreements.talks import Talk
from linkage.catalogue.models import LinkageForm as LegalForm
from linkage.catalogue.models import Unit
from linkage.market.amounts import RETAIL, amount_in, price_in, retail
from linkage.market.models import Handover, Need, Offer, PostKind
from linkage.registry.kind_words import kind_in_name
from linkage.registry.services.partners import PARTNER_KINDS
from linkage.registry.values import LONGEST_REASON
from linkage.suggestions.advice import quantity_between
from web.forms.linkages import LegalFormChoice
from web.forms.numbers import NumberField, WholeField
from web.forms.style import Lines, NamedChoice, PlatformForm, day_input
from web.presentation import per_words, post_words


class PerUnitChoice(NamedChoice):
    """What a price is for: "đ/kg"."""

    def label_from_instance(self, obj: Unit) -> str:
        return per_words(obj)


class PostChoice(forms.ModelChoiceField[Any]):
    """One of the organisation's own published posts."""

    def label_from_instance(self, obj: Offer | Need) -> str:
        return post_words(obj)


def units(dimension: str | None) -> Any:
    """Units that have a size of their own, of the product's measure where it is known."""
    rows = Unit.objects.filter(base_units__isnull=False).order_by("base_units", "code")
    return rows.filter(dimension=dimension) if dimension else rows


def _lines(rows: int) -> Lines:
    return Lines(attrs={"rows": rows})


class VersionForm(forms.Form):
    """An act that says nothing but which version was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MessageForm(PlatformForm):
    """A question or an answer."""

    text = forms.CharField(label=_("Message"), max_length=LONGEST_MESSAGE, widget=_lines(3))


class AskForm(PlatformForm):
    """A question to the other side about its post, on behalf of one of one's own."""

    post = PostChoice(None, label=_("About which of your posts"), empty_label=None)
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_MESSAGE,
        widget=_lines(3),
        help_text=_("You can propose quantity and price in the next step."),
    )

    def __init__(self, *args: Any, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PostChoice, self.fields["post"]).queryset = posts

    def pair(self, kind: PostKind, post_id: int) -> dict[str, int]:
        """The post asked about with the own one; empty, as long as none was chosen."""
        chosen = self.cleaned_data.get("post") if self.is_bound else None
        if chosen is None:
            return {}
        both = (post_id, chosen.pk) if kind is PostKind.OFFER else (chosen.pk, post_id)
        return dict(zip(("offer_id", "need_id"), both, strict=True))


class FoldedForm(PlatformForm):
    """A form whose rarer fields stand folded away."""

    FOLDED: Sequence[str] = ()
    BESIDE: Sequence[tuple[str, str]] = ()

    def first_fields(self) -> list[BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.FOLDED]

    def folded_fields(self) -> list[BoundField]:
        return [field for field in self.visible_fields() if field.name in self.FOLDED]

    def first_rows(self) -> list[list[BoundField]]:
        """The first fields, what belongs together side by side."""
        beside = {second: first for first, second in self.BESIDE}
        rows: list[list[BoundField]] = []
        for field in self.first_fields():
            if rows and beside.get(field.name) == rows[-1][-1].name:
                rows[-1].append(field)
            else:
                rows.append([field])
        return rows

    def is_unfolded(self) -> bool:
        """Whether something in the fold needs to be seen."""
        return any(field.errors for field in self.folded_fields())


class RarerTermsForm(FoldedForm):
    """What terms say beside quantity, price and days, folded away."""

    FOLDED = (
        "form", "grade", "packing", "handover", "payment_days", "delivery_plan", "note"
    )  # fmt: skip

    grade = forms.CharField(label=_("Grade or quality"), max_length=200, required=False)
    packing = forms.CharField(label=_("Packing"), max_length=200, required=False)
    handover = forms.ChoiceField(
        label=_("Handover"), choices=[("", "—"), *Handover.choices], required=False
    )
    payment_days = WholeField(label=_("Payment within so many days after delivery"), required=False)
    delivery_plan = forms.CharField(
        label=_("Plan of deliveries"), max_length=1000, widget=_lines(2), required=False
    )
    form = LegalFormChoice(
        LegalForm.objects.order_by("number"),
        label=_("Form of linkage (Decree 98/2018, Article 4)"),
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=1000, widget=_lines(2), required=False)


class ProposalForm(RarerTermsForm):
    """Terms that a side puts forward."""

    BESIDE = (("quantity", "unit"), ("price", "price_unit"))

    quantity = NumberField(label=_("Quantity in all"))
    unit = NamedChoice(None, label=_("Unit"), empty_label=None)
    price = WholeField(
        label=_("Price"),
        required=False,
        help_text=_("Empty: to be agreed at each delivery."),
    )
    price_unit = PerUnitChoice(None, label=_("Đồng for one"), empty_label=None, required=False)
    starts = forms.DateField(label=_("From"), widget=day_input())
    ends = forms.DateField(label=_("Until"), widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, dimension: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "price_unit"):
            cast(NamedChoice, self.fields[name]).queryset = units(dimension)

    def proposal(self) -> Proposal:
        """What the service takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        said["unit"] = said["unit"].pk
        said["price_unit"] = said["price_unit"].pk if said["price_unit"] else None
        said["form"] = said["form"].pk if said["form"] else None
        return cast(Proposal, said)


def proposal_start(talk: Talk) -> dict[str, Any]:
    """What the form starts with: the terms that stand, else what both posts have in common, and of
    that what the city suggests, if it does."""
    linkage, newest = talk.linkage, talk.newest
    start: dict[str, Any] = {"version": linkage.version}
    if newest is not None:
        names = ("unit", "starts", "ends", *ProposalForm.FOLDED)
        start |= {name: getattr(newest, name) for name in names}
        start["quantity"] = amount_in(newest.quantity, newest.unit)
        return start | _price_start(newest)
    own = linkage.offer if talk.side == Side.SELLER else linkage.need
    if linkage.offer is not None and linkage.need is not None and own is not None:
        left = min(linkage.offer.left, linkage.need.left)
        advised = quantity_between(linkage)
        start["quantity"] = amount_in(left if advised is None else min(advised, left), own.unit)
        start["unit"] = own.unit
        start["price_unit"] = _retail_code(own.unit)
    return {**start, "starts": linkage.starts, "ends": linkage.ends}


def _retail_code(unit: Unit) -> str:
    return RETAIL[unit.dimension].code if unit.dimension in RETAIL else unit.pk


def _price_start(terms: TermsVersion) -> dict[str, Any]:
    """The price that stands by the kilo; by the quantity's unit, if it is whole only there."""
    usual = _retail_code(terms.unit)
    if terms.price is None:
        return {"price_unit": usual}
    price, code = price_in(terms.price, retail(terms.unit)), usual
    if price != price.to_integral_value():
        price, code = price_in(terms.price, terms.unit), terms.unit_id
    return {"price": int(price), "price_unit": code}


class ReasonForm(PlatformForm):
    """Why what the other side says is not so, or is not agreed to."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=_lines(3))


class DeliveryForm(PlatformForm):
    """What was handed over."""

    on = forms.DateField(label=_("Day of the delivery"), widget=day_input())
    quantity = NumberField(label=_("Quantity"))
    unit = NamedChoice(None, label=_("Unit"), empty_label=None)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    sure = forms.BooleanField(label=_("It is so: more than was agreed"), required=False)

    def __init__(self, data: Any, *, of: Linkage, today: date) -> None:
        """Of a day on which goods can have changed hands under the linkage."""
        last = last_day(of) or today
        super().__init__(data, initial={"on": min(today, last), "unit": of.unit})
        cast(NamedChoice, self.fields["unit"]).queryset = units(dimension_of(of))

    def ask_only_if_doubted(self) -> None:
        """Leave the last question out as long as nobody doubts the quantity."""
        if not self.is_bound or "sure" not in self.errors:
            del self.fields["sure"]

    def delivery(self) -> dict[str, Any]:
        """What the service takes."""
        said = self.cleaned_data
        return {
            "on": said["on"],
            "quantity": said["quantity"],
            "unit": said["unit"].pk,
            "note_text": said["note"],
            "sure": said["sure"],
        }


class PaperForm(FoldedForm):
    """What stands in a contract on paper."""

    FOLDED: Sequence[str] = ("form",)

    contract_number = forms.CharField(label=_("Contract number"), max_length=100)
    starts = forms.DateField(label=_("In force from"), widget=day_input())
    ends = forms.DateField(label=_("In force until"), widget=day_input(), required=False)
    product = forms.CharField(label=_("Product"), max_length=200, required=False)
    quantity = NumberField(label=_("Quantity"), required=False)
    unit = NamedChoice(None, label=_("Unit"), required=False)
    form = LegalFormChoice(
        LegalForm.objects.order_by("number"),
        label=_("Form of linkage (Decree 98/2018, Article 4)"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(NamedChoice, self.fields["unit"]).queryset = units(None)

    def paper(self) -> Paper:
        """What the service takes: what was written; an empty field says nothing."""
        said: dict[str, Any] = {name: self.cleaned_data.get(name) for name in PaperForm.base_fields}
        for name in ("unit", "form"):
            said[name] = said[name].pk if said[name] else None
        return cast(Paper, {name: value for name, value in said.items() if value})


class DeclareForm(PaperForm):
    """A contract on paper with its partner."""

    controls = {"tax_code": "partner_tax_code"}

    side = forms.ChoiceField(
        label=_("In this contract your organisation"),
        choices=[(Side.SELLER, _("sells")), (Side.BUYER, _("buys"))],
    )
    partner_name = forms.CharField(label=_("Name of the partner"), max_length=300)
    partner_tax_code = forms.CharField(
        label=_("Tax code of the partner"),
        max_length=20,
        required=False,
        help_text=_("It finds the partner in the register, if it is there."),
    )
    partner_kind = forms.ChoiceField(
        label=_("The partner is"),
        choices=[(kind.value, kind.label) for kind in PARTNER_KINDS],
        help_text=_("Asked of a partner that is not in the register yet."),
    )
    kind_is_meant = forms.BooleanField(
        label=_("The partner is what I chose, although its name says otherwise."), required=False
    )
    field_order = [
        "side", "partner_name", "partner_tax_code", "partner_kind", "kind_is_meant",
        "contract_number",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked only where it is so: nobody ticks it beforehand.
        says = kind_in_name(self.data.get("partner_name", ""))
        if says in (None, self.data.get("partner_kind")):
            del self.fields["kind_is_meant"]

    def partner(self) -> Partner:
        """What the service takes."""
        said = self.cleaned_data
        return {
            "name": said["partner_name"],
            "tax_code": said["partner_tax_code"] or None,
            "kind": said["partner_kind"],
            "kind_is_meant": said.get("kind_is_meant", False),
        }


class CompleteForm(PaperForm):
    """What is blank in a contract."""

    FOLDED: Sequence[str] = ()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, blank: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - blank - {"version"}:
            del self.fields[name]
        for name in self.fields:
            self.fields[name].required = name == "version"


class OwnFilterForm(PlatformForm):
    """What the list of own linkages shows."""

    q = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )


def dimension_of(linkage: Linkage) -> str | None:
    """The measure of the linkage's product, where it is known."""
    if linkage.commodity is not None:
        return linkage.commodity.dimension
    return linkage.unit.dimension if linkage.unit else None
