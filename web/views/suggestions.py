from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.market.models import PostKind
from linkage.suggestions import queries, services
from linkage.suggestions.models import DismissReason
from linkage.suggestions.queries import Own
from web import postboards, suggestioncards
from web.door import ActorRequest, acting_page
from web.forms.suggestions import DismissForm
from web.once import turned_away
from web.paging import page_of
from web.postboards import kind_of
from web.presentation import post_words

POSTS_A_PAGE = 10


@acting_page()
def suggestions(request: ActorRequest, organisation_id: int) -> HttpResponse:
    asked: dict[str, Any] = {
        "actor": request.actor,
        "organisation_id": organisation_id,
        "on": request.today,
    }
    suggested = queries.posts_with_suggestions(**asked)
    page = page_of(request, suggested, per_page=POSTS_A_PAGE)
    posts = list(page.object_list)
    groups, unposted = suggestioncards.page_of_suggestions(**asked, posts=posts)
    words = {
        "frame": postboards.frame(organisation_id, PostKind.OFFER, suggesting=True),
        "page": page,
        "groups": groups,
        "unposted": unposted,
        "without": [
            (post_words(post), reverse(f"web:{kind_of(post)}", args=[organisation_id, post.pk]))
            for post in queries.posts_without_suggestions(**asked, besides=suggested)
        ],
        "advised": suggestioncards.advised(**asked),
        "organisation_id": organisation_id,
        "reasons": DismissReason.choices,
        "waits": queries.waits(request.now),
    }
    return render(request, "web/mine/suggestions/list.html", words)


@acting_page(methods=("POST",))
def later(request: ActorRequest, organisation_id: int, suggestion_id: int) -> HttpResponse:
    found = services.see(
        actor=request.actor,
        organisation_id=organisation_id,
        suggestion_id=suggestion_id,
        now=request.now,
    )
    messages.success(request, _("It is kept for later, behind the new ones."))
    return _back(organisation_id, found)


@acting_page(methods=("POST",))
def dismiss(request: ActorRequest, organisation_id: int, suggestion_id: int) -> HttpResponse:
    asked: dict[str, Any] = {
        "actor": request.actor,
        "organisation_id": organisation_id,
        "suggestion_id": suggestion_id,
    }
    form = DismissForm(request.POST)
    if not form.is_valid():
        turned_away(request, _("Choose a reason."))
        return _back(organisation_id, queries.own(**asked))
    found = services.dismiss(**asked, **form.cleaned_data, now=request.now)
    messages.success(request, _("Thank you: it is put aside, and the other side learns nothing."))
    return _back(organisation_id, found)


def _back(organisation_id: int, found: Own) -> HttpResponse:
    address = reverse("web:suggestions", args=[organisation_id])
    return redirect(f"{address}#{found.kind}-{found.post.pk}")
