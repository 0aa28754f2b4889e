"""The yearly return of a cooperative: short questions, none of them needed, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from linkage.coverage.models import Rating, YearReturn
from linkage.coverage.services.returns import ANSWERS, COUNTS, MONEY
from web.forms.linkages import reason_field
from web.forms.numbers import NumberField, WholeField
from web.forms.style import PlatformForm

_MILLION = 1_000_000
_YES_NO = [("", _("Not answered")), ("yes", _("Yes")), ("no", _("No"))]


class MillionField(NumberField):
    """Millions of đồng with decimals; its value is an integer of đồng, or None."""

    default_error_messages = {"invalid": _("Write an amount in millions of đồng, such as 1,250.5.")}

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        negative = text.startswith("-")
        number = super().to_python(text.removeprefix("-"))
        if number is None:
            return None
        dong = Decimal(number) * _MILLION
        if dong != dong.to_integral_value():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return -int(dong) if negative else int(dong)


def in_millions(dong: int | None) -> Decimal | None:
    """An amount as `MillionField` shows it."""
    return None if dong is None else Decimal(dong) / _MILLION


class ReturnForm(PlatformForm):
    """What the cooperative says of one year."""

    GROUPS: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = (
        (_("People"), ("members", "workers", "insured")),
        (_("Staff"), ("staff", "staff_trained", "key_staff", "key_trained", "key_degree")),
        (_("Money"), ("revenue_vnd", "profit_vnd", "income_vnd")),
        (_("The cooperative"), ("rating", *ANSWERS)),
    )

    members = WholeField(label=_("Members"), required=False)
    workers = WholeField(label=_("People who work here"), required=False)
    insured = WholeField(label=_("of them with social insurance"), required=False)
    staff = WholeField(label=_("Managing staff"), required=False)
    staff_trained = WholeField(label=_("of them trained in the year"), required=False)
    key_staff = WholeField(label=_("Key staff (director, controller, accountant)"), required=False)
    key_trained = WholeField(label=_("of them with a course"), required=False)
    key_degree = WholeField(label=_("of them with college or university"), required=False)
    revenue_vnd = MillionField(label=_("Revenue of the year (millions of đồng)"), required=False)
    profit_vnd = MillionField(
        label=_("Profit of the year (millions of đồng; a loss with a minus)"), required=False
    )
    income_vnd = MillionField(
        label=_("Income of a worker in a month (millions of đồng)"), required=False
    )
    rating = forms.ChoiceField(
        label=_("Rating of the year"),
        required=False,
        choices=[("", _("Not answered")), *Rating.choices],
    )
    market_info = forms.ChoiceField(
        label=_("Do you get information on the market?"), required=False, choices=_YES_NO
    )
    land = forms.ChoiceField(
        label=_("Does the cooperative have land of its own or rented for its office or work?"),
        required=False,
        choices=_YES_NO,
    )
    high_tech = forms.ChoiceField(
        label=_("Do you use high technology?"), required=False, choices=_YES_NO
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, of: YearReturn | None, before: YearReturn | None) -> None:
        """Of what was filed for the year; else it begins with what can stand of the year before."""
        begun = {**initial_of(of), "version": of.version} if of else from_year_before(before)
        super().__init__(data, initial=begun)

    @property
    def sends(self) -> bool:
        """Whether it was sent, and not kept as a draft."""
        return "send" in self.data

    def said(self) -> dict[str, Any]:
        """What the service takes beside who and which."""
        version = self.cleaned_data["version"]
        return {"version": version, "facts": self.facts(), "send": self.sends}

    def facts(self) -> dict[str, Any]:
        """The answers as the service takes them."""
        said = {name: self.cleaned_data[name] for name in (*COUNTS, *MONEY, "rating")}
        yes_no = {"yes": True, "no": False}
        return said | {name: yes_no.get(self.cleaned_data[name]) for name in ANSWERS}

    def groups(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """The questions by what they are about."""
        for title, names in self.GROUPS:
            yield title, [self[name] for name in names]


def initial_of(row: YearReturn | None) -> dict[str, Any]:
    """What a form begins with; amounts of money and the rating are of their year alone."""
    if row is None:
        return {}
    said: dict[str, Any] = {name: getattr(row, name) for name in COUNTS}
    said |= {name: in_millions(getattr(row, name)) for name in MONEY}
    yes_no = {True: "yes", False: "no", None: ""}
    said |= {name: yes_no[getattr(row, name)] for name in ANSWERS}
    return said | {"rating": row.rating}


def from_year_before(row: YearReturn | None) -> dict[str, Any]:
    """Last year's answers to begin with; money and the rating are of their year alone."""
    said = initial_of(row)
    return {name: value for name, value in said.items() if name not in (*MONEY, "rating")}


class DecisionForm(PlatformForm):
    """Sending a return back says why."""

    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput)


class AcceptanceForm(PlatformForm):
    """The version that the officer read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnFilterForm(PlatformForm):
    """Of which year, and how far."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *YearReturn.State.choices[1:]],
    )
