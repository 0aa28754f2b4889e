"""Look first, then write in one short transaction, in turn (`turns`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from linkage.market.models import PostKind
from linkage.suggestions.best import Ranking
from linkage.suggestions.services.looks import remember
from linkage.suggestions.services.storing import Judged, store
from linkage.suggestions.services.turns import Overtaken, Turns, wait_for

# Who is overtaken that often waits for the turn first, and then looks.
TRIES = 3


@dataclass(frozen=True)
class Seen:
    """What a look found, to be written in turn.

    `judged`: what is to be suggested otherwise than before. `touching`: for the posts of which kind
    and commodities a change is counted. `is_so_still`: of a post that changed, whether it is as it
    was read. `lane`: of a shard, the one that it writes in.
    """

    turns: Turns
    tops: set[str]
    today: date
    rankings: Mapping[PostKind, Sequence[Ranking]]
    judged: Sequence[Judged]
    touching: Mapping[PostKind, set[str]] = field(default_factory=dict)
    is_so_still: Callable[[], bool] = lambda: True
    lane: int | None = None

    def write(self, now: datetime) -> None:
        """In the caller's transaction. Raises: Overtaken; the transaction is then undone."""
        if self.lane is None:
            self.turns.claim(self.tops)
        else:
            for top in self.tops:
                self.turns.join(top, self.lane)
        if not self.is_so_still():
            raise Overtaken
        for kind, codes in self.touching.items():
            self.turns.touch(kind, codes)
        for kind, rankings in self.rankings.items():
            touching = self.touching.get(kind, set())
            remember(kind, rankings, turns=self.turns, touching=touching, today=self.today)
        store(self.judged, now=now)


def in_turn(look: Callable[[], Seen | None], *, now: datetime, fence: Callable[[], None]) -> None:
    """Look, and write what was seen unless somebody wrote about the same posts meanwhile.

    `fence` is called as the first statement of the transaction that writes.
    """
    for _ in range(TRIES):
        seen = look()
        if seen is None:
            return
        tops, lane = seen.tops, seen.lane
        with suppress(Overtaken), transaction.atomic():
            fence()
            seen.write(now)
            return
    with transaction.atomic():
        fence()
        wait_for(tops, lane)
        seen = look()
        if seen is not None:
            seen.write(now)
