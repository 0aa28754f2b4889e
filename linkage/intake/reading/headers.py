"""What the columns of a register are called: wordings in headers.csv, folded, to canonical fields.

Marks, capitals, punctuation, line breaks, bracketed remarks, leading numbers and the usual
abbreviations make no difference. Nothing here looks at the values under a header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from linkage.text import clean, search_key


class TableKind(StrEnum):
    """What the rows of a table are."""

    COOPERATIVES = "cooperatives"
    ENTERPRISES = "enterprises"
    LINKAGES = "linkages"
    HISTORY = "history"
    CERTIFICATES = "certificates"


_ORGANISATION_FIELDS = (
    "stt", "name", "kind", "sector", "tax_code", "commune", "founded_on", "status", "status_on",
    "representative", "phone", "members", "product", "role", "book",
)  # fmt: skip
FIELDS: dict[TableKind, tuple[str, ...]] = {
    TableKind.COOPERATIVES: tuple(f for f in _ORGANISATION_FIELDS if f != "role"),
    TableKind.ENTERPRISES: tuple(f for f in _ORGANISATION_FIELDS if f != "members"),
    TableKind.LINKAGES: (
        "stt", "seller", "seller_tax_code", "buyer", "buyer_tax_code", "product", "form",
        "contract_number", "starts", "ends", "terminated_on", "quantity", "unit", "verified_mark",
        "verified_on", "confirmed_on", "seller_book", "buyer_book",
    ),
    TableKind.HISTORY: (
        "stt", "name", "tax_code", "kind", "commune", "attribute", "value", "since", "book",
    ),
    TableKind.CERTIFICATES: (
        "stt", "name", "tax_code", "certification", "number", "issuer", "starts", "ends", "book",
    ),
}  # fmt: skip
REQUIRED: dict[TableKind, tuple[str, ...]] = {
    TableKind.COOPERATIVES: ("name", "kind", "sector", "founded_on", "status"),
    TableKind.ENTERPRISES: ("name",),
    TableKind.LINKAGES: ("seller", "buyer", "contract_number", "starts", "ends"),
    TableKind.HISTORY: ("name", "attribute", "value", "since"),
    TableKind.CERTIFICATES: ("certification", "starts"),
}
EXPECTED: dict[TableKind, tuple[str, ...]] = {
    TableKind.COOPERATIVES: ("tax_code", "commune", "status_on"),
    TableKind.ENTERPRISES: ("tax_code", "commune"),
    TableKind.LINKAGES: (
        "seller_tax_code", "buyer_tax_code", "product", "terminated_on", "verified_mark",
        "verified_on",
    ),
    TableKind.HISTORY: (),
    TableKind.CERTIFICATES: ("tax_code", "number", "ends"),
}  # fmt: skip

_SHORT = {
    "hd": "hop dong", "hdlk": "hop dong lien ket", "hdkt": "hop dong kinh te",
    "sdt": "so dien thoai", "dt": "dien thoai", "dtdd": "dien thoai di dong",
    "dn": "doanh nghiep", "cty": "cong ty", "htx": "hop tac xa", "tht": "to hop tac",
    "lhhtx": "lien hiep hop tac xa", "lh": "lien hiep", "mst": "ma so thue",
    "msdn": "ma so doanh nghiep", "dvt": "don vi tinh", "dv": "don vi", "tv": "thanh vien",
    "dkkd": "dang ky kinh doanh", "gcn": "giay chung nhan", "sp": "san pham", "lk": "lien ket",
    "sxkd": "san xuat kinh doanh", "ndd": "nguoi dai dien", "sl": "so luong",
    "ddpl": "dai dien phap luat", "nn": "nong nghiep", "hdqt": "hoi dong quan tri",
    "bb": "bien ban", "kttt": "kinh te tap the", "pl": "phap luat", "nd": "nghi dinh",
    "nd98": "nghi dinh 98",
}  # fmt: skip
_ORG = (
    r"(?:lien hiep|hop tac xa|to hop tac|doanh nghiep|cong ty|don vi|to chuc|co so|chu the"
    r"|kinh te tap the|nong nghiep|quy tin dung)"
)
_ORG_TAIL = re.compile(rf"(?: (?:cua|tai|thuoc))?(?: {_ORG})+$")
_NAME = re.compile(
    rf"(?:ho )?(?:va )?ten(?: goi| day du| cua| cac| don vi)*(?: {_ORG})*"
    r"(?: (?:thu mua|tieu thu|che bien|lien ket|tham gia|chuoi|thanh vien|hoat dong))*"
)
_BARE_ORG = re.compile(rf"{_ORG}(?: {_ORG})*")
_NOISE = re.compile(
    r"\b(?:neu co|ghi ro|dd mm yyyy|dd mm yy|ngay thang nam|nam hien tai|theo hop dong da ky"
    r"|danh dau x|ghi x|hien nay|hien tai|gan nhat|moi nhat)\b"
)
_BRACKETS = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_NUMBERING = re.compile(r"^\s*[(\[]?\d{1,2}[)\]]?\s*[.):\-]\s*(?=\D)")

_SELLS = r"(?:ban hang|ban(?! hanh)|cung cap|cung ung|san xuat|giao hang|giao)"
_BUYS = r"(?:mua hang|mua|thu mua|tieu thu|bao tieu|nhan hang|nhan|nhap hang|thu gom|phan phoi)"
_WHAT = r"(?: (?:san pham|nong san|hang hoa))?"
_WHO = (
    r"(?:ben|nguoi|nha|thuong lai|thuong nhan|ca nhan|dau moi|chu the|don vi|to chuc|co so"
    r"|hop tac xa|doanh nghiep|cong ty)"
)
_SELLER = re.compile(
    rf"\b{_WHO}(?: {_WHO}| lien ket| tham gia)*(?: (?:va |hoac )?{_SELLS})+{_WHAT}\b"
    r"|\bnong dan ban\b"
)
_BUYER = re.compile(
    rf"\b{_WHO}(?: {_WHO}| lien ket| tham gia)*(?: (?:va |hoac )?{_BUYS})+{_WHAT}\b|\bkhach hang\b"
)
_SIDES = re.compile(rf"\bben a (?:la )?(?:(?P<seller>{_WHO} {_SELLS})|(?P<buyer>{_WHO} {_BUYS}))\b")


_EDGES = re.compile(r"^(?:cua |ben [ab]\b ?)+| cua$|(?:^| )ben [ab]$")
_LINKED = re.compile(r"(?: tham gia)?(?: lien ket)?(?: chuoi)?$")
_CONTRACT_TAIL = re.compile(r"(?: cua)? hop dong$| theo (?:nghi dinh|luat|quy dinh)\b.*$")
_PARTS = re.compile(r"\s*[/,;]\s*|\s+(?:hoặc|và|or|and)\s+", re.IGNORECASE)
# Of a header of several things the first decides for these fields, and that is announced.
_FIRST_DECIDES = frozenset(
    {"tax_code", "phone", "contract_number", "product", "sector", "status", "representative",
     "seller_tax_code", "buyer_tax_code"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header says: a field, or a party's name or tax code with the party still open."""

    field: str | None
    # 2: usual, and not the only reading: a stronger header wins, and its use is announced.
    rank: int = 1


