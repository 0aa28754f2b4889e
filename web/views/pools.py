from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements import pools as reads
from linkage.agreements import services
from linkage.agreements.models import PoolProposal
from linkage.jobs.queries import worker_is_alive
from linkage.market.sight import is_open
from linkage.suggestions import services as suggestions
from linkage.suggestions.pools import PoolAnswer, pool_answer
from web.door import ActorRequest, acting_page, member_page
from web.forms.carrying import carried_out, form_answer
from web.forms.pools import PoolForm
from web.forms.talks import ReasonForm
from web.pools import found_words, pool_words
from web.views.own_linkages import form_page, own_of


@acting_page()
def need_pool(request: ActorRequest, organisation_id: int, need_id: int) -> HttpResponse:
    answer = _answer(request, organisation_id, need_id)
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    words = {
        **found_words(answer, worker_works=worker_is_alive(request.now)),
        "organisation_id": organisation_id,
        "waiting": reads.waiting_pool(**asked, need_id=need_id, on=request.today),
        "may_look": is_open(answer.need, request.today) and answer.need.left > 0,
    }
    return render(request, "web/pools/found.html", words)


@acting_page(methods=("POST",))
def look(request: ActorRequest, organisation_id: int, need_id: int) -> HttpResponse:
    suggestions.ask_for_pool(**own_of(request, organisation_id), need_id=need_id)
    messages.success(request, _("It is being looked for. Look again in a moment."))
    return redirect("web:need_pool", organisation_id, need_id)


@acting_page(methods=("GET", "POST"))
def propose(request: ActorRequest, organisation_id: int, need_id: int) -> HttpResponse:
    answer = _answer(request, organisation_id, need_id)
    if not answer.fits:
        return redirect("web:need_pool", organisation_id, need_id)
    form = PoolForm(request.POST or None, need=answer.need, parts=answer.parts, today=request.today)

    def act() -> PoolProposal:
        said = {"answer_by": form.cleaned_data["answer_by"], "common": form.common()}
        own = own_of(request, organisation_id)
        return suggestions.propose_pool(**own, need_id=need_id, parts=form.parts(), **said)

    if made := carried_out(form, act):
        return _done(request, organisation_id, made.pk, _("Your proposal is sent to all of them."))
    lead = found_words(answer, worker_works=True)["need_words"]
    words = {"form": form, "organisation_id": organisation_id, "need_id": need_id, "lead": lead}
    return form_answer(request, "web/pools/form.html", words, form)


@acting_page()
def pool(request: ActorRequest, organisation_id: int, pool_id: int) -> HttpResponse:
    view = _read(request, organisation_id, pool_id)
    words = {**pool_words(view), "organisation_id": organisation_id}
    return render(request, "web/pools/detail.html", words)


@member_page(methods=("POST",))
def agree(request: ActorRequest, organisation_id: int, pool_id: int) -> HttpResponse:
    services.agree_to_pool(**own_of(request, organisation_id), pool_id=pool_id)
    return _done(request, organisation_id, pool_id, _("You have agreed to your part."))


@member_page(methods=("GET", "POST"))
def decline(request: ActorRequest, organisation_id: int, pool_id: int) -> HttpResponse:
    _read(request, organisation_id, pool_id)
    form = ReasonForm(request.POST or None)

    def act() -> PoolProposal:
        said = {"pool_id": pool_id, "reason": form.cleaned_data["reason"]}
        return services.decline_pool(**own_of(request, organisation_id), **said)

    if carried_out(form, act):
        done = _("Declined. The buyer is told why, and the other members only that it is over.")
        return _done(request, organisation_id, pool_id, done)
    words = {
        "heading": _("Why do you decline?"),
        "back": reverse("web:pool", args=[organisation_id, pool_id]),
        "back_label": _("Pool"),
        "submit": _("Send"),
    }
    return form_page(request, form, words)


@acting_page(methods=("POST",))
def withdraw(request: ActorRequest, organisation_id: int, pool_id: int) -> HttpResponse:
    services.withdraw_pool(**own_of(request, organisation_id), pool_id=pool_id)
    done = _("The pool is taken back. What was held is free again.")
    return _done(request, organisation_id, pool_id, done)


def _answer(request: ActorRequest, organisation_id: int, need_id: int) -> PoolAnswer:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    return pool_answer(**asked, need_id=need_id, on=request.today)


def _read(request: ActorRequest, organisation_id: int, pool_id: int) -> reads.PoolView:
    asked: dict[str, Any] = {"actor": request.actor, "organisation_id": organisation_id}
    return reads.pool(**asked, pool_id=pool_id, on=request.today)


def _done(request: ActorRequest, organisation_id: int, pool_id: int, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("web:pool", organisation_id, pool_id)
