"""Telephone numbers in a post: they are taken out of what the public reads."""

from __future__ import annotations

import re

from linkage.errors import Invalid
from linkage.registry import phones

# Ten digits after 0, or nine after +84, in any grouping that people type.
_NUMBER = re.compile(r"(?<![\d.,])(?:\+?84|0)(?:[\s.\-]{0,2}\d){8,10}(?![\d])")
_SPACES = re.compile(r" {2,}")
_LEAD_IN = re.compile(
    r"(?:(?:sđt|sdt|đt|dt|tel|phone|hotline|zalo|alo|gọi|goi|lh|liên hệ|lien he|số|so|call)"
    r"[\s:.\-]*)*$",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where telephone numbers stand in a normalised text.

    >>> spans("LH 0912.345.678 nhé")
    [(3, 15)]
    """
    return [found.span() for found in _NUMBER.finditer(text) if _is_phone(found[0])]


def _is_phone(text: str) -> bool:
    try:
        phones.parse(text)
    except Invalid:
        return False
    return True


def without(text: str) -> str:
    """The text for the public: telephone numbers, and the words that lead to them, taken out.

    >>> without("Bán 3 tạ tỏi, sđt 0912 345 678. Lấy tại vườn")
    'Bán 3 tạ tỏi. Lấy tại vườn'
    """
    found = spans(text)
    if not found:
        return text
    public = ""
    at = 0
    for start, end in found:
        public += _LEAD_IN.sub("", text[at:start])
        # A comma that led to the number leads to nothing now.
        if end == len(text) or text[end] in ".!?\n":
            public = public.rstrip(" ,;:-")
        at = end
    return _SPACES.sub(" ", public + text[at:]).strip()
