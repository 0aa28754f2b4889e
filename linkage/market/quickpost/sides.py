"""Which side: an offer or a need, and what is no post at all.

Words that say a side outright come before words that only hint at one; of equals the first counts.
"Cần đầu ra", "cần tiêu thụ", "bao tiêu giúp" offer; "ai có" asks, "ai cần" offers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from linkage.market.quickpost.cues import (
    FAINT,
    MEANT,
    MEETINGS,
    NO_OFFER,
    NO_POST,
    OFFER,
    STRONG,
    WEAK,
)
from linkage.market.quickpost.tokens import Text, Token, words

# Before "can" they say that it is a unit; behind it, that it is none.
_COUNTING = words("/ k nghin ngan tr trieu chuc tram ruoi mot nua moi tung")
_WANTED = words("mua ban gap tim nhap gom tieu dau dat thue thu bao nguoi nguon")


@dataclass(frozen=True, slots=True)
class Cue:
    """Characters `start` to `end` (not included) that say a side.

    `faint`: only where nothing else says one.
    """

    side: str
    start: int
    end: int
    strong: bool
    faint: bool = False


# No word says it: goods, a quantity and a price do.
UNSAID = Cue(OFFER, 0, 0, strong=False, faint=True)


def _compiled(rules: Sequence[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((side, re.compile(rf"\b{pattern}")) for side, pattern in rules)


_STRONG, _WEAK, _FAINT = _compiled(STRONG), _compiled(WEAK), _compiled(FAINT)
_RULES = ((True, False, _STRONG), (False, False, _WEAK), (False, True, _FAINT))


def trade_words(text: Text) -> str:
    """The folded text in which words that only look like words of trade are blanks."""
    folded = list(text.fold)
    for at, token in enumerate(text.tokens):
        meant = MEANT.get(token.fold)
        if meant is None:
            continue
        if token.written == "can" and _is_a_unit(text.tokens, at):
            folded[token.start : token.end] = "___"
            continue
        without = token.bare and text.marked and token.fold not in meant
        if without or (not token.bare and token.written not in meant):
            folded[token.start : token.end] = "_" * (token.end - token.start)
    return "".join(folded)


def _is_a_unit(tokens: Sequence[Token], at: int) -> bool:
    """Whether "can" is "cân", in "40 can", "85k/can", and no need: "to 3 can mua"."""
    before, behind = tokens[at - 1 : at], tokens[at + 1 : at + 2]
    counted = bool(before) and (before[0].is_number or before[0].fold in _COUNTING)
    return counted and not (behind and behind[0].fold in _WANTED)


def is_no_post(text: Text, words: str) -> bool:
    """Whether it is a meeting, a lesson, a question, news."""
    if any(token.written in MEETINGS for token in text.tokens):
        return True
    return any(pattern.search(words) for pattern in NO_POST)


def read_cues(words: str) -> list[Cue]:
    """Every word that says a side, where it stands; longer ones eat those inside them."""
    found: list[Cue] = []
    for strong, faint, rules in _RULES:
        for side, pattern in rules:
            for match in pattern.finditer(words):
                if not any(c.start < match.end() and match.start() < c.end for c in found):
                    found.append(Cue(side, match.start(), match.end(), strong, faint))
    return sorted(found, key=lambda cue: cue.start)


def is_no_offer(words: str) -> bool:
    """Whether it asks, wishes or tells of what was, so that goods with a price are no offer."""
    return NO_OFFER.search(words) is not None


def side_of(cues: Sequence[Cue]) -> Cue | None:
    """What says the side: the first that says it outright, else the first that hints at it."""
    strong = [cue for cue in cues if cue.strong]
    hints = [cue for cue in cues if not cue.faint]
    return next(iter(strong or hints or cues), None)
