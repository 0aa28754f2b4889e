from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from linkage.agreements.services import POST_ACTS
from linkage.catalogue.models import Commodity
from linkage.errors import NotFound
from linkage.market import queries, services
from linkage.market.models import AnyPost, PostKind, PostState
from linkage.market.parties import certificates_of, commune_of
from linkage.market.services.claims import Own
from linkage.market.terms import Terms
from linkage.market.tree import Tree
from linkage.registry.models import Commune
from web import happenings, postboards
from web.door import ActorRequest, acting_page, person_page
from web.forms import posts as forms
from web.forms.carrying import carried_out, form_answer
from web.paging import page_of
from web.postwords import DONE, EDITABLE, WORDS

MOST_SUGGESTED = 8
MOST_TOLD = 5


@acting_page()
def own_posts(request: ActorRequest, organisation_id: int, kind: PostKind) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = queries.mine(
        actor=request.actor, kind=kind, organisation_id=organisation_id,
        state=state if state in PostState.values else None,
    )  # fmt: skip
    shown = page_of(request, rows)
    words = {"page": shown, "lines": postboards.lines(shown.object_list), "state": state}
    return _page(request, "web/mine/posts.html", organisation_id, kind, words)


@acting_page(methods=("GET", "POST"))
def create(request: ActorRequest, organisation_id: int, kind: PostKind) -> HttpResponse:
    chosen = request.GET.get("chosen", "")[:100]
    product = postboards.first_product(organisation_id, kind, chosen)
    start = forms.initial_of_new(request.today, product)
    place = commune_of(organisation_id, request.today)
    choices = _choices(request, organisation_id, kind, place)
    form = forms.NewPostForm(request.POST or None, initial=start, **choices)

    def act() -> AnyPost:
        return services.create_post(
            actor=request.actor, kind=kind, organisation_id=organisation_id, now=request.now,
            terms=_terms(form), limit=form.limit(), publish=request.POST.get("act") != "draft",
        )  # fmt: skip

    if made := carried_out(form, act):
        what = "publish" if made.state == PostState.PUBLISHED else "draft"
        return _done(request, organisation_id, kind, made.pk, what)
    return _form_page(request, organisation_id, kind, form, None)


@acting_page()
def own_post(
    request: ActorRequest, organisation_id: int, post_id: int, kind: PostKind
) -> HttpResponse:
    detail = queries.own(
        actor=request.actor, kind=kind, organisation_id=organisation_id, post_id=post_id
    )
    words = {"board": postboards.own_board(detail), "events": happenings.told(detail.events[::-1])}
    return _page(request, "web/mine/post.html", organisation_id, kind, words)


@acting_page(methods=("GET", "POST"))
def edit(request: ActorRequest, organisation_id: int, post_id: int, kind: PostKind) -> HttpResponse:
    detail = _editable(request, organisation_id, post_id, kind)
    place = commune_of(organisation_id, request.today)
    start = forms.initial_of(detail.post, place)
    choices = _choices(request, organisation_id, kind, place)
    form = forms.PostForm(request.POST or None, initial=start, **choices)

    def act() -> AnyPost:
        own = Own(kind, organisation_id, post_id, form.cleaned_data["version"] or 0)
        return services.edit_post(actor=request.actor, own=own, terms=_terms(form), now=request.now)

    if saved := carried_out(form, act):
        lost = detail.limit is not None and saved.commodity_id != detail.post.commodity_id
        return _done(request, organisation_id, kind, post_id, "moved" if lost else "edit")
    # An officer sees no moves of the limit: which lines of the history are newer cannot be told.
    told = form.is_overtaken and not detail.limit_hidden
    meanwhile = _meanwhile(detail, form) if told else ()
    return _form_page(request, organisation_id, kind, form, detail.post, meanwhile=meanwhile)


def _meanwhile(detail: queries.Detail, form: forms.PostForm) -> Any:
    """What others did since the form was read."""
    read = form.cleaned_data["version"] or 0
    # Every version but the first has one line in the history.
    newer = min(max(detail.post.version - read, 1), MOST_TOLD)
    return happenings.told(detail.events[-newer:])


