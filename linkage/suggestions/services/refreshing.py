"""Looks at posts anew: one that changed, and at night all of them.

What is stored follows from what is so now and from nothing that a message says, so a message may
come twice, late or out of order: the last one to be worked on leaves what the newest version of the
post deserves.

Two who look at the same commodities at once would write over each other what each has not seen.
They take turns: the row of the level-1 commodity is locked first. No match crosses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from linkage.catalogue.models import Commodity
from linkage.jobs.services import submit
from linkage.market.models import MODELS, PostKind, PostState
from linkage.market.tree import Tree
from linkage.matching import WEIGHTS
from linkage.suggestions.best import best_of
from linkage.suggestions.facts import World, gather
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services.storing import Judged, store

NIGHTLY = "suggestions.nightly"
REFRESH = "suggestions.refresh"
OTHER = {PostKind.OFFER: PostKind.NEED, PostKind.NEED: PostKind.OFFER}


def refresh_post(*, kind: PostKind, post_id: int, now: datetime) -> None:
    """Look anew for whom a post suits, and at all posts on the other side that it may suit.

    Also where it suits nobody any more: what it stood in the way of comes up again. Whoever gets a
    new suggestion is told. One transaction, or part of the caller's.
    """
    row = MODELS[kind]._default_manager.filter(pk=post_id).values_list("commodity_id").first()
    if row is None:
        return
    tree = Tree.load()
    with transaction.atomic():
        others = _meeting(tree, kind, {row[0]}) | _suggested_to(kind, post_id)
        own = _meeting(tree, OTHER[kind], others)
        _take_turns(tree, {row[0], *others})
        world = _world(tree, kind, own, others, localdate(now))
        post = [n for n, id_ in enumerate(_posts(world, kind)["id"]) if id_ == post_id]
        judged = [
            _judged(world, OTHER[kind], Q(**{f"{OTHER[kind]}__commodity__in": sorted(others)})),
            Judged(kind, Q(**{kind.value: post_id}), list(best_of(world, kind, post))),
        ]
        store(judged, now=now)


def submit_refresh(*, now: datetime, day: date) -> int:
    """Ask for a look at all posts, one job for each level-1 commodity; how many there are.

    The same jobs however often it is called for a day. Suggestions of an earlier engine go.
    """
    Suggestion.objects.filter(stale=False).exclude(engine=WEIGHTS.version).update(
        stale=True, offer_why="", need_why="", updated_at=now
    )
    tree = Tree.load()
    tops = sorted({_top(tree, code) for code in _in_use()})
    for top in tops:
        period = f"{day.isoformat()}:{top}"
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
        with transaction.atomic():
            fence()
            _take_turns(tree, {commodity})
            _refresh_part(tree, part, now)
    progress(len(parts), len(parts))
    return len(parts)


def _top(tree: Tree, code: str) -> str:
    """The level-1 commodity that a commodity lies under."""
    return tree.above(code)[-1]


def _parts(tree: Tree, top: str) -> list[set[str]]:
    """The level-1 commodity by itself, and each of its branches with all below."""
    return [{top}, *(tree.below(branch) for branch in sorted(tree.branches(top) - {top}))]


def _refresh_part(tree: Tree, part: set[str], now: datetime) -> None:
    offered = part | _meeting(tree, PostKind.NEED, part)
    needed = part | _meeting(tree, PostKind.OFFER, part)
    world = gather(tree=tree, offered=offered, needed=needed, today=localdate(now))
    judged = [
        _judged(world, kind, Q(**{f"{kind}__commodity__in": sorted(part)}), part)
        for kind in PostKind
    ]
    store(judged, now=now)


def _meeting(tree: Tree, kind: PostKind, codes: Iterable[str]) -> set[str]:
    """The commodities of the other side's posts that may fit posts of this kind."""
    step = tree.above if kind is PostKind.OFFER else tree.below
    return {found for code in codes for found in step(code)}


def _suggested_to(kind: PostKind, post_id: int) -> set[str]:
    """The commodities of posts to which it is suggested: it may have been another commodity's."""
    rows = Suggestion.objects.filter(**{kind.value: post_id}, stale=False)
    return set(rows.values_list(f"{OTHER[kind]}__commodity", flat=True))


def _take_turns(tree: Tree, codes: Collection[str]) -> None:
    """On SQLite the transaction itself is the turn: it is the one that writes."""
    tops = {_top(tree, code) for code in codes}
    rows = Commodity.objects.select_for_update(no_key=True).filter(pk__in=tops)
    # In one order, so that nobody waits for somebody who waits for them.
    list(rows.order_by("pk").values_list("pk"))


def _world(tree: Tree, kind: PostKind, own: set[str], others: set[str], today: date) -> World:
    offered, needed = (own, others) if kind is PostKind.OFFER else (others, own)
    return gather(tree=tree, offered=offered, needed=needed, today=today)


def _judged(world: World, kind: PostKind, posts: Q, codes: Collection[str] | None = None) -> Judged:
    commodities = _posts(world, kind)["commodity"]
    rows = [n for n, code in enumerate(commodities) if codes is None or code in codes]
    return Judged(kind, posts, list(best_of(world, kind, rows)))


def _posts(world: World, kind: PostKind) -> dict[str, list[Any]]:
    return world.offers if kind is PostKind.OFFER else world.needs


def _in_use() -> set[str]:
    """Commodities that are posted, or whose suggestions may have to go."""
    published = (
        model._default_manager.filter(state=PostState.PUBLISHED) for model in MODELS.values()
    )
    standing = Suggestion.objects.filter(stale=False)
    found = {code for rows in published for code in rows.values_list("commodity", flat=True)}
    return found | set(standing.values_list("offer__commodity", flat=True))
