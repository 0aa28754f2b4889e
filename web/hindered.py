"""Talks from which no agreement can come now: why, in words, and what its side can do."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linkage.agreements.models import Side
from linkage.agreements.services.reserving import PostClosed
from linkage.agreements.talks import Talk
from linkage.market.models import AnyPost, PostState
from linkage.market.sight import is_open


def own_post(talk: Talk) -> AnyPost | None:
    """The post with which this side talks, if there is one."""
    return talk.linkage.offer if talk.side == Side.SELLER else talk.linkage.need


def may_publish_again(talk: Talk) -> bool:
    """Whether the talks wait for this side's own paused post."""
    own = own_post(talk)
    return talk.hindrance is not None and own is not None and own.state == PostState.PAUSED


def hindered_words(talk: Talk, today: date) -> str:
    """Why nothing can come of the talks, and what to do; empty, if something can."""
    why, own = talk.hindrance, own_post(talk)
    if why is None:
        return ""
    if not isinstance(why, PostClosed):
        return f"{why} {_('These talks can only be ended.')}"
    if may_publish_again(talk):
        return _("Your post is paused. Publish it again to go on, or end the talks.")
    if own is None or not is_open(own, today):
        return _("Your post is not published any more: nothing can be agreed. End the talks.")
    return _(
        "The other side’s post is not published any more: nothing can be agreed. Write to them, or"
        " end the talks."
    )
