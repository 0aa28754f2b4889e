from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.errors import Conflict, NotFound, StaleVersion
from linkage.intake import asking, opening, queries, services
from linkage.intake.models import ImportBatch
from linkage.intake.services import exporting
from linkage.jobs.models import Job
from linkage.jobs.queries import get as job
from linkage.registry.access import Capability
from web import importpage
from web.addresses import posted_number, whole_number
from web.door import ActorRequest, page
from web.forms.carrying import carried_out
from web.forms.imports import DecisionForm, UploadForm
from web.once import turned_away
from web.paging import page_of

_Made = TypeVar("_Made")

# What the page of the form says round it.
_UPLOAD = {
    "heading": gettext_lazy("Bring in a workbook"),
    "lead": gettext_lazy(
        "The file is read and shown first; the register stays as it is until then."
    ),
    "submit": gettext_lazy("Read it and show me"),
    "back": reverse_lazy("web:imports"),
    "back_label": gettext_lazy("Imports"),
}


def _went_through(request: ActorRequest, act: Callable[[], _Made]) -> _Made | None:
    """What `act` made; None if it cannot be done now, and the next page says why."""
    try:
        return act()
    except (Conflict, StaleVersion) as refusal:
        turned_away(request, str(refusal))
        return None


def _submit(request: ActorRequest, kind: str, batch_id: int) -> HttpResponse:
    """To the job's page; back to the import, with the reason, where it cannot be done now."""

    def act() -> Job:
        who = request.actor.user_id
        return asking.ask(kind=kind, batch_id=batch_id, now=request.now, created_by_id=who)

    return _to_its_job(request, act, batch_id)


def _to_its_job(request: ActorRequest, act: Callable[[], Job], batch_id: int) -> HttpResponse:
    if asked := _went_through(request, act):
        return redirect("web:job", asked.pk)
    return redirect("web:import_detail", batch_id)


def _settled(
    request: ActorRequest, service: Callable[..., object], batch_id: int, **said: Any
) -> Job:
    """The preview that shows what was settled by it."""
    about = {"batch_id": batch_id, **said}
    return asking.settled(service, actor=request.actor, now=request.now, **about)[1]


@page(Capability.READ_IMPORTS)
def imports(request: ActorRequest) -> HttpResponse:
    return render(request, "web/imports/list.html", {"page": page_of(request, queries.batches())})


@page(Capability.WRITE_IMPORTS, methods=("GET", "POST"))
def upload(request: ActorRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)

    def act() -> tuple[ImportBatch, Job]:
        return asking.uploaded(actor=request.actor, now=request.now, **form.cleaned_data)

    if made := carried_out(form, act):
        return redirect("web:job", made[1].pk)
    return render(request, "web/parts/form_page.html", {"form": form, **_UPLOAD})


@page(Capability.READ_IMPORTS)
def detail(request: ActorRequest, batch_id: int) -> HttpResponse:
    batch = queries.get(batch_id)
    running = asking.running(batch_id)
    shown = importpage.page_of(batch, actor=request.actor, running=running, now=request.now)
    words = {"batch": batch, "running": running, "page": shown, "report": shown.report}
    return render(request, "web/imports/detail.html", words)


@page(Capability.READ_PERSONAL_TAX_CODES, methods=("POST",))
def export(request: ActorRequest) -> HttpResponse:
    return redirect("web:job", exporting.ask_export(actor=request.actor, now=request.now).pk)


@page(Capability.READ_PERSONAL_TAX_CODES)
def exported(request: ActorRequest, job_id: int) -> FileResponse:
    made = job(job_id)
    path = exporting.exported_file(actor=request.actor, job=made, now=request.now)
    name = f"so-theo-doi-htx-{localtime(made.created_at):%Y-%m-%d}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@page(Capability.WRITE_IMPORTS, methods=("POST",))
def preview(request: ActorRequest, batch_id: int) -> HttpResponse:
    return _submit(request, "intake.preview", batch_id)


@page(Capability.WRITE_IMPORTS, methods=("POST",))
def apply(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Of what this page showed: whoever settles something meanwhile makes another preview."""
    seen, who = posted_number(request, "version"), request.actor.user_id

    def act() -> Job:
        return asking.ask_to_apply(
            batch_id=batch_id, version=seen, now=request.now, created_by_id=who
        )

    return _to_its_job(request, act, batch_id)


@page(Capability.WRITE_IMPORTS, methods=("POST",))
def undo(request: ActorRequest, batch_id: int) -> HttpResponse:
    return _submit(request, "intake.undo", batch_id)


@page(Capability.WRITE_IMPORTS, methods=("POST",))
def mapping(request: ActorRequest, batch_id: int) -> HttpResponse:
    batch = queries.get(batch_id)
    form = importpage.reading_form(batch, request.POST)
    if not form.is_valid():
        turned_away(request, _("Choose what each column means, or leave it out."))
        return redirect("web:import_detail", batch_id)

    def act() -> Job:
        return _settled(request, services.answer, batch_id, **form.said())

    if asked := _went_through(request, act):
        return redirect("web:job", asked.pk)
    return redirect("web:import_detail", batch_id)


@page(Capability.WRITE_IMPORTS, methods=("POST",))
def decide(request: ActorRequest, batch_id: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise NotFound

    def act() -> object:
        given = form.cleaned_data
        return services.decide_pair(
            actor=request.actor, batch_id=batch_id, now=request.now, **given
        )

    if _went_through(request, act):
        messages.success(request, _("Remembered. Preview again to see what it changes."))
    return redirect("web:import_detail", batch_id)


@page(Capability.WRITE_IMPORTS, methods=("GET", "POST"))
def row(request: ActorRequest, batch_id: int) -> HttpResponse:
    # No row has the number 0.
    place: dict[str, Any] = {
        "sheet": request.GET.get("sheet", ""),
        "row": whole_number(request, "row") or 0,
    }
    found = queries.row_of(batch_id, **place)
    kept = opening.open_row(found, actor=request.actor, now=request.now)
    form = importpage.row_form(kept, actor=request.actor, data=request.POST or None)

    def act() -> Job:
        return _settled(request, services.correct_row, batch_id, **place, **form.said())

    if asked := carried_out(form, act):
        return redirect("web:job", asked.pk)
    words = {"form": form, "batch_id": batch_id, "place": place}
    return render(request, "web/imports/row.html", words)
