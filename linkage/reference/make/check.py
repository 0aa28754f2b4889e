"""Check the lists kept by hand, and keep them sorted.

    python -m linkage.reference.make.check [--sort]

Prints one line for each fault and exits 1 if there is any. With --sort the lists are put in order
first; an order that carries meaning (plan, decree, sectors) is left alone.
"""

from __future__ import annotations

import argparse
import csv
import sys
import unicodedata
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from linkage.reference.make.communes import DATA, nfc_rows, write_rows

Rows = list[dict[str, str]]
Tables = dict[str, Rows]
Check = Callable[[Tables], Iterator[str]]
ORDER: dict[str, tuple[str, ...]] = {
    "certifications.csv": ("code",),
    "certification_satisfies.csv": ("certification", "satisfies"),
    "commodities.csv": ("code",),
    "earlier_places.csv": ("kind_of_place", "former_province", "former_district", "name"),
    "harvest_months.csv": ("commodity",),
    "ocop_products.csv": ("year", "name", "holder"),
    "transformations.csv": ("from_commodity", "to_commodity"),
    "units.csv": ("code",),
}
DIMENSIONS = {"mass", "volume", "count"}
PROCESSING = {"first_processing", "processing"}
STAGES = {"inputs", "production", *PROCESSING}
STARS = {"3", "4", "5"}
# What a holder that is neither a household nor a person is called; folded.
ORGANISATIONS = ("hop tac xa", "cong ty", "cooperative", "company")


def folded(text: str) -> str:
    """Return the text without marks, in lower case, with single spaces between its words.

    >>> folded("Cà-rốt  Đỏ")
    'ca rot do'
    """
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)
    )
    bare = bare.lower().replace("đ", "d")
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())


def in_order(name: str, rows: Rows) -> Rows:
    """Return the rows as `ORDER` wants them; districts come before communes."""
    keys = ORDER[name]
    if name == "earlier_places.csv":
        rows = [{**row, "kind_of_place": _RANK[row["kind_of_place"]]} for row in rows]
    rows = sorted(rows, key=lambda row: [row[key] for key in keys])
    if name == "earlier_places.csv":
        rows = [{**row, "kind_of_place": _KIND[row["kind_of_place"]]} for row in rows]
    return rows


_RANK = {"district": "0", "commune": "1"}
_KIND = {rank: kind for kind, rank in _RANK.items()}


def same_word_twice(rows: Rows) -> Iterator[str]:
    """Yield the names and synonyms that two rows share once marks and case are off."""
    owner: dict[str, str] = {}
    for row in rows:
        words = [row["name_vi"], *filter(None, row["synonyms"].split("|"))]
        for word in {folded(word) for word in words}:
            if owner.setdefault(word, row["code"]) != row["code"]:
                yield f"{word!r} names both {owner[word]} and {row['code']}"


def commodity_faults(rows: Rows) -> Iterator[str]:
    """Yield what breaks the tree: a missing parent, a wrong level, an unknown word."""
    level = {row["code"]: int(row["level"]) for row in rows}
    if len(level) != len(rows):
        yield "a code is used twice"
    for row in rows:
        above = level.get(row["parent_code"], 0)
        if row["parent_code"] and not above:
            yield f"{row['code']}: no parent {row['parent_code']}"
        if level[row["code"]] != above + 1:
            yield f"{row['code']}: level {row['level']} under level {above}"
        if row["dimension"] not in DIMENSIONS or row["stage"] not in STAGES:
            yield f"{row['code']}: {row['dimension']}, {row['stage']}"
    yield from same_word_twice(rows)


def unit_faults(rows: Rows) -> Iterator[str]:
    """Yield units that are neither an exact positive integer nor sized."""
    for row in rows:
        sized = row["sized"] == "yes"
        if sized == bool(row["base_units"]) or row["dimension"] not in DIMENSIONS:
            yield f"{row['code']}: {row['base_units']!r}, sized {row['sized']}"
        elif not sized and not (row["base_units"].isdecimal() and int(row["base_units"]) > 0):
            yield f"{row['code']}: {row['base_units']!r} is no positive integer"
    yield from same_word_twice(rows)


def place_faults(rows: Rows, former: Rows) -> Iterator[str]:
    """Yield earlier places that lead nowhere, lead to themselves or hide a place of mid-2025."""
    known = {
        (row["former_province"], row["former_district"], row["former_commune"]) for row in former
    }
    districts = {place[:2] for place in known}
    for row in rows:
        province, name = row["former_province"], f"{row['name']}, {row['former_district']}"
        end = (province, row["becomes_district"], row["becomes_name"])
        if row["kind_of_place"] == "commune":
            if end not in known:
                yield f"{name}: no commune of mid-2025 {end}"
            if (province, row["former_district"], row["name"]) in known:
                yield f"{name}: still a commune of mid-2025"
        elif end[:2] not in districts or row["becomes_name"] != row["becomes_district"]:
            yield f"{name}: no district of mid-2025 {end}"


