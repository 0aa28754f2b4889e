from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import render

from linkage.registry.access import Capability
from linkage.suggestions import chains as reads
from linkage.suggestions.changes import changes as read_changes
from web import chains as shown
from web.chainchanges import change_rows, changes_file, counts
from web.door import ActorRequest, member_page, page
from web.forms.chains import ChainForm, ChangesForm
from web.paging import page_of

Seen = TypeVar("Seen")


def _rendered(
    request: ActorRequest,
    name: str,
    read: Callable[..., Seen],
    say: Callable[[Seen], dict[str, Any]],
    **of: Any,
) -> HttpResponse:
    form = ChainForm(request.GET)
    asked = form.asked(request.today)
    seen = read(actor=request.actor, **of, **asked)
    return render(request, f"web/chains/{name}.html", {**say(seen), **form.words(asked)})


@page(Capability.READ_LINKAGES)
def chains(request: ActorRequest) -> HttpResponse:
    return _rendered(request, "list", reads.traded, lambda rows: {"rows": rows})


@page(Capability.READ_LINKAGES)
def chain(request: ActorRequest, commodity: str) -> HttpResponse:
    of = {"commodity": commodity, "now": request.now}
    return _rendered(request, "chain", reads.chain, shown.chain_words, **of)


@page(Capability.READ_LINKAGES)
def chain_file(request: ActorRequest, commodity: str, form: str) -> HttpResponse:
    asked = ChainForm(request.GET).asked(request.today)
    of: dict[str, Any] = {"commodity": commodity, "now": request.now}
    graph = reads.chain_graph(actor=request.actor, **of, **asked)
    return shown.file_of(graph, commodity, form)


@page(Capability.READ_LINKAGES)
def changes(request: ActorRequest) -> HttpResponse:
    form = ChangesForm(request.GET)
    asked = form.asked(request.today)
    seen = read_changes(actor=request.actor, **asked)
    shown_rows = page_of(request, change_rows(seen))
    words = {"page": shown_rows, **counts(seen), **form.words(asked)}
    return render(request, "web/chains/changes.html", words)


@page(Capability.READ_LINKAGES)
def changes_csv(request: ActorRequest) -> HttpResponse:
    asked = ChangesForm(request.GET).asked(request.today)
    return changes_file(read_changes(actor=request.actor, **asked))


@page(Capability.READ_LINKAGES)
def organisation_chain(request: ActorRequest, organisation_id: int) -> HttpResponse:
    of = {"organisation_id": organisation_id, "now": request.now}
    return _rendered(request, "organisation", reads.place_of, shown.office_words, **of)


@member_page()
def own_chain(request: ActorRequest, organisation_id: int) -> HttpResponse:
    of = {"organisation_id": organisation_id, "today": request.today}
    return _rendered(request, "own", reads.own_place, shown.own_words, **of)
