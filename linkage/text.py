"""The one place that normalises, folds and orders Vietnamese text. Pure; imports no Django.

Stored text is NFC. Identity folds case and spaces and keeps the marks (Tân is not Tấn);
search takes the marks off; order follows the Vietnamese alphabet.
"""

from __future__ import annotations

import re
import unicodedata

import vn_text

# Zero-width and bidirectional controls carry no meaning in a name and can hide one in another.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Order of tones in Vietnamese dictionaries: level, grave, hook, tilde, acute, dot below.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def clean(text: str) -> str:
    """The form in which text is stored: NFC, one space between words, nothing invisible.

    >>> clean("  HTX  Dịch vụ ")
    'HTX Dịch vụ'
    """
    visible = _INVISIBLE.sub("", vn_text.normalize(text))
    return _SPACES.sub(" ", visible).strip()


def identity_key(text: str) -> str:
    """Two names with this key equal are the same name: case and spaces folded, marks kept.

    >>> identity_key("HTX  TÂN Trào") == identity_key("htx tân trào")
    True
    >>> identity_key("Tân") == identity_key("Tấn")
    False
    """
    return unicodedata.normalize("NFC", clean(text).casefold())


def spelling_key(text: str) -> str:
    """Like `identity_key`, but wherever the tone stands in its syllable: Thủy is Thuỷ.

    The marks still count. For looking words and places up; never stored.

    >>> spelling_key("THUỶ  sản") == spelling_key("Thủy sản")
    True
    >>> spelling_key("Hòa") == spelling_key("Hóa")
    False
    """
    return " ".join(_spell(syllable) for syllable in identity_key(text).split())


def search_key(text: str) -> str:
    """The form to search in: no marks, đ as d, lower case, punctuation as one space.

    >>> search_key("Cà-rốt, Đường")
    'ca rot duong'
    """
    return vn_text.fold(clean(text))


def sort_key(text: str) -> str:
    """A string whose plain byte order is the Vietnamese alphabetical order.

    Letters compare first (a < ă < â < b ... d < đ), then tones, as in dictionaries.

    >>> sorted(["Ấm", "Ăn", "An", "Đa", "Da", "Ân"], key=sort_key)
    ['An', 'Ăn', 'Ấm', 'Ân', 'Da', 'Đa']
    """
    letters, tones = [], []
    for char in identity_key(text):
        letter, tone = _split_tone(char)
        place = _ALPHABET.find(letter)
        letters.append(chr(ord("A") + place) if place >= 0 else _other_letter(letter))
        tones.append(tone)
    return "".join(letters) + " " + "".join(tones).rstrip("0")


def _spell(syllable: str) -> str:
    """Put the tone behind the last letter; any fixed place would do."""
    decomposed = unicodedata.normalize("NFD", syllable)
    letters = "".join(char for char in decomposed if char not in _TONES)
    tones = "".join(char for char in decomposed if char in _TONES)
    return unicodedata.normalize("NFC", letters + tones)


def _split_tone(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char)
    tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), "0")
    bare = "".join(mark for mark in decomposed if mark not in _TONES)
    return unicodedata.normalize("NFC", bare), tone


def _other_letter(char: str) -> str:
    """Spaces and digits before letters, anything else after them."""
    return char if char < "A" else "~"
