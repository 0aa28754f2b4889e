"""Near misses as a member reads them: who, what, the one thing that is lacking, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from linkage.market.models import PostKind
from linkage.registry.access import Actor
from linkage.registry.models import Deed
from linkage.suggestions import queries
from linkage.suggestions.near import Near, near_misses
from web import postboards
from web.presentation import language


@dataclass(frozen=True, slots=True)
class NearCard:
    """One near miss.

    `act`: what its reader may mend of the own post, and where; `hint`: what else it takes. Empty,
    if nothing.
    """

    line: postboards.Line
    lacking: str
    act: str
    address: str
    hint: str
    # The open talks about the two posts, if there are any.
    talks: int | None
    own_post: int


def cards(
    *, actor: Actor, organisation_id: int, kind: PostKind, post_id: int, on: date
) -> list[NearCard]:
    """The near misses of an own post, what takes least first. Raises: NotFound, NotConsented."""
    found = near_misses(
        actor=actor, organisation_id=organisation_id, kind=kind, post_id=post_id, on=on
    )
    talks = queries.talks_about({one.pair for one in found})
    mends = actor.is_let(organisation_id, Deed.POSTS)
    return [_card(one, organisation_id, talks, mends=mends) for one in found]


def _card(
    one: Near, organisation_id: int, talks: Mapping[tuple[int, int], int], *, mends: bool
) -> NearCard:
    act, page = _mending(one) if mends else ("", "")
    certifies = one.certification is not None and one.kind is PostKind.OFFER
    return NearCard(
        line=postboards.line(one.other, "", one.miss.distance_m),
        lacking=capfirst(one.words(language())),
        act=act,
        address=reverse(page, args=[organisation_id, one.post.pk]) if act else "",
        hint=_("The city's office records new certificates; then choose them in the post.")
        if certifies
        else "",
        talks=talks.get(one.pair),
        own_post=one.post.pk,
    )


def _mending(one: Near) -> tuple[str, str]:
    """What the own side can mend: the words, and the name of the page; empty, if nothing."""
    edit = f"web:{one.kind}_edit"
    match one.miss.kind:
        case "price":
            return _("Look at our price limit"), f"web:{one.kind}_limit"
        case "dates":
            return _("Change our dates"), edit
        case "distance" if one.is_beyond_own_limit:
            return _("Widen the distance"), edit
        case "commodity" if one.kind is PostKind.OFFER:
            return _("Name the product more exactly"), edit
        case "certificate_missing" | "certificate_over" if one.kind is PostKind.OFFER:
            return _("Choose certificates"), edit
    return "", ""
