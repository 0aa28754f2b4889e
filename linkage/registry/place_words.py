"""Takes a written place apart: which piece is the commune, the district, the province. Pure.

>>> written = take_apart("TT. Ba Sao, H. Kim Lan", frozenset())
>>> written.commune, written.districts
(Part(kind='thị trấn', name='ba sao'), ('kim lan',))
"""

from __future__ import annotations

import re
from typing import NamedTuple

from linkage.text import identity_key, spelling_key

COMMUNE_KINDS = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
DISTRICT_KINDS = frozenset({"huyện", "quận", "thành phố", "thị xã"})
_KIND = re.compile(r"(thành phố|thị trấn|thị xã|đặc khu|phường|quận|huyện|tỉnh|xã)[\s.:]+")
# Two letters first, so that "TX." is not read as "X.".
_SHORT_KINDS = {
    r"t\.?\s*t": "thị trấn",
    r"t\.?\s*p": "thành phố",
    r"t\.?\s*x": "thị xã",
    r"đ\.?\s*k": "đặc khu",
    "x": "xã",
    "p": "phường",
    "h": "huyện",
    "q": "quận",
    "t": "tỉnh",
}
_SHORT = [
    (re.compile(rf"{short}(?:\.\s*|\s+)(?=\S)"), kind) for short, kind in _SHORT_KINDS.items()
]
_SEPARATORS = re.compile(r"[,;/()\n]|\s[-–—]\s")
# A kind in the middle begins a new piece: "Xã Lập Lễ huyện Thủy Nguyên"; "thị xã" is one kind.
_INNER_KIND = re.compile(
    r"(?<=\S)(?<!thị)\s+(?=(?:thành phố|thị trấn|thị xã|phường|quận|huyện|tỉnh|xã|tp)\s"
    r"|(?:h|q|tp|tx|t\.p)\.)"
)
_SHORT_NAMES = {"hp": "hải phòng", "hd": "hải dương"}
_HAI_PHONG = "hải phòng"


class Part(NamedTuple):
    """A piece of a written place: its kind ("" where none is written) and its folded name."""

    kind: str
    name: str


class Written(NamedTuple):
    """A written place taken apart; districts and provinces are folded names without their kind."""

    commune: Part
    districts: tuple[str, ...]
    provinces: frozenset[str]


def read_part(text: str) -> Part:
    """Split the kind off a piece.

    >>> read_part("P. Đồ Sơn") == read_part("phường ĐỒ SƠN")
    True
    """
    folded = identity_key(text).strip(" .:")
    found = _KIND.match(folded)
    if found:
        return Part(found[1], _name(folded[found.end() :]))
    for pattern, kind in _SHORT:
        short = pattern.match(folded)
        if short:
            return Part(kind, _name(folded[short.end() :]))
    return Part("", _name(folded))


def _name(folded: str) -> str:
    return spelling_key(_SHORT_NAMES.get(folded, folded))


def take_apart(text: str, provinces: frozenset[str]) -> Written | None:
    """Say which piece of `text` is what; `provinces` are the folded names of those known.

    None if nothing is written. What stands before a piece that calls itself a commune (a village,
    a street) is left out.
    """
    pieces = [
        piece
        for chunk in _SEPARATORS.split(text.casefold())
        for piece in _INNER_KIND.split(identity_key(chunk))
    ]
    parts = [read_part(piece) for piece in pieces]
    parts = [part for part in parts if part.name not in ("", spelling_key("việt nam"))]
    if not parts:
        return None
    start = next((at for at, part in enumerate(parts) if part.kind in COMMUNE_KINDS), 0)
    commune, *rest = parts[start:]
    found = [part for part in rest if _is_province(part, provinces)]
    districts = tuple(part.name for part in rest if part not in found)
    return Written(commune, districts, frozenset(part.name for part in found))


def _is_province(part: Part, provinces: frozenset[str]) -> bool:
    # "TP Hải Dương" was a district of the province of that name; Hải Phòng is no district.
    if part.kind == "thành phố":
        return part.name == spelling_key(_HAI_PHONG)
    return part.kind in ("", "tỉnh") and part.name in provinces
