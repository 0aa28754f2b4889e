"""What comes out: matches as columns, and each one as a row of plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from linkage.matching.columns import Ints
from linkage.matching.rules import Facts
from linkage.matching.weights import FACTORS

_FACTS = tuple(field.name for field in fields(Facts))


@dataclass(frozen=True, slots=True)
class Match:
    """One (offer, need) pair that stands; `offer` and `need` are ids, `score` is out of 10,000.

    `facts` are the numbers behind the factors (see `rules.Facts`), for `words`.
    """

    offer: int
    need: int
    score: int
    factors: Mapping[str, int]
    facts: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Matches:
    """Matches as columns, in the order of the side asked for, each one's best first.

    `offer_row` and `need_row` are places in the columns given; `factors[i]` holds the eight
    factors of match i in the order of FACTORS; `version` is that of the weights.
    """

    version: str
    offer_row: Ints
    need_row: Ints
    offer_id: Ints
    need_id: Ints
    score: Ints
    factors: npt.NDArray[np.int64]
    facts: Facts

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, place: int) -> Match:
        return Match(
            offer=int(self.offer_id[place]),
            need=int(self.need_id[place]),
            score=int(self.score[place]),
            factors=dict(zip(FACTORS, self.factors[place].tolist(), strict=True)),
            facts={name: int(getattr(self.facts, name)[place]) for name in _FACTS},
        )

    def at(self, places: Ints) -> Matches:
        """Those at these places, in this order."""
        facts = Facts(**{name: getattr(self.facts, name)[places] for name in _FACTS})
        columns = ("offer_row", "need_row", "offer_id", "need_id", "score", "factors")
        taken = {name: getattr(self, name)[places] for name in columns}
        return Matches(version=self.version, facts=facts, **taken)

    def __iter__(self) -> Iterator[Match]:
        return (self[place] for place in range(len(self)))
