from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.notices import queries, services
from linkage.notices.models import Kind
from web import noticewords
from web.door import ActorRequest, person_page
from web.paging import page_of


@person_page()
def inbox(request: ActorRequest) -> HttpResponse:
    shown = page_of(request, queries.inbox(actor=request.actor))
    words = {"page": shown, "lines": noticewords.lines_of(shown.object_list)}
    return render(request, "web/inbox/list.html", words)


@person_page(methods=("POST",))
def read(request: ActorRequest, notice_id: int) -> HttpResponse:
    notice = queries.notice(actor=request.actor, notice_id=notice_id)
    services.mark_read(actor=request.actor, notice_ids=[notice_id], now=request.now)
    return redirect(noticewords.address_of(notice, request.actor))


@person_page(methods=("POST",))
def read_all(request: ActorRequest) -> HttpResponse:
    services.mark_read(actor=request.actor, now=request.now)
    return redirect("web:inbox")


@person_page(methods=("GET", "POST"))
def choices(request: ActorRequest) -> HttpResponse:
    if request.method == "POST":
        wanted = request.POST.getlist("kinds")
        services.choose_messages(actor=request.actor, kinds=wanted, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("web:inbox")
    chosen = queries.chosen_kinds(actor=request.actor)
    kinds = [(value, label, value in chosen) for value, label in Kind.choices]
    return render(request, "web/inbox/choices.html", {"kinds": kinds})
