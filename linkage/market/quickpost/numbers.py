"""Numbers as people type them: "1.200.000", "12,5", "1tr2", "6 nghìn rưỡi", "4 vạn", "hai".

The Vietnamese reading is the reading: a dot groups thousands, a comma is the decimal sign. What
can be read in two ways is no number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from linkage.market.quickpost.tokens import Token, words

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d\d0|(?:,\d{3}){2,})")
_DECIMAL = re.compile(r"\d{1,9}(?:,\d{1,2}|\.\d{1,2}|,\d{4,6})|0[.,]\d{3}")
_PLAIN = re.compile(r"\d{1,12}")
_ROUND_GROUP = "000"

# Folded word: what it multiplies by, and the ways to write it with marks.
_MULTIPLIERS: dict[str, tuple[int, frozenset[str]]] = {
    "k": (1_000, frozenset({"k"})),
    "ng": (1_000, frozenset({"ng"})),
    "ngh": (1_000, frozenset({"ngh"})),
    "nghin": (1_000, frozenset({"nghìn", "nghin"})),
    "ngin": (1_000, frozenset({"ngìn", "ngin"})),
    "ngan": (1_000, frozenset({"ngàn", "ngan"})),
    "van": (10_000, frozenset({"vạn", "van"})),
    "tr": (1_000_000, frozenset({"tr"})),
    "trieu": (1_000_000, frozenset({"triệu", "trieu"})),
    "ty": (1_000_000_000, frozenset({"tỷ", "tỉ", "ty"})),
}
# Words that speak of money where no unit of goods follows.
MONEY_WORDS = frozenset({"k", "ng", "ngh", "nghin", "ngin", "ngan", "tr", "trieu", "ty"})
_DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_BARE_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_COUNTED = words(
    "tan ta yen kg can ky ki con qua trai lit chuc bao thung chai cay canh ha sao mau ngay "
    "thang tuan den toi lan"
)
_HUNDRED = frozenset({"trăm", "tram"})
_TEN = frozenset({"chục", "chuc"})
_HALF = frozenset({"nửa", "nua"})
_AND_A_HALF = frozenset({"rưỡi", "ruoi", "rưởi"})
# Units that "chục" stands before, as tens of them: "hai chục cân".
_IN_TENS = words(
    "cân can kg ký kí ky ki yến yen tạ ta tấn tan con quả qua trái trai bao thùng thung chai hộp "
    "hop túi tui lít lit"
)
_MONEY_SIGNS = frozenset({"đ", "d", "đồng", "dong", "vnd", "vnđ", "₫"})
# Behind these a number says which, not how many: "loại 2 500đ".
_ORDINALS = words("loại loai số so lứa lua vụ vu size lớp hàng thứ ngày tháng đợt lô nếp")
# Words that multiply one where no number stands before them: "vạn rưỡi".
_ONE_OF = frozenset({"vạn", "van", "nghìn", "nghin", "ngàn", "ngan", "triệu", "trieu"})


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens `first` to `last` (not included) that say a number.

    `multiplier` is the last word that multiplies (k, vạn), "" where none is written; `words`: it
    is written in words alone, which only a unit behind them makes sure.
    """

    first: int
    last: int
    value: Fraction
    multiplier: str = ""
    words: bool = False


def plain(text: str) -> Fraction | None:
    """A number of digits, dots and commas; None if it can be read in two ways, or in none.

    >>> plain("1.200.000"), plain("12,5"), plain("1.5"), plain("25,000"), plain("1,125")
    (Fraction(1200000, 1), Fraction(25, 2), Fraction(3, 2), Fraction(25000, 1), None)
    """
    if _GROUPED.fullmatch(text) and not text.startswith("0"):
        return Fraction(text.replace(".", "").replace(",", "."))
    if _COMMAS.fullmatch(text):
        return Fraction(text.replace(",", ""))
    if _DECIMAL.fullmatch(text):
        return Fraction(text.replace(",", "."))
    return Fraction(text) if _PLAIN.fullmatch(text) else None


def number_at(tokens: Sequence[Token], first: int) -> Number | None:
    """The number that begins at a token."""
    if first >= len(tokens):
        return None
    found = _digits_at(tokens, first) or _words_at(tokens, first)
    return None if found is None else _multiplied(tokens, _in_hundreds(tokens, found))


