from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from linkage.agreements.queries import MergePreview, merge_preview
from linkage.agreements.services.merging import merge_parties, unmerge_parties
from linkage.registry import queries
from linkage.registry.access import Capability
from linkage.registry.reading import note_cards
from linkage.registry.services.unmerging import hindrance_of
from web import directory, mergewords
from web.changes import saved
from web.door import ActorRequest, page
from web.forms.carrying import carried_out, form_answer
from web.forms.organisation_parts import MergeForm, SurvivorForm, UndoMergeForm


@page(Capability.WRITE_ORGANISATIONS)
def choose(request: ActorRequest, organisation_id: int) -> HttpResponse:
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    name = card.organisation.name[: queries.LONGEST_SEARCH]
    form = SurvivorForm(request.GET if "q" in request.GET else {"q": name})
    sought = form.cleaned_data["q"] if form.is_valid() else name
    rows = directory.survivors(request.actor, request.now, organisation_id, sought)
    return render(
        request, "web/organisations/merge_choose.html", {"card": card, "form": form, "rows": rows}
    )


@page(Capability.WRITE_ORGANISATIONS, methods=("GET", "POST"))
def merge(request: ActorRequest, organisation_id: int, into_id: int) -> HttpResponse:
    sides: dict[str, Any] = {"organisation_id": into_id, "merged_id": organisation_id}
    preview = merge_preview(actor=request.actor, on=request.today, **sides)
    both = preview.organisations
    note_cards(actor=request.actor, cards=[both.kept, both.merged], now=request.now)
    form = MergeForm(
        request.POST or None,
        people=[(one.user_id, str(one.user)) for one in both.merged_people],
        is_managed=both.is_managed,
        initial=_versions(preview),
    )

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


def _versions(preview: MergePreview) -> dict[str, Any]:
    both = preview.organisations
    return {
        "version": both.kept.organisation.version,
        "merged_version": both.merged.organisation.version,
    }
