"""How much each soft factor counts: integers out of 10,000, under a version."""

from __future__ import annotations

from dataclasses import dataclass, fields

# A factor, a sum of weights and a score are integers out of this.
FULL = 10_000
NEUTRAL = 5_000


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each factor; they sum to 10,000. Other weights are another version.

    Raises: ValueError, if they do not, or one is negative.

    >>> Weights(version="nearest", quantity=0, window=0, nearness=10_000, commodity=0,
    ...         certificates=0, freshness=0, standing=0, preference=0).nearness
    10000
    """

    version: str
    quantity: int
    window: int
    nearness: int
    commodity: int
    certificates: int
    freshness: int
    standing: int
    preference: int

    def __post_init__(self) -> None:
        if sum(self.as_tuple()) != FULL or min(self.as_tuple()) < 0:
            raise ValueError("weights are not negative and sum to 10,000")

    def as_tuple(self) -> tuple[int, ...]:
        """The weights in the order of FACTORS."""
        return tuple(int(getattr(self, name)) for name in FACTORS)

    def preferring(self, preference: int) -> Weights:
        """These weights with another one for the preference, under a version that says so.

        The others keep their proportions: each is rounded down, and what is missing to 10,000 goes
        by one to those that lost most by it, the first where they lost as much.
        Raises: ValueError, if it is negative or over 10,000, or there is nothing to share out to.

        >>> WEIGHTS.preferring(1_000).as_tuple(), WEIGHTS.preferring(1_000).version
        ((2250, 1688, 1688, 1125, 562, 562, 1125, 1000), '1-p1000')
        """
        if preference == self.preference:
            return self
        whole, rest = FULL - self.preference, FULL - preference
        if not whole:
            raise ValueError("the preference is all there is")
        names = [name for name in FACTORS if name != "preference"]
        parts = {name: divmod(getattr(self, name) * rest, whole) for name in names}
        missing = rest - sum(part for part, _lost in parts.values())
        one_more = sorted(names, key=lambda name: -parts[name][1])[:missing]
        others = {name: part + (name in one_more) for name, (part, _lost) in parts.items()}
        return Weights(f"{self.version}-p{preference}", **others, preference=preference)


FACTORS = tuple(field.name for field in fields(Weights) if field.name != "version")

WEIGHTS = Weights(
    version="1",
    quantity=2_000,
    window=1_500,
    nearness=1_500,
    commodity=1_000,
    certificates=500,
    freshness=500,
    standing=1_000,
    preference=2_000,
)
