"""Which side: an offer or a need, and what is no post at all.

Words that say a side outright come before words that only hint at one; of equals the first counts.
"Cần đầu ra", "cần tiêu thụ", "bao tiêu giúp" offer; "ai có" asks, "ai cần" offers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from linkage.market.quickpost.cues import MEANT, MEETINGS, NO_POST, STRONG, WEAK
from linkage.market.quickpost.tokens import Text


@dataclass(frozen=True, slots=True)
class Cue:
    """Characters `start` to `end` (not included) that say a side."""

    side: str
    start: int
    end: int
    strong: bool


def _compiled(rules: Sequence[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((side, re.compile(rf"\b{pattern}")) for side, pattern in rules)


_STRONG, _WEAK = _compiled(STRONG), _compiled(WEAK)


def trade_words(text: Text) -> str:
    """The folded text in which words that only look like words of trade are blanks."""
    folded = list(text.fold)
    for token in text.tokens:
        meant = MEANT.get(token.fold)
        if meant is None:
            continue
        without = token.bare and text.marked and token.fold not in meant
        if without or (not token.bare and token.written not in meant):
            folded[token.start : token.end] = "_" * (token.end - token.start)
    return "".join(folded)


def is_no_post(text: Text, words: str) -> bool:
    """Whether it is a meeting, a lesson, a question, news."""
    if any(token.written in MEETINGS for token in text.tokens):
        return True
    return any(pattern.search(words) for pattern in NO_POST)


def read_cues(words: str) -> list[Cue]:
    """Every word that says a side, where it stands; longer ones eat those inside them."""
    found: list[Cue] = []
    for strong, rules in ((True, _STRONG), (False, _WEAK)):
        for side, pattern in rules:
            for match in pattern.finditer(words):
                if not any(c.start < match.end() and match.start() < c.end for c in found):
                    found.append(Cue(side, match.start(), match.end(), strong))
    return sorted(found, key=lambda cue: cue.start)


def side_of(cues: Sequence[Cue]) -> Cue | None:
    """What says the side: the first that says it outright, else the first that hints at it."""
    strong = [cue for cue in cues if cue.strong]
    return next(iter(strong or cues), None)
