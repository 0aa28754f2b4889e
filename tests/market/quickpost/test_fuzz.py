"""Mutated posts: no exception, none slow, and no number that the text does not have."""

from __future__ import annotations

import random
import re
import time
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import product
from pathlib import Path

from linkage.market.quickpost import Draft, Reading, of_reading, packaged, read, read_many
from tests.examples import examples
from tests.market.quickpost.score import read_lines

CORPUS = Path(__file__).with_name("corpus.jsonl")
TODAY = date(2026, 11, 23)
# In time of the processor, so that a busy machine is no slow parser.
SLOWEST_S = 0.050
# EXAMPLES_TIMES=100 tries 100,000.
ORDINARY = 1_000

LETTERS = "abcdeghiklmnopqrstuvxyăâđêôơưáàảãạ 0123456789.,/-:%+~()\n\t\u200b🍅₫²½"
PIECES = (
    "1tr2", "2t3", "1.200.000", "12,5", "0", "999999999999999", "1/2 tấn", "-", "–", "đến", "mỗi",
    "k/kg", "đ", "nghìn rưỡi", "30/2", "31/4/2027", "tháng 13", "rằm tháng 7", "Tết", "quý 5",
    "thứ 9", "vạn", "tạ", "tấn/ha", "ha", "bao 50kg", "0912345678", "+84 912 345 678", "ai mua",
    "bán", "cần", "không", "VietGAP", "OCOP 9 sao", "An Lão", "chợ", "giống", "con", "1e9", "٣",
    "năm sau", "99 tháng nữa", "0 ngày nữa", "ngày 31", "mùng 30 Tết", "１２", "\u0301", "\x00",
)  # fmt: skip


def mutated(rng: random.Random, posts: list[str]) -> str:
    """A post with a few things wrong with it."""
    text = rng.choice(posts)
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(text))
        how = rng.randrange(7)
        if how == 0:
            text = text[:at] + rng.choice(LETTERS) + text[at:]
        elif how == 1:
            text = text[:at] + text[at + rng.randint(1, 3) :]
        elif how == 2:
            text = text[:at] + " " + rng.choice(PIECES) + " " + text[at:]
        elif how == 3:
            other = rng.choice(posts)
            text = text[:at] + other[rng.randint(0, len(other)) :]
        elif how == 4:
            words = text.split(" ")
            rng.shuffle(words)
            text = " ".join(words)
        elif how == 5:
            text = text.upper() if rng.random() < 0.5 else text.swapcase()
        else:
            text = text[:at] + str(rng.randint(0, 10 ** rng.randint(1, 14))) + text[at:]
    return text


@lru_cache(maxsize=1)
def posts() -> list[str]:
    return [line["text"] for line in read_lines(CORPUS)]


# --- an oracle that knows no rule: which numbers can stand in a piece of text at all --------------

WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "nua": Fraction(1, 2),
}  # fmt: skip
SCALES = [Fraction(10) ** n for n in range(-9, 16)]


def bare(text: str) -> str:
    from linkage.market.quickpost.tokens import fold

    return fold(text)


def numbers_in(text: str) -> set[Fraction]:
    """Every number that any reading finds: digits, digits with a tail, words, and sums of them."""
    text = bare(text)
    found: set[Fraction] = set()
    digits = re.findall(r"\d+", text)
    for group in re.findall(r"\d+(?:[.,]\d+)*(?: \d{3})*", text):
        found.add(Fraction(re.sub(r"\D", "", group)))
        for mark in ".,":
            if group.count(mark) == 1:
                whole, rest = (re.sub(r"\D", "", part) for part in group.split(mark))
                if whole and rest:
                    found.add(Fraction(f"{whole}.{rest}"))
    found |= {Fraction(one) for one in digits}
    words = [Fraction(WORDS[word]) for word in re.findall(r"[a-z]+", text) if word in WORDS]
    found |= set(words)
    found |= (
        {a * 10 + b for a, b in product(words, words)} | {a * 100 for a in words} | {Fraction(1)}
    )
    found |= {Fraction(a * 100 + b * c) for a, b in product(words, words) for c in (1, 10)}
    found |= {Fraction(100 + b * c) for b in words for c in (1, 10)}
    small = [Fraction(one) for one in digits if len(one) <= 3]
    tails = {Fraction(int(one), 10 ** len(one)) for one in digits if len(one) <= 3}
    tails |= {s / scale for s in small for scale in (10, 100, 1000)}
    found |= {a + b for a in found for b in tails}
    if re.search(r"ruoi", text):
        found |= {a + Fraction(1, 2) for a in found}
    found |= {Fraction(int(a), int(b)) for a, b in re.findall(r"([1-3])\s?/\s?([2-4])", text)}
    return found


