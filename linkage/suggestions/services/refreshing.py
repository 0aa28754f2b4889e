"""Looks at posts anew: one that changed, and at night all of them.

What is stored follows from what is so now and from nothing that a message says, so a message may
come twice, late or out of order: the last one to be worked on leaves what the newest version of the
post deserves.

Reading and judging take long and hold nothing; writing is one short transaction, in turn (`turns`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from linkage.jobs.services import submit
from linkage.market.models import MODELS, PostKind, PostState
from linkage.market.tree import Tree
from linkage.suggestions import preference
from linkage.suggestions.best import Ranking, ranked, scores_of
from linkage.suggestions.facts import World, gather
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services.looks import (
    Change,
    changed_by,
    commodity_then,
    remember,
    touched_by,
)
from linkage.suggestions.services.storing import Judged, store
from linkage.suggestions.services.turns import Overtaken, Turns, wait_for

NIGHTLY = "suggestions.nightly"
REFRESH = "suggestions.refresh"
# Who is overtaken that often waits for the turn first, and then looks.
TRIES = 3


@dataclass(frozen=True)
class _Seen:
    """What a look found, to be written in turn.

    `judged`: what is to be suggested otherwise than before. `touching`: for the posts of which kind
    and commodities a change is counted. `is_so_still`: of a post that changed, whether it is as it
    was read.
    """

    turns: Turns
    tops: set[str]
    today: date
    rankings: Mapping[PostKind, Sequence[Ranking]]
    judged: Sequence[Judged]
    touching: Mapping[PostKind, set[str]] = field(default_factory=dict)
    is_so_still: Callable[[], bool] = lambda: True

    def write(self, now: datetime) -> None:
        """In the caller's transaction. Raises: Overtaken; the transaction is then undone."""
        self.turns.claim(self.tops)
        if not self.is_so_still():
            raise Overtaken
        for kind, codes in self.touching.items():
            self.turns.touch(kind, codes)
        for kind, rankings in self.rankings.items():
            touching = self.touching.get(kind, set())
            remember(kind, rankings, turns=self.turns, touching=touching, today=self.today)
        store(self.judged, now=now)


def refresh_post(
    *, kind: PostKind, post_id: int, now: datetime, fence: Callable[[], None] = lambda: None
) -> None:
    """Look anew for whom a post suits, and at those posts on the other side that it touches.

    Also where it suits nobody any more: what it stood in the way of comes up again. Whoever gets a
    new suggestion is told. `fence` is called as the first statement of the transaction that writes.
    """
    tree = Tree.load()
    _in_turn(partial(_look_at_post, tree, kind, post_id, localdate(now)), now=now, fence=fence)


def submit_refresh(*, now: datetime, day: date, run: int = 0) -> int:
    """Ask for a look at all posts, one job for each level-1 commodity; how many there are.

    The same jobs however often it is called for a day and a run. Suggestions of another engine go.
    """
    Suggestion.objects.filter(stale=False).exclude(engine=preference.engine()).update(
        stale=True, offer_why="", need_why="", updated_at=now
    )
    tree = Tree.load()
    tops = sorted({_top(tree, code) for code in _in_use()})
    for top in tops:
        period = f"{day.isoformat()}:{run}:{top}"
        submit(kind=REFRESH, args={"commodity": top}, now=now, period=period)
    return len(tops)


def refresh_group(
    *,
    commodity: str,
    now: datetime,
    progress: Callable[[int, int], None],
    fence: Callable[[], None],
) -> int:
    """Look anew at all posts under a level-1 commodity, a branch a transaction; how many branches.

    Broken off, it begins again and finds what it has done unchanged.
    """
    tree = Tree.load()
    parts = _parts(tree, commodity)
    for done, part in enumerate(parts):
        progress(done, len(parts))
        _in_turn(
            partial(_look_at_part, tree, commodity, part, localdate(now)), now=now, fence=fence
        )
    progress(len(parts), len(parts))
    return len(parts)


def _in_turn(look: Callable[[], _Seen | None], *, now: datetime, fence: Callable[[], None]) -> None:
    """Look, and write what was seen unless somebody wrote about the same posts meanwhile."""
    for _ in range(TRIES):
        seen = look()
        if seen is None:
            return
        tops = seen.tops
        with suppress(Overtaken), transaction.atomic():
            fence()
            seen.write(now)
            return
    with transaction.atomic():
        fence()
        wait_for(tops)
        seen = look()
        if seen is not None:
            seen.write(now)


