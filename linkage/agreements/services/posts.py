"""A post that goes or comes back while it is talked about: the other side of the talks is told.

Doors call these in place of the market's own acts, which know of no talks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from linkage.agreements.models import TALKING_STATES, UNSETTLED_STATES, Linkage, Side
from linkage.agreements.services.parties import tell
from linkage.agreements.services.pool_answers import withdraw_pools_of
from linkage.market.models import AnyPost, PostKind
from linkage.market.services import states as market
from linkage.market.services.claims import Own
from linkage.notices.models import Kind
from linkage.registry.access import Actor


def withdraw_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Take a post back for good, and tell who talks about it; of a need also its waiting pools.

    Raises: as `market.services.states.withdraw_post`; NotConsented for an officer who may not talk,
    if a pool waits. Nothing is written then.
    """
    with transaction.atomic():
        if own.kind is PostKind.NEED:
            withdraw_pools_of(
                actor=actor, organisation_id=own.organisation_id, need_id=own.post_id, now=now
            )
        post = market.withdraw_post(actor=actor, own=own, now=now)
        tell_of_closing(own.kind, post, now)
    return post


def pause_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Take a post out of sight for a while, and tell who talks about it.

    Raises: as `market.services.states.pause_post`. Nothing is written then.
    """
    with transaction.atomic():
        post = market.pause_post(actor=actor, own=own, now=now)
        tell_of_closing(own.kind, post, now)
    return post


def resume_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Publish a paused post again, and tell who talks about it.

    Raises: as `market.services.states.resume_post`. Nothing is written then.
    """
    with transaction.atomic():
        post = market.resume_post(actor=actor, own=own, now=now)
        _tell_talks(own.kind, post, "post_open_again", now)
    return post


# The market's acts by their names, as doors call them.
POST_ACTS: Mapping[str, Callable[..., AnyPost]] = {
    **market.ACTS,
    "pause": pause_post,
    "resume": resume_post,
    "withdraw": withdraw_post,
}


def expire_posts(*, now: datetime) -> int:
    """End every open post whose last day is over, and tell who talks about it; how many ended."""
    return market.expire_posts(now=now, then=tell_of_closing)


def tell_of_closing(kind: PostKind, post: AnyPost, now: datetime) -> None:
    """Tell the other side of each open talk that the post is gone, in the caller's transaction."""
    _tell_talks(kind, post, "post_closed", now)


def _tell_talks(kind: PostKind, post: AnyPost, what: str, now: datetime) -> None:
    """Of a pool also who has agreed to its part, if the need that it is for goes or comes back."""
    other = Side.BUYER if kind is PostKind.OFFER else Side.SELLER
    states = TALKING_STATES if kind is PostKind.OFFER else UNSETTLED_STATES
    related = ("seller__merged_into", "buyer__merged_into", "commodity")
    talks = Linkage.objects.filter(**{kind.value: post}, state__in=sorted(states))
    for linkage in talks.select_related(*related).order_by("pk"):
        key = f"{kind.value}:{post.version}"
        tell(linkage, other, Kind.ANSWER, what, key=key, now=now)