def can_stand(value: Fraction, text: str, *, land: bool) -> bool:
    found = {n for n in numbers_in(text) if n}
    if any(value == n * scale for n in found for scale in SCALES):
        return True
    # "1 tấn 2 tạ": two numbers, each with its unit.
    whole = {Fraction(one) for one in re.findall(r"\d+", text)} | {Fraction(1, 2)}
    whole |= {Fraction(f"{a}.{b}") for a, b in re.findall(r"(\d+)[.,](\d+)", text)}
    whole |= {Fraction(WORDS[word]) for word in re.findall(r"[a-z]+", bare(text)) if word in WORDS}
    if any(value == a * s + b * t for a in whole for b in whole for s in SCALES for t in SCALES):
        return True
    return land and any(value == a * b * s for a in found for b in found for s in SCALES)


def pieces(reading: Reading, draft: Draft, name: str) -> str:
    return " ; ".join(reading.text[a:b] for a, b in draft.spans.get(name, ()))


def assert_nothing_invented(reading: Reading) -> None:
    for draft in reading.drafts:
        if draft.amount is not None:
            said = pieces(reading, draft, "quantity")
            assert can_stand(Fraction(draft.amount.quantity), said, land=True), (reading, said)
            if draft.amount.least is not None:
                assert can_stand(Fraction(draft.amount.least), said, land=True), (reading, said)
                assert draft.amount.least < draft.amount.quantity
        if draft.cost is not None:
            said = pieces(reading, draft, "price")
            several = "/" in said
            assert can_stand(Fraction(draft.cost.dong), said, land=False) or several, (
                reading,
                said,
            )


def test_mutated_posts_are_read_without_error_quickly_and_without_inventing() -> None:
    packaged()
    rng = random.Random(20261123)
    slow: list[tuple[float, str]] = []
    for _ in range(examples(ORDINARY)):
        text = mutated(rng, posts())
        began = time.thread_time()
        reading = read(text, today=TODAY)
        took = time.thread_time() - began
        if took > SLOWEST_S:
            slow.append((took, text))
        document = of_reading(reading)
        assert reading.is_post or not any(
            document[key] for key in document if key not in ("text",)
        ), text
        for draft in reading.drafts:
            for spans in draft.spans.values():
                assert all(0 <= a < b <= len(reading.text) for a, b in spans), text
            assert draft.start is None or draft.end is None or draft.start <= draft.end, text
            assert draft.start is None or draft.start >= TODAY, text
        assert_nothing_invented(reading)
    assert not slow, slow[:5]


def test_the_longest_text_is_read_in_time() -> None:
    packaged()
    rng = random.Random(7)
    words = " ".join(posts()).split()
    for _ in range(3):
        text = " ".join(rng.choices(words, k=2_000))
        began = time.thread_time()
        read(text, today=TODAY)
        assert time.thread_time() - began < 3 * SLOWEST_S


def test_pasted_chats_of_anything_are_read() -> None:
    rng = random.Random(11)
    for _ in range(examples(50)):
        text = "\n".join(mutated(rng, posts()) for _ in range(rng.randint(1, 8)))
        for reading in read_many(text, today=TODAY):
            assert reading.is_post


def test_the_oracle_of_numbers_refuses_what_is_not_there() -> None:
    assert can_stand(Fraction(1_200_000), "1tr2/tạ", land=False)
    assert can_stand(Fraction(6_500), "6 nghìn rưỡi", land=False)
    assert not can_stand(Fraction(7_000), "6 nghìn rưỡi", land=False)
    assert not can_stand(Fraction(3_000_000), "2 tấn", land=True)
