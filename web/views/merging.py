from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from linkage.agreements.queries import merge_preview
from linkage.agreements.services.merging import merge_parties, unmerge_parties
from linkage.registry import queries
from linkage.registry.access import Capability
from linkage.registry.reading import note_cards
from linkage.registry.services.unmerging import hindrance_of
from web import mergewords
from web.changes import saved
from web.choosing import sought
from web.door import ActorRequest, page
from web.forms.carrying import carried_out, form_answer
from web.forms.organisation_parts import MergeForm, UndoMergeForm


@page(Capability.WRITE_ORGANISATIONS)
def choose(request: ActorRequest, organisation_id: int) -> HttpResponse:
    words = sought(request, organisation_id, "web:organisation_merge_into", by_name=True)
    return render(request, "web/organisations/merge_choose.html", words)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def merge(request: ActorRequest, organisation_id: int, into_id: int) -> HttpResponse:
    sides: dict[str, Any] = {"organisation_id": into_id, "merged_id": organisation_id}
    preview = merge_preview(actor=request.actor, on=request.today, **sides)
    both = preview.organisations
    note_cards(actor=request.actor, cards=[both.kept, both.merged], now=request.now)
    form = MergeForm(request.POST or None, of=preview)

    def act() -> object:
        return merge_parties(actor=request.actor, now=request.now, **sides, **form.cleaned_data)

    if carried_out(form, act):
        return saved(request, into_id)
    words = {"preview": preview, "form": form}
    return form_answer(request, "web/organisations/merge.html", words, form)


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def undo(request: ActorRequest, organisation_id: int) -> HttpResponse:
    undoing = queries.undoing(actor=request.actor, organisation_id=organisation_id)
    form = UndoMergeForm(
        request.POST or None,
        contradictions=mergewords.contradictions(undoing),
        initial={"version": undoing.kept.version},
    )

    def act() -> object:
        return unmerge_parties(
            actor=request.actor, merged_id=organisation_id, now=request.now, **form.cleaned_data
        )

    if carried_out(form, act):
        return saved(request, organisation_id)
    words = {"undoing": undoing, "hindrance": hindrance_of(undoing), "form": form}
    return form_answer(request, "web/organisations/unmerge.html", words, form)
