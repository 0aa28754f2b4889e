"""The words of the two CSV files: commodities of the tree, units, certificates.

Words are compared by `text.spelling_key`: case, spaces and tone placement folded, marks kept, and
hyphens as spaces; a word that names two things names none.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from linkage.matching.tables import CertificateTable, TreeColumns
from linkage.matching.wrong import Unreadable
from linkage.text import spelling_key

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "data"
TREE_FILE = REFERENCE / "commodities.csv"

MEASURES = {"mass": 0, "volume": 1, "count": 2}
_SIZED = re.compile(r"(?P<unit>\D+?)[\s(/]*(?P<size>\d+(?:[.,]\d+)?)\s*(?P<of>[^\W\d_]+)\s*\)?")
_OCOP = re.compile(r"ocop ?(?P<stars>[1-5])(?: ?(?:sao|\*))?")
_OCOP_FAMILY = "OCOP"


def read_rows(path: Path, required: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV file, as `numbered_rows` reads them."""
    return [row for _, row in numbered_rows(path, required)]


def numbered_rows(path: Path, required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file (UTF-8, with or without a byte order mark) with their lines.

    Blank lines are left out; a cell that a row lacks is empty.
    Raises: Unreadable, if the file cannot be read, a required column is missing, or a row has
    more cells than the heading.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restval="")
            reader.fieldnames = names = [name.strip() for name in reader.fieldnames or ()]
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise Unreadable("no_file", file=path, why=error.strerror or error) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("no_csv", file=path, why=error) from error
    for name in required:
        if name not in names:
            raise Unreadable("missing_column", file=path, column=name)
    for line, row in rows:
        if len(row) > len(names):
            raise Unreadable("too_many_cells", file=path, row=line)
    return rows


def _key(text: str) -> str:
    return spelling_key(text.replace("-", " ").strip(" .,;:"))


class _Words:
    """Words and what they name: of several tiers the first that knows a word decides."""

    def __init__(self, *tiers: Iterable[tuple[str, str]]) -> None:
        self._tiers: list[dict[str, set[str]]] = []
        for pairs in tiers:
            named: dict[str, set[str]] = {}
            for word, code in pairs:
                named.setdefault(_key(word), set()).add(code)
            self._tiers.append(named)
        # Files say the same few words again and again.
        self._found: dict[str, str | None] = {}

    def find(self, text: str) -> str | None:
        if text not in self._found:
            self._found[text] = self._look_up(text)
        return self._found[text]

    def _look_up(self, text: str) -> str | None:
        key = _key(text)
        for named in self._tiers:
            codes = named.get(key, set())
            if key and len(codes) == 1:
                return next(iter(codes))
        return None


class Commodities:
    """The tree of a file in the form of the packaged one, and the words that lead into it."""

    def __init__(self, path: Path = TREE_FILE) -> None:
        """Raises: Unreadable, also for a parent that is not there and for a ring."""
        rows = read_rows(path, ("code", "parent_code", "name_vi", "synonyms"))
        self._places = {row["code"]: place for place, row in enumerate(rows)}
        self._words = _Words(
            ((row["name_vi"], row["code"]) for row in rows),
            ((row["code"], row["code"]) for row in rows),
            (
                (word, row["code"])
                for row in rows
                for word in (*row["synonyms"].split("|"), row.get("name_en", ""))
            ),
        )
        if len(self._places) != len(rows):
            raise Unreadable("bad_tree", file=path, why="code")
        try:
            parents = [self._places[up] if (up := row["parent_code"]) else -1 for row in rows]
            self.tree = TreeColumns.of_parents(parents)
        except (KeyError, ValueError) as error:
            raise Unreadable("bad_tree", file=path, why=error) from error

    def find(self, text: str) -> int | None:
        """The place in `tree` of the commodity that `text` names: a name, a code or a synonym."""
        code = self._words.find(text)
        return None if code is None else self._places[code]


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit: 0 mass, 1 volume or 2 count, and its size in base units."""

    measure: int
    base_units: Fraction


class Units:
    """The packaged units, and sized ones with their size ("bao 50 kg")."""

    def __init__(self) -> None:
        rows = read_rows(REFERENCE / "units.csv", ("code", "dimension", "base_units"))
        self._rows = {row["code"]: row for row in rows}
        self._words = _Words(
            (word, row["code"])
            for row in rows
            for word in (
                *(row["code"], row["name_vi"], row["name_en"]),
                *row["synonyms"].split("|"),
            )
        )

    def find(self, text: str) -> Measure | None:
        """The measure that `text` names; None also for a sack without its size."""
        code = self._words.find(text)
        return self._fixed(code) if code else self._sized(text)

    def _fixed(self, code: str | None) -> Measure | None:
        if code is None or not self._rows[code]["base_units"]:
            return None
        row = self._rows[code]
        return Measure(MEASURES[row["dimension"]], Fraction(row["base_units"]))

    def _sized(self, text: str) -> Measure | None:
        written = _SIZED.fullmatch(text.strip(" ."))
        if not written:
            return None
        unit, of = self._words.find(written["unit"]), self._fixed(self._words.find(written["of"]))
        size = Fraction(written["size"].replace(",", "."))
        if unit is None or self._rows[unit]["base_units"] or of is None or not size:
            return None
        return Measure(of.measure, of.base_units * size)


@dataclass
class Certificates:
    """Certificates by name, code or synonym, numbered as they are met.

    A word that the reference does not know is a certificate of its own, satisfied by itself only.
    """

    _words: _Words = field(init=False)
    _levels: dict[str, tuple[str, int]] = field(init=False, default_factory=dict)
    _numbers: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows = read_rows(REFERENCE / "certifications.csv", ("code", "family", "level", "synonyms"))
        self._words = _Words(
            (word, row["code"])
            for row in rows
            for word in (
                *(row["code"], row["name_vi"], row["name_en"]),
                *row["synonyms"].split("|"),
            )
        )
        self._levels = {
            row["code"]: (row["family"], int(row["level"])) for row in rows if row["level"]
        }

    def known(self, text: str) -> bool:
        """Whether the reference knows the word."""
        return self._words.find(text) is not None

    def number(self, text: str) -> int:
        """The number of the certificate that `text` names."""
        code = self._words.find(text) or self._stars(text) or f" {_key(text)}"
        return self._numbers.setdefault(code, len(self._numbers))

    def _stars(self, text: str) -> str | None:
        """OCOP has grades that the reference does not list; they are ordered all the same."""
        written = _OCOP.fullmatch(_key(text))
        if not written:
            return None
        code = f"{_OCOP_FAMILY}-{written['stars']}"
        self._levels.setdefault(code, (_OCOP_FAMILY, int(written["stars"])))
        return code

    def table(self) -> CertificateTable:
        """Who satisfies whom among those met: of one family the higher level the lower ones."""
        return CertificateTable.of_pairs(
            len(self._numbers), [*self._by_level(), *self._by_reference()]
        )

    def _by_level(self) -> Iterable[tuple[int, int]]:
        ordered = {
            number: self._levels[code]
            for code, number in self._numbers.items()
            if code in self._levels
        }
        for held, (family, level) in ordered.items():
            for asked, (other, lower) in ordered.items():
                if family == other and lower < level:
                    yield held, asked

    def _by_reference(self) -> Iterable[tuple[int, int]]:
        rows = read_rows(REFERENCE / "certification_satisfies.csv", ("certification", "satisfies"))
        for row in rows:
            held, asked = row["certification"], row["satisfies"]
            if held in self._numbers and asked in self._numbers:
                yield self._numbers[held], self._numbers[asked]
