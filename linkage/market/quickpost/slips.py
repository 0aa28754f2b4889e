"""Names of goods with one slip of the fingers: a letter too many, too few, wrong or swapped.

One syllable of a name may be slipped, or the spaces of the name left out; marks that are written
count as letters. Words of the trade and goods outside the tree are no slips of others.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from linkage.market.quickpost.tokens import Token, fold, tokenise, words

# Below this many letters nearly every word is one slip away from another.
_SHORTEST = 5
_SHORTEST_GLUED = 6
_SHORTEST_SYLLABLE = 3
_LONGEST_PHRASE = 4
# Goods that are not in the tree and lie one letter from goods that are.
_OTHER_GOODS = frozenset(
    fold(word)
    for word in (
        "bí ngồi", "cá chuồn", "cá tra", "cá tầm", "cá ngừ", "cá dứa", "cá nâu", "cá diếc",
        "cá hồi", "cá kèo", "dưa gang", "dưa bở", "cà phê", "ca cao", "rau bí", "rau lang",
        "rau sam", "tôm hùm", "đậu tằm", "hạt điều", "rau mầm", "bí nụ", "cá thát", "rau cỏ",
        "rau quả", "cá cảnh", "hoa màu", "cà ri", "gà tre", "gà rừng", "gà tây", "gà chọi",
        "gà trống", "gà mái", "gà mía", "gà sao", "bò sữa", "cá tôm", "tôm cá", "thịt cá",
        "cá thịt", "gạo tám", "bà con", "hoa mua", "cây con", "con mua", "cá sấu", "cua cá",
        "trứng cá", "mắm nêm", "rau đắng", "dưa cải", "bánh mì", "bánh đúc", "gạo ngon", "lúa non",
    )
)  # fmt: skip
# Words of the trade: whoever writes them means them.
_WORDS = words(
    "ban mua can giao lay gia con cho cua cac nha minh em anh chi ong ba bac co chu toi ai "
    "nao hang loai tan ta yen kg cay qua trai cu canh bong chuc tu den va voi hay hoac la thi "
    "duoc tai o ve ra vao nhap thu gom ngay tuan thang nam vu hom nay mai kho sach tuoi ngon "
    "dep to nho lon moi nghin ngan trieu gap so luong dau cuoi giua sau truoc trong ngoai "
    "cung het roi nau nong san htx cty day do xa huyen"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|oai|oay|oao|oeo|uoi|uou|uay|yeu|ieu|uyu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua"
    r"|ue|ui|uo|uu|uy|ye|[aeiouy])(?:ch|ng|nh|[cmnpt])?"
)


# Breve, circumflex, horn.
_VOWEL_MARKS = frozenset("\u0306\u0302\u031b")


@lru_cache(maxsize=4096)
def is_syllable(word: str) -> bool:
    """Whether a folded word can be Vietnamese at all.

    >>> is_syllable("chuoi"), is_syllable("xnah")
    (True, False)
    """
    return bool(_SYLLABLE.fullmatch(word))


class Slips:
    """Names by what is left of them when any one letter is missing."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._names: dict[str, list[tuple[tuple[Token, ...], str]]] = defaultdict(list)
        self._singles: set[str] = set()
        for phrase, code in pairs:
            tokens = tokenise(phrase)
            joined = "".join(token.fold for token in tokens)
            shortest = _SHORTEST
            if len(tokens) == 1:
                self._singles.add(joined)
                shortest = _SHORTEST_SYLLABLE
            if len(joined) >= shortest and joined.isalpha():
                self._names[joined].append((tokens, code))
        self._shorter: dict[str, list[str]] = defaultdict(list)
        for word in self._names:
            for less in set(_one_less(word)):
                self._shorter[less].append(word)

    def without_some_marks(self, token: Token) -> str | None:
        """The code of a name of one syllable that lacks a mark of its vowel: "rưoi" is "rươi".

        Only where goods must stand, behind a quantity: elsewhere it is another word.
        """
        found = {
            code
            for phrase, code in self._names.get(token.fold, ())
            if len(phrase) == 1 and _lacks_marks(token.written, phrase[0].written)
        }
        return next(iter(found)) if len(found) == 1 else None

    def at(self, tokens: Sequence[Token], first: int) -> tuple[int, str] | None:
        """The end and the code of the longest name that begins at a token with one slip in it."""
        last = first
        while last < len(tokens) and tokens[last].is_word and last - first < _LONGEST_PHRASE:
            last += 1
        for end in range(last, first, -1):
            code = self._code(tokens[first:end])
            if code is not None:
                return end, code
        return None

    def _code(self, window: Sequence[Token]) -> str | None:
        joined = "".join(token.fold for token in window)
        if len(joined) < _SHORTEST - 1 or " ".join(t.fold for t in window) in _OTHER_GOODS:
            return None
        found = {
            code
            for word in self._near(joined)
            for phrase, code in self._names[word]
            if self._slipped(phrase, window)
        }
        return next(iter(found)) if len(found) == 1 else None

    def _slipped(self, phrase: Sequence[Token], window: Sequence[Token]) -> bool:
        if len(window) == 1 and len(phrase) > 1:
            return len(window[0].fold) >= _SHORTEST_GLUED and not is_syllable(window[0].fold)
        if len(window) != len(phrase):
            return False
        other = [(a, w) for a, w in zip(phrase, window, strict=True) if not _same(a, w)]
        if all(asked.fold == token.fold for asked, token in other):
            # Marks alone are missing or wrong: of a longer name, two of them. Where every word
            # has other marks it is another name: "năm tuổi" is no "nấm tươi".
            wrong = [(a, w) for a, w in other if not _lacks_marks(w.written, a.written)]
            return 0 < len(other) <= 2 and len(window) > max(1, len(wrong))
        if len(other) != 1:
            return False
        asked, token = other[0]
        if not self._can_be_a_slip(token, alone=len(window) == 1):
            return False
        with_marks = _distance(token.written, asked.written) <= 1
        return with_marks or (token.bare and _distance(token.fold, asked.fold) <= 1)

    def _can_be_a_slip(self, token: Token, *, alone: bool) -> bool:
        """Whether a word can be another one with a slip: no word of the trade, no other goods."""
        if token.fold in _WORDS or token.fold in self._singles:
            return False
        if is_syllable(token.fold):
            return len(token.fold) >= 3 and not alone
        return len(token.fold) >= 4 or not alone

    def _near(self, word: str) -> Iterator[str]:
        """The folded names within one slip of a word."""
        candidates = {word, *self._shorter.get(word, ())}
        for less in set(_one_less(word)):
            candidates |= {less, *self._shorter.get(less, ())}
        return (name for name in candidates if name in self._names and _distance(word, name) <= 1)


def _same(asked: Token, token: Token) -> bool:
    return asked.spell == token.spell or (token.bare and token.fold == asked.fold)


def _lacks_marks(written: str, asked: str) -> bool:
    """Whether a word is another with the same tone and without some hats and horns."""
    one, other = (unicodedata.normalize("NFD", word) for word in (written, asked))
    kept = iter(other)
    missing = len(other) - len(one)
    left_out = [mark for mark in other if mark in _VOWEL_MARKS]
    inside = all(char in kept for char in one)
    same = [c for c in one if c not in _VOWEL_MARKS] == [c for c in other if c not in _VOWEL_MARKS]
    return inside and same and 0 < missing <= len(left_out)


def _one_less(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _distance(one: str, other: str) -> int:
    return OSA.distance(one, other, score_cutoff=1)
