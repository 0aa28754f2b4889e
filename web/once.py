"""A form that is sent twice from one page is carried out once.

A double tap, a reload, an impatient second click: the browser shows the answer to the last of them,
so that answer has to be the first one's. Django masks the token in a form anew for every page, so
the token and what was filled in tell a form sent again from another one with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from linkage.jobs.services import answered_once

FIELD = "csrfmiddlewaretoken"
Act = Callable[[], HttpResponseBase]


class ShownOnce(HttpResponse):
    """A page that says what is shown now or never; sent again, its form leads back."""

    def __init__(self, content: str) -> None:
        super().__init__(content)
        add_never_cache_headers(self)


def turned_away(request: Any, words: str) -> None:
    """Say on the next page why a form was not carried out: it may be sent again."""
    messages.error(request, words)
    request.is_turned_away = True


def carried_out_once(request: Any, act: Act, *, back: Act) -> HttpResponseBase:
    """Answer a POST by `act`, or as the same form was answered before.

    Effect and remembered answer are one transaction: of two at once the second waits for the first.
    What was refused may be sent again, and is carried out once then; what it wrote before stays (a
    wrong code is a try that counts), unless `act` raises. `back` answers again for what is shown
    once.
    """
    if FIELD not in request.POST:
        return act()
    made: list[HttpResponseBase] = []

    def remembered() -> Mapping[str, Any] | None:
        made.append(act())
        return _kept(request, made[0])

    digest = _digest(request)
    about = {"user_id": request.user.pk, "route": request.path, "now": request.now}
    before = answered_once(**about, key=digest, body_sha256=digest, act=remembered)
    return made[0] if before is None or made else _again(request, before.body or {}, back)


def _kept(request: Any, answer: HttpResponseBase) -> Mapping[str, Any] | None:
    """What to remember of an answer; None of one that refused, which leads nowhere."""
    is_done = "Location" in answer or isinstance(answer, ShownOnce)
    if getattr(request, "is_turned_away", False) or not is_done:
        return None
    return {"status": answer.status_code, "body": {"at": answer.get("Location")}, "headers": {}}


def _again(request: Any, before: Mapping[str, Any], back: Act) -> HttpResponseBase:
    if before.get("at"):
        messages.info(request, _("This was sent more than once, and done once."))
        return redirect(before["at"])
    messages.info(request, _("This was done already, and is not shown again."))
    return back()


def _digest(request: Any) -> str:
    """The same for the same fields and files of one page."""
    digest = sha256()
    for name, values in sorted(request.POST.lists()):
        _take(digest, name, *values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            _take(digest, name, file.name)
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _take(digest: Any, *words: str) -> None:
    for word in words:
        digest.update(b"%d:%s," % (len(word.encode()), word.encode()))
