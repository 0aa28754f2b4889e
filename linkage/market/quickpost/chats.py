"""A pasted group or a forwarded chat taken apart into messages.

Names and times that stand over messages are taken out; a line goes on with the message before it
unless it begins another post: a blank line, another sender, or a line that is a post by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from linkage.market.quickpost.drafts import Reading
from linkage.market.quickpost.lexicon import Lexicon
from linkage.market.quickpost.reading import read

# What is pasted is read up to here: some hundred messages.
LONGEST_CHAT = 40_000
_TIME = r"(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?)"
_DAY = (
    r"(?:(?:hôm nay|hôm qua|thứ \w+|chủ nhật|T[2-7]|CN),?\s*)?"
    r"(?:\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?)?"
)
_NAME = r"[^\W\d_][\w .'-]{0,40}?"
# "[10:21, 23/11/2026] Tên: ...", "Tên, 23/11/2026 10:21: ..."; then the message itself.
_HEADED = re.compile(
    rf"^\s*(?:\[\s*{_DAY}[\s,]*{_TIME}[\s,]*{_DAY}\s*\]\s*(?:{_NAME}\s*:)?"
    rf"|{_DAY}[\s,]*{_TIME}\s*[-–:]\s*{_NAME}\s*:"
    rf"|{_NAME},?\s*[\[(]?{_DAY}[\s,]*{_TIME}[\s,]*{_DAY}[\])]?\s*(?::|$))\s*",
    re.IGNORECASE,
)
# A line that is a time or a day alone, and what an app writes by itself.
_ALONE = re.compile(rf"^\s*(?:{_DAY}[\s,]*{_TIME}?[\s,]*{_DAY}|{_TIME})\s*$", re.IGNORECASE)
_BY_THE_APP = re.compile(
    r"^\s*(?:\[(?:hình ảnh|ảnh|video|sticker|file|tin nhắn thoại|gif|photo|image)\]"
    r"|đã thu hồi.*|tin nhắn đã (?:được )?(?:thu hồi|xóa|xoá).*|đã xem|xem thêm|trả lời|chuyển tiếp"
    r"|.{1,40} đã (?:tham gia|rời|thêm|đổi tên|ghim) .*)\s*$",
    re.IGNORECASE,
)


def read_many(text: str, *, today: date, lexicon: Lexicon | None = None) -> list[Reading]:
    """Read each message of a pasted text; only those that are posts come back, in order."""
    found: list[Reading] = []
    for block in blocks(text[:LONGEST_CHAT]):
        found += _posts(block, today, lexicon)
    return found


def blocks(text: str) -> Iterator[list[str]]:
    """The lines of each message, without the names and times over them.

    >>> list(blocks("Nam 10:21\\nBán 3 tạ tỏi\\n\\nMua ngô"))
    [['Bán 3 tạ tỏi'], ['Mua ngô']]
    """
    block: list[str] = []
    under_a_time = False
    for line in text.splitlines():
        head = _HEADED.match(line)
        rest = line[head.end() :] if head else line
        alone = bool(_ALONE.match(line))
        is_name = under_a_time and _is_name(line)
        if head or alone or is_name or not line.strip() or _BY_THE_APP.match(line):
            if block:
                yield block
            block = []
            rest = "" if head is None else rest
        under_a_time = alone and bool(line.strip())
        if rest.strip():
            block.append(rest.strip())
    if block:
        yield block


def _is_name(line: str) -> bool:
    """Whether a line under a time is who wrote: few words, each with a capital, and no number."""
    words = line.split()
    return 0 < len(words) <= 6 and all(word[0].isupper() and word.isalpha() for word in words)


def _posts(lines: list[str], today: date, lexicon: Lexicon | None) -> Iterator[Reading]:
    """The posts of one message: each line one, or all of it one."""
    whole = read("\n".join(lines), today=today, lexicon=lexicon)
    if len(lines) == 1:
        yield from [whole] if whole.is_post else []
        return
    alone = [read(line, today=today, lexicon=lexicon) for line in lines]
    posts = [reading for reading in alone if _says_it_all(reading)]
    if len(posts) > 1:
        yield from posts
    elif whole.is_post:
        yield whole
    else:
        yield from (reading for reading in alone if reading.is_post)


def _says_it_all(reading: Reading) -> bool:
    """Whether a line is a post without those round it: who sells or buys, and what."""
    return reading.is_post and all(
        "side" in draft.spans and draft.commodity for draft in reading.drafts
    )