def _look_at_post(tree: Tree, kind: PostKind, post_id: int, today: date) -> _Seen | None:
    turns = Turns.read()
    rows = MODELS[kind]._default_manager.filter(pk=post_id)
    # `reserved` moves without a new version.
    read = rows.values_list("commodity_id", "version", "state", "reserved")
    row = read.first()
    if row is None:
        return None
    other = kind.other
    own = {row[0], commodity_then(kind, post_id) or row[0]}
    reached = _meeting(tree, kind, own) | _suggested_to(kind, post_id)
    world = _world(tree, kind, _meeting(tree, other, reached), reached, today)
    place = [n for n, id_ in enumerate(world.posts(kind)["id"]) if id_ == post_id]
    others = dict(zip(world.posts(other)["id"], world.posts(other)["commodity"], strict=True))
    change = Change(post_id, scores_of(world, kind, place))
    ids = touched_by(change, other, others, turns=turns, today=today)
    touched = [n for n, id_ in enumerate(others) if id_ in ids]
    rankings = {kind: list(ranked(world, kind, place)), other: list(ranked(world, other, touched))}
    changed = changed_by(other, rankings[other])
    judged = [
        Judged(other, Q(**{f"{other}__in": sorted(one.post_id for one in changed)}), changed),
        Judged(kind, Q(**{kind.value: post_id}), rankings[kind]),
    ]
    tops = {_top(tree, code) for code in own | reached}
    return _Seen(
        turns, tops, today, rankings, judged, touching={other: reached},
        is_so_still=lambda: read.first() == row,
    )  # fmt: skip


def _look_at_part(tree: Tree, top: str, part: set[str], today: date) -> _Seen:
    turns = Turns.read()
    offered = part | _meeting(tree, PostKind.NEED, part)
    needed = part | _meeting(tree, PostKind.OFFER, part)
    world = gather(tree=tree, offered=offered, needed=needed, today=today)
    judged = [_judged(world, kind, part) for kind in PostKind]
    return _Seen(turns, {top}, today, {side.kind: side.rankings for side in judged}, judged)


def _top(tree: Tree, code: str) -> str:
    """The level-1 commodity that a commodity lies under."""
    return tree.above(code)[-1]


def _parts(tree: Tree, top: str) -> list[set[str]]:
    """The level-1 commodity by itself, and each of its branches with all below."""
    return [{top}, *(tree.below(branch) for branch in sorted(tree.branches(top) - {top}))]


def _meeting(tree: Tree, kind: PostKind, codes: Iterable[str]) -> set[str]:
    """The commodities of the other side's posts that may fit posts of this kind."""
    step = tree.above if kind is PostKind.OFFER else tree.below
    return {found for code in codes for found in step(code)}


def _suggested_to(kind: PostKind, post_id: int) -> set[str]:
    """The commodities of posts to which it is suggested: it may have been another commodity's."""
    rows = Suggestion.objects.filter(**{kind.value: post_id}, stale=False)
    return set(rows.values_list(f"{kind.other}__commodity", flat=True))


def _world(tree: Tree, kind: PostKind, own: set[str], others: set[str], today: date) -> World:
    offered, needed = (own, others) if kind is PostKind.OFFER else (others, own)
    return gather(tree=tree, offered=offered, needed=needed, today=today)


def _judged(world: World, kind: PostKind, part: Collection[str]) -> Judged:
    rows = [n for n, code in enumerate(world.posts(kind)["commodity"]) if code in part]
    posts = Q(**{f"{kind}__commodity__in": sorted(part)})
    return Judged(kind, posts, list(ranked(world, kind, rows)))


def _in_use() -> set[str]:
    """Commodities that are posted, or whose suggestions may have to go."""
    published = (
        model._default_manager.filter(state=PostState.PUBLISHED) for model in MODELS.values()
    )
    standing = Suggestion.objects.filter(stale=False)
    found = {code for rows in published for code in rows.values_list("commodity", flat=True)}
    return found | set(standing.values_list("offer__commodity", flat=True))
