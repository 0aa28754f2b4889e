"""Sizes, grades and kinds of packing: kept as words, for the post's note."""

from __future__ import annotations

import re

from linkage.market.quickpost.tokens import Text, words

_GRADE = re.compile(
    r"\b(?:loai (?:1|2|3|i|ii|iii|a|b|ngon|dep|to|nho|vua|dac biet|thuong|mot|hai)"
    r"|hang (?:tuyen|loai 1|loai 2|dep|ngon|xo|a|b)"
    r"|(?:size|sai) (?:\d+(?:\s?[-–]\s?\d+)?(?:[cm]m)?\b(?!\s?[-–/\d]|\s?(?:kg|con|gr?|lang)\b)"
    r"|to|lon|nho|vua|dai|xl|l|m|s)"
    r"|tuoi song|con song|dong lanh|tuoi|sach|so che|nguyen con|bo dau)\b"
)


# How the words are written with their marks; others of the same letters are others.
_WRITTEN = words(
    "loại hàng ngon đẹp to nhỏ vừa đặc biệt thường một hai tuyển xô lớn dài tươi sống còn đông "
    "lạnh sạch sơ chế nguyên con bỏ đầu"
)


def spans(text: Text) -> list[tuple[int, int]]:
    """Where grades stand in a text.

    >>> from linkage.market.quickpost.tokens import read_text
    >>> spans(read_text("tôm thẻ size 30-35"))
    [(8, 18)]
    """
    return [found.span() for found in _GRADE.finditer(text.fold) if _is_grade(text, *found.span())]


def _is_grade(text: Text, start: int, end: int) -> bool:
    inside = [token for token in text.tokens if start <= token.start < end]
    return all(token.bare or token.written in _WRITTEN for token in inside)
