"""Where a post stands: published, paused, resumed, withdrawn, still holding, over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate

from linkage.market.errors import WindowIsOver
from linkage.market.models import MODELS, AnyPost, PostKind, PostState
from linkage.market.services.claims import Own, claim, note, tell
from linkage.market.sight import must_work
from linkage.registry.access import Actor

OPEN = (PostState.PUBLISHED, PostState.PAUSED)


def publish_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Put a draft before those who may see it.

    Raises: NotFound, StaleVersion, StateDoesNotAllow, WindowIsOver, OrganisationNotActive. Nothing
    is written then.
    """
    with transaction.atomic():
        post = claim(
            actor, own, states=[PostState.DRAFT], among=_not_over(now),
            state=PostState.PUBLISHED, published_at=now, confirmed_at=now,
        )  # fmt: skip
        _written(actor, own, post, "post_published", now)
        must_work([own.organisation_id], localdate(now))
    return post


def pause_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Take a post out of search and matching for a while.

    Raises: NotFound, StaleVersion, StateDoesNotAllow. Nothing is written then.
    """
    with transaction.atomic():
        post = claim(actor, own, states=[PostState.PUBLISHED], state=PostState.PAUSED)
        _written(actor, own, post, "post_paused", now)
    return post


def resume_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Publish a paused post again, which also says that it still holds.

    Raises: NotFound, StaleVersion, StateDoesNotAllow, WindowIsOver, OrganisationNotActive. Nothing
    is written then.
    """
    with transaction.atomic():
        post = claim(
            actor, own, states=[PostState.PAUSED], among=_not_over(now),
            state=PostState.PUBLISHED, confirmed_at=now,
        )  # fmt: skip
        _written(actor, own, post, "post_resumed", now)
        must_work([own.organisation_id], localdate(now))
    return post


def withdraw_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Take a post back for good; a draft is thrown away. What agreements hold stays theirs.

    Raises: NotFound, StaleVersion, StateDoesNotAllow. Nothing is written then.
    """
    with transaction.atomic():
        states = [PostState.DRAFT, *OPEN]
        post = claim(actor, own, states=states, state=PostState.WITHDRAWN)
        _written(actor, own, post, "post_withdrawn", now)
    return post


def confirm_post(*, actor: Actor, own: Own, now: datetime) -> AnyPost:
    """Say that a post still holds: fresh posts rank before stale ones.

    Raises: NotFound, StaleVersion, StateDoesNotAllow. Nothing is written then.
    """
    with transaction.atomic():
        post = claim(actor, own, states=OPEN, confirmed_at=now)
        _written(actor, own, post, "post_confirmed", now)
    return post


# Acts that are all in their name, as doors call them.
ACTS: Mapping[str, Callable[..., AnyPost]] = {
    "publish": publish_post,
    "pause": pause_post,
    "resume": resume_post,
    "withdraw": withdraw_post,
    "confirm": confirm_post,
}


Then = Callable[[PostKind, AnyPost, datetime], None]


def expire_posts(*, now: datetime, then: Then) -> int:
    """End every open post whose last day is over; how many ended. The schedule calls it.

    Each post is its own transaction, so a long list holds no lock for long; `then` is done in it.
    """
    return sum(
        _expire(kind, post_id, now, then)
        for kind, model in MODELS.items()
        for post_id in model._default_manager.filter(_over(now))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _expire(kind: PostKind, post_id: int, now: datetime, then: Then) -> bool:
    rows = MODELS[kind]._default_manager.filter(pk=post_id)
    with transaction.atomic():
        # Must be 1: zero means that its owner moved it, or another sweep ended it, in between.
        if not rows.filter(_over(now)).update(state=PostState.EXPIRED, version=F("version") + 1):
            return False
        post = rows.get()
        note(kind, post, "post_expired", actor=None, now=now)
        tell(kind, post, now)
        then(kind, post, now)
    return True


def _over(now: datetime) -> Q:
    return Q(state__in=sorted(OPEN), ends__lt=localdate(now))


def _not_over(now: datetime) -> Q:
    return Q(ends__gte=localdate(now))


def _written(actor: Actor, own: Own, post: AnyPost, what: str, now: datetime) -> None:
    """History and message of a change that went through. Raises: WindowIsOver, if it did not."""
    if post.version == own.version:
        raise WindowIsOver(field="ends")
    note(own.kind, post, what, actor=actor, now=now)
    tell(own.kind, post, now)
