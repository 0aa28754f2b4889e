"""Numbers, shares and dates in words. Pure but for the reader's language; floats never decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def whole(value: int) -> str:
    """An integer with the reader's thousands separator: 1.234 or 1,234."""
    return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def percent(numerator: int, denominator: int) -> str:
    """The share cut, never rounded up, to one decimal, so 59,96% never reads as 60%.

    >>> percent(5996, 10000)
    '59,9%'
    >>> percent(60, 100)
    '60,0%'
    """
    tenths = numerator * 1000 // denominator
    return f"{number_format(Decimal(tenths) / 10, decimal_pos=1, use_l10n=True)}%"


def bound(numerator: int, denominator: int) -> str:
    """A target's bound as a percent without needless decimals: 60%, 0,67%.

    >>> bound(60, 100), bound(67, 10000)
    ('60%', '0,67%')
    """
    value = (Decimal(numerator) * 100 / Decimal(denominator)).normalize()
    places = max(0, -int(value.as_tuple().exponent))
    return f"{number_format(value, decimal_pos=places, use_l10n=True)}%"


def still_missing(numerator: int, denominator: int, target: tuple[int, int]) -> int:
    """How many more are needed until numerator / denominator >= target, in integers.

    >>> still_missing(154, 463, (60, 100))
    124
    >>> still_missing(279, 463, (60, 100))
    0
    """
    needed = -(-target[0] * denominator // target[1])
    return max(0, needed - numerator)


@dataclass(frozen=True)
class ShareWords:
    """One share as a page shows it."""

    numerator: int
    denominator: int
    target_min: tuple[int, int] | None = None
    target_max: tuple[int, int] | None = None

    @property
    def has_data(self) -> bool:
        return self.denominator > 0

    @property
    def percent(self) -> str:
        return percent(self.numerator, self.denominator) if self.has_data else _("no data yet")

    @property
    def count(self) -> str:
        """ "154 trên 463 HTX"."""
        return _("%(numerator)s of %(denominator)s cooperatives") % {
            "numerator": whole(self.numerator),
            "denominator": whole(self.denominator),
        }

    @property
    def missing(self) -> int:
        if not (self.has_data and self.target_min):
            return 0
        return still_missing(self.numerator, self.denominator, self.target_min)

    @property
    def verdict(self) -> str:
        """ "còn thiếu 124 HTX để đạt 60%", or that the target is reached."""
        if not (self.has_data and self.target_min):
            return ""
        target = bound(*self.target_min)
        if not self.missing:
            return _("the target of %(target)s is reached") % {"target": target}
        return _("%(missing)s cooperatives still missing to reach %(target)s") % {
            "missing": whole(self.missing),
            "target": target,
        }

    @property
    def target(self) -> str:
        if self.target_min is None:
            return ""
        low = bound(*self.target_min)
        return f"{low.removesuffix('%')}–{bound(*self.target_max)}" if self.target_max else low

    @property
    def sentence(self) -> str:
        """The whole of it, for a title or a reader of the screen."""
        if not self.has_data:
            return _("no data yet")
        parts = [f"{self.count} ({self.percent})", self.verdict]
        return "; ".join(part for part in parts if part)


def joined(parts: Sequence[str]) -> str:
    """Parts that are there, one after another."""
    return ", ".join(part for part in parts if part)
