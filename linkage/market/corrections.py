"""What people correct of a quick post, without who they are: material for the rules. Pure.

Words are kept by a list, not taken out by one: what the reference data and the rules know, and two
unknown words where goods are expected. So names, houses and telephone numbers stay out; somebody
who is called like goods (hoa, mai) and stands behind no "anh" or "chị" is not told from them. A
price is a sealed limit: of a correction of a price its shape alone is kept
("00k/kg"), apart from all that would say whose post it was, and no figure that could be it.

>>> phrase_of(read("Chị Hoa thôn Đông bán 3 tạ tỏi 85k/kg", today=date(2026, 11, 23)))
'… bán 3 tạ tỏi 00k/kg'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from linkage.market.quick import Proposal, draft_at, window_of
from linkage.market.quickpost import Reading, packaged, read
from linkage.text import search_key

__all__ = ["FIELDS", "Correction", "Written", "corrections_of", "phrase_of", "read"]

FIELDS = ("side", "commodity", "quantity", "price", "starts", "ends", "place", "certificates")
LONGEST_PHRASE, LONGEST_VALUE = 500, 100
# Of what was read these spans hold no figure of a price, and nothing of a home.
_KEPT_WITH_FIGURES = ("quantity", "start", "end", "certificates")
_OF_GOODS = ("commodity", "place")
_GAP = "…"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]")
# Whoever is named stands behind one of these; so does where somebody lives.
_BEFORE_NAMES = frozenset(
    [
        "alo", "anh", "ap", "ba", "bac", "chi", "chu", "co", "congty", "cty", "doi", "dt",
        "duong", "gap", "goi", "hop", "htx", "khu", "lang", "lh", "lienhe", "ngo", "nha",
        "ong", "pho", "sdt", "so", "tac", "tel", "ten", "thay", "thon", "to", "trai", "xa",
        "xom", "zalo",
    ]
)  # fmt: skip
_NAME_WORDS, _UNKNOWN_WORDS = 4, 2
_SURNAMES = frozenset(
    [
        "bui", "dang", "dao", "dinh", "do", "doan", "duong", "ho", "hoang", "huynh", "le",
        "ly", "ngo", "nguyen", "pham", "phan", "tran", "vo", "vu",
    ]
)  # fmt: skip
# What a clause is made of besides goods, units and places.
_SMALL_WORDS = frozenset(
    [
        "a", "ao", "ban", "bao", "ben", "can", "cay", "chap", "cho", "chung", "chuong",
        "co", "con", "cua", "cung", "cuoi", "d", "dang", "dat", "dau", "den", "dep", "deu",
        "dong", "duoi", "em", "gan", "gia", "giao", "gieng", "giua", "gom", "ha", "hang",
        "hom", "hon", "it", "k", "kg", "kho", "khoang", "kia", "lay", "le", "loai", "luong",
        "mai", "mau", "minh", "moi", "mot", "mua", "nay", "ngay", "ngon", "nhan", "nhap",
        "nhat", "nhe", "nho", "noi", "oi", "qua", "quy", "ra", "re", "ruong", "sach", "san",
        "sao", "sau", "si", "size", "tai", "tet", "thang", "thu", "thua", "tieu", "tim",
        "tinh", "to", "toi", "tr", "tren", "trong", "truoc", "tu", "tuan", "tuoi", "uoc",
        "va", "vnd", "voi", "vu", "vuon",
    ]
)  # fmt: skip
# Figures in words: outside of what was understood they may be a price.
_NUMBER_WORDS = frozenset(
    [
        "ba", "bay", "bon", "chin", "chuc", "hai", "lam", "le", "mot", "muoi", "nam",
        "ngan", "nghin", "ruoi", "sau", "tam", "tram", "trieu", "tu", "van",
    ]
)  # fmt: skip
_PUNCTUATION = frozenset(",.;:/-+%")


@dataclass(frozen=True, slots=True)
class Correction:
    """One field: in which words it stood, what was read of it, what was published instead."""

    field: str
    phrase: str
    read: str
    published: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was published, in the words of a proposal; `price` counts only as given or not."""

    side: str
    commodity: str
    quantity: str
    starts: date
    ends: date
    commune: str
    own_commune: str
    certifications: frozenset[str]
    price: int | None
    price_unit: str


def corrections_of(
    reading: Reading, number: int, proposal: Proposal, written: Written, today: date
) -> list[Correction]:
    """The fields in which what was published differs from what was read."""
    found = dict(_differences(proposal, written, today))
    corrected = {_SPANS.get(field, field) for field in found}
    phrase = phrase_of(reading, number, doubted=corrected)
    return [
        Correction(field, _priced(reading, number) if field == "price" else phrase, *values)
        for field, values in found.items()
    ]


_SPANS = {"starts": "start", "ends": "end"}
_Values = tuple[str, str]


