"""Units of goods, of time and of land behind a number.

Goods are the units of the reference data; sacks and boxes count only with their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkage.catalogue.units import Measure
from linkage.market.quickpost.phrases import Match, Phrases
from linkage.market.quickpost.tokens import Token, fold
from linkage.reference.files import UnitRow

# Words for units that the reference has under another word, or that people shorten.
_SHORTHAND = (
    ("ki", "kg"), ("ky", "kg"), ("kilo", "kg"), ("kí lô", "kg"), ("ký lô", "kg"), ("lits", "lit"),
    ("hột", "qua"), ("q", "qua"), ("khóm", "cay"),
)  # fmt: skip
# Units that people write without marks in a marked text too: "2 tan bí xanh". Not "can", which
# is a can there.
_WITHOUT_MARKS = frozenset(
    {
        "tan",
        "ta",
        "yen",
        "ky",
        "ki",
        "qua",
        "trai",
        "lit",
        "chuc",
        "cay",
        "canh",
        "cai",
        "lang",
        "khoi",
    }
)
_CONTAINERS = (
    "bao", "thùng", "chai", "túi", "hộp", "can", "sọt", "rổ", "khay", "lọ", "hũ", "gói", "két",
    "vỉ", "bịch", "xô",
)  # fmt: skip
_PERIODS = (
    ("ngày", "day"), ("hôm", "day"), ("sáng", "day"), ("ng", "day"),
    ("tuần", "week"), ("tháng", "month"), ("tuan", "week"), ("thang", "month"),
    ("th", "month"), ("năm", "year"), ("vụ", "season"), ("lứa", "season"),
)  # fmt: skip
_AREAS = (
    ("ha", "ha"), ("hecta", "ha"), ("héc ta", "ha"), ("hec ta", "ha"), ("héc-ta", "ha"),
    ("sào", "sao"), ("mẫu", "mau"),
)  # fmt: skip
# In the delta of the Red River a mẫu is ten sào; a hectare is no whole number of either.
SAO_IN_MAU = 10
# One letter, and words that mean something else too, say a unit only where they touch a number.
_GLUED_ONLY = frozenset({"t", "l", "g", "q"})


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens up to `last` (not included) that are a unit of goods; `name` as people read it."""

    last: int
    measure: Measure
    name: str

    @property
    def sized(self) -> bool:
        """Whether it needs its size: a sack, a box."""
        return self.measure.base_units is None


@dataclass(frozen=True)
class Units:
    """The lists of units, ready for look-up."""

    goods: Phrases[tuple[str, str]]
    containers: Phrases[str]
    periods: Phrases[str]
    areas: Phrases[str]
    rows: dict[str, UnitRow]
    marked: bool = False

    @classmethod
    def of(cls, rows: Sequence[UnitRow]) -> Units:
        """Build them from the reference data."""
        by_code = {row.code: row for row in rows}
        words = [
            (word, row.code)
            for row in rows
            if not row.sized
            for word in (row.name_vi, row.code, *row.synonyms)
        ]
        words += [(word, code) for word, code in _SHORTHAND]
        named = [(word, (code, _name(by_code[code], word))) for word, code in words]
        bare = [(fold(word), meant) for word, meant in named if fold(word) in _WITHOUT_MARKS]
        return cls(
            Phrases([*named, *bare]),
            Phrases((word, word) for word in _CONTAINERS),
            Phrases(_PERIODS),
            Phrases(_AREAS),
            by_code,
        )

    def measure(self, code: str) -> Measure:
        """The measure of a unit's row."""
        row = self.rows[code]
        return Measure(row.code, row.dimension, row.base_units)

    def at(self, tokens: Sequence[Token], first: int, *, after_number: bool = True) -> Unit | None:
        """The unit of goods that begins at a token; a container has no base units."""
        if first >= len(tokens) or not tokens[first].is_word:
            return None
        found = self.goods.at(tokens, first, marked=self.marked)
        if found is not None and _stands_alone(tokens, first, found.last, after_number):
            code, name = found.value
            return Unit(found.last, self.measure(code), name)
        box = self.containers.at(tokens, first, marked=False)
        if box is not None:
            return Unit(box.last, Measure(box.value, "", None), box.value)
        return None

    def _at(self, phrases: Phrases[str], tokens: Sequence[Token], first: int) -> Match[str] | None:
        if first >= len(tokens):
            return None
        return phrases.at(tokens, first, marked=self.marked)

    def period_at(self, tokens: Sequence[Token], first: int) -> tuple[str, int] | None:
        """The period that begins at a token and where it ends."""
        found = self._at(self.periods, tokens, first)
        if found is None or (found.value == "year" and _is_a_year(tokens, found.last)):
            return None
        return found.value, found.last

    def area_at(self, tokens: Sequence[Token], first: int) -> tuple[str, int] | None:
        """The measure of land that begins at a token and where it ends."""
        found = self._at(self.areas, tokens, first)
        return None if found is None else (found.value, found.last)


def _is_a_year(tokens: Sequence[Token], at: int) -> bool:
    """Whether a year has its number here: "hàng năm 2026" is no rate."""
    return at < len(tokens) and len(tokens[at].fold) == 4 and tokens[at].fold.startswith("20")


def _name(row: UnitRow, word: str) -> str:
    """A unit as people read it: pieces by the word that was chosen, the others by their name."""
    if row.code == "kg":
        return "kg"
    spoken = row.dimension == "count" and len(word) > 2 and word != row.code
    return word if spoken else row.name_vi


def _stands_alone(tokens: Sequence[Token], first: int, last: int, after_number: bool) -> bool:
    """Whether what looks like a unit is one: "t" in "2t", "g" in "500g", not in words."""
    if tokens[first].fold in _GLUED_ONLY and last == first + 1:
        return tokens[first].glued or after_number
    return True
