"""Suggestions as a member reads them: who, what, how well it fits, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.graph import StructureSuggestion
from linkage.graph.structure import BUYER
from linkage.market.models import AnyPost, PostKind
from linkage.matching import reasons
from linkage.registry.access import Actor
from linkage.suggestions import advice, queries
from linkage.suggestions.best import share_of
from linkage.suggestions.models import DismissReason, View
from linkage.suggestions.queries import Own
from linkage.suggestions.structural import (
    Named,
    Structure,
    named,
    named_with_posts,
    own_structure,
)
from web import postboards, postwords
from web.chains import structure_words
from web.presentation import about_words, language, name_words

# Shown at once; the rest is behind a word.
FIRST = 3
# A score from which on, in percent, the fit is called so.
_VERY_GOOD, _GOOD, _FAIR = 80, 65, 50


class Asked(TypedDict):
    """Who reads what is suggested to which organisation, and when."""

    actor: Actor
    organisation_id: int
    on: date


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
    # The open talks about the two posts, if there are any.
    talks: int | None
    own_post: int
    dismissed_for: str


@dataclass(frozen=True, slots=True)
class AdvisedCard:
    """What the city suggests to one own post, with how much of it: a plan's, or all of theirs."""

    title: str
    amount: str
    line: postboards.Line
    talks: int | None
    own_post: int


@dataclass(frozen=True, slots=True)
class Unposted:
    """Whom the structure suggests beside the posts: why, and where one goes on."""

    name: str
    why: str
    act: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """What is suggested to one own post."""

    kind: str
    post_id: int
    title: str
    first: list[Card]
    rest: list[Card]
    dismissed: list[Card]

    @property
    def page(self) -> str:
        """The name of the post's own page."""
        return f"web:{self.kind}"


def groups(
    *, actor: Actor, organisation_id: int, posts: Sequence[tuple[PostKind, int]], on: date
) -> list[Group]:
    """The suggestions of these own posts, in their order. Raises: NotFound."""
    asked: Asked = {"actor": actor, "organisation_id": organisation_id, "on": on}
    return _groups(posts, queries.of_posts(**asked, posts=posts), own_structure(**asked))


def page_of_suggestions(
    *, actor: Actor, organisation_id: int, posts: Sequence[tuple[PostKind, int]], on: date
) -> tuple[list[Group], list[Unposted]]:
    """The suggestions of these own posts, and whom the structure suggests beside all of them.

    Raises: NotFound.
    """
    asked: Asked = {"actor": actor, "organisation_id": organisation_id, "on": on}
    structure = own_structure(**asked)
    found = queries.of_posts(**asked, posts=posts)
    told = structure.beside(queries.met(**asked))
    beside = named_with_posts(told, structure.deals, on=on)
    return (
        _groups(posts, found, structure),
        [_unposted(one, beside, organisation_id) for one in beside.told],
    )


def advised(*, actor: Actor, organisation_id: int, on: date) -> list[AdvisedCard]:
    """What the city suggests to the organisation. Raises: NotFound."""
    found = advice.listing(actor=actor, organisation_id=organisation_id, on=on)
    return [
        AdvisedCard(
            title=_title(one.kind, one.post),
            amount=(
                postwords.quantity_words(one.other)
                if one.quantity is None
                else about_words(one.quantity, one.post.unit)
            ),
            line=postboards.line(one.other, ""),
            talks=one.talks,
            own_post=one.post.pk,
        )
        for one in found
    ]


def _unposted(one: StructureSuggestion, seen: Named, organisation_id: int) -> Unposted:
    sells = one.role == BUYER
    post_id = seen.posts.get((one.role, one.counterpart))
    if post_id is None:
        name, args = "web:offer_add" if sells else "web:need_add", [organisation_id]
        act = (
            _("They have posted no need: post what you sell")
            if sells
            else _("They have posted no offer: post what you need")
        )
    else:
        name = "web:seen_need" if sells else "web:seen_offer"
        args, act = [organisation_id, post_id], _("See their post, and ask")
    address = reverse(name, args=args)
    if post_id is None:
        address = f"{address}?{urlencode({'chosen': one.commodity})}"
    counterpart = seen.organisations[one.counterpart].name
    return Unposted(counterpart, structure_words(one, seen), act, address)


def _groups(
    posts: Sequence[tuple[PostKind, int]],
    found: Mapping[tuple[PostKind, int], list[Own]],
    structure: Structure,
) -> list[Group]:
    shown = [one for group in found.values() for one in group]
    why = structure.reasons_for(shown)
    seen = named(list(why.values()))
    also = {pk: structure_words(reason, seen) for pk, reason in why.items()}
    talks = queries.talks_of(shown)
    return [_group(kind, id_, found[kind, id_], talks, also) for kind, id_ in posts]


def _group(
    kind: PostKind,
    post_id: int,
    found: list[Own],
    talks: Mapping[int, int],
    also: Mapping[int, str],
) -> Group:
    kept = [_card(one, talks, also) for one in found if one.view != View.DISMISSED]
    put_aside = [_card(one, talks, also) for one in found if one.view == View.DISMISSED]
    title = _title(kind, found[0].post) if found else ""
    return Group(kind.value, post_id, title, kept[:FIRST], kept[FIRST:], put_aside)


def _title(kind: PostKind, post: AnyPost) -> str:
    words = {"what": name_words(post.commodity), "amount": postwords.quantity_words(post)}
    if kind is PostKind.OFFER:
        return _("Buyers for your %(what)s (%(amount)s)") % words
    return _("Suppliers for your %(what)s (%(amount)s)") % words


def _card(one: Own, talks: Mapping[int, int], also: Mapping[int, str]) -> Card:
    share = share_of(one.row.score)
    said = reasons(one.match, language())
    return Card(
        pk=one.row.pk,
        line=postboards.line(one.other, "", one.match.facts["distance_m"]),
        share=share,
        fit=fit_words(share),
        reasons=[
            *(said[name] for name in one.why),
            *([also[one.row.pk]] if one.row.pk in also else []),
        ],
        is_new=one.view == View.NEW,
        is_proposed=one.view == View.PROPOSED,
        talks=talks.get(one.row.pk),
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
