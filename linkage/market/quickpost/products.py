"""Which goods a post names, and where.

Names and synonyms of the commodity tree, the longest first; with one slip where nothing is named
exactly. Without marks a short name can be another word ("toi" is "tôi" or "tỏi"): it counts only
where goods stand, behind a quantity or a verb of trade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from linkage.market.quickpost.numbers import multiplier_at
from linkage.market.quickpost.phrases import Phrases
from linkage.market.quickpost.slips import Slips
from linkage.market.quickpost.tokens import Text, Token, words
from linkage.reference.files import CommodityRow

# Folded names of one syllable that are common words when they are written without marks.
_COMMON = words(
    "toi vai nam chieu gio oi tre mien muc kieu me sa he don coi bau cau cam na de bo cua ca "
    "lon phan muoi hoa nghe che lac hanh giong mam mia dao bap heo cu chep ga thit dua du "
    "khoai rau ngan mit chanh bun gao giò tho mau ghe cay ngo dau"
)
_CALLS = frozenset({"oi"})
_TRADE = frozenset({"ban", "mua", "nhap", "gom", "lay", "tim", "cung", "cap", "loai", "giong"})
_TITLES = words("chi anh em co bac ong ba chu me di cau thim mo hang nha thon xom to duong pho")
_SEED_WORDS = frozenset({"giống"})
# What the young of an animal are called in the tree, by what the animal lies below.
_YOUNG = {
    "fishes": "fingerlings", "shrimps": "shrimp-seed", "chicken": "chick", "duck": "duckling",
    "pig": "piglet", "clam": "clam-seed", "mud-crab": "crab-seed", "paddy": "seed-rice",
    "maize": "seed-maize", "potato": "seed-potato", "vegetables": "seed-vegetable",
    "fruits": "seedling-fruit", "stock": "stock", "poultry": "stock", "animals": "stock",
    "fishery": "stock", "timber": "seedling-forest",
}  # fmt: skip


# Words for goods that the reference has under other names, and that mean them in a post alone.
_ALSO = (
    ("gốc đào", "peach-blossom"), ("cây đào", "peach-blossom"), ("chậu đào", "peach-blossom"),
    ("gốc quất", "kumquat"), ("chậu quất", "kumquat"), ("cúc mâm xôi", "chrysanthemum"),
    ("thóc nếp cái hoa vàng", "paddy-glutinous"), ("cua", "crustaceans"), ("trắm", "grass-carp"),
    ("trắm cỏ", "grass-carp"), ("trắm đen", "grass-carp"), ("điêu hồng", "tilapia"),
    ("diêu hồng", "tilapia"), ("cá diêu hồng", "tilapia"), ("mè hoa", "silver-carp"),
    ("thức ăn cho cá", "feed-aqua"), ("thức ăn cho tôm", "feed-aqua"),
    ("thức ăn cho lợn", "feed-pig"), ("thức ăn cho heo", "feed-pig"), ("cám cho lợn", "feed-pig"),
    ("thức ăn cho gà", "feed-poultry"), ("thức ăn cho vịt", "feed-poultry"),
    ("u trứng", "litchi-early"), ("vải sớm", "litchi-early"), ("gà lông mầu", "chicken-coloured"),
    ("chậu cúc", "chrysanthemum"), ("cây cúc", "chrysanthemum"), ("gốc mai", "apricot-blossom"),
)  # fmt: skip
# Phrases that begin like goods and are none, or are none that the tree has.
_NO_GOODS = (
    "cá nhân", "cá thể", "mật mía", "đường mía", "cá cảnh", "cá độ", "cá cược", "phấn hoa",
    "hoa màu", "hoa chuối",
    "lá chuối", "lông vịt", "lông gà", "phân phối", "phân loại", "phân lô", "phân chia",
    "phân vân", "hành chính", "hành khách", "hành trình", "hành lý", "liên lạc", "lạc hậu",
    "cam kết", "cam đoan", "cam go", "mít tinh", "nghệ an", "nghệ sĩ", "nghệ nhân", "ốc vít",
    "sao chép", "ghi chép", "bầu cử", "vải vóc", "vải thô", "vải bạt", "mực in", "bò lạc",
    "chè chén", "tre già", "rau câu", "muối dưa", "hoa hồng cho người giới thiệu", "don hang",
)  # fmt: skip
# To sell off, as they write it who do not tell s from x; behind a verb of trade it is lemongrass.
_SELL_OFF = (("sa", "hang"), ("sa", "kho"), ("sa", "lo"))
_WEIGHTS = words("tan ta yen can kg ky ki")
_CLAUSE_ENDS = frozenset({",", ";", ".", ":", "va"})
# What stands for goods that are none.
NOTHING = ""
# What only says that it is seed or stock: the goods behind it say of what.
_OF_ANY = frozenset({"seed", "stock"})
YOUNG = frozenset(_YOUNG.values())
# Words that count pieces and may stand before any name: "con ngao cám".
_CLASSIFIERS = frozenset({"con", "qua", "trai", "cay", "cu", "hat", "la"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` to `last` (not included) that name goods; `sure`: without a slip."""

    first: int
    last: int
    code: str
    sure: bool


