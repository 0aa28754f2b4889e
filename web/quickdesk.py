"""What waits of a pasted text: each product of each message, until it is published or left out.

It lies in the session of who pasted it, so it ends with that; telephone numbers are taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from linkage.market.quick import MOST_POSTS
from linkage.market.quickpost import Reading

_KEY = "quick_posts"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One product of one message."""

    text: str
    number: int
    product: str

    @property
    def key(self) -> str:
        """What it is called in forms and addresses."""
        return sha256(f"{self.number}:{self.text}".encode()).hexdigest()[:12]


class Desk:
    """What one organisation's person still has to look at."""

    def __init__(self, session: Any, organisation_id: int) -> None:
        self._session, self._own = session, str(organisation_id)

    def items(self) -> list[Waiting]:
        """In the order in which they were pasted."""
        return [Waiting(*one) for one in self._session.get(_KEY, {}).get(self._own, [])]

    def keep(self, items: Iterable[Waiting]) -> None:
        """Let these wait, instead of what waited."""
        kept = {**self._session.get(_KEY, {})}
        kept[self._own] = [[one.text, one.number, one.product] for one in dict.fromkeys(items)]
        self._session[_KEY] = {name: some for name, some in kept.items() if some}

    def add(self, items: Iterable[Waiting]) -> None:
        """Let these wait, before what waits already; so many that a session can carry them."""
        self.keep([*dict.fromkeys([*items, *self.items()])][:MOST_POSTS])

    def take(self, key: str) -> None:
        """One is done with."""
        self.keep(one for one in self.items() if one.key != key)

    def find(self, key: str) -> Waiting | None:
        """The one of that key, if it still waits."""
        return next((one for one in self.items() if one.key == key), None)

    def first(self) -> Waiting | None:
        """The one that waits longest."""
        return next(iter(self.items()), None)


def waiting_of(readings: Sequence[Reading]) -> list[Waiting]:
    """Each product of each message that is a post."""
    return [
        Waiting(reading.public_text, number, draft.commodity_name or "")
        for reading in readings
        for number, draft in enumerate(reading.drafts)
    ]
