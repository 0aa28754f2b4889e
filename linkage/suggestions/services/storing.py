"""Writes what the engine found: what is new, what changed, what no longer stands.

What people did with a suggestion (seen, dismissed, proposed) stays, also while it is stale.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from linkage.market.models import PostKind
from linkage.suggestions import preference
from linkage.suggestions.best import Best, Ranking, numbers_of
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services.telling import Found, choose, tell

_OF_BOTH = ("score", "facts", "stale", "updated_at")
_OF_A_SIDE = ("why", "told_at")
_AT_ONCE = 500

Pair = tuple[int, int]


@dataclass(frozen=True)
class Judged:
    """All pairs to suggest to the owners of certain posts of a kind.

    `posts` is the condition on suggestions that their post of that kind is one of those.
    """

    kind: PostKind
    posts: Q
    rankings: Sequence[Ranking]

    @property
    def bests(self) -> Iterator[Best]:
        return (best for ranking in self.rankings for best in ranking.bests)


@dataclass
class _Draft:
    """A suggestion in the making: as it was, and what was found of it."""

    row: Suggestion
    before: tuple[object, ...]
    found: list[Found] = field(default_factory=list)


def store(judged: Iterable[Judged], *, now: datetime) -> None:
    """Make the stored suggestions of the judged posts those that were found, and tell what is new.

    In the caller's transaction, which holds the turn. Of the side whose posts are not judged
    nothing is written over: shards of both sides write of one pair in the same moment. They lock
    what stands first, then what stood, and make what is new last, each in the order of the pairs:
    so nobody waits for somebody who waits for them.
    """
    judged = list(judged)
    drafts: dict[Pair, _Draft] = {}
    for side in judged:
        _take_up(side, drafts)
    _reopen(judged, drafts)
    for side in judged:
        for best in side.bests:
            _put(side.kind, best, drafts, now)
    news = choose([found for draft in drafts.values() for found in draft.found], now=now)
    news.mark(now)
    _write(drafts, {side.kind for side in judged}, now)
    tell(news, now=now)


def _take_up(side: Judged, drafts: dict[Pair, _Draft]) -> None:
    """Read what stands of the judged posts; what was not found again is none of theirs any more."""
    found = {(best.match.offer, best.match.need) for best in side.bests}
    for row in _locked(side.posts & Q(stale=False)):
        pair = row.offer_id, row.need_id
        draft = drafts.setdefault(pair, _Draft(row, _said(row)))
        if pair not in found:
            setattr(draft.row, f"{side.kind}_why", "")


def _locked(condition: Q) -> QuerySet[Suggestion]:
    """Suggestions whose other side nobody changes now, in the order of the pairs."""
    rows = Suggestion.objects.filter(condition, engine=preference.engine())
    return rows.order_by("offer", "need").select_for_update(of=("self",), no_key=True)


def _reopen(judged: Iterable[Judged], drafts: dict[Pair, _Draft]) -> None:
    """What was stale and stands again keeps what people did with it.

    Also what a shard of the other side brought back since `_take_up` read, so it may not be stale.
    """
    for side in judged:
        missing = {(best.match.offer, best.match.need) for best in side.bests} - set(drafts)
        offers = sorted({offer for offer, _ in missing})
        for start in range(0, len(offers), _AT_ONCE):
            own = side.posts & Q(offer__in=offers[start : start + _AT_ONCE])
            for row in _locked(own):
                if (row.offer_id, row.need_id) in missing:
                    drafts[row.offer_id, row.need_id] = _Draft(row, _said(row))


def _put(kind: PostKind, best: Best, drafts: dict[Pair, _Draft], now: datetime) -> None:
    pair = best.match.offer, best.match.need
    if pair not in drafts:
        made = Suggestion(
            offer_id=pair[0], need_id=pair[1], engine=preference.engine(), created_at=now
        )
        drafts[pair] = _Draft(made, ())
    draft = drafts[pair]
    if not getattr(draft.row, f"{kind}_why"):
        draft.found.append(Found(kind, draft.row))
    setattr(draft.row, f"{kind}_why", ",".join(best.why))
    draft.row.score = best.match.score
    draft.row.facts = numbers_of(best.match)


def _said(row: Suggestion) -> tuple[object, ...]:
    return row.score, row.facts, row.offer_why, row.need_why


def _write(drafts: dict[Pair, _Draft], kinds: Collection[PostKind], now: datetime) -> None:
    """Write what changed, in the order of the pairs: two who write touch rows in one order.

    A pair that is there already is updated, so what people do with it meanwhile is not lost, nor
    what a shard of the other side wrote that made the pair in this moment.
    """
    of_sides = [f"{kind}_{name}" for kind in sorted(kinds) for name in _OF_A_SIDE]
    changed = []
    for _pair, draft in sorted(drafts.items()):
        row = draft.row
        if _said(row) != draft.before:
            row.stale = not (row.offer_why or row.need_why)
            row.updated_at = now
            # The pair names the row.
            row.pk = None
            changed.append(row)
    Suggestion.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["offer", "need", "engine"],
        update_fields=[*_OF_BOTH, *of_sides],
        batch_size=_AT_ONCE,
    )