UNKNOWN = Heading(None)
# A linkage table's column that names an organisation or a tax code and not whose it is.
OPEN_PARTY = "party"
OPEN_TAX_CODE = "party_tax_code"


def header_text(value: object) -> str:
    """A header as people read it, on one line."""
    return clean(str(value)) if value is not None else ""


@lru_cache(maxsize=20_000)
def header_key(text: str) -> str:
    """The folded form by which headers are compared, abbreviations written out.

    >>> header_key("Số  HĐ\\n(nếu có)")
    'so hop dong'
    >>> header_key("MST") == header_key("Mã số thuế")
    True
    """
    folded = "stt" if text.strip() == "#" else search_key(text)
    if folded.startswith("s t t"):
        folded = folded.replace("s t t", "stt", 1)
    words = " ".join(_SHORT.get(word, word) for word in folded.split())
    words = _NOISE.sub(lambda found: "ngay" if found[0] == "ngay thang nam" else "", words)
    return " ".join(words.split())


def _spellings(text: str) -> Iterator[str]:
    """The header's keys, from all it says to its core."""
    seen = set()
    bare = _NUMBERING.sub("", text)
    for form in (text, bare, _BRACKETS.sub(" ", text), _BRACKETS.sub(" ", bare)):
        key = header_key(form)
        for one in (key, _ORG_TAIL.sub("", key)):
            if one and one not in seen:
                seen.add(one)
                yield one


@cache
def _vocabulary() -> dict[TableKind, dict[str, Heading]]:
    words: dict[TableKind, dict[str, Heading]] = {kind: {} for kind in TableKind}
    for kinds, heading, wording in _wordings():
        for kind in kinds:
            if heading.field in FIELDS[kind]:
                words[kind].setdefault(header_key(wording), heading)
    return words


