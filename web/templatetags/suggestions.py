"""What is suggested to a post, on the post's own page."""

from __future__ import annotations

from typing import Any

from django import template

from linkage.market.models import PostKind
from linkage.suggestions import queries
from linkage.suggestions.models import DismissReason
from web import suggestioncards

register = template.Library()


@register.inclusion_tag("web/mine/suggestions/of_post.html", takes_context=True)
def suggestions_of_post(
    context: dict[str, Any], organisation_id: int, kind: str, post_id: int
) -> dict[str, Any]:
    """{% suggestions_of_post organisation_id "offer" post.pk %} on a page of its owner."""
    request = context["request"]
    (group,) = suggestioncards.groups(
        actor=request.actor,
        organisation_id=organisation_id,
        posts=[(PostKind(kind), post_id)],
        on=request.today,
    )
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "group": group,
        "organisation_id": organisation_id,
        "reasons": DismissReason.choices,
        "waits": queries.waits(request.now),
    }
