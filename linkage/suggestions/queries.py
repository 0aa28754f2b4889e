"""The reads of suggestions: to each side its own best, and nothing of what the other side did.

A suggestion is shown while both posts are open on the day and something is left of both, whatever
the worker has got round to: what was withdrawn a moment ago is gone at once.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from linkage.agreements.models import OPEN_STATES, Linkage
from linkage.errors import NotFound
from linkage.jobs.models import Job, Outbox
from linkage.jobs.queries import OPEN, worker_is_alive
from linkage.market.models import MODELS, AnyPost, PostKind
from linkage.market.queries import with_parts
from linkage.market.services.claims import POST_CHANGED
from linkage.market.sight import open_on
from linkage.matching import Match
from linkage.registry.access import Actor, require_acting
from linkage.registry.models import Deed
from linkage.registry.on_a_day import inactive_on
from linkage.registry.queries import with_merged
from linkage.suggestions import preference
from linkage.suggestions.best import match_of
from linkage.suggestions.models import Suggestion, View

M = TypeVar("M", bound=Model)
# The job that looks at a post that changed.
LOOK = "suggestions.look"
MOST_WITHOUT = 10
# What is read along with a pair, to show it: each post once, though it is in many pairs.
PARTS = [
    Prefetch(kind.value, with_parts(model._default_manager.all(), kind))
    for kind, model in MODELS.items()
]
# The organisation of each of the two posts of a row; of a merged one the survivor.
PARTY = {
    kind: Coalesce(f"{kind}__organisation__merged_into", f"{kind}__organisation")
    for kind in PostKind
}


@dataclass(frozen=True, slots=True)
class Own:
    """A suggestion as the owner of its post of that kind sees it."""

    row: Suggestion
    kind: PostKind

    @property
    def post(self) -> AnyPost:
        """The owner's own."""
        return self.row.offer if self.kind is PostKind.OFFER else self.row.need

    @property
    def other(self) -> AnyPost:
        """The one that is suggested."""
        return self.row.need if self.kind is PostKind.OFFER else self.row.offer

    @property
    def view(self) -> str:
        return self.row.offer_view if self.kind is PostKind.OFFER else self.row.need_view

    @property
    def reason(self) -> str:
        return self.row.offer_reason if self.kind is PostKind.OFFER else self.row.need_reason

    @property
    def why(self) -> list[str]:
        """The factors that speak for it, strongest first."""
        told = self.row.offer_why if self.kind is PostKind.OFFER else self.row.need_why
        return told.split(",")

    @property
    def match(self) -> Match:
        """What the engine said of the pair, for its words."""
        return match_of(self.row.offer_id, self.row.need_id, self.row.score, self.row.facts)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of suggestions is narrowed to; None narrows nothing."""

    kind: PostKind | None = None
    post_id: int | None = None
    view: str | None = None


def stands(on: date) -> QuerySet[Suggestion]:
    """Suggestions of the present engine whose pairs stand on the day."""
    return with_both_open(Suggestion.objects.filter(engine=preference.engine(), stale=False), on)


def suggested_to(kind: PostKind, on: date) -> QuerySet[Suggestion]:
    """Those of which the owner of the post of that kind is told; in no order."""
    return stands(on).exclude(**{f"{kind}_why": ""}).order_by()


def with_both_open(rows: QuerySet[M], on: date) -> QuerySet[M]:
    """Those of these rows whose `offer` and `need` are both open, with something left, and their
    sides at work, on the day."""
    idle = inactive_on(on).values("pk")
    for kind in PostKind:
        of_idle = {f"{kind}__organisation__in": idle}
        rows = rows.filter(open_on(on, left=True, of=f"{kind}__")).exclude(**of_idle)
    return rows


def listing(
    *, actor: Actor, organisation_id: int, on: date, filters: Filters = Filters()
) -> QuerySet[Suggestion]:
    """Return what is suggested to the organisation's own posts; ordered by (-score, id).

    `as_own` says which side is theirs. Raises: NotFound, for who does not act for it; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    mine = reduce(or_, _mine(organisation_id, filters).values())
    rows = stands(on).filter(mine).prefetch_related(*PARTS)
    return rows.order_by("-score", "id")


def as_own(row: Suggestion, organisation_id: int) -> Own:
    """The suggestion from the side of the organisation, which has one of its posts."""
    owner = row.offer.organisation
    is_offer = organisation_id in (owner.pk, owner.merged_into_id)
    return Own(row, PostKind.OFFER if is_offer else PostKind.NEED)


def own(*, actor: Actor, organisation_id: int, suggestion_id: int) -> Own:
    """Return a suggestion to one of the organisation's posts, also one whose post is over now.

    Raises: NotFound, also for one that is suggested to the other side alone.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    rows = shown_to(organisation_id).filter(pk=suggestion_id)
    found = rows.prefetch_related(*PARTS).first()
    if found is None:
        raise NotFound
    return as_own(found, organisation_id)


def shown_to(
    organisation_id: int, among: QuerySet[Suggestion] | None = None
) -> QuerySet[Suggestion]:
    """Return the suggestions to the organisation's own posts, of the present engine."""
    mine = reduce(or_, _mine(organisation_id, Filters()).values())
    rows = Suggestion.objects.all() if among is None else among
    return rows.filter(mine, engine=preference.engine())


def talks_of(found: Collection[Own]) -> dict[int, int]:
    """Return the open talks or contract about the two posts of each suggestion, by its id."""
    pairs = {one.row.pk: (one.row.offer_id, one.row.need_id) for one in found}
    talks = talks_about(set(pairs.values()))
    return {pk: talks[pair] for pk, pair in pairs.items() if pair in talks}


