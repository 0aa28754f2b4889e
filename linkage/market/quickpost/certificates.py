"""Certificates that a post says it has or asks for; one that is denied is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkage.market.quickpost.phrases import Phrases
from linkage.market.quickpost.tokens import Text, Token
from linkage.reference.files import CertificationRow

_NOT = frozenset({"chua", "khong", "ko", "huong", "chang"})
_CERTIFIED = frozenset({"giay", "chung", "nhan", "chi", "dat", "co", "du", "ho", "so", "tieu"})
# Words that promise without a certificate, where they lead to food safety.
_PROMISE = frozenset({"dam", "bao", "ve", "sinh", "bảo"})
_PROMISED = "ATTP"
_SHORT = (
    ("OCOP 3", "OCOP-3"), ("OCOP 4", "OCOP-4"), ("OCOP 5", "OCOP-5"), ("ocop 3sao", "OCOP-3"),
    ("global gap", "GLOBALGAP"), ("globalgap", "GLOBALGAP"), ("viet gap", "VIETGAP"),
    ("ISO22000", "ISO-22000"), ("vietgab", "VIETGAP"), ("hacp", "HACCP"), ("vsattp", "ATTP"),
    ("viet gahp", "VIETGAP"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Certificate:
    """Tokens `first` to `last` (not included) that name a certificate by its code."""

    first: int
    last: int
    code: str
    name: str


@dataclass(frozen=True)
class Certificates:
    """Names of certificates, ready for look-up."""

    phrases: Phrases[str]
    names: dict[str, str]

    @classmethod
    def of(cls, rows: Sequence[CertificationRow]) -> Certificates:
        """Build them from the reference data."""
        words = [
            (word, row.code)
            for row in rows
            for word in (row.name_vi, row.name_en, row.code, *row.synonyms)
        ]
        return cls(Phrases([*words, *_SHORT]), {row.code: row.name_vi for row in rows})

    def read(self, text: Text, tokens: Sequence[Token]) -> tuple[list[Certificate], set[int]]:
        """The certificates that are stated, and the tokens of all that are named."""
        found: list[Certificate] = []
        taken: set[int] = set()
        at = 0
        while at < len(tokens):
            match = self.phrases.at(tokens, at, marked=text.marked) if tokens[at].is_word else None
            if match is None and tokens[at].is_number:
                match = self.phrases.at(tokens, at, marked=text.marked)
            if match is None:
                at += 1
                continue
            taken |= set(range(match.first, match.last))
            if _is_stated(tokens, match.first, match.value):
                known = {one.code for one in found}
                if match.value not in known:
                    name = self.names[match.value]
                    found.append(Certificate(match.first, match.last, match.value, name))
            at = match.last
        return found, taken


def _is_stated(tokens: Sequence[Token], first: int, code: str) -> bool:
    before = [token.fold for token in tokens[max(0, first - 4) : first]]
    if any(word in _NOT for word in before[-3:]):
        return False
    if code == _PROMISED and any(word in _PROMISE for word in before[-3:]):
        return any(word in ("giay", "chung") for word in before)
    return True
