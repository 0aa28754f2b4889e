"""Names of goods with one slip of the fingers in them: a letter too many, too few, wrong or swapped.

Marks that are written count as letters. A name that is itself another word of the trade is no slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from linkage.market.quickpost.tokens import Token, fold

# Below this many letters nearly every word is one slip away from another.
_SHORTEST = 5
_LONGEST_PHRASE = 4
# Goods that are not in the tree and lie one letter from goods that are.
_OTHER_GOODS = frozenset(
    fold(word).replace(" ", "")
    for word in (
        "bí ngồi", "cá chuồn", "cá tra", "cá tầm", "cá ngừ", "cá dứa", "cá nâu", "cá diếc",
        "cá hồi", "cá kèo", "dưa gang", "dưa bở", "cà phê", "ca cao", "rau bí", "rau lang",
        "rau sam", "tôm hùm", "đậu tằm", "khoai lùn", "hạt điều", "rau mầm", "bí nụ", "cá thát",
        "rau cỏ", "rau quả", "cá cảnh", "hoa màu", "cà ri", "gà tre", "gà rừng", "gà tây",
        "gà chọi", "bò sữa", "bò giống", "đậu nành rau", "cá tôm", "tôm cá", "thịt cá", "cá thịt",
        "cá ta", "gạo tám", "ngô non", "rau non", "dưa non", "cam sữa",
    )
)  # fmt: skip
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?"
    r"(?:uyen|uyet|uye|uya|oai|oay|oao|oeo|uoi|uou|uay|uay|yeu|ieu|uyu|ai|ao|au|ay|eo|eu|ia|ie|iu"
    r"|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])(?:ch|ng|nh|[cmnpt])?"
)


@lru_cache(maxsize=4096)
def is_syllable(word: str) -> bool:
    """Whether a folded word can be Vietnamese at all.

    >>> is_syllable("chuoi"), is_syllable("xnah")
    (True, False)
    """
    return bool(_SYLLABLE.fullmatch(word))


class Slips:
    """Phrases by what is left of them when any one letter is missing."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for phrase, code in pairs:
            joined = unicodedata.normalize("NFC", phrase.lower()).replace(" ", "")
            if len(joined) >= _SHORTEST and joined.isalpha():
                self._codes[fold(joined)].add((joined, code))
        self._shorter: dict[str, list[str]] = defaultdict(list)
        for word in self._codes:
            for less in set(_one_less(word)):
                self._shorter[less].append(word)

    def at(self, tokens: Sequence[Token], first: int) -> tuple[int, str] | None:
        """The end and the code of the longest name that begins at a token with one slip in it."""
        last = first
        windows = []
        while last < len(tokens) and tokens[last].is_word and last - first < _LONGEST_PHRASE:
            last += 1
            windows.append(last)
        for end in reversed(windows):
            code = self._code(tokens[first:end])
            if code is not None:
                return end, code
        return None

    def _code(self, window: Sequence[Token]) -> str | None:
        folded = "".join(token.fold for token in window)
        if len(folded) < _SHORTEST - 1 or folded in _OTHER_GOODS:
            return None
        if len(window) == 1 and is_syllable(folded):
            return None
        written = "".join(token.written for token in window)
        with_marks = written != folded
        found = {
            code
            for word in self._near(folded)
            for phrase, code in self._codes[word]
            if not with_marks or _distance(written, phrase) <= 1
        }
        return next(iter(found)) if len(found) == 1 else None

    def _near(self, word: str) -> Iterator[str]:
        """The folded names within one slip of a word."""
        if word in self._codes:
            yield word
        seen = {word}
        candidates = list(self._shorter.get(word, ()))
        for less in set(_one_less(word)):
            if less in self._codes:
                candidates.append(less)
            candidates += self._shorter.get(less, ())
        for name in candidates:
            if name not in seen and _distance(word, name) <= 1:
                seen.add(name)
                yield name


def _one_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _distance(one: str, other: str) -> int:
    return OSA.distance(one, other, score_cutoff=1)