def _differences(
    proposal: Proposal, written: Written, today: date
) -> Iterable[tuple[str, _Values]]:
    starts, ends = window_of(proposal, today)
    said = _quantity(proposal)
    pairs = {
        "side": (str(proposal.side.value if proposal.side else ""), written.side),
        "commodity": (proposal.commodity or "", written.commodity),
        "quantity": ("" if _same_figure(said, written.price) else said, written.quantity),
        "starts": (_day(proposal.starts), _day(written.starts)),
        "ends": (_day(proposal.ends), _day(written.ends)),
    }
    unsaid = {"starts": starts == written.starts, "ends": ends == written.ends}
    for field, (before, after) in pairs.items():
        if before != after and not unsaid.get(field) and (field != "quantity" or said != after):
            yield field, (before, after)
    if written.price is not None and (proposal.price, proposal.price_unit) != (
        written.price, written.price_unit,
    ):  # fmt: skip
        yield "price", (proposal.price_unit or "", written.price_unit)
    if _is_another_place(proposal, written):
        # Which commune it is would say who it is.
        yield "place", (f"{len(proposal.communes)}", "1")
    unread = written.certifications - set(proposal.certifications)
    if unread:
        yield "certificates", (" ".join(proposal.certifications), " ".join(sorted(unread)))


def _is_another_place(proposal: Proposal, written: Written) -> bool:
    usual = proposal.communes or (written.own_commune,)
    return usual != (written.commune,)


def _quantity(proposal: Proposal) -> str:
    if proposal.quantity is None:
        return ""
    return f"{proposal.quantity:f} {proposal.unit} {proposal.period}"


def _same_figure(text: str, price: int | None) -> bool:
    """Whether a figure could be the limit, taken for a quantity: 85 of 85.000."""
    figures = re.findall(r"\d+", text)
    return price is not None and any(f.strip("0") == str(price).strip("0") for f in figures)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def phrase_of(reading: Reading, number: int = 0, *, doubted: Collection[str] = ()) -> str:
    """The text without people, homes, telephone numbers and figures of a price.

    What was `doubted` (and corrected) may be the price that was taken for something else: its
    figures are not kept either. Of words that nothing knows two are kept behind a quantity where
    the goods were doubted: those are what the rules lack.
    """
    spans = draft_at(reading, number).spans
    sifted = _Sifted(
        hidden=[*reading.phones, *spans.get("place", ())],
        goods=spans.get("commodity", ()),
        others=[s for name, some in spans.items() for s in some if name not in _OF_GOODS],
        sure=[s for name in _KEPT_WITH_FIGURES if name not in doubted for s in spans.get(name, ())],
        wants_goods="commodity" in doubted,
    )
    marks = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(reading.text)]
    return _joined([(start, end, sifted.kept(start, word)) for start, end, word in marks])


_Spans = Collection[tuple[int, int]]


@dataclass
class _Sifted:
    """Token by token what is kept of a text, from left to right.

    `named`: so many words still may be a name or a home; `unknown`: so many may be goods.
    """

    hidden: _Spans
    goods: _Spans
    others: _Spans
    sure: _Spans
    wants_goods: bool
    named: int = 0
    unknown: int = 0

    def kept(self, at: int, word: str) -> str:
        """The token itself, its shape, or "…"."""
        key = search_key(word)
        if word in _PUNCTUATION:
            self.named = self.unknown = 0
            return word
        if _inside(at, self.hidden):
            return _GAP
        if _inside(at, self.others):
            self.named, self.unknown = 0, _UNKNOWN_WORDS
            return word if _inside(at, self.sure) else _shape(word, key)
        if word[0].isdigit():
            return _shape(word, key)
        return word if self._is_harmless(at, word, key) else _GAP

    def _is_harmless(self, at: int, word: str, key: str) -> bool:
        if key in _BEFORE_NAMES or key in _SURNAMES:
            self.named = _NAME_WORDS
            return False
        if self.named > 0:
            self.named -= 1
            return False
        if _inside(at, self.goods):
            return True
        if key in _NUMBER_WORDS or not word.islower():
            return False
        if key in _words_of_goods() or key in _SMALL_WORDS:
            return True
        self.unknown -= 1
        return self.wants_goods and self.unknown >= 0


def _shape(word: str, key: str) -> str:
    """A word of which the figures may be a price."""
    return _GAP if key in _NUMBER_WORDS else re.sub(r"\d", "0", word)


def _inside(at: int, spans: Collection[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _joined(kept: Iterable[tuple[int, int, str]]) -> str:
    """The tokens with the spaces that were between them; several "…" are one."""
    out, last = "", 0
    for start, end, written in kept:
        if written != _GAP or not out.endswith(_GAP):
            out += (" " if out and start > last else "") + written
        last = end
    return out[:LONGEST_PHRASE]


@lru_cache(maxsize=1)
def _words_of_goods() -> frozenset[str]:
    """The words of which names of goods, units and certificates are made, without marks."""
    lexicon = packaged()
    names = [
        name
        for rows in (lexicon.goods.rows, lexicon.units.rows)
        for row in rows.values()
        for name in (row.name_vi, *row.synonyms)
    ]
    words = {word for name in names for word in search_key(name).split()}
    return frozenset(words - _NUMBER_WORDS)


def _priced(reading: Reading, number: int) -> str:
    """The words of the price alone, its figures taken out; nothing that names the goods."""
    spans = draft_at(reading, number).spans.get("price", ())
    words = " ".join(reading.text[start:end] for start, end in spans)
    marks = [(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(words)]
    return _joined([(start, end, _shape(word, search_key(word))) for start, end, word in marks])
