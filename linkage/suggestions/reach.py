"""Whom the suggestions of a day reach: what the fairness report is made of.

Counted are co-ops (HTX) that work and have something open on the day. One is shown as often as
somebody else is told of one of its posts, by the engine, the city or talks; it has a partner if one
of its posts makes a pair that could be agreed on. Unlinked: no verified linkage in force, as the
preference has it.

Small: at most 300 members in the register, the cooperatives of "micro" and "small" membership of
Circular 01/2020/TT-BKHDT, Art. 4. The register has members of nearly all and revenue of few, which
the classes of the Law of 2023 ask for besides; whose members are not known is not small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from linkage.market.models import PostKind
from linkage.market.tree import Tree
from linkage.matching import WEIGHTS, Matches
from linkage.matching.columns import Ints
from linkage.matching.fairness import CoOps, Fairness, fairness, preference_cost
from linkage.matching.weights import FULL
from linkage.one_view import one_view
from linkage.registry.models import Organisation
from linkage.suggestions.best import ALWAYS, feasible, others_of
from linkage.suggestions.facts import World, gather
from linkage.suggestions.queries import PARTY
from linkage.suggestions.told import told_of

SMALL_MEMBERS = 300


@dataclass(frozen=True)
class Reach:
    """The measures, what they are of co-op by co-op, and what the preference costs.

    `score_lost`: over the three best of each post, which are always suggested, `pairs` of them, how
    much less they score by all else than those that would be the three best by all else.
    """

    fairness: Fairness
    co_ops: CoOps
    shown: Mapping[int, int]
    told: Mapping[int, int]
    members: Mapping[int, int | None]
    score_lost: int
    pairs: int


@dataclass(frozen=True)
class _Read:
    """What is so at one moment."""

    world: World
    shown: Counter[int]
    told: Counter[int]
    members: Mapping[int, int | None]


def reach(*, today: date, progress: Callable[[int, int], None]) -> Reach:
    """Measure whom the suggestions that stand on the day reach.

    `progress` is told at each part of the pairs, so that nobody who calls it off waits for long.
    """
    progress(0, 1)
    tree = Tree.load()
    tops = sorted(code for code, node in tree.nodes.items() if node.parent is None)
    read = _read(tree, today)
    partners: set[int] = set()
    lost = pairs = 0
    for done, top in enumerate(tops):
        world = read.world.within(tree.below(top))
        for kind in PostKind:
            for found, runs in _pairs(world, kind):
                progress(done, len(tops))
                partners |= _parties(world, found, runs)
                more, of = _lost(kind, found, runs)
                lost, pairs = lost + more, pairs + of
    progress(len(tops), len(tops))
    co_ops = _co_ops(read, partners)
    made = fairness(np.array(list(read.shown.elements()), dtype=np.int64), co_ops)
    return Reach(made, co_ops, read.shown, read.told, read.members, lost, pairs)


def _read(tree: Tree, today: date) -> _Read:
    codes = set(tree.nodes)
    with one_view():
        world = gather(tree=tree, offered=codes, needed=codes, today=today)
        shown, told = _told(today)
        members = Organisation.objects.filter(
            pk__in={*world.offers["organisation"], *world.needs["organisation"]}
        )
        return _Read(world, shown, told, dict(members.values_list("pk", "members")))


def _told(today: date) -> tuple[Counter[int], Counter[int]]:
    """How often each organisation is shown to others, and how often others are shown to it."""
    shown: Counter[int] = Counter()
    told: Counter[int] = Counter()
    for kind in PostKind:
        # A pair counts once, though the engine and the city may tell of it, and the two talk.
        parties = {
            (offer, need): (own, other)
            for rows in told_of(kind, today)
            for offer, need, own, other in rows.order_by().values_list(
                "offer_id", "need_id", PARTY[kind], PARTY[kind.other]
            )
        }
        for own, other in parties.values():
            told[own] += 1
            shown[other] += 1
    return shown, told


def _pairs(world: World, kind: PostKind) -> Iterable[tuple[Matches, Mapping[int, Ints]]]:
    """The feasible pairs part by part, and which are each post's, best first."""
    rows = range(len(world.posts(kind)["id"]))
    return ((found, runs) for _part, found, runs in feasible(world, kind, rows) if runs)


def _parties(world: World, found: Matches, runs: Mapping[int, Ints]) -> set[int]:
    """The organisations of both sides of the pairs."""
    pairs = np.concatenate(list(runs.values()))
    of = {
        kind: dict(zip(posts["id"], posts["organisation"], strict=True))
        for kind, posts in ((kind, world.posts(kind)) for kind in PostKind)
    }
    sides = {PostKind.OFFER: found.offer_id, PostKind.NEED: found.need_id}
    return {of[kind][id_] for kind, ids in sides.items() for id_ in set(ids[pairs].tolist())}


def _lost(kind: PostKind, found: Matches, runs: Mapping[int, Ints]) -> tuple[int, int]:
    """What the preference costs over the three best of these posts, and how many pairs they are."""
    plain = WEIGHTS.preferring(0)
    value = (found.factors @ np.array(plain.as_tuple())) // FULL
    others = others_of(kind, found)
    preferred, best = [], []
    for places in runs.values():
        by_all_else = np.lexsort((others[places], -value[places]))
        preferred.append(places[:ALWAYS])
        best.append(places[by_all_else[:ALWAYS]])
    chosen = found.at(np.concatenate(preferred)), found.at(np.concatenate(best))
    return int(preference_cost(*chosen, plain) * len(chosen[0])), len(chosen[0])


def _co_ops(read: _Read, partners: set[int]) -> CoOps:
    """The co-ops that work and have an open post, by id."""
    sides = (read.world.all_offers, read.world.all_needs)
    verified = {
        int(id_): bool(linked)
        for posts in sides
        for id_, counts, linked in zip(
            posts.organisation, posts.cooperative & posts.active, posts.verified, strict=True
        )
        if counts
    }
    ids = sorted(verified)
    members = [read.members[id_] for id_ in ids]
    return CoOps(
        id=np.array(ids, dtype=np.int64),
        unlinked=_flags(not verified[id_] for id_ in ids),
        small=_flags(many is not None and many <= SMALL_MEMBERS for many in members),
        has_partner=_flags(id_ in partners for id_ in ids),
    )


def _flags(values: Iterable[bool]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.array(list(values), dtype=np.bool_)
