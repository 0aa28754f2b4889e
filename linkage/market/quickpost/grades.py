"""Sizes, grades and kinds of packing: kept as words, for the post's note."""

from __future__ import annotations

import re

_GRADE = re.compile(
    r"\b(?:loai (?:1|2|3|i|ii|iii|a|b|ngon|dep|to|nho|vua|dac biet|thuong|mot|hai)"
    r"|hang (?:tuyen|loai 1|loai 2|dep|ngon|xo|a|b)"
    r"|(?:size|sai) (?:\d+(?:\s?[-–]\s?\d+)?(?:[cm]m)?\b(?!\s?[-–/\d]|\s?(?:kg|con|gr?|lang)\b)"
    r"|to|lon|nho|vua|dai|xl|l|m|s)"
    r"|tuoi song|con song|dong lanh|tuoi|sach|so che|nguyen con|bo dau)\b"
)


def spans(folded: str) -> list[tuple[int, int]]:
    """Where grades stand in a folded text.

    >>> spans("tom the size 30-35")
    [(8, 18)]
    """
    return [found.span() for found in _GRADE.finditer(folded)]
