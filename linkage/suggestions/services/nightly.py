"""The nightly look at all posts: a job a shard, for any number of workers, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.utils.timezone import localdate

from linkage.jobs.services import submit_all
from linkage.market.tree import Tree
from linkage.suggestions import preference
from linkage.suggestions.best import ranked
from linkage.suggestions.facts import gather
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services.in_turn import Seen, in_turn
from linkage.suggestions.services.refreshing import meeting
from linkage.suggestions.services.shards import Shard, plan
from linkage.suggestions.services.storing import Judged
from linkage.suggestions.services.turns import Turns

NIGHTLY = "suggestions.nightly"
REFRESH = "suggestions.refresh"


def submit_refresh(*, now: datetime, day: date, run: int = 0) -> int:
    """Ask for a look at all posts, a job a shard, the largest first; how many there are.

    The same jobs however often it is called for a day and a run: one that was called first decides
    how all is cut. Suggestions of another engine go.
    """
    _drop_other_engines(now)
    shards = plan(Tree.load())
    works = [{"lane": lane, **shard.as_args()} for lane, shard in enumerate(shards)]
    return submit_all(kind=REFRESH, group=f"{day.isoformat()}:{run}", works=works, now=now)


def refresh_all(*, now: datetime, progress: Callable[[int, int], None] = lambda *_: None) -> int:
    """Look at all posts in this process, shard by shard; how many shards."""
    _drop_other_engines(now)
    shards = plan(Tree.load())
    for done, shard in enumerate(shards):
        progress(done, len(shards))
        refresh_shard(shard=shard, lane=done, now=now)
    return len(shards)


def refresh_shard(
    *, shard: Shard, lane: int, now: datetime, fence: Callable[[], None] = lambda: None
) -> None:
    """Look anew at the posts of a shard, and write what is suggested to them in one transaction.

    Broken off or done twice, it leaves the same. `fence` is called as that transaction's first
    statement.
    """
    tree = Tree.load()
    in_turn(partial(_look_at_shard, tree, shard, lane, localdate(now)), now=now, fence=fence)


def _look_at_shard(tree: Tree, shard: Shard, lane: int, today: date) -> Seen:
    turns = Turns.read()
    kind, own = shard.kind, set(shard.codes)
    asked = {kind: own, kind.other: meeting(tree, kind, own)}
    world = gather(
        tree=tree,
        offered=asked[kind.OFFER],
        needed=asked[kind.NEED],
        today=today,
        only={kind: shard.condition()},
    )
    rankings = list(ranked(world, kind, range(len(world.posts(kind)["id"]))))
    posts = Q(**{f"{kind}__commodity__in": shard.codes}) & shard.condition(f"{kind}_id")
    tops = {tree.top(code) for code in own}
    return Seen(turns, tops, today, {kind: rankings}, [Judged(kind, posts, rankings)], lane=lane)


def _drop_other_engines(now: datetime) -> None:
    others = Suggestion.objects.filter(stale=False).exclude(engine=preference.engine())
    others.update(stale=True, offer_why="", need_why="", updated_at=now)
