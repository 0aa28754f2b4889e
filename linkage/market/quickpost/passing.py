"""What a clause says of another time or of other people: no price and no quantity of the post."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from linkage.market.quickpost.tokens import Token

_ELSEWHERE = frozenset(
    {("hom", "qua"), ("hom", "kia"), ("nam", "ngoai"), ("tuan", "truoc"), ("ngoai", "cho")}
)
_SOLD = frozenset({("ban", "duoc"), ("da", "ban")})
_ENDS = frozenset(",;.\n")
# A clause is read backwards so far.
_FAR = 8


def clause_before(tokens: Sequence[Token], first: int) -> list[str]:
    """The words of the clause that stand before a token, the last few of them."""
    at = first
    while at > 0 and first - at < _FAR and tokens[at - 1].fold not in _ENDS:
        at -= 1
    return [token.fold for token in tokens[at:first]]


def is_said_of_elsewhere(tokens: Sequence[Token], first: int) -> bool:
    """Whether it is of another time, or of the market: "hôm qua bán 90k", "ngoài chợ 65k"."""
    return any(pair in _ELSEWHERE for pair in pairwise(clause_before(tokens, first)))


def is_past_sale(tokens: Sequence[Token], first: int) -> bool:
    """Whether so much is sold already: "bán được 7 tấn", "đã bán 3 tấn"."""
    before = clause_before(tokens, first)
    if tuple(before[-2:]) in _SOLD:
        return True
    return "ban" in before and is_said_of_elsewhere(tokens, first)
