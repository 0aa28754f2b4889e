"""Tells the people of a post's organisation of a new suggestion: once a pair, a few at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from linkage.market.models import MODELS, PostKind
from linkage.notices.models import Kind
from linkage.notices.services import News, Told, tell_all
from linkage.registry.acting import people_of_each
from linkage.suggestions.models import Suggestion, View

# A post that suits many is told of the best; all are on its page.
MOST_TOLD = 3


class Found(NamedTuple):
    """A suggestion that has just come up for the post of that kind."""

    kind: PostKind
    row: Suggestion

    @property
    def post_id(self) -> int:
        return int(getattr(self.row, f"{self.kind}_id"))

    @property
    def is_news(self) -> bool:
        told, view = (getattr(self.row, f"{self.kind}_{name}") for name in ("told_at", "view"))
        return told is None and view == View.NEW


class _Post(NamedTuple):
    organisation_id: int
    organisation: str
    commodity: str


@dataclass
class NewsToTell:
    """What to tell whom: chosen before the rows are written, told when they have their ids."""

    found: list[Found]
    posts: dict[PostKind, dict[int, _Post]]
    people: dict[int, set[int]] = field(default_factory=dict)

    def mark(self, now: datetime) -> None:
        """Note on the rows that their people are told."""
        for told in self.found:
            setattr(told.row, f"{told.kind}_told_at", now)


def choose(found: Iterable[Found], *, now: datetime) -> NewsToTell:
    """Return of each post the best that are news, if its organisation has people here."""
    by_post: dict[tuple[PostKind, int], list[Found]] = defaultdict(list)
    for one in found:
        if one.is_news:
            by_post[one.kind, one.post_id].append(one)
    best = [one for group in by_post.values() for one in sorted(group, key=_rank)[:MOST_TOLD]]
    posts = {
        kind: _posts(kind, {getattr(one.row, f"{kind}_id") for one in best}) for kind in MODELS
    }
    parties = {post.organisation_id for of in posts.values() for post in of.values()}
    people = people_of_each(parties, localdate(now))
    told = [one for one in best if people.get(posts[one.kind][one.post_id].organisation_id)]
    return NewsToTell(told, posts, people)


def tell(news: NewsToTell, *, now: datetime) -> None:
    """Write the notices, in the caller's transaction."""
    tell_all([_told(news, one) for one in news.found], now=now)


def _told(news: NewsToTell, found: Found) -> Told:
    own = news.posts[found.kind][found.post_id]
    other_kind = found.kind.other
    other = news.posts[other_kind][int(getattr(found.row, f"{other_kind}_id"))]
    what = News(
        kind=Kind.MATCH,
        what=f"{found.kind}_found",
        subject_kind="suggestion",
        subject_id=found.row.pk,
        key=f"match:{found.row.offer_id}:{found.row.need_id}:{found.kind}",
        data={"commodity": own.commodity, "organisation": other.organisation},
    )
    return Told(what, news.people[own.organisation_id], own.organisation_id)


def _rank(found: Found) -> tuple[int, int, int]:
    return -found.row.score, found.row.offer_id, found.row.need_id


def _posts(kind: PostKind, ids: set[int]) -> dict[int, _Post]:
    rows = (
        MODELS[kind]
        ._default_manager.filter(pk__in=sorted(ids))
        .annotate(
            party=Coalesce("organisation__merged_into", "organisation"),
            party_name=Coalesce("organisation__merged_into__name", "organisation__name"),
            commodity_name=F("commodity__name_vi"),
        )
    )
    columns = ("pk", "party", "party_name", "commodity_name")
    return {row[0]: _Post(*row[1:]) for row in rows.values_list(*columns)}
