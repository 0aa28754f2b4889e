"""A post as normalised text, and its tokens with their places in it.

Folding takes case and marks off one character at a time, so what is found in the folded text lies
at the same place in the normalised one.

>>> [token.fold for token in tokenise("Tỏi 85k/kg")]
['toi', '85', 'k', '/', 'kg']
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from linkage.text import clean, spelling_key

# What a keyboard of a phone puts in lists, and halves, which NFKC would glue to what is before.
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_MIXED_HALF = re.compile(r"(?<=\d)\s?½")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+|[^\sa-z\d]")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
# Of the words of a marked text so many have marks at least.
_MARKED_SHARE = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word or a sign. `start` and `end` are its place in the normalised text.

    `written` is it in lower case with its marks, `spell` the same with the tone in a fixed place,
    `fold` without marks; `bare`: it has no marks that could be taken off.
    """

    written: str
    spell: str
    fold: str
    start: int
    end: int
    glued: bool

    @property
    def bare(self) -> bool:
        return self.written == self.fold

    @property
    def is_number(self) -> bool:
        return self.fold[0].isdigit()

    @property
    def is_word(self) -> bool:
        return self.fold[0] in _LETTERS


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised post: its text, the folded text of the same length, its tokens.

    `marked`: it is written with marks as a rule, so a word without them means what it says.
    """

    text: str
    fold: str
    tokens: tuple[Token, ...]
    marked: bool = field(default=True)


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


def normalise(text: str) -> str:
    """The text in which spans count: NFKC, no invisible signs, one space between words.

    >>> normalise("Bán  𝐁𝐢́ 3m³")
    'Bán Bí 3m3'
    """
    text = _MIXED_HALF.sub(",5", _KEYCAP.sub(" - ", text)).replace("½", "1/2")
    lines = unicodedata.normalize("NFKC", text).replace("\u2044", "/").splitlines()
    return "\n".join(line for line in map(clean, lines) if line)


def fold(text: str) -> str:
    """Lower case without marks, character for character."""
    return "".join(map(_fold_char, text))


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0].lower()
    base = "d" if base == "đ" else base
    return base if len(base) == 1 else char


@lru_cache(maxsize=4096)
def spell(word: str) -> str:
    """A word's `spelling_key`, kept: posts use the same few hundred."""
    return spelling_key(word)


def _token(text: str, start: int, end: int, folded: str) -> Token:
    written = unicodedata.normalize("NFC", text[start:end].lower())
    glued = start > 0 and not text[start - 1].isspace()
    return Token(written, spell(written), folded, start, end, glued)


def read_text(text: str) -> Text:
    """Normalise a post and take it apart."""
    whole = normalise(text)
    folded = fold(whole)
    tokens = tuple(
        _token(whole, found.start(), found.end(), found[0]) for found in _TOKEN.finditer(folded)
    )
    words = [token for token in tokens if token.is_word and len(token.fold) > 1]
    with_marks = sum(not token.bare for token in words)
    return Text(whole, folded, tokens, marked=with_marks * _MARKED_SHARE >= len(words) > 0)


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a text that is a post or a part of a rule."""
    return read_text(text).tokens