def transformation_faults(rows: Rows, codes: set[str]) -> Iterator[str]:
    """Yield what no commodity can become: an unknown end, itself, too much, itself by a way round.

    `codes` are the commodities' codes. A missing yield needs a note that says why.
    """
    ways: dict[str, set[str]] = {}
    for row in rows:
        made_from, made = row["from_commodity"], row["to_commodity"]
        name = f"{made_from} to {made}"
        yield from (f"{name}: no commodity {end}" for end in (made_from, made) if end not in codes)
        if made_from == made:
            yield f"{name}: both ends are one"
        if made in ways.setdefault(made_from, set()):
            yield f"{name}: listed twice"
        ways[made_from].add(made)
        if row["stage"] not in PROCESSING:
            yield f"{name}: stage {row['stage']!r}"
        yield from (f"{name}: {fault}" for fault in yield_faults(row))
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        yield f"a cycle: {', '.join(error.args[1])}"


def yield_faults(row: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with one yield: it is two whole numbers, above 0 and at most 1."""
    parts = (row["yield_num"], row["yield_den"])
    if parts == ("", ""):
        if not row["note"]:
            yield "no yield, and no note why"
    elif not all(part.isdecimal() for part in parts) or not 0 < int(parts[0]) <= int(parts[1]):
        yield f"the yield {'/'.join(parts)} is not above 0 and at most 1"


def harvest_faults(rows: Rows, stages: dict[str, str]) -> Iterator[str]:
    """Yield what is never harvested, is listed twice or has months outside the year.

    `stages` are the commodities' stages by their codes.
    """
    seen: set[str] = set()
    for row in rows:
        code, months = row["commodity"], row["months"].split("|")
        if stages.get(code) != "production":
            yield f"{code}: not a commodity of production"
        if code in seen:
            yield f"{code}: listed twice"
        seen.add(code)
        if not set(months) <= {str(month) for month in range(1, 13)}:
            yield f"{code}: months outside the year, {row['months']!r}"
        if len(months) != len(set(months)):
            yield f"{code}: a month twice, {row['months']!r}"


def ocop_faults(rows: Rows, codes: set[str]) -> Iterator[str]:
    """Yield OCOP products listed twice, with other stars, or held by no organisation.

    `codes` are the commodities' codes.
    """
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        name, holder = row["name"], folded(row["holder"])
        key = (folded(name), holder, row["year"])
        if key in seen:
            yield f"{name}: listed twice"
        seen.add(key)
        if row["stars"] not in STARS:
            yield f"{name}: {row['stars']} stars"
        if row["commodity"] and row["commodity"] not in codes:
            yield f"{name}: no commodity {row['commodity']}"
        if row["year"] and not (row["year"].isdecimal() and len(row["year"]) == 4):
            yield f"{name}: year {row['year']!r}"
        if holder and not any(word in holder for word in ORGANISATIONS):
            yield f"{name}: held by no organisation, {row['holder']!r}"


def faults(folder: Path) -> Iterator[str]:
    """Yield every fault of the folder's lists, each with its file's name."""
    tables = {path.name: nfc_rows(path)[1] for path in sorted(folder.glob("*.csv"))}
    listed = {row["file"] for row in tables["SOURCES.csv"]}
    for name, rows in tables.items():
        if name not in listed and name != "SOURCES.csv":
            yield f"{name}: not in SOURCES.csv"
        if name in ORDER and rows != in_order(name, rows):
            yield f"{name}: not sorted"
        for number, row in enumerate(rows, start=2):
            if not row.get("source", "-"):
                yield f"{name}, line {number}: no source"
    for name, check in CHECKS:
        yield from (f"{name}: {fault}" for fault in check(tables))


def _of(name: str, check: Callable[[Rows], Iterator[str]]) -> tuple[str, Check]:
    """A check that needs its own list only."""
    return name, lambda tables: check(tables[name])


def _codes(tables: Tables) -> set[str]:
    return set(_stages(tables))


def _stages(tables: Tables) -> dict[str, str]:
    return {row["code"]: row["stage"] for row in tables["commodities.csv"]}


CHECKS: tuple[tuple[str, Check], ...] = (
    _of("commodities.csv", commodity_faults),
    _of("units.csv", unit_faults),
    _of("certifications.csv", same_word_twice),
    _of("sectors.csv", same_word_twice),
    (
        "earlier_places.csv",
        lambda tables: place_faults(tables["earlier_places.csv"], tables["former_communes.csv"]),
    ),
    (
        "transformations.csv",
        lambda tables: transformation_faults(tables["transformations.csv"], _codes(tables)),
    ),
    (
        "harvest_months.csv",
        lambda tables: harvest_faults(tables["harvest_months.csv"], _stages(tables)),
    ),
    ("ocop_products.csv", lambda tables: ocop_faults(tables["ocop_products.csv"], _codes(tables))),
)


def main(argv: list[str] | None = None, folder: Path = DATA) -> int:
    """Run the check; 1 if a list has a fault, 2 if a file cannot be read."""
    parser = argparse.ArgumentParser(description="Check the lists kept by hand.")
    parser.add_argument("--sort", action="store_true", help="put the lists in order first")
    arguments = parser.parse_args(argv)
    try:
        if arguments.sort:
            for name in ORDER:
                header, rows = nfc_rows(folder / name)
                write_rows(folder / name, header, in_order(name, rows))
        found = list(faults(folder))
    except (OSError, KeyError, ValueError, csv.Error) as error:
        sys.stderr.write(f"cannot read the lists: {error!r}\n")
        return 2
    for fault in found:
        sys.stdout.write(fault + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