@cache
def _wordings() -> list[tuple[tuple[TableKind, ...], Heading, str]]:
    groups = {
        "any": tuple(TableKind),
        "organisations": (TableKind.COOPERATIVES, TableKind.ENTERPRISES),
    } | {kind.value: (kind,) for kind in TableKind}
    found = []
    with Path(__file__).with_name("headers.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            heading = Heading(line["field"], int(line["rank"]))
            for wording in line["wordings"].split(" | "):
                found.append((groups[line["tables"]], heading, wording))
    return found


def label_of(kind: TableKind, field: str) -> str:
    """The header to name when the field is missing: its first wording.

    >>> label_of(TableKind.LINKAGES, "ends")
    'Hiệu lực đến'
    """
    for kinds, heading, wording in _wordings():
        if kind in kinds and heading.field == field:
            return wording
    raise KeyError(field)


@lru_cache(maxsize=20_000)
def heading_of(kind: TableKind, text: str) -> Heading:
    """What the header `text` means in a table of this kind; UNKNOWN if nothing.

    >>> heading_of(TableKind.LINKAGES, "Mã số thuế của bên mua").field
    'buyer_tax_code'
    >>> heading_of(TableKind.COOPERATIVES, "TÊN HTX/THT").field
    'name'
    """
    found = _whole_heading(kind, text)
    return _parts_heading(kind, text) if found is None else found


def _whole_heading(kind: TableKind, text: str) -> Heading | None:
    words = _vocabulary()[kind]
    linkages = kind is TableKind.LINKAGES
    for key in _spellings(text):
        # "HĐ" is a contract among contracts and an activity among organisations.
        short = _CONTRACT_TAIL.sub("", key) if linkages else key.replace("hop dong", "hoat dong")
        if key in words:
            return words[key]
        if short in words and words[short].field != "unit":
            return words[short]
        found = _linkage_heading(key) if linkages else _name_heading(kind, key)
        if found is not None:
            return found
    return None


def _parts_heading(kind: TableKind, text: str) -> Heading:
    """A header of several things, "MST/Mã số ĐKKD": one field if all say so, or the first does."""
    parts = [part for part in _PARTS.split(_BRACKETS.sub(" ", text)) if part.strip()]
    if not 2 <= len(parts) <= 4:
        return UNKNOWN
    found = [_whole_heading(kind, part) or UNKNOWN for part in parts]
    if len({heading.field for heading in found}) == 1:
        return Heading(found[0].field, max(heading.rank for heading in found))
    if found[0].field in _FIRST_DECIDES and found[0].rank == 1:
        return Heading(found[0].field, 2)
    return UNKNOWN


def _name_heading(kind: TableKind, key: str) -> Heading | None:
    if _NAME.fullmatch(key):
        return Heading("representative", 2) if key.startswith("ho ") else Heading("name")
    if _BARE_ORG.fullmatch(key) and kind is not TableKind.HISTORY:
        return Heading("name", 2)
    return None


def _linkage_heading(key: str) -> Heading | None:
    for party, words in (("seller", _SELLER), ("buyer", _BUYER)):
        found = words.search(key)
        if found is None:
            continue
        rest = " ".join((key[: found.start()] + " " + key[found.end() :]).split())
        rest = _EDGES.sub("", rest)
        if not rest or _NAME.fullmatch(rest) or _BARE_ORG.fullmatch(rest):
            return Heading(party)
        if _is_tax_code(rest):
            return Heading(f"{party}_tax_code")
        # Something else about that party: known, and no field of ours.
        return UNKNOWN
    if _is_tax_code(key):
        return Heading(OPEN_TAX_CODE)
    if _NAME.fullmatch(key) or _BARE_ORG.fullmatch(_LINKED.sub("", key)):
        return Heading(OPEN_PARTY)
    return None


def _is_tax_code(key: str) -> bool:
    core = _ORG_TAIL.sub("", key)
    words = _vocabulary()[TableKind.COOPERATIVES]
    return any(words.get(one, UNKNOWN) == Heading("tax_code") for one in (key, core))


def sides_said(text: str) -> dict[str, str]:
    """Which of "Bên A" and "Bên B" sells, where a line of the sheet says so; else nothing.

    >>> sides_said("Bên A: bên bán; Bên B: bên mua")
    {'ben a': 'seller', 'ben b': 'buyer'}
    """
    found = _SIDES.search(header_key(text))
    if found is None:
        return {}
    first, second = ("seller", "buyer") if found["seller"] else ("buyer", "seller")
    return {"ben a": first, "ben b": second}


def speaks_of_a_party(text: str) -> bool:
    """True if a header is about the seller or the buyer.

    >>> speaks_of_a_party("Điện thoại bên mua")
    True
    """
    key = header_key(text)
    return _SELLER.search(key) is not None or _BUYER.search(key) is not None


def names_of(text: str) -> str | None:
    """Whether a header names cooperatives or enterprises; None for both or neither.

    >>> names_of("MST HTX"), names_of("Tên công ty"), names_of("Bên bán")
    ('cooperative', 'enterprise', None)
    """
    key = header_key(text)
    cooperative = re.search(r"\b(?:hop tac xa|to hop tac)\b", key) is not None
    enterprise = re.search(r"\b(?:doanh nghiep|cong ty)\b", key) is not None
    if cooperative == enterprise:
        return None
    return "cooperative" if cooperative else "enterprise"
