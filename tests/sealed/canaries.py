"""Values that nobody could guess, one in each sealed field, and who may read each by the matrix.

`world` plants them; a canary that somebody reads who stands in no column that the matrix lets read
is a leak. Those without a resource are for nobody: hashes, keys, codes as they are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from linkage.registry.access_table import MATRIX, Column, Condition, Resource, permits
from linkage.registry.models import Role

PERSONAL_CODE = "031085730194"
PHONE, OTHER_PHONE = "0938274651", "0947361825"
CONTACT, OTHER_CONTACT = "Người Đại Diện Qvxkontakt", "Người Khác Wzjkontakt"
QUESTION, ANSWER = "Hàng còn không Jxqfrage?", "Còn nhiều Xqjantwort."
TERMS_NOTE, AGREED_NOTE = "Zkwbedingung", "Kzwvereinbart"
TALK_PRICE, AGREED_PRICE, POOL_PRICE = 700_159, 711_371, 623_817
# Kilos: 487,613 and 101,357; 263,947 are agreed by two outside of the officer's area.
AGREED_VOLUME, DELIVERED = Decimal("487.613"), Decimal("101.357")
AGREED_ELSEWHERE = Decimal("263.947")
# What the rival brings to the pool.
POOL_PART = Decimal("361.253")
SCAN_NAME, SCAN_WORDS = "Vqzdatei.pdf", "Yxkinhalt"
CONSENT_NAME, CONSENT_WORDS = "Wqzgiay.pdf", "Xwjchuky"
SOURCE_NAME, SOURCE_WORDS = "Ncqbericht.pdf", "Mjqbelegt"
DRAFT_NOTE = "Bqxentwurf"
CLAIM_NOTE = "Hjqantrag"
PAPER = "Tủ Gzxschrank"
IMPORTED = "Dxqeinfuhr"
CORRECTED = "Ykqberichtigt"
PASSWORD = "argon2$Pqzhashwert"


@dataclass(frozen=True)
class Canary:
    """`resources`: those that it is a part of; `ties`: the people in a relation to it.

    `in_area`: whether the officer looks after whose it is.
    """

    name: str
    words: str
    resources: tuple[Resource, ...] = ()
    ties: Mapping[Column, frozenset[str]] = field(default_factory=dict)
    under: frozenset[Condition] = frozenset()
    in_area: bool = True

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """However it is written: figures with the signs between them that pages print."""
        if self.words.isdecimal():
            digits = rb"[ .,]?".join(digit.encode() for digit in self.words)
            # Short ones stand in digests too; a telephone's may have a country's before it.
            before = rb"(?<![0-9a-zA-Z])" if len(self.words) < 9 else b""
            return re.compile(before + digits + rb"(?![a-zA-Z])")
        return re.compile(re.escape(self.words.encode()))

    def allowed(self, who: str) -> bool:
        """Whether the matrix lets the reader read it by some relation or office."""
        return bool(self._cells(who))

    def leaves_a_line(self, who: str) -> bool:
        """Whether each of the reader's readings of it is noted, by whichever right."""
        cells = self._cells(who)
        return bool(cells) and all(MATRIX[resource][column].logged for resource, column in cells)

    def _cells(self, who: str) -> list[tuple[Resource, Column]]:
        stands = {column for column, people in self.ties.items() if who in people}
        if who in Role.values:
            stands.add(Column(who))
        # The officer acts for the seller.
        is_officers = who == Role.FIELD_OFFICER and self.in_area
        met = {Condition.AREA, Condition.BEHALF} if is_officers else set()
        return [
            (resource, column)
            for resource in self.resources
            for column in stands
            if permits(resource, column, "R", under=self.under | met)
        ]


def own(*people: str) -> Mapping[Column, frozenset[str]]:
    return {Column.OWNER: frozenset(people)}


def between(*people: str) -> Mapping[Column, frozenset[str]]:
    return {Column.PARTY: frozenset(people)}