def talks_about(pairs: Set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the open talks or contract about an offer and a need, of those that have any.

    Whoever opened them, both sides know of them; once they have ended, either may begin anew.
    """
    asked = Linkage.objects.filter(
        offer__in=[offer for offer, _need in pairs], state__in=sorted(OPEN_STATES)
    )
    found = asked.order_by("pk").values_list("offer_id", "need_id", "pk")
    return {(offer, need): id_ for offer, need, id_ in found if (offer, need) in pairs}


def posts_with_suggestions(
    *, actor: Actor, organisation_id: int, on: date
) -> list[tuple[PostKind, int]]:
    """Return the organisation's posts that something is suggested to, the newest first.

    Raises: NotFound, for who does not act for it; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    found = [
        (published, post_id, kind)
        for kind, mine in _mine(organisation_id, Filters()).items()
        for post_id, published in stands(on)
        .filter(mine)
        .values_list(f"{kind}_id", f"{kind}__published_at")
        .distinct()
    ]
    return [(kind, post_id) for _, post_id, kind in sorted(found, reverse=True)]


def posts_without_suggestions(
    *, actor: Actor, organisation_id: int, on: date, besides: Collection[tuple[PostKind, int]]
) -> list[AnyPost]:
    """Return up to ten open posts of the organisation besides those that something is suggested to
    (`posts_with_suggestions`), newest first.

    Raises: NotFound, for who does not act for it; NotConsented.
    """
    require_acting(actor, organisation_id, Deed.TALKS)
    own_ids = with_merged(organisation_id)
    found: list[AnyPost] = []
    for kind in PostKind:
        suggested = [post_id for of, post_id in besides if of is kind]
        own = MODELS[kind]._default_manager.filter(open_on(on, left=True), organisation__in=own_ids)
        rows = own.exclude(pk__in=suggested).select_related("commodity", "unit")
        found += rows.order_by("-published_at", "-pk")[:MOST_WITHOUT]
    found.sort(key=lambda post: (post.published_at, post.pk), reverse=True)
    return found[:MOST_WITHOUT]


def of_posts(
    *, actor: Actor, organisation_id: int, posts: Collection[tuple[PostKind, int]], on: date
) -> dict[tuple[PostKind, int], list[Own]]:
    """Return what is suggested to each of these own posts, new ones first, each best first.

    Raises: NotFound, for who does not act for it.
    """
    wanted = Q(pk=None)
    for kind in PostKind:
        ids = sorted(post_id for of, post_id in posts if of is kind)
        wanted |= Q(**{f"{kind}__in": ids})
    rows = listing(actor=actor, organisation_id=organisation_id, on=on).filter(wanted)
    found: dict[tuple[PostKind, int], list[Own]] = {post: [] for post in posts}
    for row in rows:
        one = as_own(row, organisation_id)
        if (one.kind, one.post.pk) in found:
            found[one.kind, one.post.pk].append(one)
    for group in found.values():
        # What was left for later comes behind; sorting keeps the order by score.
        group.sort(key=lambda one: one.view in (View.SEEN, View.DISMISSED))
    return found


def met(*, actor: Actor, organisation_id: int, on: date) -> set[tuple[PostKind, int]]:
    """Return whom suggestions show to the organisation, with the kind of its own post; one query.

    Raises: NotFound, for who does not act for it.
    """
    rows = listing(actor=actor, organisation_id=organisation_id, on=on).order_by()
    return {
        (PostKind.OFFER, buyer) if seller == organisation_id else (PostKind.NEED, seller)
        for seller, buyer in rows.values_list(*PARTY.values()).distinct()
    }


def waits(now: datetime) -> str:
    """Why suggestions may be missing: "worker" (none works), "soon" (being looked for), ""."""
    if not worker_is_alive(now):
        return "worker"
    messages = Outbox.objects.filter(topic=POST_CHANGED, state=Outbox.State.PENDING)
    looks = Job.objects.filter(kind=LOOK, state__in=OPEN)
    # One query: lists ask this.
    return "soon" if messages.values("pk").union(looks.values("pk")).exists() else ""


def _mine(organisation_id: int, filters: Filters) -> dict[PostKind, Q]:
    """That a suggestion is to an own post, by the kind of that post; one query.

    By the ids of the posts, which are read here: of a condition on either side's organisation
    PostgreSQL makes a walk through all suggestions, of ids a look into two indexes.
    """
    own_ids = with_merged(organisation_id)
    kinds = PostKind if filters.kind is None else [filters.kind]
    posts: dict[PostKind, list[int]] = {kind: [] for kind in kinds}
    first, *others = (
        MODELS[kind]
        ._default_manager.filter(organisation__in=own_ids)
        .values_list(Value(kind.value), "pk")
        for kind in kinds
    )
    for kind, post_id in first.union(*others, all=True):
        posts[PostKind(kind)].append(post_id)
    return {kind: _of_side(kind, ids, filters) for kind, ids in posts.items()}


def _of_side(kind: PostKind, post_ids: Collection[int], filters: Filters) -> Q:
    mine = Q(**{f"{kind}__in": post_ids}) & ~Q(**{f"{kind}_why": ""})
    if filters.post_id is not None:
        mine &= Q(**{kind.value: filters.post_id})
    if filters.view is not None:
        mine &= Q(**{f"{kind}_view": filters.view})
    return mine
