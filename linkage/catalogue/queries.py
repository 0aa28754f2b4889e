"""What the catalogue answers: a unit by its code, the words of a register, what becomes what.

Each index of words is loaded once, then is pure. Words are compared by `text.spelling_key`: case,
spaces and tone placement folded, marks kept; hyphens are spaces. A word that names two things
finds nothing: it is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache

from linkage.catalogue.models import (
    Certification,
    Commodity,
    CommoditySynonym,
    Harvest,
    LinkageForm,
    OcopProduct,
    Sector,
    Transformation,
    Unit,
)
from linkage.catalogue.seasons import months_of
from linkage.catalogue.units import Measure, QuantityNotExact, QuantityOutOfRange, to_base
from linkage.errors import ValueUnknown
from linkage.text import identity_key, spelling_key

_SIZED = re.compile(r"(?P<unit>\D+?)[\s(/]*(?P<size>\d[\d.,]*)\s*(?P<of>[^\W\d_]+)\s*\)?")
_NUMBER = re.compile(r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+)(?:,(?P<part>\d+))?")
_FORM = re.compile(
    r"(?:(?:hình thức|hình thức liên kết|ht|điều 4|đ4)[\s.,:số]*)?"
    r"(?:(?:khoản|k)[\s.]*)?(?P<number>[1-7])(?:[\s.,]*(?:điều|đ)[\s.]*4)?"
)


def unit(code: str, *, field: str) -> Unit:
    """Return the unit of the code. Raises: ValueUnknown, naming the `field` that holds the code."""
    found = Unit.objects.filter(pk=code).first()
    if found is None:
        raise ValueUnknown(field=field)
    return found


# The tree's words are read anew for every product that somebody writes.
@lru_cache(maxsize=4_096)
def _key(text: str) -> str:
    return spelling_key(text.replace("-", " ").strip(" .,;:"))


class _Words:
    """Words and the codes they name."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, set[str]] = {}
        for word, code in pairs:
            self._codes.setdefault(_key(word), set()).add(code)

    def find(self, text: str) -> str | None:
        codes = self._codes.get(_key(text), set())
        return next(iter(codes)) if len(codes) == 1 else None


class CommodityIndex:
    """Commodities by name, else by synonym or code."""

    def __init__(self, names: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]) -> None:
        self._names = _Words(names)
        self._others = _Words(others)

    @classmethod
    def load(cls) -> CommodityIndex:
        """Read names and synonyms, in two queries."""
        rows = list(Commodity.objects.values_list("code", "name_vi", "name_en"))
        synonyms = CommoditySynonym.objects.values_list("name", "commodity_id")
        others = [(word, code) for code, _, name_en in rows for word in (code, name_en)]
        return cls([(name, code) for code, name, _ in rows], [*synonyms, *others])

    def find(self, text: str) -> str | None:
        """Return the code of the commodity that `text` names, or None."""
        return self._names.find(text) or self._others.find(text)