@acting_page(methods=("GET", "POST"))
def limit(
    request: ActorRequest, organisation_id: int, post_id: int, kind: PostKind
) -> HttpResponse:
    detail = _editable(request, organisation_id, post_id, kind)
    start = forms.initial_limit(detail.post, detail.limit)
    form = forms.LimitForm(request.POST or None, initial=start)

    def act() -> AnyPost:
        own = Own(kind, organisation_id, post_id, form.cleaned_data["version"])
        return services.set_limit(actor=request.actor, own=own, **form.typed(), now=request.now)

    if carried_out(form, act):
        return _done(request, organisation_id, kind, post_id, "limit")
    words = {"form": form, "post": detail.post}
    return _form_answer(request, "web/mine/limit.html", organisation_id, kind, words)


@acting_page(methods=("POST",))
def act(
    request: ActorRequest, organisation_id: int, post_id: int, name: str, kind: PostKind
) -> HttpResponse:
    form = forms.ActForm(request.POST)
    if name not in POST_ACTS or not form.is_valid():
        raise NotFound
    own = Own(kind, organisation_id, post_id, form.cleaned_data["version"])
    POST_ACTS[name](actor=request.actor, own=own, now=request.now)
    return _done(request, organisation_id, kind, post_id, name)


@acting_page(methods=("POST",))
def copy(request: ActorRequest, organisation_id: int, post_id: int, kind: PostKind) -> HttpResponse:
    made = services.copy_post(
        actor=request.actor, kind=kind, organisation_id=organisation_id, post_id=post_id,
        now=request.now,
    )  # fmt: skip
    return _done(request, organisation_id, kind, made.pk, "copy")


@person_page()
def commodities(request: ActorRequest) -> HttpResponse:
    if "chosen" in request.GET:
        return _units(request, request.GET["chosen"][:100])
    typed = request.GET.get("commodity", "")[:100]
    nodes = Tree.load(words=True).suggested(typed, MOST_SUGGESTED)
    return render(request, "web/mine/commodities.html", {"nodes": nodes, "typed": typed})


def _units(request: ActorRequest, code: str) -> HttpResponse:
    """The units of a product that was picked, in place of all."""
    found = Commodity.objects.filter(pk=code).first()
    form = forms.NewPostForm(kind=PostKind.NEED)
    if found is not None:
        form.offer_units(found.dimension)
    return render(request, "web/mine/units.html", {"form": form})


def _terms(form: forms.PostForm) -> Terms:
    said = form.cleaned_data
    return form.terms(Tree.load(words=True).meant(said["commodity"], said["chosen"]))


def _choices(
    request: ActorRequest, organisation_id: int, kind: PostKind, place: Commune | None
) -> dict[str, Any]:
    """What the form of a post lets its organisation, whose commune is `place`, choose from."""
    held = certificates_of(organisation_id, request.today)
    return {"kind": kind, "certificates": held, "has_own_place": place is not None}


def _editable(
    request: ActorRequest, organisation_id: int, post_id: int, kind: PostKind
) -> queries.Detail:
    detail = queries.own(
        actor=request.actor, kind=kind, organisation_id=organisation_id, post_id=post_id
    )
    if detail.post.state not in EDITABLE:
        raise NotFound
    return detail


def _form_page(
    request: ActorRequest, organisation_id: int, kind: PostKind, form: Any, post: Any, **more: Any
) -> HttpResponse:
    chosen = form["chosen"].value() or ""
    picks = postboards.picks(organisation_id, kind, chosen)
    known = next((row for row in picks if row.pk == chosen), None)
    if known is not None:
        form.offer_units(known.dimension)
    words = {"form": form, "post": post, "picks": picks, "chosen": chosen, **more}
    return _form_answer(request, "web/mine/post_form.html", organisation_id, kind, words)


def _page(
    request: ActorRequest, template: str, organisation_id: int, kind: PostKind, words: Any
) -> HttpResponse:
    return render(request, template, _framed(organisation_id, kind, words))


def _form_answer(
    request: ActorRequest, template: str, organisation_id: int, kind: PostKind, words: Any
) -> HttpResponse:
    return form_answer(request, template, _framed(organisation_id, kind, words), words["form"])


def _framed(organisation_id: int, kind: PostKind, words: Any) -> dict[str, Any]:
    return {**words, "frame": postboards.frame(organisation_id, kind), "kind": WORDS[kind]}


def _done(
    request: ActorRequest, organisation_id: int, kind: PostKind, post_id: int, what: str
) -> HttpResponse:
    messages.success(request, str(DONE[what]))
    return redirect(f"web:{kind.value}", organisation_id, post_id)
