"""Which side: an offer or a need, and what is no post at all.

Words that say a side outright come before words that only hint at one; of equals the first counts.
"Cần đầu ra", "cần tiêu thụ", "bao tiêu giúp" offer; "ai có" asks, "ai cần" offers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from linkage.market.quickpost.tokens import Text, Token

OFFER, NEED = "offer", "need"

# Folded words that are several words, and those of them that speak of trade.
_MEANT = {
    "ban": {"bán"}, "mua": {"mua"}, "can": {"cần"}, "co": {"có"}, "con": {"còn"}, "tim": {"tìm"},
    "gom": {"gom"}, "nhap": {"nhập"}, "lay": {"lấy"}, "thu": {"thu", "thụ"}, "dat": {"đặt"},
    "ra": {"ra"}, "dau": {"đầu"}, "hang": {"hàng"}, "gia": {"giá"}, "hop": {"họp"}, "xa": {"xả"},
}  # fmt: skip
_SOMEBODY = (
    r"(?:ai|(?:bac|anh|chi|co|chu|em|ban|nha|htx|cong ty|cty|dn|doanh nghiep|don vi|thuong lai"
    r"|nguoi|_+|nha vuon|ho|co so|nha hang|sieu thi|dai ly|anh chi|ace|moi nguoi|mn|nguoi quen)"
    r"(?: em)? nao)"
)
_GAP = r"(?:\w+ ){0,4}?"
# The first pattern of the list that fits at the earliest place decides.
_STRONG = (
    (
        OFFER,
        rf"{_SOMEBODY} (?:muon |dang |co nhu cau |can )*(?:mua|can|lay|nhap|an|dung|thu mua|bao tieu|co nhu cau|order|dat|quan tam)\b",
    ),
    (NEED, rf"{_SOMEBODY} (?:dang |hien )?(?:co|con|ban|nhuong|de lai|san|cung cap|giao duoc|lam duoc)\b"),
    (NEED, r"co ai (?:co|con|ban)\b"),
    (OFFER, r"co ai (?:mua|can|lay)\b"),
    (
        OFFER,
        rf"(?:can|tim|nho|mong|xin|muon|kiem|cho) {_GAP}(?:dau ra|tieu thu|bao tieu|nguoi mua|ben mua|noi mua|thuong lai|moi ban|ban hang|khach(?: mua| hang)?|cho ban|thu mua giup|thu mua ho|dau moi)\b",
    ),
    (
        OFFER,
        r"(?:bao tieu|tieu thu|thu mua|mua) (?:\w+ ){0,6}?(?:giup|ho (?:em|toi|ba con|htx|minh|nong dan)|gium)\b",
    ),
    (OFFER, r"giai cuu\b"),
    (OFFER, r"dau ra (?:cho|san pham)\b"),
    (
        OFFER,
        r"(?:can|muon) (?:gap )?(?:ban|thanh ly|day|xa|ra hang|xuat|chuyen nhuong|sang nhuong|nhuong)\b",
    ),
    (NEED, r"(?:can|muon|dang|hoi|dat|thu|tim|cho|gom) (?:gap )?(?:mua|nhap|gom)\b"),
    (
        NEED,
        r"(?:can|tim|kiem) (?:\w+ ){0,2}?(?:nguon|nha cung cap|ncc|moi (?:lay|hang|mua)|don vi cung cap|ben cung cap|nguoi ban|cho ban si|cho lay|nguoi cung cap|vung trong)\b",
    ),
    (OFFER, r"nhan (?:dat|order|don)\b"),
    (OFFER, r"xa (?:kho|hang|lo|ao|vuon|gap|\d)"),
    (NEED, r"(?:dat|order) (?:mua|hang|truoc|lay)?\b"),
    (NEED, r"bao tieu\b"),
    (NEED, r"mua\b(?! ban)"),
    (NEED, r"thu gom\b"),
    (
        OFFER,
        r"(?:chao |rao |mo |thanh ly |xuat |nhan )?ban\b(?! (?:do|kinh|hang online|chay|dau gia))",
    ),
    (
        OFFER,
        r"(?:cung cap|cung ung|thanh ly|xuat chuong|xuat ao|xuat vuon|pass|chao hang|san hang|co san|sang nhuong|de lai)\b",
    ),
)
_WEAK = (
    (NEED, r"(?:can|nhap|tuyen|gom)\b"),
    (OFFER, r"(?:con|co|sap thu|dang thu|chuan bi thu|den ky thu|du thua|du)\b"),
)
# What is said in meetings, lessons, news and questions.
_NO_POST = (
    r"\bhop (?:hoi vien|xa vien|to|ban|hoi dong|chi bo|dinh ky|tong ket|dan|giao ban|khan|lop|mat|thanh vien|dai hoi|bat thuong)\b",
    r"\b(?:tap huan|hoi nghi|hoi thao|dai hoi|le hoi|khai giang|lop hoc|chuc mung|chia buon|cam on|du bao thoi tiet"
    r"|tiem phong|lich cat dien|dong phi|nop phi|dong quy|thong bao hop|moi hop|moi du|ket qua|tin buon)\b",
    r"\b(?:tuyen dung|tuyen nhan vien|tuyen lao dong|tuyen cong nhan|tuyen lai xe|viec lam|nha tro|cho thue|can thue|thue kho|thue xe|tuyen \d+)\b",
    r"\b(?:da ban het|ban het roi|het hang|da chot|da du hang|da du so luong|ngung (?:mua|thu mua|ban|nhan)|tam dung (?:mua|thu mua|ban|nhan)"
    r"|da ban xong|ngung nhan|da mua du|khong ban|khong mua|chua ban|chua mua|khong con)\b",
    r"\b(?:cho (?:em |toi |minh |chau |con |bac )?hoi|ai biet|xin hoi|hoi gia|cach (?:trong|nuoi|lam|u|phong|tri|cham)|ky thuat (?:trong|nuoi)"
    r"|bi benh|phong benh|tri benh|bao nhieu (?:tien|mot|1|a|ạ|vay|roi|the))\b",
    r"\b(?:xay ra|canh bao|lua dao|mat xe|nhat duoc|danh roi|tim nguoi(?! (?:mua|bao|ban|tieu|thu|lay|nhan|cung|co|dat))|tim tre)\b",
)
# With its marks no other word.
_MEETINGS = frozenset({"họp"})
_NO_POSTS = tuple(re.compile(pattern) for pattern in _NO_POST)


@dataclass(frozen=True, slots=True)
class Cue:
    """Characters `start` to `end` (not included) that say a side."""

    side: str
    start: int
    end: int
    strong: bool


def _compiled(rules: Sequence[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((side, re.compile(rf"\b{pattern}")) for side, pattern in rules)


_STRONG_CUES, _WEAK_CUES = _compiled(_STRONG), _compiled(_WEAK)
_FRIENDS = re.compile(
    r"\b(?:cac|may|hoi|ba) ban\b|\bban (?:nao|oi|be|a)\b|\bban hang (?:online|rong)\b|\bmua ban\b|\bmua (?:vu|mang|nay|dong|xuan|he)\b(?!.)"
)


def trade_words(text: Text) -> str:
    """The folded text in which words that only look like words of trade are blanks."""
    folded = list(text.fold)
    for token in text.tokens:
        meant = _MEANT.get(token.fold)
        if (meant is not None and not token.bare and token.written not in meant) or (meant is not None and token.bare and text.marked and token.fold not in meant):
            folded[token.start : token.end] = "_" * (token.end - token.start)
    words = "".join(folded)
    return words


def is_no_post(text: Text, words: str) -> bool:
    """Whether it is a meeting, a lesson, a question, news."""
    if any(token.written in _MEETINGS for token in text.tokens):
        return True
    return any(pattern.search(words) for pattern in _NO_POSTS)


def read_cues(words: str) -> list[Cue]:
    """Every word that says a side, where it stands; longer ones eat those inside them."""
    found: list[Cue] = []
    for strong, rules in ((True, _STRONG_CUES), (False, _WEAK_CUES)):
        for side, pattern in rules:
            for match in pattern.finditer(words):
                if not any(c.start < match.end() and match.start() < c.end for c in found):
                    found.append(Cue(side, match.start(), match.end(), strong))
    return sorted(found, key=lambda cue: cue.start)


def side_of(cues: Sequence[Cue]) -> Cue | None:
    """What says the side: the first that says it outright, else the first that hints at it."""
    strong = [cue for cue in cues if cue.strong]
    return (strong or list(cues) or [None])[0]


def before_or_all(cues: Sequence[Cue], start: int) -> list[Cue]:
    """The cues before a place in the text; all where there are none."""
    return [cue for cue in cues if cue.start < start] or list(cues)


def tokens_between(tokens: Sequence[Token], start: int, end: int) -> list[Token]:
    """The tokens that begin in a span of characters."""
    return [token for token in tokens if start <= token.start < end]