SELLERS, COUNTERPARTS, BUYERS = ("seller", "colleague"), ("counterpart",), ("buyer",)
PARTIES_OF_DEAL = {"seller", "colleague", "counterpart"}
CANARIES = [
    Canary("floor", "513787", (Resource.LIMIT,), own(*SELLERS)),
    Canary("rival's floor", "582341", (Resource.LIMIT,), own("rival")),
    Canary("ceiling", "924163", (Resource.LIMIT,), own(*COUNTERPARTS)),
    Canary("buyer's ceiling", "850927", (Resource.LIMIT,), own(*BUYERS)),
    *(
        Canary(
            name, words, (Resource.CONTACT,),
            {Column.OWNER: frozenset(SELLERS), Column.PARTY: frozenset(COUNTERPARTS)},
            frozenset({Condition.CONSENT}),
        )
        for name, words in (("contact person", "Qvxkontakt"), ("telephone", PHONE[1:]))
    ),
    # The buyer shares its own; the seller, in talks with it, does not.
    *(
        Canary(
            name, words, (Resource.CONTACT,),
            {Column.OWNER: frozenset(BUYERS), Column.PARTY: frozenset(SELLERS)},
        )
        for name, words in (("one-sided contact", "Wzjkontakt"), ("its phone", OTHER_PHONE[1:]))
    ),
    Canary("personal tax code", PERSONAL_CODE, (Resource.PERSONAL_TAX_CODE,), own(*BUYERS)),
    Canary("question", "Jxqfrage", (Resource.NEGOTIATION,), between(*SELLERS, *BUYERS)),
    Canary("answer", "Xqjantwort", (Resource.NEGOTIATION,), between(*SELLERS, *BUYERS)),
    Canary("proposed terms", TERMS_NOTE, (Resource.NEGOTIATION,), between(*SELLERS, *BUYERS)),
    Canary("proposed price", "700159", (Resource.NEGOTIATION,), between(*SELLERS, *BUYERS)),
    Canary("pool's price", "623817", (Resource.NEGOTIATION,), between(*SELLERS, *BUYERS, "rival")),
    Canary("rival's part", "361253", (Resource.NEGOTIATION,), between(*BUYERS, "rival")),
    Canary("agreed terms", AGREED_NOTE, (Resource.NEGOTIATION,), between(*PARTIES_OF_DEAL)),
    Canary("agreed price", "711371", (Resource.AGREED_PRICE,), between(*PARTIES_OF_DEAL)),
    Canary("agreed volume", "487613", (Resource.AGREED_PRICE,), between(*PARTIES_OF_DEAL)),
    Canary("volume elsewhere", "263947", (Resource.AGREED_PRICE,), in_area=False),
    Canary("delivered quantity", "101357", (Resource.DELIVERY,), between(*PARTIES_OF_DEAL)),
    Canary("scan's name", "Vqzdatei", (Resource.EVIDENCE,), between(*PARTIES_OF_DEAL)),
    Canary("scan's content", SCAN_WORDS, (Resource.EVIDENCE,), between(*PARTIES_OF_DEAL)),
    Canary("consent's name", "Wqzgiay", (Resource.CONSENT_SCAN,), own(*SELLERS)),
    Canary("consent's scan", CONSENT_WORDS, (Resource.CONSENT_SCAN,), own(*SELLERS)),
    Canary("report's name", "Ncqbericht", (Resource.EVIDENCE,)),
    Canary("report's content", SOURCE_WORDS, (Resource.EVIDENCE,)),
    Canary("draft", DRAFT_NOTE, (Resource.POST,), own(*SELLERS)),
    Canary(
        "claim", CLAIM_NOTE, (Resource.CLAIM,), {Column.PERSON: frozenset({"seller"})}
    ),
    Canary("imported row", IMPORTED, (Resource.IMPORT,)),
    Canary("corrected quick post", CORRECTED),
    Canary("password as it is kept", "Pqzhashwert"),
]  # fmt: skip
