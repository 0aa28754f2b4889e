"""Whom suggestions reach: measures over co-ops, and what the preference costs in score. Exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linkage.matching.columns import Flags, Ints
from linkage.matching.matches import Matches
from linkage.matching.weights import FULL, Weights


@dataclass(frozen=True, eq=False)
class CoOps:
    """The co-ops, one place each: `id`, whether it is unlinked, small, and has a feasible partner.

    Raises: ValueError, if an id stands there twice or the columns are not of one length.
    """

    id: Ints
    unlinked: Flags
    small: Flags
    has_partner: Flags

    def __post_init__(self) -> None:
        columns = (self.unlinked, self.small, self.has_partner)
        if len(np.unique(self.id)) != len(self.id):
            raise ValueError("a co-op stands there twice")
        if any(column.shape != self.id.shape for column in columns):
            raise ValueError("a value for each co-op")


@dataclass(frozen=True, slots=True)
class Part:
    """A group's suggestions of all, and its co-ops of all: two shares to hold side by side."""

    suggestions: int
    of_suggestions: int
    co_ops: int
    of_co_ops: int

    @property
    def ratio(self) -> Fraction | None:
        """Its share of suggestions over its share of co-ops; None where either is of nothing."""
        if not (self.of_suggestions and self.co_ops):
            return None
        share = Fraction(self.suggestions, self.of_suggestions)
        return share / Fraction(self.co_ops, self.of_co_ops)


@dataclass(frozen=True, slots=True)
class Fairness:
    """`nobody`: co-ops shown to nobody; `overlooked`: of these, with a feasible partner.

    `gini` of exposure in [0, 1], 0 if all are shown equally often; `most` and `least` often.
    """

    co_ops: int
    nobody: int
    overlooked: int
    gini: Fraction
    most: int
    least: int
    unlinked: Part
    small: Part


def fairness(shown: Ints, co_ops: CoOps) -> Fairness:
    """The measures. `shown`: the organisation of each suggestion made to somebody.

    Suggestions of others than co-ops do not count.
    """
    order = np.argsort(co_ops.id, kind="stable")
    ids = co_ops.id[order]
    place = np.minimum(np.searchsorted(ids, shown), max(0, len(ids) - 1))
    own = order[place[ids[place] == shown]] if len(ids) else order
    exposure = np.bincount(own, minlength=len(ids))[: len(ids)].astype(np.int64)
    return Fairness(
        co_ops=len(ids),
        nobody=int((exposure == 0).sum()),
        overlooked=int(((exposure == 0) & co_ops.has_partner).sum()),
        gini=gini(exposure),
        most=int(exposure.max(initial=0)),
        least=int(exposure.min(initial=exposure.max(initial=0))),
        unlinked=_part(exposure, co_ops.unlinked),
        small=_part(exposure, co_ops.small),
    )


def gini(exposure: Ints) -> Fraction:
    """The Gini coefficient of whole numbers that are not negative; 0 of nothing.

    >>> gini(np.array([1, 1, 1])), gini(np.array([0, 0, 0, 8]))
    (Fraction(0, 1), Fraction(3, 4))
    """
    values = np.sort(exposure).tolist()
    count, total = len(values), sum(values)
    if not total:
        return Fraction(0)
    ranked = sum(rank * value for rank, value in enumerate(values, start=1))
    return Fraction(2 * ranked, count * total) - Fraction(count + 1, count)


def preference_cost(preferred: Matches, plain: Matches, weights: Weights) -> Fraction:
    """What the preference costs on average a suggestion, out of 10,000.

    Both are the best of the same posts: `preferred` by the weights in use, `plain` by `weights`,
    which have none for the preference (`Weights.preferring`); both are valued by the latter. Never
    negative.
    Raises: ValueError, if they are not as many.
    """
    if len(preferred) != len(plain):
        raise ValueError("the same posts have as many matches by any weights")
    if not len(plain):
        return Fraction(0)
    values = [
        (found.factors @ np.array(weights.as_tuple())) // FULL for found in (plain, preferred)
    ]
    return Fraction(int(values[0].sum() - values[1].sum()), len(plain))


def _part(exposure: Ints, inside: Flags) -> Part:
    return Part(
        suggestions=int(exposure[inside].sum()),
        of_suggestions=int(exposure.sum()),
        co_ops=int(inside.sum()),
        of_co_ops=len(exposure),
    )
