"""Choosing another organisation of the register by its name or tax code."""

from __future__ import annotations

from typing import Any

from linkage.registry import queries
from web import directory
from web.door import ActorRequest
from web.forms.organisation_parts import SurvivorForm


def sought(
    request: ActorRequest, organisation_id: int, leads_to: str, *, by_name: bool = False
) -> dict[str, Any]:
    """What a page of choosing shows: the organisation, the search, those found with where each
    leads; before anything was typed those of its own name, with `by_name`.

    Raises: NotAllowed, NotFound.
    """
    card = queries.detail(actor=request.actor, organisation_id=organisation_id, on=request.today)
    first = card.organisation.name[: queries.LONGEST_SEARCH] if by_name else ""
    form = SurvivorForm(request.GET if "q" in request.GET else {"q": first})
    text = form.cleaned_data["q"] if form.is_valid() else first
    is_asked = bool(text) or by_name
    asked = request.actor, request.now, organisation_id, text, leads_to
    rows = directory.survivors(*asked) if is_asked else []
    return {"card": card, "form": form, "rows": rows, "is_asked": is_asked}
