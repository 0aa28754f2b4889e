"""Suggestions as a member reads them: who, what, how well it fits, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from linkage.market.models import AnyPost, PostKind
from linkage.matching import reasons
from linkage.registry.access import Actor
from linkage.suggestions import queries
from linkage.suggestions.best import share_of
from linkage.suggestions.models import DismissReason, View
from linkage.suggestions.queries import Own
from web import postboards, postwords
from web.presentation import language, name_words

# Shown at once; the rest is behind a word.
FIRST = 3
# A score from which on, in percent, the fit is called so.
_VERY_GOOD, _GOOD, _FAIR = 80, 65, 50


@dataclass(frozen=True, slots=True)
class Card:
    """One suggestion."""

    pk: int
    line: postboards.Line
    share: int
    fit: str
    reasons: list[str]
    is_new: bool
    is_proposed: bool
    # The open talks about the two posts, if there are any, and where such talks begin.
    talks: int | None
    ask: str
    own_post: int
    dismissed_for: str


@dataclass(frozen=True, slots=True)
class Group:
    """What is suggested to one own post."""

    kind: str
    post_id: int
    title: str
    first: list[Card]
    rest: list[Card]
    dismissed: list[Card]


def groups(
    *, actor: Actor, organisation_id: int, posts: Sequence[tuple[PostKind, int]], on: date
) -> list[Group]:
    """The suggestions of these own posts, in their order. Raises: NotFound."""
    found = queries.of_posts(actor=actor, organisation_id=organisation_id, posts=posts, on=on)
    talks = queries.talks_of([one for group in found.values() for one in group])
    return [_group(kind, post_id, found[kind, post_id], talks) for kind, post_id in posts]


def _group(kind: PostKind, post_id: int, found: list[Own], talks: Mapping[int, int]) -> Group:
    kept = [_card(one, talks) for one in found if one.view != View.DISMISSED]
    put_aside = [_card(one, talks) for one in found if one.view == View.DISMISSED]
    title = _title(kind, found[0].post) if found else ""
    return Group(kind.value, post_id, title, kept[:FIRST], kept[FIRST:], put_aside)


def _title(kind: PostKind, post: AnyPost) -> str:
    words = {"what": name_words(post.commodity), "amount": postwords.quantity_words(post)}
    if kind is PostKind.OFFER:
        return _("Buyers for your %(what)s (%(amount)s)") % words
    return _("Suppliers for your %(what)s (%(amount)s)") % words


def _card(one: Own, talks: Mapping[int, int]) -> Card:
    share = share_of(one.row.score)
    said = reasons(one.match, language())
    return Card(
        pk=one.row.pk,
        line=postboards.line(one.other, "", one.match.facts["distance_m"]),
        share=share,
        fit=fit_words(share),
        reasons=[said[name] for name in one.why],
        is_new=one.view == View.NEW,
        is_proposed=one.view == View.PROPOSED,
        talks=talks.get(one.row.pk),
        ask="web:talk_about_need" if one.kind is PostKind.OFFER else "web:talk_about_offer",
        own_post=one.post.pk,
        dismissed_for=str(DismissReason(one.reason).label) if one.reason else "",
    )


def fit_words(share: int) -> str:
    """How well a pair fits, from its share in percent."""
    if share >= _VERY_GOOD:
        return _("Fits very well")
    if share >= _GOOD:
        return _("Fits well")
    return _("Fits in part") if share >= _FAIR else _("May fit")
