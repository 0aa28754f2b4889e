"""Numbers, shares and dates in words. Pure but for the reader's language; floats never decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linkage.agreements.models import Linkage, State
from linkage.agreements.services.delivering import never_began
from linkage.catalogue.models import LinkageForm, Unit
from linkage.coverage.sentences import percent, percent_of
from linkage.coverage.targets import Standing, TargetRow, standing
from linkage.market.amounts import about, amount_in, price_in, retail
from linkage.market.models import AnyPost

__all__ = [
    "ShareWords",
    "about_words",
    "amount_words",
    "dated",
    "decimal_words",
    "exact_words",
    "form_words",
    "language",
    "name_words",
    "per_words",
    "percent",
    "post_words",
    "price_words",
    "quantity_words",
    "range_words",
    "standing_words",
    "whole",
    "window_words",
]

LONGEST_LABEL = 90


class Named(Protocol):
    """A row of reference data with its name in both languages."""

    @property
    def name_vi(self) -> str: ...

    @property
    def name_en(self) -> str: ...


def language() -> str:
    """The reader's language, as the pure engines' words know it: "vi" or "en"."""
    return "vi" if get_language() == "vi" else "en"


def name_words(row: Named) -> str:
    """A row's name in the reader's language; the Vietnamese one where it has no other."""
    return row.name_vi if language() == "vi" else row.name_en or row.name_vi


def whole(value: int) -> str:
    """An integer with the reader's thousands separator: 1.234 or 1,234."""
    return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def decimal_words(value: Decimal) -> str:
    """A decimal the reader's way, with as many places as it has: 1.234,5 or 1,234.5."""
    return number_format(value, force_grouping=True)


def exact_words(text: str) -> str:
    """A number as computers write it, the reader's way and to its last digit; else as it is.

    >>> exact_words("hidden")
    'hidden'
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return decimal_words(number) if number.is_finite() else text


def range_words(target: TargetRow) -> str:
    """ "60–70%", or the one bound there is."""
    low = percent_of(target.minimum)
    if target.maximum is None or target.maximum == target.minimum:
        return low
    return f"{low.removesuffix('%')}–{percent_of(target.maximum)}"


def dated(what: str, since: date | None, *, day_unknown: bool) -> str:
    """A dated fact; without a day it holds from the start, or ended on a day not known."""
    if since is not None:
        day = date_format(since, "SHORT_DATE_FORMAT")
        return _("%(what)s from %(day)s") % {"what": what, "day": day}
    if day_unknown:
        return _("%(what)s (day not known)") % {"what": what}
    return _("%(what)s (from the start)") % {"what": what}


@dataclass(frozen=True)
class ShareWords:
    """One share beside its target, as a page shows it."""

    numerator: int
    denominator: int
    aim: TargetRow | None = None

    @property
    def has_data(self) -> bool:
        return self.denominator > 0

    @property
    def standing(self) -> Standing:
        return standing(numerator=self.numerator, denominator=self.denominator, target=self.aim)

    @property
    def percent(self) -> str:
        return percent(self.numerator, self.denominator) if self.has_data else _("no figures yet")

    @property
    def count(self) -> str:
        """ "154 trên 463 HTX"."""
        return _("%(numerator)s of %(denominator)s cooperatives") % {
            "numerator": whole(self.numerator),
            "denominator": whole(self.denominator),
        }

    @property
    def verdict(self) -> str:
        """ "còn thiếu 124 HTX để đạt 60%", or that the target is reached."""
        if not self.has_data or self.aim is None:
            return ""
        target, missing = percent_of(self.aim.minimum), self.standing.missing
        if not missing:
            return _("the target of %(target)s is reached") % {"target": target}
        return _("%(missing)s cooperatives still missing to reach %(target)s") % {
            "missing": whole(missing),
            "target": target,
        }

    @property
    def target(self) -> str:
        return range_words(self.aim) if self.aim else ""

    @property
    def sentence(self) -> str:
        """The whole of it, for a title or a reader of the screen."""
        if not self.has_data:
            return _("no figures yet")
        parts = [f"{self.count} ({self.percent})", self.verdict]
        return "; ".join(part for part in parts if part)


def standing_words(linkage: Linkage, today: date) -> str:
    """The state as the figures read it today: a termination to come has not happened yet."""
    if never_began(linkage):
        return _("Ended before it took effect")
    day = linkage.terminated_on
    if day is None or day <= today:
        return str(State(linkage.state).label)
    if linkage.ends is not None and linkage.ends < today:
        return str(State.ENDED.label)
    return _("Will be terminated on %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}


def quantity_words(linkage: Linkage) -> str:
    """The quantity in the unit it was stated in, else in the base unit."""
    if linkage.quantity is None:
        return ""
    unit = linkage.unit
    if unit is None or not unit.base_units:
        return whole(linkage.quantity)
    return amount_words(linkage.quantity, unit)


def amount_words(quantity: int, unit: Unit) -> str:
    """Base units in the unit, exactly: "3,5 tấn"."""
    return f"{decimal_words(_amount(quantity, unit))} {name_words(unit)}"


def about_words(quantity: int, unit: Unit) -> str:
    """The same as people say it, where nothing is agreed by it: "17.100 kg" of 17.099,999."""
    return f"{decimal_words(about(_amount(quantity, unit)))} {name_words(unit)}"


def _amount(quantity: int, unit: Unit) -> Decimal:
    return amount_in(quantity, unit) if unit.base_units else Decimal(quantity)


def price_words(price: int, unit: Unit) -> str:
    """A stored price as people here name prices of goods in the unit: "6.000 đ/kg"."""
    named = {"mass": _("kg"), "volume": _("litre")}.get(unit.dimension) or name_words(unit)
    return f"{decimal_words(price_in(price, retail(unit)))} đ/{named}"


def per_words(unit: Unit) -> str:
    """For one of the unit: "đ/kg"."""
    return f"đ/{_('kg') if unit.pk == 'kg' else name_words(unit)}"


def form_words(form: LinkageForm) -> str:
    """A legal form by its number and name, cut where it is long."""
    name = name_words(form)
    short = name if len(name) <= LONGEST_LABEL else f"{name[:LONGEST_LABEL]}…"
    return f"{form.number}. {short}"


def window_words(starts: date, ends: date | None) -> str:
    """Two days: "01/07/2026 – 30/09/2026"."""
    last = date_format(ends, "SHORT_DATE_FORMAT") if ends else "…"
    return f"{date_format(starts, 'SHORT_DATE_FORMAT')} – {last}"


def post_words(post: AnyPost) -> str:
    """A post in one line: what, how much of it is left, when."""
    left = about_words(post.left, post.unit)
    return f"{name_words(post.commodity)} · {left} · {window_words(post.starts, post.ends)}"
