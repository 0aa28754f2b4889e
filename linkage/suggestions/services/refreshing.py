"""Looks at a post anew that changed, and at those that it touches.

What is stored follows from what is so now and from nothing that a message says, so a message may
come twice, late or out of order: the last one to be worked on leaves what the newest version of the
post deserves.

Reading and judging take long and hold nothing; writing is one short transaction, in turn (`turns`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.utils.timezone import localdate

from linkage.market.models import MODELS, PostKind
from linkage.market.tree import Tree
from linkage.suggestions.best import ranked, scores_of
from linkage.suggestions.facts import World, gather
from linkage.suggestions.models import Suggestion
from linkage.suggestions.services.in_turn import Seen, in_turn
from linkage.suggestions.services.looks import Change, changed_by, commodity_then, touched_by
from linkage.suggestions.services.storing import Judged
from linkage.suggestions.services.turns import Turns


def refresh_post(
    *, kind: PostKind, post_id: int, now: datetime, fence: Callable[[], None] = lambda: None
) -> None:
    """Look anew for whom a post suits, and at those posts on the other side that it touches.

    Also where it suits nobody any more: what it stood in the way of comes up again. Whoever gets a
    new suggestion is told. `fence` is called as the first statement of the transaction that writes.
    """
    tree = Tree.load()
    in_turn(partial(_look_at_post, tree, kind, post_id, localdate(now)), now=now, fence=fence)


def _look_at_post(tree: Tree, kind: PostKind, post_id: int, today: date) -> Seen | None:
    turns = Turns.read()
    rows = MODELS[kind]._default_manager.filter(pk=post_id)
    # `reserved` moves without a new version.
    read = rows.values_list("commodity_id", "version", "state", "reserved")
    row = read.first()
    if row is None:
        return None
    other = kind.other
    own = {row[0], commodity_then(kind, post_id) or row[0]}
    reached = meeting(tree, kind, own) | _suggested_to(kind, post_id)
    world = _world(tree, kind, meeting(tree, other, reached), reached, today)
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
    tops = {tree.top(code) for code in own | reached}
    return Seen(
        turns, tops, today, rankings, judged, touching={other: reached},
        is_so_still=lambda: read.first() == row,
    )  # fmt: skip


def _suggested_to(kind: PostKind, post_id: int) -> set[str]:
    """The commodities of posts to which it is suggested: it may have been another commodity's."""
    rows = Suggestion.objects.filter(**{kind.value: post_id}, stale=False)
    return set(rows.values_list(f"{kind.other}__commodity", flat=True))


def _world(tree: Tree, kind: PostKind, own: set[str], others: set[str], today: date) -> World:
    offered, needed = (own, others) if kind is PostKind.OFFER else (others, own)
    return gather(tree=tree, offered=offered, needed=needed, today=today)


def meeting(tree: Tree, kind: PostKind, codes: Iterable[str]) -> set[str]:
    """The commodities of the other side's posts that may fit posts of this kind."""
    step = tree.above if kind is PostKind.OFFER else tree.below
    return {found for code in codes for found in step(code)}
