from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from linkage.agreements import evidence, queries, services
from linkage.registry.access import Capability
from web.door import ActorRequest, acting_page, member_page, page
from web.forms.carrying import carried_out
from web.forms.evidence import ScanForm
from web.handing import handed_out


@acting_page(methods=("GET", "POST"))
def own(request: ActorRequest, organisation_id: int, linkage_id: int) -> HttpResponse:
    asked = {"organisation_id": organisation_id, "linkage_id": linkage_id}
    standing = evidence.own_evidence(actor=request.actor, **asked)
    form = ScanForm(request.POST or None, request.FILES or None)
    if _attached(request, form, services.attach_evidence, asked):
        return redirect("web:own_evidence", organisation_id, linkage_id)
    words = {"standing": standing, "form": form, "organisation_id": organisation_id}
    return render(request, "web/own_linkages/evidence.html", words)


@member_page()
def own_file(
    request: ActorRequest, organisation_id: int, linkage_id: int, file_id: int
) -> FileResponse:
    asked = {"organisation_id": organisation_id, "linkage_id": linkage_id, "file_id": file_id}
    return handed_out(services.open_own_evidence(actor=request.actor, **asked))


@page(Capability.WRITE_LINKAGES, methods=("GET", "POST"))
def attach(request: ActorRequest, linkage_id: int) -> HttpResponse:
    shown = queries.detail(actor=request.actor, linkage_id=linkage_id)
    form = ScanForm(request.POST or None, request.FILES or None)
    asked = {"linkage_id": linkage_id}
    if _attached(request, form, services.attach_evidence_by_office, asked):
        return redirect("web:linkage", linkage_id)
    words = {
        "form": form,
        "heading": _("Attach a scan"),
        "lead": f"{shown.seller.name} → {shown.buyer.name}",
        "submit": _("Attach"),
        "back": reverse("web:linkage", args=[shown.pk]),
        "back_label": f"{_('Linkage')} {shown.contract_number}",
    }
    return render(request, "web/parts/form_page.html", words)


@page(Capability.READ_EVIDENCE)
def file(request: ActorRequest, linkage_id: int, file_id: int) -> FileResponse:
    asked = {"linkage_id": linkage_id, "file_id": file_id}
    return handed_out(services.open_evidence(actor=request.actor, now=request.now, **asked))


def _attached(
    request: ActorRequest, form: ScanForm, service: Callable[..., object], asked: dict[str, int]
) -> bool:
    """Whether a scan came and was attached; if it was refused, the form says why."""

    def act() -> object:
        given = form.cleaned_data["file"]
        return service(actor=request.actor, file=given, now=request.now, **asked)

    if not carried_out(form, act):
        return False
    messages.success(request, _("The scan is attached."))
    return True