@dataclass(frozen=True)
class Goods:
    """The commodity tree as words."""

    rows: Mapping[str, CommodityRow]
    phrases: Phrases[str]
    slips: Slips

    @classmethod
    def of(cls, rows: Sequence[CommodityRow]) -> Goods:
        """Build it from the reference data."""
        words = [(word, row.code) for row in rows for word in (row.name_vi, *row.synonyms)]
        words += _ALSO
        return cls(
            {row.code: row for row in rows},
            Phrases([*words, *((no, NOTHING) for no in _NO_GOODS)]),
            Slips(words),
        )

    def above(self, code: str) -> list[str]:
        """A commodity and what it lies below, upwards."""
        line, step = [], code
        while step:
            line.append(step)
            step = self.rows[step].parent_code or ""
        return line

    def at(self, text: Text, tokens: Sequence[Token], first: int) -> Mention | None:
        """The goods that are named from a token on."""
        if not tokens[first].is_word:
            return None
        named = self.phrases.at(tokens, first, marked=text.marked)
        if named is not None and not _means_goods(text, tokens, first, named.last, named.exact):
            named = None
        if named is not None and not text.marked and _is_a_unit(tokens, first, named.last):
            named = None
        if named is not None and tokens[first].fold in _CLASSIFIERS and first + 1 < len(tokens):
            behind = self.phrases.at(tokens, first + 1, marked=text.marked)
            if behind is not None and behind.last > named.last:
                named = replace(behind, first=first)
        length = 0 if named is None else named.last - first
        slip = self.slips.at(tokens, first) if length < 2 else None
        if slip is not None and slip[0] - first > length:
            return self._young(tokens, Mention(first, slip[0], slip[1], sure=False))
        if named is not None and named.value == NOTHING:
            return Mention(first, named.last, NOTHING, sure=True)
        if named is None:
            return self._behind_a_quantity(text, tokens, first)
        return self._young(tokens, Mention(first, named.last, named.value, sure=True))

    def _behind_a_quantity(self, text: Text, tokens: Sequence[Token], first: int) -> Mention | None:
        """A name of one syllable without its marks: only where nothing but goods can stand."""
        if first < 2 or not tokens[first - 2].is_number or not text.marked:
            return None
        if tokens[first].bare:
            named = self.phrases.at(tokens, first, marked=False)
            known = named is not None and named.value != NOTHING
            return Mention(first, named.last, named.value, sure=False) if named and known else None
        code = self.slips.without_some_marks(tokens[first])
        return None if code is None else Mention(first, first + 1, code, sure=False)

    def joined(self, one: Mention, other: Mention) -> Mention:
        """Goods that stand side by side are one: "cá giống chép", "cây giống cà chua"."""
        code = one.code
        if code in self.above(other.code):
            code = other.code
        elif code in _OF_ANY:
            line = self.above(other.code)
            code = next((_YOUNG[step] for step in line if step in _YOUNG), code)
        return replace(one, last=other.last, code=code)

    def _young(self, tokens: Sequence[Token], mention: Mention) -> Mention:
        """The young of what is named, where "giống" stands behind it."""
        at = mention.last
        if at >= len(tokens) or tokens[at].written not in (*_SEED_WORDS, "giong"):
            return mention
        for code in self.above(mention.code):
            if code in _YOUNG:
                return replace(mention, last=at + 1, code=_YOUNG[code])
        return mention


def _is_a_unit(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a word that counts pieces does so: "400k/cay" is a tree, no crab."""
    if last - first > 1 or tokens[first].fold not in _CLASSIFIERS or not first:
        return False
    return tokens[first - 1].fold in ("/", "mot", "moi", "1")


def is_half(
    text: Text, tokens: Sequence[Token], at: int, named: Sequence[Mention], goods: Goods
) -> bool:
    """Whether "ruoi" without its marks is a half, and no ragworm: "6 nghin ruoi", "2 tan ruoi ngo".

    Behind a weight only where other goods stand right behind it, or before it in its clause.
    """
    if tokens[at].written != "ruoi" or not at:
        return False
    if multiplier_at(tokens, at - 1) is not None or tokens[at - 1].fold == "tram":
        return True
    if tokens[at - 1].fold not in _WEIGHTS:
        return False
    if at + 1 < len(tokens) and goods.at(text, tokens, at + 1) is not None:
        return True
    if not named:
        return False
    return not any(token.fold in _CLAUSE_ENDS for token in tokens[named[-1].last : at])


def _means_goods(text: Text, tokens: Sequence[Token], first: int, last: int, exact: bool) -> bool:
    """Whether a name that could be another word stands where goods stand."""
    token = tokens[first]
    before = tokens[first - 1] if first else None
    if last - first > 1:
        return True
    if tuple(one.fold for one in tokens[first : first + 2]) in _SELL_OFF:
        measured = first > 1 and tokens[first - 2].is_number
        return before is not None and before.is_word and (before.fold in _TRADE or measured)
    if before is not None and before.fold in _TITLES and text.text[token.start].isupper():
        return False
    if text.marked:
        return exact
    if token.fold == "ngan" and before is not None and before.is_number:
        return False
    return token.fold not in _COMMON or _stands_for_goods(tokens, first, last)


def _stands_for_goods(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether goods stand here as a rule: behind a quantity, a verb of trade, a sign, or first."""
    if first == 0:
        return last < len(tokens) and tokens[last].is_number
    before = tokens[first - 1]
    if tokens[first].fold in _CALLS and not (last < len(tokens) and tokens[last].is_number):
        # "cac ban oi" calls friends.
        return first > 1 and tokens[first - 2].is_number
    if not before.is_word or before.fold in _TRADE:
        return True
    if before.written == "ruoi" and first > 1 and tokens[first - 2].fold in _WEIGHTS:
        # "2 tan ruoi ngo", and not "2 tan ruoi toi mai lay".
        return not (last < len(tokens) and tokens[last].fold in ("mai", "nay"))
    return first > 1 and tokens[first - 2].is_number