def _in_hundreds(tokens: Sequence[Token], number: Number) -> Number:
    """ "5 trăm", "9 chục nghìn": digits with a word that counts hundreds, or tens of thousands."""
    at = number.last
    if at >= len(tokens):
        return number
    if tokens[at].written in _HUNDRED and not number.words:
        half = and_a_half(tokens, at + 1)
        value = number.value * 100 + 50 * half
        return replace(number, last=at + 1 + half, value=value)
    if tokens[at].written not in _TEN or number.value.denominator > 1:
        return number
    if multiplier_at(tokens, at + 1) is not None:
        return replace(number, last=at + 1, value=number.value * 10)
    if at + 1 < len(tokens) and tokens[at + 1].written in _IN_TENS:
        return replace(number, last=at + 1, value=number.value * 10, multiplier="chuc")
    return number


def _digits_at(tokens: Sequence[Token], first: int) -> Number | None:
    if not tokens[first].is_number:
        return None
    value = plain(tokens[first].fold)
    if value is None:
        return None
    last = first + 1
    if _fraction(tokens, first):
        return Number(first, first + 3, value / Fraction(tokens[first + 2].fold))
    # "1 200 000": groups that are nothing else.
    group = last
    while _is_group(tokens, group):
        group += 1
    if group > last and _are_groups(tokens, first, group):
        whole = "".join(token.fold for token in tokens[first:group])
        return Number(first, group, Fraction(whole))
    return Number(first, last, value)


def _fraction(tokens: Sequence[Token], first: int) -> bool:
    """Whether "1/2" stands here with a word behind it, so that it is no date."""
    parts = [token.fold for token in tokens[first : first + 3]]
    whole = len(parts) == 3 and parts[0] in "123" and parts[1] == "/" and parts[2] in "234"
    return whole and first + 3 < len(tokens) and tokens[first + 3].is_word and parts[0] < parts[2]


