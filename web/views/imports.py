from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linkage.errors import DomainError
from linkage.intake import queries, services
from linkage.jobs.services import submit
from linkage.registry.access import Capability
from web.door import StaffRequest, page
from web.forms.imports import UploadForm
from web.paging import page_of


def _submit(request: StaffRequest, kind: str, batch_id: int) -> HttpResponse:
    job = submit(
        kind=kind,
        args={"batch_id": batch_id},
        now=request.now,
        created_by_id=request.actor.user_id,
    )
    return redirect("web:job", job.pk)


@page(Capability.READ_IMPORTS)
def imports(request: StaffRequest) -> HttpResponse:
    return render(request, "web/imports/list.html", {"page": page_of(request, queries.batches())})


@page(Capability.WRITE_IMPORTS, methods=("GET", "POST"))
def upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.upload(actor=request.actor, now=request.now, **form.cleaned_data)
            return _submit(request, "intake.preview", batch.pk)
        except DomainError as error:
            form.add_error("file", str(error))
    words = {
        "form": form,
        "heading": _("Bring in a workbook"),
        "lead": _(
            "The file is read and shown first; the register stays as it is until you say so."
        ),
        "submit": _("Read it and show me"),
    }
    return render(request, "web/parts/form_page.html", words)
