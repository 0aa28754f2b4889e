"""When two contract numbers are one. Pure."""

from __future__ import annotations

import re

from linkage.text import identity_key

_ROUND_SEPARATORS = re.compile(r"\s*([-/\\.,:;_–—])\s*")


def number_key(contract_number: str) -> str:
    """Two numbers with this key equal are one: spaces round a separator say nothing.

    >>> number_key("01/ HĐ") == number_key("01 / hđ") == number_key("01/HĐ")
    True
    >>> number_key("1 2/HĐ") == number_key("12/HĐ")
    False
    """
    return _ROUND_SEPARATORS.sub(r"\1", identity_key(contract_number))
