"""What is suggested to a post, and what nearly fits it, on the post's own page."""

from __future__ import annotations

from typing import Any

from django import template

from linkage.market.models import AnyPost
from linkage.registry.models import Organisation
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
