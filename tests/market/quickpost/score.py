"""Scores a file of labelled posts by field: right, wrong, left out, invented.

A line of the file: {"text": ..., "today": "YYYY-MM-DD", "expected": {...}}, where `expected` has
the keys of the command that are not null; a key that it lacks must be null (or empty) in the
answer.

    python -m tests.market.quickpost.score FILE
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

FIELDS = (
    "side", "commodity", "quantity_kg", "quantity_litre", "quantity_count", "quantity_min", "per",
    "price_vnd_per_kg", "price_vnd", "price_unit", "certs", "place", "start", "end", "others",
)  # fmt: skip
# What must never be invented, and the harder goal.
QUANTITY_AND_PRICE = FIELDS[2:10]
RIGHT, WRONG, LEFT_OUT, INVENTED = "right", "wrong", "left out", "invented"


@dataclass(frozen=True)
class Miss:
    """A field that is not as expected."""

    text: str
    name: str
    expected: Any
    found: Any

    @property
    def how(self) -> str:
        if self.found in (None, []):
            return LEFT_OUT
        return INVENTED if self.expected in (None, []) else WRONG


@dataclass
class Score:
    """How many fields of each name came out how. Fields that are null on both sides do not count
    as fields: they would make any parser look good."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    posts: int = 0

    def add(self, text: str, expected: dict[str, Any], found: dict[str, Any]) -> None:
        self.posts += 1
        for name in FIELDS:
            want, got = expected.get(name), found[name]
            if not want and not got:
                continue
            if want == got:
                self.counts.setdefault(name, Counter())[RIGHT] += 1
                continue
            miss = Miss(text, name, want, got)
            self.counts.setdefault(name, Counter())[miss.how] += 1
            self.misses.append(miss)

    def share(self, names: Iterable[str] = FIELDS) -> tuple[int, int]:
        """Fields that are right, of all that are expected or answered."""
        counts = [self.counts.get(name, Counter()) for name in names]
        return sum(c[RIGHT] for c in counts), sum(sum(c.values()) for c in counts)

    def invented(self, names: Iterable[str] = QUANTITY_AND_PRICE) -> list[Miss]:
        """Values where none, or another one, is stated."""
        names = set(names)
        return [m for m in self.misses if m.name in names and m.how != LEFT_OUT]

    def lines(self) -> Iterator[str]:
        yield f"{self.posts} posts"
        for name in FIELDS:
            if name in self.counts:
                counts = ", ".join(f"{how} {n}" for how, n in sorted(self.counts[name].items()))
                yield f"  {name}: {counts}"
        for title, names in (("all fields", FIELDS), ("quantity and price", QUANTITY_AND_PRICE)):
            right, of = self.share(names)
            yield f"{title}: {right} of {of} ({right / max(1, of):.1%})"
        yield f"invented quantities and prices: {len(self.invented())}"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The labelled posts of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def score(path: Path) -> Score:
    """Read every post of a file and compare."""
    # Django must be ready before the market can be imported.
    from linkage.market.quickpost import of_reading, read

    total = Score()
    for line in read_lines(path):
        reading = read(line["text"], today=date.fromisoformat(line["today"]))
        total.add(line["text"], line["expected"], of_reading(reading))
    return total


def main(path: Path) -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    total = score(path)
    print("\n".join(total.lines()))
    for miss in total.misses:
        print(f"{miss.how}: {miss.name} {miss.expected!r} != {miss.found!r} in {miss.text!r}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