def _are_groups(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether digits with spaces between are one number: they end in 000, or money says so."""
    whole = tokens[first].fold.isdigit() and len(tokens[first].fold) <= 3
    if not whole or (first and tokens[first - 1].written in _ORDINALS):
        return False
    if tokens[first].glued and first and tokens[first - 1].is_word:
        return False
    money = last < len(tokens) and tokens[last].written in _MONEY_SIGNS
    slashed = last < len(tokens) and tokens[last].fold == "/"
    led = slashed and first > 0 and tokens[first - 1].written in ("giá", "gia")
    return tokens[last - 1].fold == _ROUND_GROUP or money or led


def in_doubtful_groups(tokens: Sequence[Token], first: int) -> bool:
    """Whether "500" in "4 500 kg" stands here: four thousand five hundred, or something else."""
    if first < 1 or not _is_group(tokens, first):
        return False
    before = tokens[first - 1]
    if not (before.is_number and len(before.fold) <= 3):
        return False
    return first < 2 or tokens[first - 2].written not in _ORDINALS


def _is_group(tokens: Sequence[Token], at: int) -> bool:
    return (
        at < len(tokens) and not tokens[at].glued and bool(re.fullmatch(r"\d{3}", tokens[at].fold))
    )


def _words_at(tokens: Sequence[Token], first: int) -> Number | None:
    if tokens[first].written in _HALF:
        return Number(first, first + 1, Fraction(1, 2), words=True)
    if tokens[first].written in _ONE_OF and and_a_half(tokens, first + 1):
        return _one_of(tokens, first)
    if first and tokens[first - 1].is_number:
        # "5 trăm" began with the digit.
        return None
    total, at = _below_hundred(tokens, first)
    if at < len(tokens) and tokens[at].written in _HUNDRED:
        hundreds = total if at > first else 1
        rest, end = _behind_hundred(tokens, at + 1)
        return Number(first, end, Fraction(hundreds * 100 + rest), words=True)
    return Number(first, at, Fraction(total), words=True) if at > first else None


def _one_of(tokens: Sequence[Token], first: int) -> Number | None:
    """ "vạn rưỡi" is one and a half of them, unless a number, or a vague word, stands before it."""
    before = tokens[first - 1] if first else None
    if before is not None and (before.is_number or before.written in NOT_ONE):
        return None
    return Number(first, first, Fraction(1), words=True)


def _behind_hundred(tokens: Sequence[Token], first: int) -> tuple[int, int]:
    """What stands behind "trăm": "trăm linh tám" is 108, "trăm tám" 180."""
    if first < len(tokens) and tokens[first].written in ("linh", "lẻ", "le"):
        digit = _digit(tokens, first + 1)
        return (0, first) if digit is None else (digit, first + 2)
    if and_a_half(tokens, first):
        return 50, first + 1
    rest, end = _below_hundred(tokens, first)
    return (rest * 10 if rest < 10 else rest), end


def _below_hundred(tokens: Sequence[Token], first: int) -> tuple[int, int]:
    """A number in words up to 99 and where it ends; (0, first) if there is none."""
    at, total = first, 0
    digit = _digit(tokens, at)
    if digit is not None:
        total, at = digit, at + 1
        if at < len(tokens) and tokens[at].written in ("mươi", "muoi"):
            total, at = total * 10, at + 1
        else:
            return total, at
    elif at < len(tokens) and tokens[at].written in ("mười", "muoi"):
        total, at = 10, at + 1
    else:
        return 0, first
    digit = _digit(tokens, at)
    return (total + digit, at + 1) if digit is not None else (total, at)


def _digit(tokens: Sequence[Token], at: int) -> int | None:
    if at >= len(tokens):
        return None
    written = tokens[at].written
    return _DIGITS.get(written, _BARE_DIGITS.get(written))


def _multiplied(tokens: Sequence[Token], number: Number) -> Number:
    """The number with the words behind it: thousands, half of one more, and digits behind."""
    scale = multiplier_at(tokens, number.last)
    if scale is None:
        return number
    word, last = tokens[number.last].fold, number.last + 1
    value = number.value * scale
    if last < len(tokens) and tokens[last].written in _AND_A_HALF:
        return Number(number.first, last + 1, value + Fraction(scale, 2), word, number.words)
    tail = _tail(tokens, last, scale, word)
    if tail is not None:
        return Number(number.first, tail.last, value + tail.value, word, number.words)
    return Number(number.first, last, value, word, number.words)


def _tail(tokens: Sequence[Token], at: int, scale: int, word: str) -> Number | None:
    """What stands behind "1tr" or "1 triệu": digits that go on, or a smaller number of its own."""
    if at >= len(tokens) or not tokens[at].fold.isdigit() or len(tokens[at].fold) > 3:
        return None
    smaller = multiplier_at(tokens, at + 1)
    if smaller is not None:
        value = Fraction(tokens[at].fold) * smaller
        return Number(at, at + 2, value) if value < scale else None
    spaced = not tokens[at].glued
    # "20k 2. Cam": the number of the next line of a list, not two hundred more.
    if spaced and (len(tokens[at].fold) > 1 or word == "k" or _counts_something(tokens, at + 1)):
        return None
    digits = tokens[at].fold
    return Number(at, at + 1, Fraction(int(digits) * scale, 10 ** len(digits)))


def _counts_something(tokens: Sequence[Token], at: int) -> bool:
    """Whether the digit before a token has a unit or a sign of its own: "1 triệu, 2 tạ"."""
    return at < len(tokens) and (tokens[at].fold in _COUNTED or tokens[at].fold in "-–%.):")


def multiplier_at(tokens: Sequence[Token], at: int) -> int | None:
    """What a word multiplies the number before it by."""
    if at >= len(tokens):
        return None
    scale, ways = _MULTIPLIERS.get(tokens[at].fold, (0, frozenset()))
    return scale if tokens[at].written in ways else None


# Before a word that multiplies, or a unit, they say that it is not one.
NOT_ONE = frozenset(
    {
        *words("vài vai mấy may dăm dam bao nhiêu nhiều trăm tram chục chuc cả mỗi hàng nửa"),
        *_DIGITS, *_BARE_DIGITS, "mười", "mươi", "muoi", "rưỡi", "k", "nghìn", "triệu", "vạn",
    }
)  # fmt: skip


def and_a_half(tokens: Sequence[Token], at: int) -> bool:
    """Whether "rưỡi" stands here."""
    return at < len(tokens) and tokens[at].written in _AND_A_HALF
