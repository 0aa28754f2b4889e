"""What was understood of a post: one draft for each product, and where in the text it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from linkage.catalogue.units import Measure

# The fields of a draft that can be asked for, what a post needs most first.
ASKED_FOR = ("side", "commodity", "quantity", "price", "place", "start", "end")


class Span(NamedTuple):
    """Characters `start` to `end` (not included) of the normalised text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in base units (gram, millilitre, piece); `least` is the lower end of a range.

    `measure` is what it was written in.
    """

    quantity: int
    least: int | None
    measure: Measure
    per: str | None = None

    @property
    def dimension(self) -> str:
        return self.measure.dimension


@dataclass(frozen=True, slots=True)
class Cost:
    """A price in đồng for one `measure`, which people call `unit`; `per_kg` where it has a mass."""

    dong: int
    measure: Measure
    unit: str
    per_kg: int | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place by its name in the reference, and the communes of today that it can be."""

    name: str
    kind: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One product of a post: what is not sure is None, and named in `missing`.

    `spans` says for each understood field (side, commodity, quantity with its period, price,
    start, end, place, certificates, words) where it stands in the reading's text.
    """

    side: str | None = None
    commodity: str | None = None
    commodity_name: str | None = None
    amount: Amount | None = None
    cost: Cost | None = None
    start: date | None = None
    end: date | None = None
    place: Whereabouts | None = None
    certificates: tuple[str, ...] = ()
    certificate_names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that are not sure, largest first."""
        known = {
            "side": self.side, "commodity": self.commodity, "quantity": self.amount,
            "price": self.cost, "place": self.place, "start": self.start, "end": self.end,
        }  # fmt: skip
        return tuple(name for name in ASKED_FOR if known[name] is None)


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was read: its normalised text, and no draft where it is no post."""

    text: str
    drafts: tuple[Draft, ...] = ()
    phones: tuple[Span, ...] = ()
    public_text: str = ""

    @property
    def is_post(self) -> bool:
        return bool(self.drafts)
