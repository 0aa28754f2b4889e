"""What is suggested to a post, and what nearly fits it, on the post's own page."""

from __future__ import annotations

from typing import Any

from django import template

from linkage.agreements.pools import waiting_pool
from linkage.market.models import AnyPost
from linkage.registry.models import Deed, Organisation
from linkage.suggestions import queries
from linkage.suggestions.models import DismissReason
from web import nearcards, postboards, suggestioncards

register = template.Library()


@register.inclusion_tag("web/mine/suggestions/of_post.html", takes_context=True)
def suggestions_of_post(
    context: dict[str, Any], organisation: Organisation, post: AnyPost
) -> dict[str, Any]:
    """On a page of the post's owner, who is the organisation."""
    request, kind = context["request"], postboards.kind_of(post)
    asked: suggestioncards.Asked = {
        "actor": request.actor,
        "organisation_id": organisation.pk,
        "on": request.today,
    }
    (group,) = suggestioncards.groups(**asked, posts=[(kind, post.pk)])
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "group": group,
        "near": nearcards.cards(**asked, kind=kind, post_id=post.pk),
        "organisation_id": organisation.pk,
        "reasons": DismissReason.choices,
        "waits": queries.waits(request.now),
    }


@register.inclusion_tag("web/pools/of_need.html", takes_context=True)
def pool_of_need(
    context: dict[str, Any], organisation: Organisation, need: AnyPost
) -> dict[str, Any]:
    """The way to several suppliers together, or to the pool that waits for its answers."""
    request = context["request"]
    asked = {"actor": request.actor, "organisation_id": organisation.pk}
    is_let = request.actor.is_let(organisation.pk, Deed.TALKS)
    waiting = waiting_pool(**asked, need_id=need.pk, on=request.today) if is_let else None
    words = {"organisation_id": organisation.pk, "need": need, "waiting": waiting}
    return {**words, "is_let": is_let}
