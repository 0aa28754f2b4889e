"""The words offices use for kinds, states of activity and marks. Pure.

A word is compared without marks, case, spaces and dots; an unknown word is never guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from linkage.registry.kind_words import KIND_STARTS
from linkage.registry.models import Kind, Status
from linkage.text import search_key

# What CONTRACTS calls the kinds in a report, and what the office's form calls them.
KIND_LABELS: dict[str, str] = {
    Kind.COOPERATIVE: "HTX",
    Kind.COOPERATIVE_GROUP: "THT",
    Kind.UNION: "Liên hiệp HTX",
    Kind.ENTERPRISE: "Doanh nghiệp",
    Kind.HOUSEHOLD_BUSINESS: "Hộ kinh doanh",
    Kind.INDIVIDUAL: "Cá nhân",
    Kind.OTHER: "Khác",
}
STATUS_LABELS: dict[str, str] = {
    Status.ACTIVE: "Đang hoạt động",
    Status.SUSPENDED: "Tạm ngừng hoạt động",
    Status.STOPPED: "Ngừng hoạt động",
    Status.DISSOLVED: "Đã giải thể",
    Status.UNKNOWN: "",
}
ENDED = frozenset({Status.SUSPENDED.value, Status.STOPPED.value, Status.DISSOLVED.value})

# A kind's words may go on ("HTX nông nghiệp", "Công ty TNHH"), with what `_GOES_ON` lists.
_KIND_WORDS: dict[str, str] = {
    **KIND_STARTS,
    "lienhiep": Kind.UNION,
    "lh": Kind.UNION,
    "dn": Kind.ENTERPRISE,
    "tnhh": Kind.ENTERPRISE,
    "ctcp": Kind.ENTERPRISE,
    "hocathe": Kind.HOUSEHOLD_BUSINESS,
    "hokd": Kind.HOUSEHOLD_BUSINESS,
    "hokdct": Kind.HOUSEHOLD_BUSINESS,
    "hokdcathe": Kind.HOUSEHOLD_BUSINESS,
    "khac": Kind.OTHER,
    "tochuckhac": Kind.OTHER,
    "donvikhac": Kind.OTHER,
}
# What an organisation works in and how it is owned: no word of these makes it another kind.
_GOES_ON = (
    *(
        "nongnghiep",
        "phinongnghiep",
        "lamnghiep",
        "thuysan",
        "ngunghiep",
        "diemnghiep",
        "congnghiep",
    ),
    *(
        "nn",
        "nlnn",
        "ts",
        "dichvu",
        "dv",
        "dvu",
        "sanxuat",
        "sx",
        "kinhdoanh",
        "kd",
        "tonghop",
        "th",
    ),
    *("thuongmai", "tm", "chebien", "tieuthu", "tieuthucong", "ttcn", "xaydung", "xd", "vantai"),
    *("trongtrot", "channuoi", "nuoitrong", "danhbat", "khaithac", "moitruong", "dautu", "va"),
    *("xuatnhapkhau", "xnk", "kieumoi", "khac", "tunhan", "nhanuoc", "cathe", "giadinh"),
    *("tnhh", "mtv", "mottv", "motthanhvien", "haithanhvien", "haithanhvientrolen", "trolen"),
    *("1thanhvien", "2thanhvien", "1tv", "2tv", "cophan", "cp", "hopdanh"),
)
_STATUS_WORDS: dict[str, str] = {
    **dict.fromkeys(
        [
            "danghoatdong",
            "hoatdong",
            "conhoatdong",
            "vanhoatdong",
            "danghd",
            "hd",
            "conhd",
            "hoatdongbinhthuong",
            "danghoatdongbinhthuong",
            "hoatdongtrolai",
            "dahoatdongtrolai",
            "hoatdonglai",
            "active",
        ],
        Status.ACTIVE.value,
    ),
    **dict.fromkeys(
        [
            "tamngung",
            "tamdung",
            "tamngunghoatdong",
            "tamdunghoatdong",
            "dangtamngung",
            "dangtamdung",
            "tamnghi",
            "dangtamngunghoatdong",
            "dangtamdunghoatdong",
            "tamngunghd",
            "tamdunghd",
            "tamngungkinhdoanh",
            "tamngungsanxuatkinhdoanh",
            "tamngungsxkd",
            "suspended",
        ],
        Status.SUSPENDED.value,
    ),
    **dict.fromkeys(
        [
            "ngung",
            "ngunghoatdong",
            "dangungoatdong",
            "dangunghoatdong",
            "dung",
            "dunghoatdong",
            "dadunghoatdong",
            "dangung",
            "dadung",
            "ngunghd",
            "dunghd",
            "khonghoatdong",
            "khongconhoatdong",
            "khonghd",
            "nghihoatdong",
            "chamduthoatdong",
            "dachamduthoatdong",
            "stopped",
        ],
        Status.STOPPED.value,
    ),
    **dict.fromkeys(
        [
            "giaithe",
            "dagiaithe",
            "dahoanthanhgiaithe",
            "giaithexong",
            "phasan",
            "daphasan",
            "giaithephasan",
            "dissolved",
        ],
        Status.DISSOLVED.value,
    ),
}
_YES = frozenset(
    [
        "x",
        "v",
        "co",
        "da",
        "dakiemtra",
        "dakt",
        "datkiemtra",
        "1",
        "true",
        "yes",
        "y",
        "dung",
        "roi",
        "daxacminh",
        "dat",
    ]
)
_NO = frozenset(
    ["khong", "ko", "k", "chua", "chuakiemtra", "chuakt", "0", "false", "no", "n", "chuaxacminh"]
)
_TICKS = frozenset("✓✔☑✅√☒×✗✘")


def _said(text: str) -> str:
    """The word, compact; of what is asked rather than said ("HTX?") nothing."""
    return "" if "?" in text else compact(text)


def _whole_kinds() -> dict[str, re.Pattern[str]]:
    """Each kind with all its whole words: a beginning, its other names, and what may follow."""
    patterns = {}
    for kind in KIND_LABELS:
        own = "|".join(sorted((w for w in _KIND_WORDS if _KIND_WORDS[w] == kind), key=len))
        goes_on = "" if kind == Kind.OTHER else f"(?:{own}|{'|'.join(_GOES_ON)})*"
        patterns[str(kind)] = re.compile(f"(?:{own}){goes_on}")
    return patterns


_WHOLE_KINDS = _whole_kinds()


def compact(text: str) -> str:
    """A word without marks, case, spaces and punctuation."""
    return search_key(text).replace(" ", "")


@lru_cache(maxsize=5_000)
def read_kind(text: str) -> str | None:
    """Return the kind a word means, or None.

    >>> [read_kind(word) for word in ("H.T.X", "LH HTX", "Cty TNHH", "trang trại", "HTX hoặc THT")]
    ['cooperative', 'union', 'enterprise', None, None]
    """
    word = _said(text)
    return next((kind for kind, whole in _WHOLE_KINDS.items() if whole.fullmatch(word)), None)


@lru_cache(maxsize=5_000)
def read_status(text: str) -> str | None:
    """Return the status a word means, or None.

    >>> [read_status(word) for word in ("ĐANG HOẠT ĐỘNG", "tạm dừng", "chờ giải thể")]
    ['active', 'suspended', None]
    """
    return _STATUS_WORDS.get(_said(text))


@lru_cache(maxsize=5_000)
def read_mark(value: object) -> bool | None:
    """Whether a mark says yes; None where it says neither.

    >>> [read_mark(mark) for mark in ("x", "✓", True, "chưa", 0, "xem lại")]
    [True, True, True, False, False, None]
    """
    if isinstance(value, (bool, int, float)):
        return bool(value) if value in (0, 1) else None
    text = str(value).strip()
    # ✗ and ☒ are crosses: an office that ticks with a cross writes x, so they are not read as yes.
    if text and all(char in "✓✔☑✅√" for char in text):
        return True
    if any(char in _TICKS for char in text):
        return None
    word = _said(text)
    if word in _YES:
        return True
    return False if word in _NO else None
