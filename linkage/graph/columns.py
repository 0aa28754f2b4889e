"""What goes in: organisations with their dated facts and linkages, one array a field.

Integers are int64. Quantities are base units (gram, millilitre, piece); days are
`date.toordinal()`. UNSET stands for what is not stated or not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Nothing stated, nothing known. All real values are 0 or more.
UNSET = -1

# The words that facts of kind and of status point to, by place; the registry's own.
KINDS = (
    *("cooperative", "cooperative_group", "union", "enterprise"),
    *("household_business", "individual", "other"),
)
STATUSES = ("active", "suspended", "stopped", "dissolved", "unknown")

# What a linkage's quantity is of, by place: its base unit is gram, millilitre or piece.
MEASURES = ("mass", "volume", "count")

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
# What a database's big integer holds.
MAX_QUANTITY = 2**63 - 1


class ColumnsInvalid(ValueError):
    """A column whose length, type or values cannot be; the message names it."""


@dataclass(frozen=True, eq=False)
class FactColumns:
    """Dated facts of one sort, one place each, in any order.

    `organisation` is an id; `since` the day from which `value` holds, UNSET: from the start;
    `value` a place in the sort's words, UNSET: it was found not to be known (a place not resolved).
    Of two facts of one organisation with one day the one given first holds.
    """

    organisation: Ints
    since: Ints
    value: Ints

    def __post_init__(self) -> None:
        """Raises: ColumnsInvalid."""
        check_types(self, ("organisation", "since", "value"), np.int64, len(self.organisation))
        require("since", within_days(self.since))


@dataclass(frozen=True, eq=False)
class OrganisationColumns:
    """Organisations that were not merged into another. Raises: ColumnsInvalid.

    `id`: unique. `founded`: the day, UNSET if not known.
    `statuses`, `kinds`: facts with places in STATUSES and KINDS, never UNSET.
    `sectors`, `communes`: facts with places in a SectorTable and a CommuneTable.
    """

    id: Ints
    founded: Ints
    statuses: FactColumns
    kinds: FactColumns
    sectors: FactColumns
    communes: FactColumns

    def __len__(self) -> int:
        return len(self.id)

    def __post_init__(self) -> None:
        check_types(self, ("id", "founded"), np.int64, len(self))
        require("id", len(np.unique(self.id)) == len(self))
        require("founded", within_days(self.founded))
        for name in ("statuses", "kinds", "sectors", "communes"):
            facts = getattr(self, name)
            require(name, isinstance(facts, FactColumns) and known(facts.organisation, self.id))
        require("statuses", within(self.statuses.value, 0, len(STATUSES) - 1))
        require("kinds", within(self.kinds.value, 0, len(KINDS) - 1))


@dataclass(frozen=True, eq=False)
class LinkageColumns:
    """Linkages, seller to buyer, as of their merges: no one links with itself.

    Raises: ColumnsInvalid.

    `id`: unique. `seller`, `buyer`: ids of organisations.
    `commodity`: the place in the CommodityColumns; UNSET where the register's word is not in it.
    `starts`, `ends`: both included; `ends` UNSET: no end. `terminated_on`: the first day on which
    it is no longer in force. `counts`: its state is one in which its dates decide (agreed, in
    force, ended, terminated). `declared`: it counts without a further proof (agreed on the
    platform, in the register, or declared with its contract's number).
    `confirmed_on`, `verified_on`: days. `quantity`: 1 or more base units, UNSET if not stated;
    `measure`: the place in MEASURES, UNSET just where the quantity is.
    """

    id: Ints
    seller: Ints
    buyer: Ints
    commodity: Ints
    starts: Ints
    ends: Ints
    terminated_on: Ints
    counts: Flags
    declared: Flags
    confirmed_on: Ints
    verified_on: Ints
    quantity: Ints
    measure: Ints

    def __len__(self) -> int:
        return len(self.id)

    def __post_init__(self) -> None:
        flags = ("counts", "declared")
        ints = tuple(name for name in self.__dataclass_fields__ if name not in flags)
        check_types(self, ints, np.int64, len(self))
        check_types(self, flags, np.bool_, len(self))
        require("id", len(np.unique(self.id)) == len(self))
        require("buyer", bool((self.seller != self.buyer).all()))
        require("starts", within(self.starts, FIRST_DAY, LAST_DAY))
        for name in ("ends", "terminated_on", "confirmed_on", "verified_on"):
            require(name, within_days(getattr(self, name)))
        require("ends", bool(((self.ends == UNSET) | (self.starts <= self.ends)).all()))
        require("commodity", within(self.commodity, UNSET, None))
        require("quantity", bool(((self.quantity == UNSET) | (self.quantity >= 1)).all()))
        require("measure", within(self.measure, UNSET, len(MEASURES) - 1))
        require("measure", bool(((self.measure == UNSET) == (self.quantity == UNSET)).all()))


def ordinal(day: date | None) -> int:
    """The day's number, UNSET for none.

    >>> ordinal(date(2025, 12, 31)), ordinal(None)
    (739616, -1)
    """
    return UNSET if day is None else day.toordinal()


def within(column: Ints, low: int, high: int | None) -> bool:
    """Whether every value is from `low` to `high` (None: no bound)."""
    return bool((column >= low).all() and (high is None or (column <= high).all()))


def within_days(column: Ints) -> bool:
    """Whether every value is a day or UNSET."""
    return bool(((column == UNSET) | ((column >= FIRST_DAY) & (column <= LAST_DAY))).all())


def known(ids: Ints, among: Ints) -> bool:
    """Whether every id is one of `among`."""
    return bool(np.isin(ids, among).all())


def check_types(columns: object, names: tuple[str, ...], kind: type, length: int) -> None:
    """Raises: ColumnsInvalid, unless each named field is an array of `length` of that kind."""
    for name in names:
        column = getattr(columns, name)
        require(
            name,
            isinstance(column, np.ndarray) and column.dtype == kind and column.shape == (length,),
        )


def require(name: str, holds: bool) -> None:
    """Raises: ColumnsInvalid, naming the column, unless it holds."""
    if not holds:
        raise ColumnsInvalid(f"column {name}: wrong type, length or values")