class SectorIndex:
    """Sectors by name, synonym or code."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._words = _Words(pairs)

    @classmethod
    def load(cls) -> SectorIndex:
        """Read the sectors, in one query."""
        rows = Sector.objects.values_list("code", "name_vi", "name_en", "synonyms")
        return cls(
            (word, code) for code, vi, en, others in rows for word in (code, vi, en, *others)
        )

    def find(self, text: str) -> str | None:
        """Return the code of the sector that `text` names, or None."""
        return self._words.find(text)


class CertificationIndex:
    """Certifications by code, else by name or synonym."""

    def __init__(self, codes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> None:
        self._codes = _Words((code, code) for code in codes)
        self._words = _Words(pairs)

    @classmethod
    def load(cls) -> CertificationIndex:
        """Read the certifications, in one query."""
        columns = ("code", "name_vi", "name_en", "synonyms")
        rows = list(Certification.objects.values_list(*columns))
        words = ((word, code) for code, vi, en, others in rows for word in (vi, en, *others))
        return cls([code for code, *_names in rows], words)

    def find(self, text: str) -> str | None:
        """Return the code of the certification that `text` names, or None."""
        return self._codes.find(text) or self._words.find(text)


class UnitIndex:
    """Units by name, synonym or code, and sized ones with their size ("bao 50 kg")."""

    def __init__(self, rows: Iterable[tuple[Measure, Iterable[str]]]) -> None:
        self._rows = {measure.code: (measure, tuple(words)) for measure, words in rows}
        self._words = _Words(
            (word, code) for code, (_, words) in self._rows.items() for word in (code, *words)
        )

    @classmethod
    def load(cls) -> UnitIndex:
        """Read the units, in one query."""
        rows = Unit.objects.values_list(
            "code", "dimension", "base_units", "name_vi", "name_en", "synonyms"
        )
        return cls(
            (Measure(code, dimension, base), (vi, en, *others))
            for code, dimension, base, vi, en, others in rows
        )

    def find(self, text: str) -> Measure | None:
        """Return the measure that `text` names, or None."""
        code = self._words.find(text)
        return self._rows[code][0] if code else self._find_sized(text)

    def amount(self, base_units: int, code: str) -> tuple[Decimal, str]:
        """How many of a unit so many base units are, and its name.

        A sack's size is not kept, so of it the plainest unit of its dimension is given.
        """
        measure, words = self._rows[code]
        if measure.base_units is None:
            same = (one for one in self._rows.values() if one[0].dimension == measure.dimension)
            measure, words = max(
                (one for one in same if one[0].base_units in (1, 1000)),
                key=lambda one: one[0].base_units or 0,
            )
        return Decimal(base_units) / (measure.base_units or 1), words[0]

    def _find_sized(self, text: str) -> Measure | None:
        written = _SIZED.fullmatch(identity_key(text).strip(" ."))
        if not written:
            return None
        unit, of = self._words.find(written["unit"]), self._words.find(written["of"])
        size = _read_size(written["size"])
        if unit is None or of is None or size is None or self._rows[unit][0].base_units is not None:
            return None
        inner = self._rows[of][0]
        if inner.base_units is None:
            return None
        try:
            base_units = to_base(size, inner)
        except (QuantityNotExact, QuantityOutOfRange):
            return None
        return Measure(unit, inner.dimension, base_units) if base_units > 0 else None


def _read_size(text: str) -> Decimal | None:
    """Read a number the Vietnamese way: dot for thousands, comma for decimals."""
    number = _NUMBER.fullmatch(text)
    if not number:
        return None
    return Decimal(f"{number['whole'].replace('.', '')}.{number['part'] or '0'}")


class FormIndex:
    """The forms of linkage by number or name: "Hình thức 5", "5", "HT5", "Điều 4 khoản 5"."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        forms = list(rows)
        self._numbers = frozenset(number for number, _, _ in forms)
        self._words = _Words(
            (word, str(number)) for number, vi, en in forms for word in (vi, en) if word
        )

    @classmethod
    def load(cls) -> FormIndex:
        """Read the forms, in one query."""
        return cls(LinkageForm.objects.values_list("number", "name_vi", "name_en"))

    def find(self, text: str) -> int | None:
        """Return the number (1 to 7) of the form that `text` names, or None."""
        written = _FORM.fullmatch(identity_key(text).replace("-", " ").strip(" .,;:"))
        if written and int(written["number"]) in self._numbers:
            return int(written["number"])
        named = self._words.find(text)
        return int(named) if named else None


def transformations() -> list[Transformation]:
    """What becomes what, with both commodities, by their codes; one query.

    A yield is mass out over mass in, above 0 and at most 1: `yield_num` over `yield_den`, both
    None where no source gives it. A row of a broader commodity serves those below it that have no
    row of their own to the same product.
    """
    rows = Transformation.objects.select_related("from_commodity", "to_commodity")
    return list(rows.order_by("from_commodity_id", "to_commodity_id"))


def harvest_months() -> dict[str, tuple[int, ...]]:
    """The months (1 to 12, in the year's order) in which commodities are harvested, by code.

    A commodity that is missing is unknown, not out of season. One query.
    """
    rows = Harvest.objects.order_by("commodity_id").values_list("commodity_id", "months")
    return {code: months_of(bits) for code, bits in rows}


def ocop_products(of: Collection[str]) -> list[OcopProduct]:
    """The OCOP products of these commodities, as published; most stars first, then by name."""
    rows = OcopProduct.objects.filter(commodity__in=sorted(of))
    return list(rows.order_by("-stars", "name", "holder", "year", "id"))
