from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from linkage.registry.access import Capability
from linkage.suggestions import chains as reads
from web import chains as shown
from web.door import ActorRequest, member_page, page
from web.forms.chains import ChainForm


@page(Capability.READ_LINKAGES)
def chains(request: ActorRequest) -> HttpResponse:
    form = ChainForm(request.GET)
    asked = form.asked(request.today)
    rows = reads.traded(actor=request.actor, **asked)
    return render(request, "web/chains/list.html", {"rows": rows, **form.words(asked)})


@page(Capability.READ_LINKAGES)
def chain(request: ActorRequest, commodity: str) -> HttpResponse:
    form = ChainForm(request.GET)
    asked = form.asked(request.today)
    seen = reads.chain(actor=request.actor, commodity=commodity, **asked)
    words = {**shown.chain_words(seen), **form.words(asked)}
    return render(request, "web/chains/chain.html", words)


@page(Capability.READ_LINKAGES)
def chain_file(request: ActorRequest, commodity: str, form: str) -> HttpResponse:
    asked = ChainForm(request.GET).asked(request.today)
    graph = reads.chain_graph(actor=request.actor, commodity=commodity, **asked)
    return shown.file_of(graph, commodity, form)


@page(Capability.READ_LINKAGES)
def organisation_chain(request: ActorRequest, organisation_id: int) -> HttpResponse:
    form = ChainForm(request.GET)
    asked = form.asked(request.today)
    seen = reads.place_of(actor=request.actor, organisation_id=organisation_id, **asked)
    words = {**shown.place_words(seen, linked=True), **form.words(asked)}
    return render(request, "web/chains/organisation.html", words)


@member_page()
def own_chain(request: ActorRequest, organisation_id: int) -> HttpResponse:
    form = ChainForm(request.GET)
    asked = form.asked(request.today)
    seen = reads.own_place(actor=request.actor, organisation_id=organisation_id, **asked)
    words = {**shown.place_words(seen, linked=False), **form.words(asked)}
    return render(request, "web/chains/own.html", words)
